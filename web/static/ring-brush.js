// <ring-brush>: chooses months on the timeline, by dragging over the bars, by two sliders, or in the form as it came.

class RingBrush extends HTMLElement {
  connectedCallback() {
    this.svg = /** @type {SVGSVGElement} */ (this.querySelector("svg"));
    this.slots = [.../** @type {NodeListOf<SVGRectElement>} */ (this.querySelectorAll(".slot"))];
    this.sliders = [.../** @type {NodeListOf<HTMLInputElement>} */ (this.querySelectorAll("[type=range]"))];
    const form = /** @type {HTMLFormElement} */ (this.querySelector("form"));
    this.months = ["from", "to"].map((name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name)));
    /** @type {HTMLElement} */ (this.querySelector(".ranges")).hidden = false;
    for (const slider of this.sliders) {
      slider.max = String(this.slots.length - 1);
      slider.addEventListener("input", () => this.#choose(...this.#ends(slider)));
    }
    for (const month of this.months) month.addEventListener("change", () => this.#read());
    form.addEventListener("submit", (event) => { event.preventDefault(); this.#read(); });
    this.querySelector("[data-all]")?.addEventListener("click", (event) => { event.preventDefault(); this.#choose(0, this.slots.length - 1); });
    this.svg.addEventListener("pointerdown", (event) => this.#press(event));
    this.#read();
  }

  /** Return both ends as the sliders say; one that passed the other takes it along. @param {HTMLInputElement} moved @returns {[number, number]} */
  #ends(moved) {
    const [first, last] = this.sliders.map((slider) => Number(slider.value));
    if (first <= last) return [first, last];
    return moved === this.sliders[0] ? [first, first] : [last, last];
  }

  /** Take the months as they stand in the form. */
  #read() {
    const [from, to] = this.months.map((month) => month.value);
    const meets = this.slots.map((slot) => (!from || (slot.dataset.last ?? "") >= from) && (!to || (slot.dataset.first ?? "") <= to));
    const first = meets.indexOf(true);
    this.#show(Math.max(first, 0), first < 0 ? this.slots.length - 1 : meets.lastIndexOf(true), from, to);
  }

  /** Choose bars, from one to another. @param {number} first @param {number} last */
  #choose(first, last) {
    const isAll = first === 0 && last === this.slots.length - 1;
    this.#show(first, last, isAll ? "" : this.slots[first].dataset.first ?? "", isAll ? "" : this.slots[last].dataset.last ?? "");
  }

  /** @param {number} first @param {number} last @param {string} from @param {string} to */
  #show(first, last, from, to) {
    [first, last].forEach((n, i) => {
      this.sliders[i].value = String(n);
      this.sliders[i].setAttribute("aria-valuetext", (i ? this.slots[n].dataset.last : this.slots[n].dataset.first) ?? "");
    });
    [this.months[0].value, this.months[1].value] = [from, to];
    const step = 960 / this.slots.length;
    const shade = this.querySelector(".brush");
    shade?.setAttribute("x", String(first * step));
    shade?.setAttribute("width", String(from || to ? (last - first + 1) * step : 0));
    const all = this.querySelector("[data-all]");
    if (all instanceof HTMLElement) all.hidden = !(from || to);
    const url = new URL(location.href);
    for (const [name, value] of [["from", from], ["to", to]]) value ? url.searchParams.set(name, value) : url.searchParams.delete(name);
    history.replaceState(null, "", url);
    this.dataset.from = from;
    this.dataset.to = to;
    document.dispatchEvent(new Event("brush"));
  }

  /** Drag over the bars. @param {PointerEvent} event */
  #press(event) {
    if (event.button) return;
    const start = this.#slot(event);
    this.svg.setPointerCapture(event.pointerId);
    const move = (/** @type {PointerEvent} */ now) => this.#choose(Math.min(start, this.#slot(now)), Math.max(start, this.#slot(now)));
    const end = () => {
      this.svg.removeEventListener("pointermove", move);
      for (const name of ["pointerup", "pointercancel"]) this.svg.removeEventListener(name, end);
    };
    this.svg.addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) this.svg.addEventListener(name, end);
    move(event);
  }

  /** Return the bar at a point of the screen. @param {PointerEvent} event */
  #slot(event) {
    const matrix = this.svg.getScreenCTM();
    const x = matrix ? new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse()).x : 0;
    return Math.min(Math.max(Math.floor(x * this.slots.length / 960), 0), this.slots.length - 1);
  }
}

customElements.define("ring-brush", RingBrush);
