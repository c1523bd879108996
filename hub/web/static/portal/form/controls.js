// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * How is one question put on the page?
 *
 * Nothing typed here reaches a spelling service or the memory of the browser.
 */

import { h } from "../common/dom.js";
import { t } from "../common/texts.js";
import { answers, confirm, parts, radios, select, several } from "./choices.js";
import { tidy } from "./content.js";
import { fieldIdOf } from "./fields.js";
import { PRIVATE, described, framed, inputClass } from "./frame.js";
import { TEXTS } from "./texts.js";

/**
 * @typedef {import("./fields.js").Field} Field
 * @typedef {import("./frame.js").Asked} Asked
 */

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

/**
 * Say it once typing pauses, not at every key.
 *
 * @param {HTMLElement} region
 * @param {() => string} text
 */
function later(region, text) {
  clearTimeout(WAITING.get(region));
  WAITING.set(region, setTimeout(() => { region.textContent = text(); }, 1000));
}

export { errorText, optional } from "./frame.js";
