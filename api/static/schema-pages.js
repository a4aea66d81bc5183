// @ts-check
/** The schema as pages: one for all types, one for each; read from the server itself. */

export const INTROSPECTION = `query Schema {
  __schema { queryType { name } types { ...Whole } }
}
fragment Whole on __Type {
  kind name description
  fields { name description args { ...Input } type { ...Ref } }
  inputFields { ...Input }
  enumValues { name description }
  possibleTypes { name }
}
fragment Input on __InputValue { name description defaultValue type { ...Ref } }
fragment Ref on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }`;

const KINDS = { OBJECT: "type", INTERFACE: "interface", UNION: "union", ENUM: "enum", INPUT_OBJECT: "input", SCALAR: "scalar" };

/** @typedef {{kind: string, name: string | null, ofType?: Ref}} Ref */

/**
 * An element with a class and children; text goes in as text.
 * @param {string} tag @param {string} name @param {...(Node | string)} children
 */
export function make(tag, name, ...children) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.append(...children);
  return element;
}

/**
 * A description, its words in backticks shown as code.
 * @param {string} name @param {string | null} text
 */
function prose(name, text) {
  const parts = (text ?? "").split("`");
  return make("p", name, ...parts.map((part, at) => (at % 2 ? make("code", "", part) : part)));
}

/** @param {string | null} value */
function defaultOf(value) {
  return value == null || value === "null" ? "" : ` = ${value}`;
}

/** @param {Ref} ref @returns {string} */
function written(ref) {
  if (ref.kind === "NON_NULL" && ref.ofType) return `${written(ref.ofType)}!`;
  if (ref.kind === "LIST" && ref.ofType) return `[${written(ref.ofType)}]`;
  return ref.name ?? "";
}

/** @param {Ref} ref @returns {string} */
function named(ref) {
  return ref.ofType ? named(ref.ofType) : ref.name ?? "";
}

export class SchemaPages {
  /**
   * @param {HTMLElement} place
   * @param {HTMLInputElement} search
   * @param {(type: string) => void} turned called when a person turns to a page
   */
  constructor(place, search, turned) {
    this.place = place;
    this.search = search;
    this.turned = turned;
    /** @type {Map<string, any>} */
    this.types = new Map();
    this.root = "Query";
    search.addEventListener("input", () => this.find(search.value.trim().toLowerCase()));
  }

  /** @param {any} schema what introspection answered */
  read(schema) {
    this.root = schema.queryType.name;
    this.types = new Map(schema.types.filter((/** @type {any} */ type) => !type.name.startsWith("__")).map((/** @type {any} */ type) => [type.name, type]));
  }

  /** Show a page; "" is the page of all types. @param {string} name */
  show(name) {
    this.search.value = "";
    const type = this.types.get(name);
    this.place.replaceChildren(...(type ? this.typePage(type) : this.allTypes()));
    this.place.scrollTop = 0;
  }

  /** @param {string} message */
  fail(message) {
    this.place.replaceChildren(make("p", "muted", message));
  }

  /** @param {string} name */
  turn(name) {
    this.show(name);
    this.turned(name);
    this.place.focus({ preventScroll: true });
  }

  /** @param {string} label @param {string} name */
  link(label, name) {
    const button = make("button", "type", label);
    button.setAttribute("type", "button");
    button.addEventListener("click", () => this.turn(name));
    return button;
  }

  allTypes() {
    const groups = /** @type {[string, string][]} */ ([["OBJECT", "Types"], ["INTERFACE", "Interfaces"], ["UNION", "Unions"], ["INPUT_OBJECT", "Inputs"], ["ENUM", "Enums"], ["SCALAR", "Scalars"]]);
    const parts = [make("h4", "", "Start here"), make("ul", "", this.entry(this.types.get(this.root)))];
    for (const [kind, title] of groups) {
      const some = [...this.types.values()].filter((type) => type.kind === kind && type.name !== this.root);
      if (some.length) parts.push(make("h4", "", title), make("ul", "", ...some.map((type) => this.entry(type))));
    }
    return parts;
  }

  /** @param {any} type */
  entry(type) {
    return make("li", "", this.link(type.name, type.name), prose("", type.description));
  }

  /** @param {any} type */
  typePage(type) {
    const kind = KINDS[/** @type {keyof typeof KINDS} */ (type.kind)] ?? type.kind;
    const parts = [make("h3", "", type.name, make("small", "", kind)), prose("about", type.description)];
    for (const field of type.fields ?? []) parts.push(this.field(field));
    for (const field of type.inputFields ?? []) parts.push(this.field(field));
    for (const value of type.enumValues ?? []) parts.push(make("div", "field", make("span", "name", value.name), prose("", value.description)));
    const possible = type.possibleTypes ?? [];
    if (possible.length) parts.push(make("h4", "", "One of"), make("ul", "", ...possible.map((/** @type {any} */ one) => this.entry(this.types.get(one.name)))));
    const users = this.users(type.name);
    if (users.length) parts.push(make("h4", "", "Used by"), make("ul", "", ...users.map(([label, name]) => make("li", "", this.link(label, name)))));
    return parts;
  }

  /** @param {any} field */
  field(field) {
    const line = make("div", "", make("span", "name", field.name), ": ", this.link(written(field.type), named(field.type)));
    if (field.defaultValue != null) line.append(make("span", "muted mono", defaultOf(field.defaultValue)));
    const box = make("div", "field", line, prose("", field.description));
    for (const argument of field.args ?? []) {
      const words = make("div", "", make("span", "name", argument.name), ": ", this.link(written(argument.type), named(argument.type)), make("span", "muted mono", defaultOf(argument.defaultValue)));
      box.append(make("div", "argument", words, prose("", argument.description)));
    }
    return box;
  }

  /** Fields that give or take a type. @param {string} name @returns {[string, string][]} */
  users(name) {
    /** @type {[string, string][]} */
    const found = [];
    for (const type of this.types.values()) {
      for (const field of [...(type.fields ?? []), ...(type.inputFields ?? [])]) {
        const uses = [field.type, ...(field.args ?? []).map((/** @type {any} */ argument) => argument.type)];
        if (uses.some((ref) => named(ref) === name)) found.push([`${type.name}.${field.name}`, type.name]);
      }
    }
    return found;
  }

  /** @param {string} text */
  find(text) {
    if (!text) { this.show(""); return; }
    const found = [];
    for (const type of this.types.values()) {
      if (type.name.toLowerCase().includes(text)) found.push(this.entry(type));
      for (const field of [...(type.fields ?? []), ...(type.inputFields ?? []), ...(type.enumValues ?? [])]) {
        if (field.name.toLowerCase().includes(text)) found.push(make("li", "", this.link(`${type.name}.${field.name}`, type.name), prose("", field.description)));
      }
    }
    this.place.replaceChildren(found.length ? make("ul", "", ...found) : make("p", "muted", `Nothing is called “${text}”.`));
  }
}
