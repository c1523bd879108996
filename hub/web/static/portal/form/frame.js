// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * What stands around every question: label above, hint below it, the error with the same words as in
 * the summary.
 *
 * The first element that takes the focus bears the id of the field, so that a link in the summary
 * leads to it.
 */

import { h } from "../common/dom.js";
import { t } from "../common/texts.js";
import { fieldIdOf } from "./fields.js";
import { TEXTS } from "./texts.js";

/**
 * @typedef {import("./fields.js").Field} Field
 * @typedef {object} Asked
 * @property {Field} field
 * @property {string} pointer
 * @property {any} value
 * @property {string | undefined} error
 */

/** Spelling services of browsers send what is typed to others. */
export const PRIVATE = { spellcheck: "false", autocapitalize: "off" };

/** Tells whether it may be left open whatever else is answered. @param {Field} field */
const isOptional = (field) => !field.required && !field.needed_when;

/**
 * Tells whether a choice that was made can be taken back: what is needed only in a group that may be
 * left out as a whole is not needed as long as nothing else stands there.
 *
 * @param {Field} field
 */
export const isRevocable = (field) =>
  isOptional(field) || (field.within !== null && !field.within.endsWith("/*"));

/** @param {Field} field */
export const optional = (field) =>
  isOptional(field) && h("span", { class: "kern-label__optional" }, ` ${t(TEXTS, "optional")}`);

/** @param {Asked} asked @param {string} [more] id of something else that describes it */
export function described({ field, pointer, error }, more) {
  const id = fieldIdOf(pointer);
  const ids = [field.hint && `${id}-hinweis`, more, error && `${id}-fehler`].filter(Boolean);
  return { "aria-describedby": ids.join(" ") || null, "aria-invalid": error ? "true" : null };
}

/** @param {Asked} asked */
export const hint = ({ field, pointer }) =>
  field.hint && h("div", { class: "kern-hint", id: `${fieldIdOf(pointer)}-hinweis` }, field.hint);

/** @param {Asked} asked */
export const errorText = ({ pointer, error }) =>
  error &&
  h(
    "p",
    { class: "kern-error", id: `${fieldIdOf(pointer)}-fehler` },
    h("span", { class: "kern-icon kern-icon--danger", "aria-hidden": "true" }),
    h("span", { class: "kern-body" }, h("span", { class: "kern-sr-only" }, t(TEXTS, "error")), error),
  );

/** @param {Asked} asked @param {any} input @param {...any} below */
export function framed(asked, input, ...below) {
  const { field, pointer, error } = asked;
  return h(
    "div",
    { class: ["kern-form-input", error && "kern-form-input--error"] },
    h("label", { class: "kern-label", for: fieldIdOf(pointer) }, field.label, optional(field)),
    hint(asked),
    input,
    below,
    errorText(asked),
  );
}

/** @param {string | undefined} error @param {string} [kind] */
export const inputClass = (error, kind = "input") => [
  `kern-form-input__${kind}`,
  error && `kern-form-input__${kind}--error`,
];

/** @param {Asked} asked @param {any[]} body @param {string} [direction] */
export function fieldset(asked, body, direction) {
  const { field, error } = asked;
  return h(
    "fieldset",
    {
      class: ["kern-fieldset", error && "kern-fieldset--error"],
      "aria-describedby": described(asked)["aria-describedby"],
    },
    h("legend", { class: "kern-label" }, field.label, optional(field)),
    hint(asked),
    h("div", { class: ["kern-fieldset__body", direction] }, body),
    errorText(asked),
  );
}
