// @ts-check
/** Reading GraphQL and JSON as text: words to colour, and a query laid out anew. */

const GRAPHQL = /(#[^\n]*)|("""[\s\S]*?(?:"""|$)|"(?:\\.|[^"\\\n])*"?)|(\$\w+)|(@\w+)|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(\.\.\.|[{}()[\]:=!|,&])|([A-Za-z_]\w*)|(\s+)|(.)/g;
const KINDS = ["comment", "string", "variable", "directive", "number", "mark", "name", "space", "other"];
const WORDS = new Set(["query", "mutation", "subscription", "fragment", "on", "true", "false", "null"]);
const JSON_WORDS = /("(?:\\.|[^"\\])*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null)/g;

/** @typedef {{kind: string, text: string}} Token */

/**
 * The tokens of a query, spaces included: joined they are the text again.
 * @param {string} text
 * @returns {Token[]}
 */
export function tokens(text) {
  const found = [];
  let depth = 0;
  for (const match of text.matchAll(GRAPHQL)) {
    const at = match.slice(1).findIndex((part) => part !== undefined);
    let kind = KINDS[at];
    const word = match[0];
    if (word === "(") depth += 1;
    if (word === ")") depth -= 1;
    if (kind === "name" && WORDS.has(word)) kind = "word";
    else if (kind === "name" && depth > 0 && /^\s*:/.test(text.slice(match.index + word.length, match.index + word.length + 20))) kind = "argument";
    found.push({ kind, text: word });
  }
  return found;
}

/**
 * Fill an element with coloured text; every text goes in as text, never as markup.
 * @param {Element} element
 * @param {Token[]} list
 * @param {string} prefix
 */
export function paint(element, list, prefix) {
  const whole = document.createDocumentFragment();
  for (const { kind, text } of list) {
    if (kind === "space" || kind === "other" || kind === "") whole.append(text);
    else {
      const span = document.createElement("span");
      span.className = prefix + kind;
      span.textContent = text;
      whole.append(span);
    }
  }
  element.replaceChildren(whole);
}

/**
 * The tokens of laid-out JSON.
 * @param {string} text
 * @returns {Token[]}
 */
export function jsonTokens(text) {
  const found = [];
  let end = 0;
  for (const match of text.matchAll(JSON_WORDS)) {
    if (match.index > end) found.push({ kind: "", text: text.slice(end, match.index) });
    const [whole, string, colon, number] = match;
    if (string !== undefined) {
      found.push({ kind: colon ? "key" : "string", text: string });
      if (colon) found.push({ kind: "", text: colon });
    } else found.push({ kind: number === undefined ? "atom" : "number", text: whole });
    end = match.index + whole.length;
  }
  found.push({ kind: "", text: text.slice(end) });
  return found;
}

/**
 * A query laid out with one field a line and two spaces a level; comments and strings stay as they are.
 * @param {string} text
 * @returns {string}
 */
export function tidy(text) {
  let out = "";
  let level = 0;
  let inner = 0;
  let gap = false;
  const line = () => { out = out.trimEnd() + "\n" + "  ".repeat(Math.max(level, 0)); gap = false; };
  const list = tokens(text).filter((token) => token.kind !== "space" && token.text !== ",");
  list.forEach((token, at) => {
    const { kind, text: word } = token;
    const before = list[at - 1]?.text;
    if (kind === "comment") { if (out && !out.endsWith("\n\n")) line(); out += word; line(); return; }
    if (word === "{" && !inner) { out = out.trimEnd() + (out.trim() ? " {" : "{"); level += 1; line(); return; }
    if (word === "}" && !inner) { level -= 1; line(); out += "}"; if (level === 0) out += "\n\n"; else line(); gap = false; return; }
    if ("([{".includes(word)) { out += (word === "{" && gap && !out.endsWith("(") ? " " : "") + word; inner += 1; gap = false; return; }
    if (")]}".includes(word)) { out += word; inner -= 1; gap = true; if (!inner && startsField(list[at + 1]) && level) line(); return; }
    if (word === ":") { out += ": "; gap = false; return; }
    if (word === "!") { out += "!"; gap = true; return; }
    if (word === "...") { if (level && !/\n\s*$/.test(out)) line(); out += "..."; gap = list[at + 1]?.text === "on"; return; }
    if (inner) { out += (gap ? separator(list, at) : "") + word; gap = true; return; }
    const isNewField = level > 0 && startsField(token) && !["...", "on", ":"].includes(before ?? "") && before !== "{";
    if (isNewField && gap && !/\n\s*$/.test(out)) line();
    out += (gap && !/\s$/.test(out) ? " " : "") + word;
    gap = true;
  });
  return out.trim() + "\n";
}

/** @param {Token | undefined} token */
function startsField(token) {
  return token !== undefined && (token.kind === "name" || token.text === "...");
}

/** A comma between arguments and list items, a space within one. @param {Token[]} list @param {number} at */
function separator(list, at) {
  const next = list[at + 1]?.text;
  const before = list[at - 1]?.text ?? "";
  if (before === ":" || before === "=") return "";
  if (list[at].text === "=" || list[at].kind === "directive") return " ";
  return next === ":" || /[\w"\]})!]$/.test(before) ? ", " : " ";
}
