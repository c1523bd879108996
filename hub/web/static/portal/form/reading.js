// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** What was answered on a page, and where among all values does it belong? */

import { one } from "../common/dom.js";
import { answered } from "./answers.js";
import { get, inside, isEmpty, pointerAt, put } from "./fields.js";

/**
 * @typedef {import("./fields.js").Description} Description
 * @typedef {import("./fields.js").Field} Field
 * @typedef {import("./fields.js").Page} Page
 * @typedef {import("./fields.js").Values} Values
 */

/**
 * Return what is answered on a page; entries of a list in which nothing stands are left out.
 *
 * @param {Description | null} _description
 * @param {Page} page
 * @param {ParentNode} root
 * @returns {Values}
 */
export function readPage(_description, page, root) {
  /** @type {Values} */
  let values = {};
  for (const field of page.fields) values = taken(field, [], root, values);
  return values;
}

/**
 * @param {Field} field
 * @param {number[]} indices
 * @param {ParentNode} root
 * @param {Values} values
 * @returns {Values}
 */
function taken(field, indices, root, values) {
  const pointer = pointerAt(field.pointer, indices);
  if (field.kind === "group") {
    return inside(field).reduce((so, inner) => taken(inner, indices, root, so), values);
  }
  if (field.kind === "list") {
    const entries = readEntries(field, indices, root);
    return entries.length ? put(values, pointer, entries) : values;
  }
  const value = answered(field, pointer, root);
  return value === undefined ? values : put(values, pointer, value);
}

/**
 * Return the entries of a list as they stand. An empty one in the middle stays, since those after it
 * would change their places under whoever types; at the end it is left out.
 *
 * @param {Field} field
 * @param {number[]} indices
 * @param {ParentNode} root
 */
export function readEntries(field, indices, root) {
  const pointer = pointerAt(field.pointer, indices);
  const box = one(`[data-list="${pointer}"]`, root);
  const count = box ? [...box.children].filter((each) => each.hasAttribute("data-entry")).length : 0;
  const entries = Array.from({ length: count }, (_, i) => {
    /** @type {Values} */
    let read = {};
    for (const inner of inside(field)) read = taken(inner, [...indices, i], root, read);
    return get(read, pointer)?.[i] ?? (field.item ? "" : {});
  });
  while (entries.length && isEmpty(entries[entries.length - 1])) entries.pop();
  return entries;
}

/**
 * Return all values with those of one page in the place of what stood there.
 *
 * @param {Values} values
 * @param {Page} page
 * @param {Values} read
 * @returns {Values}
 */
export const mergePage = (values, page, read) =>
  page.fields.reduce((so, field) => merged(field, so, read), values);

/** @param {Field} field @param {Values} values @param {Values} read @returns {Values} */
function merged(field, values, read) {
  if (field.kind === "group") return inside(field).reduce((so, inner) => merged(inner, so, read), values);
  const value = get(read, field.pointer);
  if (value === undefined && get(values, field.pointer) === undefined) return values;
  return put(values, field.pointer, value);
}
