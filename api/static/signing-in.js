// @ts-check
/** Who asks: the key that a person pastes, kept in this tab alone, and the name and role that it stands for. */

import { make } from "./schema-pages.js";

const VIEWER = "{ viewer { name role brandId } }";
const PLACE = "ringwatch-key"; // in the session's storage: gone with the tab, in no address and in no log

/** @param {string} id */
const at = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @typedef {{response: Response, body: string, ms: number}} Answer */

export class SigningIn {
  /**
   * @param {(text: string) => Promise<Answer>} ask sends a query with the headers of `headers()`
   * @param {() => void} changed is told once somebody else asks
   */
  constructor(ask, changed) {
    this.ask = ask;
    this.changed = changed;
    /** Whether the server answers without a key: "none" where nobody has one, "optional" or "needed". */
    this.keys = document.documentElement.dataset.keys ?? "none";
    this.key = sessionStorage.getItem(PLACE) ?? "";
    at("sign-in").addEventListener("submit", (event) => { event.preventDefault(); void this.enter(); });
    at("sign-out").addEventListener("click", () => this.leave());
  }

  /** @returns {Record<string, string>} */
  headers() {
    return this.key ? { authorization: `Bearer ${this.key}` } : {};
  }

  /** Whether a question would be answered at all. */
  get mayAsk() {
    return this.keys !== "needed" || this.key !== "";
  }

  /** Take up the key that this tab has kept. */
  async resume() {
    if (this.key) await this.recognise();
    else this.show(null);
  }

  async enter() {
    const field = /** @type {HTMLInputElement} */ (at("key"));
    this.key = field.value.trim();
    field.value = "";
    if (this.key && await this.recognise()) this.changed();
    else field.focus();
  }

  leave() {
    this.forget();
    this.show(null);
    this.changed();
  }

  forget() {
    this.key = "";
    sessionStorage.removeItem(PLACE);
  }

  /** Ask the server who has the key; false where nobody has. */
  async recognise() {
    const { response, body } = await this.ask(VIEWER);
    const viewer = response.ok ? JSON.parse(body).data?.viewer : null;
    if (!viewer?.name) {
      this.forget();
      this.show(null, response.status === 401 ? "This key is not good here." : "The server does not answer.");
      return false;
    }
    sessionStorage.setItem(PLACE, this.key);
    this.show(viewer);
    return true;
  }

  /** @param {{name: string, role: string, brandId: string | null} | null} viewer @param {string} [note] */
  show(viewer, note = "") {
    at("sign-in").hidden = viewer !== null || this.keys === "none";
    at("who").hidden = at("sign-out").hidden = viewer === null;
    at("sign-in-note").textContent = note;
    if (viewer) at("who").replaceChildren(make("b", "", viewer.name), ` ${[viewer.role.toLowerCase(), viewer.brandId].filter(Boolean).join(" of ")}`);
  }
}
