// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Which column is which field? By its name, and otherwise by hand; never by what stands in it. */

import { TABLE } from "./table.js";

/**
 * @typedef {typeof TABLE.targets[number]} Target
 * @typedef {{name: string, path: string[] | null}} Column `path` where the file has no table
 * @typedef {{index: number, name: string, target: string | null, rank: number, by: "name" | "hand" | null}} Assigned
 * @typedef {{fields: Set<string>, columns: Assigned[]}} Assignment
 */

const UMLAUTS = /** @type {Record<string, string>} */ ({ ä: "ae", ö: "oe", ü: "ue", ß: "ss" });
const LINES_LOOKED_AT = 10;
/** A line with one known name may be one of data, unless nothing in it looks like data. */
const FEWEST_NAMES = 2;
const FOREIGN = new Set(TABLE.foreign);

/** @type {Map<string, {target: Target, rank: number}>} */
const WORDS = new Map();
for (const target of TABLE.targets) {
  target.words.forEach((word, rank) => WORDS.has(word) || WORDS.set(word, { target, rank }));
}

/**
 * What counts of a name: letters and digits, umlauts spelled out.
 *
 * @param {string} name
 */
export function plainName(name) {
  const spelled = name
    .normalize("NFC")
    .toLowerCase()
    .replace(/[äöüß]/gu, (each) => UMLAUTS[each]);
  return spelled.normalize("NFD").replace(/[^a-z0-9]/gu, "");
}

/** @param {string} id @returns {Target | undefined} */
export const targetOf = (id) => TABLE.targets.find((each) => each.id === id);

/**
 * Which field a column names, and how well.
 *
 * @param {Column} column
 * @returns {{target: Target, rank: number} | undefined}
 */
export function meant({ name, path }) {
  if (!path) return WORDS.get(plainName(name));
  const plain = path.map(plainName);
  for (let from = 0; from < plain.length; from++) {
    // Beneath „Mutter“ a name is hers, and a second address is not the address.
    if (plain.slice(0, from).some((each) => FOREIGN.has(each) || /^[0-9]+$/u.test(each))) return;
    const found = WORDS.get(plain.slice(from).join(""));
    if (found) return found;
  }
}

/**
 * Assign every column whose name is known and whose field the form has.
 *
 * @param {{columns: Column[]}} sheet
 * @param {Iterable<string>} fields JSON pointers of what the form holds
 * @returns {Assignment}
 */
export function recognise(sheet, fields) {
  const held = new Set([...fields].map(anyIndex));
  const columns = sheet.columns.map((column, index) => {
    const found = meant(column);
    const fits = found !== undefined && isHeld(held, found.target);
    return {
      index,
      name: column.name,
      target: fits ? found.target.id : null,
      rank: fits ? found.rank : 0,
      by: fits ? /** @type {const} */ ("name") : null,
    };
  });
  return { fields: held, columns };
}

/**
 * The same with one column assigned by hand, or to nothing.
 *
 * @param {Assignment} assignment
 * @param {number} index
 * @param {string | null} target
 * @returns {Assignment}
 */
export function assign(assignment, index, target) {
  const known = target === null ? undefined : targetOf(target);
  const fits = known !== undefined && isHeld(assignment.fields, known);
  const columns = assignment.columns.map((each) => {
    if (each.index !== index) return each;
    // Whoever chose by hand means this column before all others.
    return { ...each, target: fits ? known.id : null, rank: -1, by: /** @type {const} */ ("hand") };
  });
  return { ...assignment, columns };
}

/** What may be assigned at all: fields of the form. @param {Assignment} assignment */
export const choices = (assignment) =>
  TABLE.targets.filter((each) => isHeld(assignment.fields, each));

/** @param {Assignment} assignment */
export const droppedOf = (assignment) => assignment.columns.filter((each) => each.target === null);

/**
 * Whether the form has this field, or parts of it.
 *
 * @param {Set<string>} held
 * @param {string} field
 */
export function holds(held, field) {
  const template = anyIndex(field);
  if (held.has(template)) return true;
  for (const each of held) if (each.startsWith(`${template}/`)) return true;
  return false;
}

/** @param {Set<string>} held @param {Target} target */
const isHeld = (held, target) => holds(held, target.fields[0]);

/** @param {string} pointer */
const anyIndex = (pointer) => pointer.replace(/\/[0-9]+(?=\/|$)/gu, "/*");

/**
 * Which line holds the names of the columns; null where none does.
 *
 * @param {string[][]} lines
 * @returns {number | null}
 */
export function headerOf(lines) {
  let best = { line: -1, names: FEWEST_NAMES - 1 };
  lines.slice(0, LINES_LOOKED_AT).forEach((cells, line) => {
    const names = namesIn(cells);
    if (names > best.names) best = { line, names };
  });
  if (best.line >= 0) return best.line;
  const only = lines.slice(0, LINES_LOOKED_AT).findIndex(isOfNames);
  return only < 0 ? null : only;
}

/** One known name among words without a digit, none of them twice. @param {string[]} cells */
function isOfNames(cells) {
  const said = cells.filter(Boolean);
  return (
    namesIn(cells) > 0 &&
    new Set(said).size === said.length &&
    !said.some((each) => /[0-9]/u.test(each))
  );
}

/** How many different fields these names stand for. @param {string[]} cells */
export function namesIn(cells) {
  const found = cells.map((name) => meant({ name, path: null })?.target.id);
  return new Set(found.filter(Boolean)).size;
}

/**
 * The fields of a form as the portal describes it.
 *
 * @param {{pages: {fields: any[]}[]}} description
 * @returns {string[]}
 */
export const fieldsOf = (description) =>
  description.pages.flatMap((page) => page.fields.flatMap(leavesOf));

/** @param {any} field @returns {string[]} */
function leavesOf(field) {
  const inner = field.fields ?? (field.item ? [field.item] : null);
  return inner ? inner.flatMap(leavesOf) : [field.pointer];
}
