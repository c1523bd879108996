// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * What of a row gets into the form? Only what a column was assigned to and the form has a field for;
 * the rest of the row is never even looked at.
 */

import { isPlainText } from "../../sl1/text.js";
import { droppedOf, holds } from "./recognise.js";
import { TABLE } from "./table.js";
import { READERS } from "./values.js";

/**
 * @typedef {import("./values.js").State} State
 * @typedef {{field: string, column: string, code: string}} Doubt
 * @typedef {{state: State, doubts: Doubt[], dropped: string[]}} Taken
 */

/** Signs with which a spreadsheet lets a formula begin. */
const FORMULA = /^[=+@\-\t]/u;
const isAddition = (/** @type {import("./recognise.js").Target} */ { reads }) =>
  reads === "prefix" || reads === "suffix";
const ADDITIONS = TABLE.targets.filter(isAddition);
/** A column for one field before one that is of two: what is said apart is said better. */
const INDEPENDENT = TABLE.targets
  .filter((each) => !isAddition(each))
  .sort((one, other) => one.fields.length - other.fields.length);

/**
 * Return what is filled in, what is in doubt, and the names of the columns that were dropped.
 *
 * @param {{rows: string[][]}} sheet
 * @param {import("./recognise.js").Assignment} assignment
 * @param {number} row
 * @returns {Taken}
 */
export function takeOver(sheet, assignment, row) {
  const cells = sheet.rows[row];
  /** @type {State} */
  const state = {};
  /** @type {Doubt[]} */
  const doubts = [];
  for (const target of INDEPENDENT) take(target, cells, assignment, state, doubts);
  for (const target of ADDITIONS) add(target, cells, assignment, state);
  return { state, doubts, dropped: droppedOf(assignment).map((each) => each.name) };
}

/**
 * @param {import("./recognise.js").Target} target
 * @param {string[]} cells
 * @param {import("./recognise.js").Assignment} assignment
 * @param {State} state
 * @param {Doubt[]} doubts
 */
function take(target, cells, assignment, state, doubts) {
  const column = columnFor(target.id, cells, assignment);
  if (!column) return;
  const field = target.fields[0];
  const { text, flaw } = cleaned(cells[column.index]);
  const said = flaw ? { doubt: flaw } : READERS[target.reads](text, target.fields, state);
  if (said.doubt) doubts.push({ field, column: column.name, code: said.doubt });
  for (const [filled, value] of Object.entries(said.state ?? {})) {
    if (!(filled in state) && holds(assignment.fields, asHeld(filled, target.fields)))
      state[filled] = value;
  }
  if (FORMULA.test(text) && said.state && target.reads !== "telephone") {
    doubts.push({ field, column: column.name, code: "formula" });
  }
}

/** The form may hold a day of birth as one field, and not its parts. @param {string} filled @param {readonly string[]} fields */
const asHeld = (filled, fields) => fields.find((each) => filled.startsWith(`${each}/`)) ?? filled;

/**
 * „von“ before a name, „a“ after a number.
 *
 * @param {import("./recognise.js").Target} target
 * @param {string[]} cells
 * @param {import("./recognise.js").Assignment} assignment
 * @param {State} state
 */
function add(target, cells, assignment, state) {
  const column = columnFor(target.id, cells, assignment);
  const field = target.fields[0];
  if (!column || !(field in state)) return;
  const { text, flaw } = cleaned(cells[column.index]);
  const said = String(state[field]);
  if (flaw) return;
  if (target.reads === "suffix") state[field] = said.endsWith(text) ? said : said + text;
  else state[field] = said.startsWith(`${text} `) ? said : `${text} ${said}`;
}

/**
 * Of several columns for one field the best that says something in this row.
 *
 * @param {string} id
 * @param {string[]} cells
 * @param {import("./recognise.js").Assignment} assignment
 */
function columnFor(id, cells, assignment) {
  const meant = assignment.columns.filter((each) => each.target === id && cells[each.index]);
  return meant.sort((one, other) => one.rank - other.rank || one.index - other.index)[0];
}

/** One spelling of every letter, one space between words; signs that nobody sees are a flaw. @param {string} cell */
function cleaned(cell) {
  const text = cell
    .normalize("NFC")
    .replace(/[\s\u00a0]+/gu, " ")
    .trim();
  return { text, flaw: isPlainText(text) ? null : "signs" };
}

/**
 * The members of a content, as a form takes them: `/a/0/b` is `{a: [{b: …}]}`.
 *
 * @param {State} state
 */
export function asContent(state) {
  /** @type {any} */
  const content = {};
  for (const [pointer, value] of Object.entries(state)) {
    const steps = pointer.slice(1).split("/");
    let at = content;
    steps.forEach((step, index) => {
      const isLast = index === steps.length - 1;
      if (isLast) at[step] = value;
      else at = at[step] ??= /^[0-9]+$/u.test(steps[index + 1]) ? [] : {};
    });
  }
  return content;
}

/**
 * What was filled in, in the order of the table, for a preview.
 *
 * @param {State} state
 * @param {"de" | "en"} language
 * @returns {{field: string, title: string, value: string}[]}
 */
export function previewOf(state, language) {
  /** @type {Map<string, {title: string, values: string[]}>} */
  const shown = new Map();
  for (const target of SHOWN) {
    const field = target.fields[0];
    const values = Object.entries(state).filter(
      ([each]) => each === field || each.startsWith(`${field}/`),
    );
    if (values.length === 0 || shown.has(field)) continue;
    shown.set(field, {
      title: target.title[language],
      values: values.map(([, value]) => said(value, language)),
    });
  }
  return [...shown].map(([field, { title, values }]) => ({
    field,
    title,
    value: readable(field, values),
  }));
}

/** Every field once: by the target that is for it alone, or that it is the first of. */
const SHOWN = TABLE.targets.filter((each) => !isAddition(each));

/** @param {import("./values.js").Value} value @param {"de" | "en"} language */
function said(value, language) {
  if (typeof value !== "boolean") return String(value);
  return { de: ["nein", "ja"], en: ["no", "yes"] }[language][Number(value)];
}

/** @param {string} field @param {string[]} values */
function readable(field, values) {
  if (field !== "/kind/geburt") return values.join(" ");
  return [...values]
    .reverse()
    .map((each) => each.padStart(2, "0"))
    .join(".");
}
