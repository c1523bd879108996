// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * What stands in a content, field by field, as people read it, and why may it leave the house?
 *
 * The same rows show what is about to be sent and what has come.
 */

import { language, t } from "../common/texts.js";
import { fieldIdOf, fieldMap, get, inside, isEmpty, pointerAt } from "./fields.js";
import { ZONE } from "./input.js";
import { TEXTS } from "./texts.js";

/**
 * @typedef {object} Row
 * @property {string} pointer
 * @property {string} fieldId
 * @property {string | null} page id of the page where it was asked for
 * @property {string} label
 * @property {string[]} path the page and the groups around it
 * @property {string} value
 * @property {string} basis
 * @property {string} reader
 * @property {string | null} law what the schema says of the law for this field
 * @property {string} class
 *
 * @typedef {import("./fields.js").Description} Description
 * @typedef {import("./fields.js").Field} Field
 */

/**
 * Return a row for every value of a content, in the order of the pages.
 *
 * @param {Description} description
 * @param {{[member: string]: any}} content
 * @param {string} [basis] the one that was chosen, where there are several
 * @returns {Row[]}
 */
export function reviewRows(description, content, basis) {
  const cited = citedFor(description, basis);
  const readers = new Map(description.readers.map((/** @type {any} */ reader) => [reader.class, reader.who]));
  /** @type {Row[]} */
  const rows = [];
  for (const page of description.pages) {
    page.fields.forEach((/** @type {Field} */ field) => visit(field, [], [page.title], page.id));
  }
  description.machine.forEach((/** @type {Field} */ field) => visit(field, [], [], null));
  return rows;

  /**
   * @param {Field} field
   * @param {number[]} indices
   * @param {string[]} path
   * @param {string | null} page
   */
  function visit(field, indices, path, page) {
    const pointer = pointerAt(field.pointer, indices);
    const value = get(content, pointer);
    if (value === undefined) return;
    if (field.kind === "group") {
      inside(field).forEach((inner) => visit(inner, indices, grown(path, field.label), page));
    } else if (field.kind === "list") {
      const entries = Array.isArray(value) ? value : [];
      entries.forEach((_, i) => {
        const named = t(TEXTS, "entry", { label: field.item_label ?? field.label, number: i + 1 });
        inside(field).forEach((inner) => visit(inner, [...indices, i], grown(path, named), page));
      });
    } else if (!isEmpty(value)) {
      rows.push({
        pointer,
        fieldId: fieldIdOf(pointer),
        page,
        label: field.label,
        path,
        value: readable(field, value),
        basis: cited,
        reader: readers.get(field.class) ?? "",
        law: field.law,
        class: field.class,
      });
    }
  }
}

/** @param {string[]} path @param {string} label */
const grown = (path, label) => (path.at(-1) === label ? path : [...path, label]);

/** @param {Description} description @param {string | undefined} basis */
function citedFor(description, basis) {
  const isOwn = (/** @type {any} */ each) => !each.beside && (!basis || each.code === basis);
  const own = description.bases.filter(isOwn);
  const beside = description.bases.filter((/** @type {any} */ each) => each.beside);
  return [...own, ...beside].map((/** @type {any} */ each) => each.citation).join(", ");
}

/**
 * Return a value as people read it.
 *
 * @param {Field} field
 * @param {any} value
 * @returns {string}
 */
export function readable(field, value) {
  const named = (/** @type {any} */ each) =>
    field.choices?.find((choice) => choice.value === each)?.label ?? String(each);
  if (field.kind === "several") return value.map(named).join("; ");
  if (field.kind === "choice") return named(value);
  if (typeof value === "boolean") return t(TEXTS, value ? "yes" : "no");
  if (field.kind === "date") return day(`${value}T12:00:00Z`);
  if (field.kind === "moment") return moment(value);
  if (field.kind === "birth") return birth(value);
  return String(value);
}

/** @type {Intl.DateTimeFormatOptions} */
const WRITTEN = { timeZone: ZONE, month: "long", year: "numeric" };
/** @type {Intl.DateTimeFormatOptions} */
const CLOCK = { timeZone: ZONE, hour: "2-digit", minute: "2-digit" };

const place = () => (language() === "en" ? "en-GB" : "de-DE");

/** @param {string} at */
const day = (at) => new Date(at).toLocaleDateString(place(), { ...WRITTEN, day: "numeric" });

/** @param {string} at */
const moment = (at) =>
  `${day(at)}, ${new Date(at).toLocaleTimeString(place(), { ...CLOCK })}`;

/** @param {{jahr?: number, monat?: number, tag?: number}} value */
function birth({ jahr: year, monat: month, tag }) {
  if (!month) return String(year ?? "");
  const at = new Date(Date.UTC(year ?? 2000, month - 1, tag ?? 15, 12));
  return at.toLocaleDateString(place(), { ...WRITTEN, day: tag ? "numeric" : undefined });
}

/**
 * Return the field that stands at a template.
 *
 * @param {Description} description
 * @param {string} template
 */
export const fieldAt = (description, template) => fieldMap(description).get(template) ?? null;
