// @ts-check
/** An answer as a table: the first list in it, one row each, one column for each field. */

import { make } from "./schema-pages.js";

const MOST_LINES = 4; // of a list within a row: enough to see what it is about, the JSON has all of it

/** @typedef {{path: string, rows: Record<string, unknown>[]}} Found */

/**
 * The first list of objects in an answer, outermost first; `edges` and `nodes` of one connection are one list.
 * @param {unknown} value @param {string} [path]
 * @returns {Found | null}
 */
export function firstList(value, path = "") {
  const level = [{ value, path }];
  while (level.length) {
    const { value: one, path: where } = /** @type {{value: unknown, path: string}} */ (level.shift());
    if (Array.isArray(one)) {
      if (one.some(isObject)) return { path: where, rows: one.filter(isObject) };
    } else if (isObject(one)) {
      for (const [key, inner] of Object.entries(one)) level.push({ value: inner, path: where ? `${where}.${key}` : key });
    }
  }
  return null;
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
function isObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/**
 * A row with objects in it as a flat one: `node.name` for the name of the node.
 * @param {Record<string, unknown>} row @param {string} [prefix]
 * @returns {[string, unknown][]}
 */
export function flat(row, prefix = "") {
  return Object.entries(row).flatMap(([key, value]) => {
    const name = prefix + key;
    if (!isObject(value)) return /** @type {[string, unknown][]} */ ([[name, value]]);
    const lists = Object.values(value).filter((inner) => Array.isArray(inner));
    if (lists.length === 1) return /** @type {[string, unknown][]} */ ([[name, lists[0]]]);
    return flat(value, `${name}.`);
  });
}

/** @param {unknown} value @param {boolean} [isFraction] @returns {string} */
function words(value, isFraction = false) {
  if (isEmpty(value)) return "–";
  if (typeof value === "number" && (isFraction || !Number.isInteger(value))) return value.toFixed(3);
  if (isObject(value)) return flat(value).map(([, inner]) => words(inner)).join("  ");
  return String(value);
}

/** @param {unknown} value */
function isEmpty(value) {
  return value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}

/** @param {unknown} value @param {boolean} isFraction */
function cell(value, isFraction) {
  if (Array.isArray(value) && value.length) {
    const lines = value.slice(0, MOST_LINES).map((one) => make("div", "", words(one)));
    if (value.length > MOST_LINES) lines.push(make("div", "muted", `and ${value.length - MOST_LINES} more`));
    return make("td", "list", ...lines);
  }
  return make("td", typeof value === "number" ? "number" : "", words(value, isFraction));
}

/**
 * The table of an answer, or a line that says why there is none. Columns without any value are left out and named.
 * @param {unknown} data
 */
export function tableOf(data) {
  const found = firstList(data);
  if (!found) return make("p", "muted empty", "There is no list in this answer.");
  const rows = found.rows.map((row) => new Map(flat(row)));
  const all = [...new Set(rows.flatMap((row) => [...row.keys()]))];
  const names = all.filter((name) => rows.some((row) => !isEmpty(row.get(name))));
  const numbers = names.map((name) => rows.every((row) => typeof (row.get(name) ?? 0) === "number"));
  const fractions = names.map((name) => rows.some((row) => !Number.isInteger(row.get(name) ?? 0)));
  const heads = names.map((name, at) => {
    const head = make("th", numbers[at] ? "number" : "", name.replace(/^node\./, ""));
    head.setAttribute("scope", "col");
    return head;
  });
  const body = rows.map((row) => make("tr", "", ...names.map((name, at) => cell(row.get(name), numbers[at] && fractions[at]))));
  const empty = all.filter((name) => !names.includes(name)).map((name) => name.replace(/^node\./, ""));
  const said = [found.path, rows.length === 1 ? "1 row" : `${rows.length} rows`, ...(empty.length ? [`empty: ${empty.join(", ")}`] : [])];
  return make("table", "", make("caption", "", said.join(" · ")), make("thead", "", make("tr", "", ...heads)), make("tbody", "", ...body));
}
