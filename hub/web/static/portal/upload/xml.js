// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * How is XML read? By a reader that knows elements, attributes and text and nothing else: what it
 * does not know, above all a document type with its entities, refuses the file. So there is nothing
 * that could grow, and nothing outside the file that could be asked for.
 */

import { TABLE } from "./table.js";
import { must } from "./unreadable.js";

/**
 * @typedef {object} Element
 * @property {string} name without its prefix
 * @property {Map<string, string>} attributes by name without prefix
 * @property {Element[]} children
 * @property {string} text all its own text
 */

const NAME = /[\p{L}_][\p{L}\p{N}._\-:\u00b7]*/uy;
const SPACE = /[ \t\r\n]*/y;
const DECLARATION = /^<\?xml[ \t\r\n]+version=(?:"1\.[01]"|'1\.[01]')([^?]*)\?>/u;
const ENCODING = /encoding\s*=\s*["']([A-Za-z0-9._-]+)["']/u;
/** As which our own detection comes to the same letters. */
const ENCODINGS = new Set(["utf-8", "utf8", "utf-16", "iso-8859-1", "windows-1252", "us-ascii"]);
const REFERENCE = /&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z]{2,4}));|&/giu;
/** @type {Readonly<Record<string, string>>} */
const NAMED = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/**
 * Return the root element.
 *
 * @param {string} text
 * @returns {Element}
 */
export function parseXml(text) {
  return new Reading(text).document();
}

class Reading {
  #text;
  #at = 0;
  #nodes = 0;

  /** @param {string} text */
  constructor(text) {
    this.#text = text;
  }

  document() {
    this.#declaration();
    const root = element("", new Map());
    /** @type {Element[]} */
    const open = [root];
    while (this.#at < this.#text.length) this.#step(open);
    must(open.length === 1 && root.children.length === 1 && !root.text.trim(), "xml");
    return root.children[0];
  }

  #declaration() {
    const said = DECLARATION.exec(this.#text);
    const encoding = said && ENCODING.exec(said[1])?.[1].toLowerCase();
    must(!encoding || ENCODINGS.has(encoding), "encoding");
    this.#at = said ? said[0].length : 0;
  }

  /** @param {Element[]} open */
  #step(open) {
    const next = this.#text.indexOf("<", this.#at);
    const end = next < 0 ? this.#text.length : next;
    if (end > this.#at) open[open.length - 1].text += decoded(this.#text.slice(this.#at, end));
    this.#at = end;
    if (next < 0) return;
    if (this.#takes("<!--")) this.#until("-->");
    else if (this.#takes("<![CDATA[")) open[open.length - 1].text += this.#until("]]>");
    else if (this.#takes("</")) this.#close(open);
    else if (this.#takes("<!")) must(false, "xml-doctype");
    else if (this.#takes("<?")) must(false, "xml");
    else this.#open(open);
  }

  /** @param {Element[]} open */
  #open(open) {
    this.#at++;
    must(++this.#nodes <= TABLE.limits.nodes, "too-large");
    must(open.length <= TABLE.limits.depth, "too-deep");
    // One root: what stands after its end is no part of the document.
    must(open.length > 1 || open[0].children.length === 0, "xml");
    const made = element(this.#name(), this.#attributes());
    open[open.length - 1].children.push(made);
    if (this.#takes("/>")) return;
    must(this.#takes(">"), "xml");
    open.push(made);
  }

  /** @param {Element[]} open */
  #close(open) {
    const name = this.#name();
    this.#space();
    must(this.#takes(">") && open.length > 1 && open.pop()?.name === name, "xml");
  }

  #attributes() {
    /** @type {Map<string, string>} */
    const found = new Map();
    for (;;) {
      this.#space();
      if (/[/>]/u.test(this.#text[this.#at] ?? "")) return found;
      const [name, value] = this.#attribute();
      must(!found.has(name) || name === "xmlns", "xml");
      found.set(name, value);
    }
  }

  /** @returns {[string, string]} */
  #attribute() {
    const name = this.#name();
    this.#space();
    must(this.#takes("="), "xml");
    this.#space();
    const quote = this.#text[this.#at];
    must(quote === '"' || quote === "'", "xml");
    this.#at++;
    const value = this.#until(quote);
    must(!value.includes("<"), "xml");
    return [name, decoded(value)];
  }

  #name() {
    NAME.lastIndex = this.#at;
    const found = NAME.exec(this.#text);
    must(found, "xml");
    const name = /** @type {RegExpExecArray} */ (found)[0];
    this.#at += name.length;
    return name.startsWith("xmlns") ? "xmlns" : name.slice(name.indexOf(":") + 1);
  }

  #space() {
    SPACE.lastIndex = this.#at;
    this.#at += SPACE.exec(this.#text)?.[0].length ?? 0;
  }

  /** @param {string} sign */
  #takes(sign) {
    if (!this.#text.startsWith(sign, this.#at)) return false;
    this.#at += sign.length;
    return true;
  }

  /** @param {string} sign */
  #until(sign) {
    const end = this.#text.indexOf(sign, this.#at);
    must(end >= 0, "xml");
    const found = this.#text.slice(this.#at, end);
    this.#at = end + sign.length;
    return found;
  }
}

/** @param {string} name @param {Map<string, string>} attributes @returns {Element} */
const element = (name, attributes) => ({ name, attributes, children: [], text: "" });

/** @param {string} text */
const decoded = (text) => (text.includes("&") ? text.replace(REFERENCE, referred) : text);

/**
 * @param {string} _
 * @param {string | undefined} hex
 * @param {string | undefined} decimal
 * @param {string | undefined} name
 */
function referred(_, hex, decimal, name) {
  if (name !== undefined && Object.hasOwn(NAMED, name)) return NAMED[name];
  const point = hex ? parseInt(hex, 16) : parseInt(decimal ?? "", 10);
  const isLetter =
    point === 9 || point === 10 || point === 13 || (point >= 32 && point <= 0x10ffff);
  must(isLetter && !(point >= 0xd800 && point <= 0xdfff) && point !== 127, "xml-entity");
  return String.fromCodePoint(point);
}

/**
 * All elements of this name beneath one, itself left out.
 *
 * @param {Element} root
 * @param {string} name
 * @returns {Generator<Element>}
 */
export function* within(root, name) {
  for (const child of root.children) {
    if (child.name === name) yield child;
    yield* within(child, name);
  }
}

/** The first child of this name. @param {Element | undefined} parent @param {string} name */
export const childOf = (parent, name) => parent?.children.find((each) => each.name === name);
