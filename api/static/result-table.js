// @ts-check
/** An answer as a table: the first list in it, one row each, one column for each field. */

import { make } from "./schema-pages.js";

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

/** @param {unknown} value @returns {string} */
function words(value) {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "number" && !Number.isInteger(value)) return value.toFixed(3);
  if (isObject(value)) return flat(value).map(([, inner]) => words(inner)).join("  ");
  return String(value);
}

/** @param {unknown} value */
function cell(value) {
  if (Array.isArray(value)) {
    const lines = value.slice(0, 8).map((one) => make("div", "", words(one)));
    if (value.length > 8) lines.push(make("div", "muted", `and ${value.length - 8} more`));
    return make("td", "list", ...(lines.length ? lines : ["–"]));
  }
  return make("td", typeof value === "number" ? "number" : "", words(value));
}

/**
 * The table of an answer, or a line that says why there is none.
 * @param {unknown} data
 */
export function tableOf(data) {
  const found = firstList(data);
  if (!found) return make("p", "muted empty", "There is no list in this answer.");
  const rows = found.rows.map((row) => new Map(flat(row)));
  const names = [...new Set(rows.flatMap((row) => [...row.keys()]))];
  const heads = names.map((name) => {
    const head = make("th", rows.every((row) => typeof (row.get(name) ?? 0) === "number") ? "number" : "", name.replace(/^node\./, ""));
    head.setAttribute("scope", "col");
    return head;
  });
  const body = make("tbody", "", ...rows.map((row) => make("tr", "", ...names.map((name) => cell(row.get(name))))));
  const title = make("caption", "", `${found.path} · ${rows.length} ${rows.length === 1 ? "row" : "rows"}`);
  return make("table", "", title, make("thead", "", make("tr", "", ...heads)), body);
}
