// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** What do notices, states, numbers and buttons look like? The same on every page, never by colour alone. */

import { h } from "./dom.js";

/** @typedef {"info" | "success" | "warning" | "danger"} Kind */

/**
 * A boxed notice. It takes a `role` only where it comes up by itself: `status` for news, `alert`
 * where somebody has to act now.
 *
 * @param {Kind} kind
 * @param {string} title
 * @param {...any} body paragraphs; a text becomes one
 */
export const notice = (kind, title, ...body) =>
  h(
    "div",
    { class: ["kern-alert", `kern-alert--${kind}`, "mw-hinweis"] },
    h(
      "div",
      { class: "kern-alert__header" },
      icon(kind),
      h("p", { class: "kern-title" }, title),
    ),
    body.length > 0 &&
      h("div", { class: "kern-alert__body" }, ...body.filter(Boolean).map(asParagraph)),
  );

/** @param {any} part */
const asParagraph = (part) => (part instanceof Node ? part : paragraph(part));

/** @param {...any} children */
export const paragraph = (...children) => h("p", { class: "kern-body" }, ...children);

/** @param {...any} children */
export const small = (...children) =>
  h("p", { class: "kern-body kern-body--small mw-leise" }, ...children);

/** @param {string} name of a symbol of the design system */
export const icon = (name) =>
  h("span", { class: ["kern-icon", `kern-icon--${name}`], "aria-hidden": "true" });

/**
 * A state as word and symbol.
 *
 * @param {Kind | "default"} kind
 * @param {string} text
 * @param {string} [symbol] another one than that of the kind
 */
export const status = (kind, text, symbol = kind === "default" ? "check" : kind) =>
  h(
    "span",
    { class: ["kern-badge", "kern-badge--small", kind !== "default" && `kern-badge--${kind}`] },
    icon(symbol),
    h("span", { class: "kern-label kern-label--small" }, text),
  );

/**
 * A number that a telephone dials when it is pressed.
 *
 * @param {string} number as it is written: `0221 4710123`
 * @param {string} [label] what is pressed; the number where none is given
 */
export const telephone = (number, label = number) =>
  // A number that is broken at the end of a line is misread.
  h("a", { class: "kern-link mw-nummer", href: dialled(number) }, label.replaceAll(" ", "\u00a0"));

/** @param {string} number */
export const dialled = (number) => `tel:${number.replace(/[^+\d]/g, "")}`;

/**
 * @param {string} text a verb first
 * @param {{kind?: "primary" | "secondary" | "tertiary", symbol?: string, [attribute: string]: any}} [more]
 */
export const button = (text, { kind = "secondary", symbol, ...more } = {}) =>
  h(
    "button",
    { type: "button", class: `kern-btn kern-btn--${kind}`, ...more },
    symbol && icon(symbol),
    h("span", { class: "kern-label" }, text),
  );

/**
 * A link that looks like a button, because something begins with it.
 *
 * @param {string} text
 * @param {string} href
 * @param {{kind?: "primary" | "secondary" | "tertiary", symbol?: string, [attribute: string]: any}} [more]
 */
export const buttonLink = (text, href, { kind = "secondary", symbol, ...more } = {}) =>
  h(
    "a",
    { href, class: `kern-btn kern-btn--${kind}`, ...more },
    symbol && icon(symbol),
    h("span", { class: "kern-label" }, text),
  );

/** @param {string} href @param {...any} children */
export const link = (href, ...children) => h("a", { class: "kern-link", href }, ...children);

/** @param {1 | 2 | 3} level @param {string} text @param {{[name: string]: any}} [more] */
export const heading = (level, text, more = {}) =>
  h(`h${level}`, { class: `kern-heading-${["", "large", "medium", "small"][level]}`, ...more }, text);

let plainTitle = "";

/**
 * Say in the name of the window how much is new, and nothing else of it: a screen may be shared.
 *
 * @param {number} count
 */
export function titleBadge(count) {
  plainTitle ||= document.title;
  document.title = count > 0 ? `(${count}) ${plainTitle}` : plainTitle;
}
