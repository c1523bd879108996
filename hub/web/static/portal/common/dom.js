// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * How is something put on the page? Elements and text only: no markup is ever parsed, so nothing
 * that somebody typed can become a script.
 */

/**
 * Make an element. Attributes that are null, undefined or false are left out, true is an empty one;
 * `onclick` and the like take functions; `class` may be a list; `dataset` is an object.
 *
 * @param {string} tag
 * @param {{[name: string]: any}} [attributes]
 * @param {...(Node | string | number | null | undefined | false | Array<any>)} children
 * @returns {any}
 */
export function h(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) set(made, name, value);
  append(made, children);
  return made;
}

/** @param {HTMLElement} element @param {string} name @param {any} value */
function set(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (name === "dataset") Object.assign(element.dataset, value);
  else if (name === "class") element.className = [value].flat().filter(Boolean).join(" ");
  else if (name === "value" && "value" in element) element.value = value;
  else if (name === "checked") /** @type {any} */ (element).checked = Boolean(value);
  else element.setAttribute(name, value === true ? "" : String(value));
}

/** @param {Node} parent @param {Array<any>} children */
export function append(parent, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    parent.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** Put these in the place of all that an element holds. @param {Element} element @param {...any} children */
export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
  return element;
}

/** @param {string} selector @param {ParentNode} [within] @returns {any} */
export const one = (selector, within = document) => within.querySelector(selector);

/** @param {string} selector @param {ParentNode} [within] @returns {any[]} */
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/** Put the focus on a heading that takes none by itself, and the page to its top. @param {HTMLElement} element */
export function focusOn(element) {
  if (!element.hasAttribute("tabindex")) element.setAttribute("tabindex", "-1");
  element.focus();
}

/** Say something to who cannot see the page change; the region stands in the frame. @param {string} text */
export function announce(text) {
  const place = document.getElementById("ansage");
  if (place) place.textContent = text;
}
