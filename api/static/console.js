// @ts-check
/** The console page: a query and its variables go out, the answer comes in, and the address holds what was asked. */

import { jsonTokens, paint, tidy, tokens } from "./graphql-text.js";
import { IDS, READY } from "./ready-queries.js";
import { tableOf } from "./result-table.js";
import { INTROSPECTION, SchemaPages, make } from "./schema-pages.js";
import { SigningIn } from "./signing-in.js";

const MOST_PAINTED = 400_000; // characters; beyond that colouring takes longer than reading
const THEMES = ["system", "light", "dark"];

/** @template {HTMLElement} T @param {string} id @returns {T} */
const at = (id) => /** @type {T} */ (document.getElementById(id));

const query = /** @type {HTMLTextAreaElement} */ (at("query"));
const variables = /** @type {HTMLTextAreaElement} */ (at("variables"));
const note = at("variables-note");
const status = at("status");
const result = at("result");
const run = /** @type {HTMLButtonElement} */ (at("run"));
const schema = new SchemaPages(at("schema"), /** @type {HTMLInputElement} */ (at("schema-search")), (type) => keep({ type }, true));

const signing = new SigningIn((text) => ask(text), () => void begin());

let page = "";
let answer = "";
/** @type {any} */
let data = null;
let isTable = false;
/** @type {AbortController | null} */
let running = null;
let ids = { ringId: "", sellerId: "" };

/**
 * Send one request and return the answer and what is known of it.
 * @param {string} text @param {object} [values] @param {AbortSignal} [signal]
 */
async function ask(text, values = {}, signal) {
  const begun = performance.now();
  const response = await fetch("/graphql", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json", ...signing.headers() },
    body: JSON.stringify({ query: text, variables: values }),
    signal,
  });
  const body = await response.text();
  return { response, body, ms: Math.round(performance.now() - begun) };
}

/** The variables as an object, or null with a note beside them. */
function readVariables() {
  const text = variables.value.trim();
  try {
    const found = text ? JSON.parse(text) : {};
    if (found === null || typeof found !== "object" || Array.isArray(found)) throw new SyntaxError("expected a JSON object");
    tell("", false);
    return found;
  } catch (error) {
    tell(`not JSON: ${/** @type {Error} */ (error).message}`, true);
    return null;
  }
}

/** @param {string} text @param {boolean} isBad */
function tell(text, isBad) {
  note.textContent = text;
  note.toggleAttribute("data-bad", isBad);
  variables.setAttribute("aria-invalid", String(isBad));
}

async function runQuery() {
  const values = readVariables();
  if (values === null) { variables.focus(); return; }
  if (!signing.mayAsk) { setStatus("bad", "sign in first: this database asks for a key"); at("key").focus(); return; }
  running?.abort();
  const mine = running = new AbortController();
  keep({}, false);
  setStatus("busy", "running …");
  run.setAttribute("aria-busy", "true");
  try {
    show(await ask(query.value, values, mine.signal));
  } catch (error) {
    if (mine.signal.aborted) return;
    data = null;
    listErrors([]);
    setStatus("bad", "no answer");
    print(`The server does not answer: ${/** @type {Error} */ (error).message}`);
  } finally {
    if (running === mine) { running = null; run.removeAttribute("aria-busy"); }
  }
}

/** @param {{response: Response, body: string, ms: number}} got */
function show({ response, body, ms }) {
  let text = body;
  data = null;
  try {
    data = JSON.parse(body);
    text = JSON.stringify({ ...data, extensions: undefined }, null, 2);
  } catch { /* shown as it came */ }
  print(text);
  const errors = data?.errors ?? [];
  listErrors(errors);
  const cost = data?.extensions?.cost;
  const parts = [`${ms} ms`, size(body.length)];
  if (cost) parts.push(`cost ${cost.fields.toLocaleString("en")}`);
  if (errors.length) parts.unshift(errors.length === 1 ? "1 error" : `${errors.length} errors`);
  setStatus(errors.length || !response.ok ? "bad" : "good", parts.join(" · "), String(response.status));
  status.title = cost ? `The answer may hold ${cost.fields.toLocaleString("en")} of ${cost.limit.toLocaleString("en")} fields` : "";
}

/** Each error in a line, with a way to its place in the query. @param {any[]} errors */
function listErrors(errors) {
  const place = at("errors");
  place.hidden = errors.length === 0;
  place.replaceChildren(...errors.map((error) => {
    const item = make("li", "", make("code", "", error.extensions?.code ?? "ERROR"), make("span", "", error.message));
    const where = error.locations?.[0];
    if (where) {
      const button = make("button", "quiet", `Line ${where.line}`);
      button.setAttribute("type", "button");
      button.addEventListener("click", () => goTo(where.line, where.column));
      item.append(button);
    }
    return item;
  }));
}

/** Put the caret at a place of the query. @param {number} line @param {number} column */
function goTo(line, column) {
  const lines = query.value.split("\n");
  const from = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0) + column - 1;
  query.focus();
  query.setSelectionRange(from, from + (/^\w+/.exec(query.value.slice(from))?.[0].length ?? 0));
}

/** Show the answer as a table or as JSON. @param {boolean} wanted */
function turnTo(wanted) {
  isTable = wanted;
  at("as-json").setAttribute("aria-pressed", String(!isTable));
  at("as-table").setAttribute("aria-pressed", String(isTable));
  result.hidden = isTable;
  at("table").hidden = !isTable;
  if (isTable) at("table").replaceChildren(tableOf(data?.data));
}

/** @param {string} state @param {string} text @param {string} [code] */
function setStatus(state, text, code = "") {
  status.dataset.state = state;
  status.replaceChildren(make("b", "", code), code ? ` · ${text}` : text);
}

/** @param {string} text */
function print(text) {
  answer = text;
  if (text.length > MOST_PAINTED) result.textContent = text;
  else paint(result, jsonTokens(text), "j-");
  result.scrollTop = 0;
  turnTo(isTable);
}

/** @param {number} n_bytes */
function size(n_bytes) {
  return n_bytes < 1000 ? `${n_bytes} B` : `${(n_bytes / 1000).toFixed(1)} kB`;
}

function repaint() {
  const text = query.value;
  const place = at("paint");
  if (text.length > MOST_PAINTED) place.textContent = text;
  else paint(place, tokens(`${text}\n`), "t-");
  follow();
}

function follow() {
  at("paint").scrollTop = query.scrollTop;
  at("paint").scrollLeft = query.scrollLeft;
}

/** Keep query, variables and schema page in the address. @param {{type?: string}} change @param {boolean} isStep */
function keep(change, isStep) {
  page = change.type ?? page;
  const state = new URLSearchParams();
  state.set("query", query.value);
  if (variables.value.trim()) state.set("variables", variables.value);
  if (page) state.set("type", page);
  const address = `#${state}`;
  if (isStep) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
  mark();
}

/** Take query, variables and schema page from the address; false where it holds none. */
function restore() {
  const state = new URLSearchParams(location.hash.slice(1));
  if (!state.has("query")) return false;
  write(state.get("query") ?? "", state.get("variables") ?? "");
  page = state.get("type") ?? "";
  if (schema.types.size) schema.show(page);
  return true;
}

/** Say whether a document may change something: whoever made a link must not decide by it. @param {string} text */
function changes(text) {
  return /\bmutation\b/.test(text);
}

/** @param {string} text @param {string} values */
function write(text, values) {
  query.value = text;
  variables.value = values;
  readVariables();
  repaint();
  mark();
}

function mark() {
  for (const button of at("ready").querySelectorAll("button")) {
    button.setAttribute("aria-current", String(READY[Number(button.dataset.at)].query.trim() === query.value.trim()));
  }
}

/** @param {number} index */
function choose(index) {
  const ready = READY[index];
  write(ready.query, ready.variables ? JSON.stringify(ready.variables(ids), null, 2) : "");
  keep({}, true);
  return runQuery();
}

/** Enter keeps the indent, one level deeper behind a brace. @param {KeyboardEvent} event */
function indent(event) {
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing) return;
  const before = query.value.slice(0, query.selectionStart);
  const line = before.slice(before.lastIndexOf("\n") + 1);
  const deeper = /[{(]\s*$/.test(line) ? "  " : "";
  event.preventDefault();
  query.setRangeText(`\n${/^\s*/.exec(line)?.[0] ?? ""}${deeper}`, query.selectionStart, query.selectionEnd, "end");
  query.dispatchEvent(new Event("input"));
}

/** @param {HTMLElement} button @param {string} text */
async function copy(button, text) {
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Not allowed";
  }
  setTimeout(() => { button.textContent = label; }, 1500);
}

function save() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([answer], { type: "application/json" }));
  link.download = "ringwatch-answer.json";
  link.click();
  URL.revokeObjectURL(link.href);
}

/** @param {string} theme */
function wear(theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  at("theme").textContent = `Theme: ${theme}`;
}

function storedTheme() {
  const theme = localStorage.getItem("theme") ?? "system";
  return THEMES.includes(theme) ? theme : "system";
}

function listen() {
  run.addEventListener("click", () => void runQuery());
  at("tidy").addEventListener("click", () => { write(tidy(query.value), variables.value); keep({}, true); query.focus(); });
  at("link").addEventListener("click", () => { keep({}, false); void copy(at("link"), location.href); });
  at("copy").addEventListener("click", () => void copy(at("copy"), answer));
  at("save").addEventListener("click", save);
  at("as-json").addEventListener("click", () => turnTo(false));
  at("as-table").addEventListener("click", () => turnTo(true));
  at("schema-home").addEventListener("click", () => schema.turn(""));
  at("theme").addEventListener("click", () => {
    const next = THEMES[(THEMES.indexOf(storedTheme()) + 1) % THEMES.length];
    localStorage.setItem("theme", next);
    wear(next);
  });
  query.addEventListener("input", () => { repaint(); mark(); });
  query.addEventListener("scroll", follow);
  query.addEventListener("keydown", indent);
  query.addEventListener("change", () => keep({}, false));
  variables.addEventListener("input", readVariables);
  variables.addEventListener("change", () => keep({}, false));
  window.addEventListener("popstate", restore);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); void runQuery(); }
  });
}

function listReady() {
  at("ready").append(...READY.map(({ name, about }, index) => {
    const button = make("button", "", make("b", "", name), make("span", "", about));
    button.setAttribute("type", "button");
    button.dataset.at = String(index);
    button.addEventListener("click", () => void choose(index));
    return make("li", "", button);
  }));
}

async function readSchema() {
  try {
    const { body } = await ask(INTROSPECTION);
    schema.read(JSON.parse(body).data.__schema);
    schema.show(page);
  } catch {
    schema.fail("The schema cannot be read from this server just now.");
  }
}

async function readIds() {
  try {
    const { body } = await ask(IDS);
    const ring = JSON.parse(body).data.rings.nodes[0];
    if (ring) ids = { ringId: ring.ringId, sellerId: ring.members.nodes[0]?.sellerId ?? "" };
  } catch { /* the variables then start empty */ }
}

/** Read what the page needs, as who is signed in, and run the query that stands there unless it decides something. */
async function begin() {
  if (!signing.mayAsk) {
    data = null;
    print("");
    listErrors([]);
    schema.fail("Sign in to read the schema.");
    setStatus("busy", "this database asks for a key: paste yours above");
    return;
  }
  await Promise.all([readIds(), readSchema()]);
  if (changes(query.value)) setStatus("busy", isRestored ? "this link decides something: read it, then run it" : "read it, then run it");
  else if (query.value.trim()) await runQuery();
  else await choose(0);
}

wear(storedTheme());
listReady();
listen();
const isRestored = restore();
await signing.resume();
await begin();
document.documentElement.dataset.ready = "true";
