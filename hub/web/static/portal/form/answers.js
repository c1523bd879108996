// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** What was answered in one control? */

import { all, one } from "../common/dom.js";
import { tidy } from "./content.js";
import { fieldIdOf } from "./fields.js";
import { birthOf, dateOf, momentOf, numberOf } from "./input.js";

/** @typedef {import("./fields.js").Field} Field */

/** Stands for „nothing chosen“ in a list to open. */
export const NONE = "";

/**
 * Return what is answered in a control, or undefined.
 *
 * @param {Field} field
 * @param {string} pointer
 * @param {ParentNode} root
 * @returns {any}
 */
export function answered(field, pointer, root) {
  const id = fieldIdOf(pointer);
  const read = READERS[field.kind] ?? readText;
  return read(field, id, root);
}

const YES_OR_NO = [{ value: true }, { value: false }];

/** @type {Record<string, (field: Field, id: string, root: ParentNode) => any>} */
const READERS = {
  number: (_, id, root) => numberOf(typedIn(id, root)),
  "yes-no": (field, id, root) => readRadio(YES_OR_NO, id, root),
  choice: (field, id, root) =>
    field.select ? readSelect(field, id, root) : readRadio(field.choices ?? [], id, root),
  several: readSeveral,
  confirm: (_, id, root) => one(`[name="${id}"]`, root)?.checked || undefined,
  date: (_, id, root) => dateOf(typedParts(id, root)),
  moment: (_, id, root) => momentOf(typedParts(id, root)),
  birth: (_, id, root) => birthOf(typedParts(id, root)),
};

/** @param {Field} _ @param {string} id @param {ParentNode} root */
function readText(_, id, root) {
  return tidy(typedIn(id, root)) || undefined;
}

/** @param {string} id @param {ParentNode} root @returns {string} */
const typedIn = (id, root) => one(`#${id}`, root)?.value ?? "";

/** @param {{value: any}[]} choices @param {string} id @param {ParentNode} root */
function readRadio(choices, id, root) {
  const chosen = all(`[name="${id}"]`, root).find((input) => input.checked);
  return chosen ? choices[Number(chosen.value)]?.value : undefined;
}

/** @param {Field} field @param {string} id @param {ParentNode} root */
function readSelect(field, id, root) {
  const said = typedIn(id, root);
  return said === NONE ? undefined : field.choices?.[Number(said)]?.value;
}

/** @param {Field} field @param {string} id @param {ParentNode} root */
function readSeveral(field, id, root) {
  const chosen = all(`[name="${id}"]`, root).filter((input) => input.checked);
  return chosen.length ? chosen.map((input) => field.choices?.[Number(input.value)]?.value) : undefined;
}

/** @param {string} id @param {ParentNode} root */
function typedParts(id, root) {
  const first = one(`#${id}`, root);
  const inputs = first ? all("[data-part]", first.closest("fieldset")) : [];
  return Object.fromEntries(inputs.map((input) => [input.dataset.part, input.value.trim()]));
}
