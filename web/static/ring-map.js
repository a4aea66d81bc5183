// <ring-map>: all rings on one canvas. One path for each colour, so that a frame is a few calls however many rings there are.

const STEPS = 5;
const TURN = Math.PI * (3 - Math.sqrt(5)); // between two dots of a disc: no two lie in one direction
const LABELS = 24; // most that are written at once
const STEP = 1.35;
const BEND = 0.18; // of a tie's length: how far its curve lies aside
const CLICK_PX = 5;

class RingMap extends HTMLElement {
  async connectedCallback() {
    this.canvas = /** @type {HTMLCanvasElement} */ (this.querySelector("canvas"));
    this.pen = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    this.chosen = -1;
    const tools = /** @type {HTMLElement} */ (this.querySelector(".tools"));
    const answer = await fetch(this.dataset.src ?? "");
    if (!answer.ok) return this.#tell("The map could not be read; load the page again.");
    this.rings = await answer.json();
    tools.hidden = false;
    this.#paths();
    this.#colours();
    new ResizeObserver(() => this.#resize()).observe(this);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { this.#colours(); this.#ask(); });
    tools.addEventListener("click", (event) => this.#do(/** @type {HTMLElement} */ (event.target).dataset.do ?? ""));
    this.canvas.addEventListener("wheel", (event) => { event.preventDefault(); this.#zoom(Math.exp(-Math.max(-60, Math.min(60, event.deltaY)) / 240), event.offsetX, event.offsetY); }, { passive: false });
    this.canvas.addEventListener("pointerdown", (event) => this.#press(event));
    this.canvas.addEventListener("pointermove", (event) => { if (!event.buttons) this.#choose(this.#at(event.offsetX, event.offsetY)); });
    this.canvas.addEventListener("keydown", (event) => this.#key(event));
    this.dataset.drawn = "";
  }

  /** Make the paths: for each colour the discs and their dots. */
  #paths() {
    const { x, y, r, sellers, steps } = this.rings;
    this.discs = Array.from({ length: STEPS }, () => new Path2D());
    this.dots = Array.from({ length: STEPS }, () => new Path2D());
    for (let n = 0; n < x.length; n++) {
      this.discs[steps[n]].moveTo(x[n] + r[n], y[n]);
      this.discs[steps[n]].arc(x[n], y[n], r[n], 0, 2 * Math.PI);
      const spread = (r[n] - 8) / Math.sqrt(sellers[n]);
      for (let i = 0; i < sellers[n]; i++) {
        const [out, turn] = [spread * Math.sqrt(i + 0.5), i * TURN];
        const [dx, dy] = [x[n] + out * Math.cos(turn), y[n] + out * Math.sin(turn)];
        this.dots[steps[n]].moveTo(dx + 2, dy);
        this.dots[steps[n]].arc(dx, dy, 2, 0, 2 * Math.PI);
      }
    }
    // Ties bend to one side, so that two discs are joined around those that lie between them.
    this.ties = new Path2D();
    for (const [one, other] of this.rings.ties) this.#tie(this.ties, one, other);
    const far = (/** @type {number[]} */ v) => v.reduce((most, value, n) => Math.max(most, Math.abs(value) + r[n]), 1);
    this.extent = [far(x), far(y)];
  }

  /** @param {Path2D} path @param {number} one @param {number} other */
  #tie(path, one, other) {
    const { x, y } = this.rings;
    const [dx, dy] = [x[other] - x[one], y[other] - y[one]];
    path.moveTo(x[one], y[one]);
    path.quadraticCurveTo((x[one] + x[other]) / 2 - dy * BEND, (y[one] + y[other]) / 2 + dx * BEND, x[other], y[other]);
  }

  /** Read the colours of the style sheet, as they are in the theme of the moment. */
  #colours() {
    const probe = this.appendChild(document.createElement("i"));
    const read = (/** @type {string} */ name) => { probe.className = name; return getComputedStyle(probe).color; };
    this.fills = Array.from({ length: STEPS }, (_, n) => read(`ink step-${n}`));
    this.text = read("ink text");
    this.ground = read("ink ground");
    probe.remove();
  }

  #resize() {
    const ratio = devicePixelRatio;
    const [width, height] = [this.clientWidth, this.clientHeight];
    [this.canvas.width, this.canvas.height] = [width * ratio, height * ratio];
    const isWhole = this.view?.scale === this.fit; // a map that was seen whole stays so
    this.fit = Math.min(width / (2 * this.extent[0] + 40), height / (2 * this.extent[1] + 40));
    this.view ??= { x: 0, y: 0, scale: this.fit };
    if (isWhole || this.view.scale < this.fit) this.view.scale = this.fit;
    this.#draw();
  }

  #ask() {
    this.waiting ??= requestAnimationFrame(() => { this.waiting = undefined; this.#draw(); });
  }

  #draw() {
    const { pen, view } = this;
    const ratio = devicePixelRatio;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, this.clientWidth, this.clientHeight);
    pen.translate(this.clientWidth / 2, this.clientHeight / 2);
    pen.scale(view.scale, view.scale);
    pen.translate(-view.x, -view.y);
    pen.lineWidth = 1.2 / view.scale;
    for (let step = 0; step < STEPS; step++) {
      pen.fillStyle = pen.strokeStyle = this.fills[step];
      pen.globalAlpha = 0.13;
      pen.fill(this.discs[step]);
      pen.globalAlpha = 0.5;
      pen.stroke(this.discs[step]);
      pen.globalAlpha = 1;
      if (view.scale > 0.3) pen.fill(this.dots[step]);
    }
    pen.lineWidth = 1.4 / view.scale;
    pen.strokeStyle = this.text;
    pen.globalAlpha = this.chosen < 0 ? 0.3 : 0.12;
    pen.stroke(this.ties);
    pen.globalAlpha = 1;
    this.#mark();
    this.#label();
  }

  /** Draw a frame around the ring that is chosen. */
  #mark() {
    if (this.chosen < 0) return;
    const { x, y, r } = this.rings;
    this.pen.strokeStyle = this.text;
    this.pen.lineWidth = 2.5 / this.view.scale;
    this.pen.beginPath();
    this.pen.arc(x[this.chosen], y[this.chosen], r[this.chosen], 0, 2 * Math.PI);
    this.pen.stroke();
    const own = new Path2D();
    for (const [one, other] of this.rings.ties) if (one === this.chosen || other === this.chosen) this.#tie(own, one, other);
    this.pen.stroke(own);
  }

  /** Write the names of the rings that are seen, the most important first, none over another. */
  #label() {
    const { pen, rings } = this;
    const ratio = devicePixelRatio;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.font = `600 11.5px ${getComputedStyle(this).fontFamily}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    /** @type {number[][]} */
    const taken = [];
    const order = this.chosen < 0 ? [] : [this.chosen];
    for (let n = 0; n < rings.ids.length && taken.length < LABELS; n++) order.push(n);
    for (const n of order) {
      if (taken.length >= LABELS) break;
      const [x, y] = this.#screen(rings.x[n], rings.y[n] - rings.r[n]);
      if (x < 0 || y < 0 || x > this.clientWidth || y > this.clientHeight) continue;
      const words = `${rings.ids[n]} · ${rings.sellers[n]}`;
      const half = pen.measureText(words).width / 2 + 8;
      if (taken.some(([left, top, right, bottom]) => x - half < right && x + half > left && y - 10 < bottom && y + 10 > top)) continue;
      taken.push([x - half, y - 10, x + half, y + 10]);
      pen.fillStyle = this.ground;
      pen.globalAlpha = 0.9;
      pen.beginPath();
      pen.roundRect(x - half, y - 9, 2 * half, 18, 9);
      pen.fill();
      pen.globalAlpha = 1;
      pen.fillStyle = this.text;
      pen.fillText(words, x, y);
    }
  }

  /** @param {number} x @param {number} y */
  #screen(x, y) {
    return [(x - this.view.x) * this.view.scale + this.clientWidth / 2, (y - this.view.y) * this.view.scale + this.clientHeight / 2];
  }

  /** Return the ring under a point of the screen, -1 for none. @param {number} left @param {number} top */
  #at(left, top) {
    const { x, y, r } = this.rings;
    const [px, py] = [(left - this.clientWidth / 2) / this.view.scale + this.view.x, (top - this.clientHeight / 2) / this.view.scale + this.view.y];
    for (let n = 0; n < x.length; n++) if ((x[n] - px) ** 2 + (y[n] - py) ** 2 <= r[n] ** 2) return n;
    return -1;
  }

  /** @param {number} n */
  #choose(n) {
    if (n === this.chosen) return;
    this.chosen = n;
    this.canvas.style.cursor = n < 0 ? "grab" : "pointer";
    document.querySelector("tr.now")?.classList.remove("now");
    const row = n < 0 ? null : document.getElementById(`m-${this.rings.ids[n]}`);
    row?.classList.add("now");
    row?.scrollIntoView({ block: "nearest" });
    this.#tell(n < 0 ? "" : `${this.rings.ids[n]}, ${this.rings.sellers[n]} sellers`);
    this.#ask();
  }

  /** @param {string} words */
  #tell(words) {
    const told = this.querySelector(".told");
    if (told) told.textContent = words;
  }

  #open() {
    if (this.chosen >= 0) location.assign(`/rings/${encodeURIComponent(this.rings.ids[this.chosen])}${this.dataset.pin}`);
  }

  /** Drag the map; a press that moved nothing opens the ring under it. @param {PointerEvent} event */
  #press(event) {
    if (event.button) return;
    const start = { x: event.clientX, y: event.clientY, left: this.view.x, top: this.view.y };
    let isDragged = false;
    this.canvas.setPointerCapture(event.pointerId);
    const move = (/** @type {PointerEvent} */ now) => {
      isDragged ||= Math.hypot(now.clientX - start.x, now.clientY - start.y) > CLICK_PX;
      if (!isDragged) return;
      this.view.x = start.left - (now.clientX - start.x) / this.view.scale;
      this.view.y = start.top - (now.clientY - start.y) / this.view.scale;
      this.#ask();
    };
    const end = () => {
      for (const [name, done] of /** @type {const} */ ([["pointermove", move], ["pointerup", up], ["pointercancel", end]])) this.canvas.removeEventListener(name, /** @type {EventListener} */ (done));
    };
    const up = (/** @type {PointerEvent} */ now) => {
      end();
      if (isDragged) return;
      this.#choose(this.#at(now.offsetX, now.offsetY));
      this.#open();
    };
    this.canvas.addEventListener("pointermove", move);
    this.canvas.addEventListener("pointerup", up);
    this.canvas.addEventListener("pointercancel", end);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (arrow) this.#walk(arrow);
    else if (event.key === "+" || event.key === "=") this.#zoom(STEP);
    else if (event.key === "-") this.#zoom(1 / STEP);
    else if (event.key === "0") this.#do("fit");
    else if (event.key === "Enter") this.#open();
    else if (event.key === "Escape") this.#choose(-1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Choose the next ring in a direction, and bring it into sight. @param {number[]} way */
  #walk([dx, dy]) {
    const { x, y } = this.rings;
    const [fx, fy] = this.chosen < 0 ? [this.view.x - dx, this.view.y - dy] : [x[this.chosen], y[this.chosen]];
    let best = -1, least = Infinity;
    for (let n = 0; n < x.length; n++) {
      const [rx, ry] = [x[n] - fx, y[n] - fy];
      const along = rx * dx + ry * dy, aside = Math.abs(rx * dy - ry * dx);
      if (n !== this.chosen && along > 0 && along + 2 * aside < least) [best, least] = [n, along + 2 * aside];
    }
    if (best < 0) return;
    this.#choose(best);
    const [left, top] = this.#screen(x[best], y[best]);
    if (left < 40 || top < 40 || left > this.clientWidth - 40 || top > this.clientHeight - 40) [this.view.x, this.view.y] = [x[best], y[best]];
  }

  /** @param {string} what */
  #do(what) {
    if (what === "in" || what === "out") this.#zoom(what === "in" ? STEP : 1 / STEP);
    else if (what === "fit") { this.view = { x: 0, y: 0, scale: this.fit }; this.#ask(); }
  }

  /** Come nearer or go farther around a point of the screen. @param {number} by @param {number} [left] @param {number} [top] */
  #zoom(by, left = this.clientWidth / 2, top = this.clientHeight / 2) {
    const scale = Math.min(Math.max(this.view.scale * by, this.fit / 2), 8);
    const [dx, dy] = [left - this.clientWidth / 2, top - this.clientHeight / 2];
    this.view.x += dx / this.view.scale - dx / scale;
    this.view.y += dy / this.view.scale - dy / scale;
    this.view.scale = scale;
    this.#ask();
  }
}

customElements.define("ring-map", RingMap);
