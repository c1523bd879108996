// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** How does one choose: one of several, some of several, yes or no, a day? */

import { h } from "../common/dom.js";
import { t } from "../common/texts.js";
import { NONE } from "./answers.js";
import { fieldIdOf } from "./fields.js";
import { PRIVATE, described, fieldset, framed, inputClass, isRevocable } from "./frame.js";
import { partsOf } from "./input.js";
import { TEXTS } from "./texts.js";

/**
 * @typedef {import("./frame.js").Asked} Asked
 */

export const answers = () => [
  { value: true, label: t(TEXTS, "yes") },
  { value: false, label: t(TEXTS, "no") },
];

/** @param {Asked} asked @param {{value: any, label: string}[]} choices */
export function radios(asked, choices) {
  const { field, pointer, value, error } = asked;
  const id = fieldIdOf(pointer);
  const isLeft = isRevocable(field);
  const offered = isLeft ? [...choices, { value: NONE, label: t(TEXTS, "none") }] : choices;
  const chosen = offered.findIndex((choice) => choice.value === (value ?? (isLeft ? NONE : undefined)));
  const body = offered.map((choice, i) => {
    const own = i === 0 ? id : `${id}-${i}`;
    return h(
      "div",
      { class: "kern-form-check" },
      h("input", {
        id: own,
        class: ["kern-form-check__radio", error && "kern-form-check__radio--error"],
        type: "radio",
        name: id,
        value: String(i),
        checked: i === chosen,
      }),
      h("label", { class: "kern-label", for: own }, choice.label),
    );
  });
  return fieldset(asked, body);
}

/** @param {Asked} asked */
export function several(asked) {
  const { field, pointer, value, error } = asked;
  const id = fieldIdOf(pointer);
  const body = (field.choices ?? []).map((choice, i) => {
    const own = i === 0 ? id : `${id}-${i}`;
    return h(
      "div",
      { class: "kern-form-check" },
      h("input", {
        id: own,
        class: ["kern-form-check__checkbox", error && "kern-form-check__checkbox--error"],
        type: "checkbox",
        name: id,
        value: String(i),
        checked: Array.isArray(value) && value.includes(choice.value),
      }),
      h("label", { class: "kern-label", for: own }, choice.label),
    );
  });
  return fieldset(asked, body);
}

/** @param {Asked} asked */
export function confirm(asked) {
  const { pointer, value, error } = asked;
  const id = fieldIdOf(pointer);
  return fieldset(asked, [
    h(
      "div",
      { class: "kern-form-check" },
      h("input", {
        id,
        class: ["kern-form-check__checkbox", error && "kern-form-check__checkbox--error"],
        type: "checkbox",
        name: id,
        checked: value === true,
      }),
      h("label", { class: "kern-label", for: id }, t(TEXTS, "confirm")),
    ),
  ]);
}

/** @param {Asked} asked */
export function select(asked) {
  const { field, pointer, value, error } = asked;
  const choices = field.choices ?? [];
  const input = h(
    "select",
    { id: fieldIdOf(pointer), class: inputClass(error, "select"), autocomplete: "off", ...described(asked) },
    h("option", { value: NONE }, isRevocable(field) ? t(TEXTS, "none") : t(TEXTS, "choose")),
    choices.map((choice, i) =>
      h("option", { value: String(i), selected: choice.value === value }, choice.label),
    ),
  );
  return framed(asked, h("div", { class: "kern-form-input__select-wrapper" }, input));
}

/** @type {Record<string, {label: string, size: string}>} */
const PARTS = {
  tag: { label: "day", size: "2" },
  monat: { label: "month", size: "2" },
  jahr: { label: "year", size: "4" },
  uhr: { label: "clock", size: "5" },
};

/** @param {Asked} asked @param {string[]} names */
export function parts(asked, names) {
  const { pointer, value, error } = asked;
  const id = fieldIdOf(pointer);
  const typed = /** @type {{[name: string]: string | undefined}} */ (partsOf(value));
  const body = names.map((name, i) => {
    const own = i === 0 ? id : `${id}-${name}`;
    return h(
      "div",
      { class: "kern-form-input" },
      h("label", { class: "kern-label", for: own }, t(TEXTS, PARTS[name].label)),
      h("input", {
        id: own,
        class: [...inputClass(error), `kern-form-input__input--width-${PARTS[name].size}`],
        type: "text",
        inputmode: name === "uhr" ? null : "numeric",
        autocomplete: "off",
        value: typed[name] ?? "",
        dataset: { part: name },
        "aria-invalid": error ? "true" : null,
        ...PRIVATE,
      }),
    );
  });
  return fieldset(asked, body, "kern-fieldset__body--horizontal");
}
