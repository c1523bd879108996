// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * How is one question put on the page, and what was answered?
 *
 * Label above, hint below it, the error with the same words as in the summary. The first element
 * that takes the focus bears the id of the field, so that a link in the summary leads to it. Nothing
 * typed here reaches a spelling service or the memory of the browser.
 */

import { all, h, one } from "../common/dom.js";
import { t } from "../common/texts.js";
import { fieldIdOf } from "./fields.js";
import { birthOf, dateOf, momentOf, numberOf, partsOf } from "./input.js";
import { tidy } from "./content.js";
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
const PRIVATE = { spellcheck: "false", autocapitalize: "off" };
const NONE = "";

/** @param {Asked} asked @returns {HTMLElement} */
export function control(asked) {
  return (CONTROLS[asked.field.kind] ?? line)(asked);
}

/** @type {Record<string, (asked: Asked) => HTMLElement>} */
const CONTROLS = {
  line,
  number: line,
  paragraph,
  "yes-no": (asked) => radios(asked, answers()),
  choice: (asked) => (asked.field.select ? select(asked) : radios(asked, asked.field.choices ?? [])),
  several,
  confirm,
  date: (asked) => parts(asked, ["tag", "monat", "jahr"]),
  moment: (asked) => parts(asked, ["tag", "monat", "jahr", "uhr"]),
  birth: (asked) => parts(asked, asked.field.parts ?? []),
};

const answers = () => [
  { value: true, label: t(TEXTS, "yes") },
  { value: false, label: t(TEXTS, "no") },
];

/** Tells whether it may be left open whatever else is answered. @param {Field} field */
const isOptional = (field) => !field.required && !field.needed_when;

/**
 * Tells whether a choice that was made can be taken back: what is needed only in a group that may be
 * left out as a whole is not needed as long as nothing else stands there.
 *
 * @param {Field} field
 */
const isRevocable = (field) => isOptional(field) || (field.within !== null && !field.within.endsWith("/*"));

/** @param {Field} field */
export const optional = (field) =>
  isOptional(field) && h("span", { class: "kern-label__optional" }, ` ${t(TEXTS, "optional")}`);

/** @param {Asked} asked @param {string} [more] id of something else that describes it */
function described({ field, pointer, error }, more) {
  const id = fieldIdOf(pointer);
  const ids = [field.hint && `${id}-hinweis`, more, error && `${id}-fehler`].filter(Boolean);
  return { "aria-describedby": ids.join(" ") || null, "aria-invalid": error ? "true" : null };
}

/** @param {Asked} asked */
const hint = ({ field, pointer }) =>
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
function framed(asked, input, ...below) {
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
const inputClass = (error, kind = "input") => [
  `kern-form-input__${kind}`,
  error && `kern-form-input__${kind}--error`,
];

/** @param {Asked} asked */
function line(asked) {
  const { field, pointer, value, error } = asked;
  const isNumber = field.kind === "number" || field.input === "numeric";
  const shown = value?._ ?? value ?? "";
  const input = h("input", {
    id: fieldIdOf(pointer),
    class: [...inputClass(error), isNumber && "kern-form-input__input--width-5"],
    type: "text",
    inputmode: isNumber ? "numeric" : null,
    autocomplete: field.autocomplete ?? "off",
    value: String(shown),
    ...PRIVATE,
    ...described(asked),
  });
  return framed(asked, input);
}

/** @param {Asked} asked */
function paragraph(asked) {
  const { field, pointer, value, error } = asked;
  const id = fieldIdOf(pointer);
  const area = h("textarea", {
    id,
    class: inputClass(error),
    rows: (field.max ?? 0) > 500 ? 8 : 3,
    autocomplete: "off",
    value: value ?? "",
    ...PRIVATE,
    ...described(asked, `${id}-rest`),
  });
  const left = h("div", { class: "kern-hint", id: `${id}-rest` }, remaining(field, String(value ?? "")));
  const said = h("div", { class: "kern-sr-only", role: "status" });
  area.addEventListener("input", () => {
    left.textContent = remaining(field, area.value);
    later(said, () => remaining(field, area.value));
  });
  return framed(asked, area, left, said);
}

/** @param {Field} field @param {string} text */
function remaining({ max = 0 }, text) {
  const count = max - [...tidy(text)].length;
  return count >= 0 ? t(TEXTS, "left", { count }) : t(TEXTS, "over", { count: -count });
}

/** @type {WeakMap<HTMLElement, any>} */
const WAITING = new WeakMap();

/** Say it once typing pauses, not at every key. @param {HTMLElement} region @param {() => string} text */
function later(region, text) {
  clearTimeout(WAITING.get(region));
  WAITING.set(region, setTimeout(() => { region.textContent = text(); }, 1000));
}

/** @param {Asked} asked @param {{value: any, label: string}[]} choices */
function radios(asked, choices) {
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
function several(asked) {
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
function confirm(asked) {
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
function select(asked) {
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
function parts(asked, names) {
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

/** @param {Asked} asked @param {any[]} body @param {string} [direction] */
function fieldset(asked, body, direction) {
  const { field, error } = asked;
  return h(
    "fieldset",
    { class: ["kern-fieldset", error && "kern-fieldset--error"], "aria-describedby": described(asked)["aria-describedby"] },
    h("legend", { class: "kern-label" }, field.label, optional(field)),
    hint(asked),
    h("div", { class: ["kern-fieldset__body", direction] }, body),
    errorText(asked),
  );
}

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

/** @type {Record<string, (field: Field, id: string, root: ParentNode) => any>} */
const READERS = {
  number: (_, id, root) => numberOf(typedIn(id, root)),
  "yes-no": (field, id, root) => readRadio(answers(), id, root),
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
