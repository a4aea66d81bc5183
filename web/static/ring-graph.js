// <ring-graph>: makes the drawn ring movable, selectable and walkable by keys. The drawing itself comes with the page.

const LABELS_FROM = 0.62; // pixels on the screen for one of the drawing: smaller, and store labels are left out
const STEP = 1.3;
const CLICK_PX = 5; // a press that moved less was a click

class RingGraph extends HTMLElement {
  connectedCallback() {
    this.svg = /** @type {SVGSVGElement} */ (this.querySelector("svg.ring"));
    this.marks = [.../** @type {NodeListOf<SVGAElement>} */ (this.querySelectorAll("a.mark"))];
    this.lines = [...this.querySelectorAll("line")];
    this.ends = this.lines.map((line) => (line.dataset.ends ?? "").split(" ").map(Number));
    const [x, y, width, height] = (this.svg.getAttribute("viewBox") ?? "0 0 1 1").split(" ").map(Number);
    this.whole = { x, y, width, height };
    this.chosen = -1;
    const tools = this.querySelector(".tools");
    if (tools instanceof HTMLElement) tools.hidden = false;
    this.addEventListener("click", (event) => this.#click(event));
    this.svg.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.svg.addEventListener("pointerdown", (event) => this.#press(event));
    this.addEventListener("keydown", (event) => this.#key(event));
    document.addEventListener("brush", () => this.#filter());
    for (const box of document.querySelectorAll("[data-show]")) box.addEventListener("change", () => this.#filter());
    // One stop of the Tab key: the arrows lead on from there.
    this.marks.forEach((mark, n) => { mark.setAttribute("tabindex", n ? "-1" : "0"); mark.addEventListener("focus", () => this.choose(n)); });
    new ResizeObserver(() => this.#rescale()).observe(this);
    const focus = new URLSearchParams(location.search).get("focus");
    const n = this.marks.findIndex((mark) => mark.dataset.row === focus);
    if (n >= 0) this.choose(n);
    this.#filter();
  }

  /** Show a mark and its neighbours, let the rest fade, and light its row. @param {number} n */
  choose(n) {
    if (n === this.chosen) return;
    this.chosen = n;
    const near = new Set([n]);
    this.lines.forEach((line, i) => {
      const isNear = this.ends[i].includes(n);
      line.classList.toggle("near", isNear);
      if (isNear) for (const end of this.ends[i]) near.add(end);
    });
    this.svg.classList.toggle("choosing", n >= 0);
    this.marks.forEach((mark, i) => {
      mark.classList.toggle("near", near.has(i));
      mark.classList.toggle("chosen", i === n);
      mark.setAttribute("tabindex", i === Math.max(n, 0) ? "0" : "-1");
    });
    document.querySelector("tr.now")?.classList.remove("now");
    const id = n >= 0 ? this.marks[n].dataset.row ?? "" : "";
    const row = document.getElementById(id);
    row?.closest("tr")?.classList.add("now");
    if (row?.checkVisibility()) row.scrollIntoView({ block: "nearest" });
    const url = new URL(location.href);
    if (id) url.searchParams.set("focus", id);
    else url.searchParams.delete("focus");
    history.replaceState(null, "", url);
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const target = /** @type {Element} */ (event.target);
    const tool = target.closest("[data-do]");
    if (tool instanceof HTMLElement) return this.#do(tool.dataset.do ?? "");
    const mark = target.closest("a.mark");
    if (!mark) return this.choose(-1);
    const n = this.marks.indexOf(/** @type {SVGAElement} */ (mark));
    if (n === this.last || event.detail > 1 || event.ctrlKey || event.metaKey) return; // the second click opens
    event.preventDefault();
    this.last = n;
    this.choose(n);
    this.marks[n].focus({ preventScroll: true });
  }

  /** @param {string} what */
  #do(what) {
    if (what === "in" || what === "out") this.#zoom(what === "in" ? 1 / STEP : STEP);
    else if (what === "fit") this.#show({ ...this.whole });
    else /** @type {HTMLDialogElement | null} */ (document.querySelector("#help"))?.showModal();
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    event.preventDefault();
    this.#zoom(Math.exp(Math.max(-60, Math.min(60, event.deltaY)) / 240), this.#at(event));
  }

  /** Drag the picture. @param {PointerEvent} event */
  #press(event) {
    if (event.button) return;
    const box = this.svg.viewBox.baseVal;
    const start = { x: event.clientX, y: event.clientY, left: box.x, top: box.y, scale: this.#scale() };
    let moved = [0, 0];
    const move = (/** @type {PointerEvent} */ now) => {
      const [dx, dy] = [now.clientX - start.x, now.clientY - start.y];
      if (Math.hypot(dx, dy) < CLICK_PX && !this.svg.hasPointerCapture(event.pointerId)) return;
      this.svg.setPointerCapture(event.pointerId);
      moved = [dx, dy];
      this.svg.classList.add("held"); // what is painted is moved as it is; it is painted anew when it is let go of
      this.svg.style.transform = `translate(${dx}px, ${dy}px)`;
    };
    const end = () => {
      this.svg.style.transform = "";
      if (this.svg.classList.contains("held")) this.#show({ x: start.left - moved[0] / start.scale, y: start.top - moved[1] / start.scale, width: box.width, height: box.height });
      this.svg.classList.remove("held");
      this.svg.removeEventListener("pointermove", move);
      this.svg.removeEventListener("pointerup", end);
      this.svg.removeEventListener("pointercancel", end);
    };
    this.svg.addEventListener("pointermove", move);
    this.svg.addEventListener("pointerup", end);
    this.svg.addEventListener("pointercancel", end);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (arrow) this.#walk(arrow, event.shiftKey);
    else if (event.key === "+" || event.key === "=") this.#zoom(1 / STEP);
    else if (event.key === "-") this.#zoom(STEP);
    else if (event.key === "0") this.#show({ ...this.whole });
    else if (event.key === "Escape") this.choose(-1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Go to the mark that lies best in a direction: along a link, or the nearest of all. @param {number[]} way @param {boolean} ofAll */
  #walk([dx, dy], ofAll) {
    const from = Math.max(this.chosen, 0);
    const linked = new Set(this.ends.filter((ends) => ends.includes(from)).flat());
    const places = this.marks.map((mark) => mark.transform.baseVal[0].matrix);
    let best = -1, least = Infinity;
    this.marks.forEach((mark, n) => {
      if (n === from || !(ofAll || linked.has(n)) || mark.classList.contains("gone")) return;
      const [x, y] = [places[n].e - places[from].e, places[n].f - places[from].f];
      const along = x * dx + y * dy, aside = Math.abs(x * dy - y * dx);
      if (along > 0 && along + 2 * aside < least) [best, least] = [n, along + 2 * aside];
    });
    if (best >= 0) this.marks[best].focus({ preventScroll: true });
  }

  /** Return which marks the timeline leaves out: values too that no seller shown uses. */
  #leftOut() {
    const { from = "", to = "" } = /** @type {HTMLElement | null} */ (document.querySelector("ring-brush"))?.dataset ?? {};
    if (!from && !to) return this.marks.map(() => false);
    const isIn = (/** @type {string} */ month) => month >= from && (!to || month <= to);
    const out = this.marks.map((mark) => !mark.classList.contains("value") && !(mark.dataset.months ?? "").split(" ").some((month) => month && isIn(month)));
    const used = new Set(this.ends.filter(([one]) => !out[one]).map(([, other]) => other));
    return out.map((isOut, n) => isOut || (this.marks[n].classList.contains("value") && !used.has(n)));
  }

  /** Leave rows out of the tables as the timeline does marks. @param {boolean[]} out */
  #rows(out) {
    const keys = new Set();
    this.marks.forEach((mark, n) => {
      if (mark.classList.contains("value")) return;
      if (out[n]) keys.add(mark.dataset.row);
      document.getElementById(mark.dataset.row ?? "")?.classList.toggle("gone", out[n]);
    });
    for (const row of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("tr[data-of]"))) {
      const of = (row.dataset.of ?? "").split("\n").filter(Boolean);
      row.classList.toggle("gone", of.length > 0 && of.every((key) => keys.has(key)));
    }
    const told = document.querySelector("ring-brush [role=status]");
    const sellers = this.marks.filter((mark) => mark.classList.contains("seller")).length;
    const gone = this.marks.filter((mark, n) => out[n] && mark.classList.contains("seller")).length;
    if (told) told.textContent = keys.size || gone ? `${sellers - gone} of ${sellers} sellers` : "";
  }

  /** Hide and show marks as the legend and the timeline say. */
  #filter() {
    const hidden = [...document.querySelectorAll("[data-show]")].filter((box) => !(/** @type {HTMLInputElement} */ (box).checked)).map((box) => /** @type {HTMLElement} */ (box).dataset.show ?? "");
    const out = this.#leftOut();
    this.#rows(out);
    const isGone = this.marks.map((mark, n) => out[n] || hidden.some((name) => mark.classList.contains(name)));
    this.marks.forEach((mark, n) => mark.classList.toggle("gone", isGone[n]));
    this.lines.forEach((line, i) => line.classList.toggle("gone", this.ends[i].some((end) => isGone[end])));
  }

  #scale() {
    const box = this.svg.viewBox.baseVal;
    return Math.min(this.svg.clientWidth / box.width, this.svg.clientHeight / box.height) || 1;
  }

  /** @param {MouseEvent} event */
  #at(event) {
    const matrix = this.svg.getScreenCTM();
    const point = new DOMPoint(event.clientX, event.clientY);
    return matrix ? point.matrixTransform(matrix.inverse()) : point;
  }

  /** Come nearer or go farther around a point. @param {number} by @param {DOMPoint} [at] */
  #zoom(by, at) {
    const box = this.svg.viewBox.baseVal;
    const width = Math.min(Math.max(box.width * by, this.whole.width / 12), this.whole.width * 2);
    const real = width / box.width;
    const [x, y] = at ? [at.x, at.y] : [box.x + box.width / 2, box.y + box.height / 2];
    this.#show({ x: x + (box.x - x) * real, y: y + (box.y - y) * real, width, height: box.height * real });
  }

  /** @param {{x: number, y: number, width: number, height: number}} box */
  #show({ x, y, width, height }) {
    this.svg.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
    this.#rescale();
  }

  #rescale() {
    this.svg.classList.toggle("far", this.#scale() < LABELS_FROM);
  }
}

/** Save the picture as PNG, twice as large as drawn: the server's SVG, painted by the browser. @param {HTMLAnchorElement} link */
async function savePng(link) {
  const image = new Image();
  image.src = link.href;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.naturalWidth * 2, image.naturalHeight * 2];
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const save = document.createElement("a");
  save.href = canvas.toDataURL("image/png");
  save.download = link.dataset.png ?? "ring.png";
  save.click();
}

for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("[data-png]"))) {
  link.hidden = false;
  link.addEventListener("click", (event) => { event.preventDefault(); void savePng(link); });
}

customElements.define("ring-graph", RingGraph);
