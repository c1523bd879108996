// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** How does somebody say that a column means another field? Two lists and one button. */

import { button } from "../common/alerts.js";
import { h } from "../common/dom.js";
import { language, t } from "../common/texts.js";
import { shortened } from "./preview.js";
import { choices, targetOf } from "./recognise.js";
import { TEXTS } from "./texts.js";

/**
 * @param {import("./recognise.js").Assignment} assignment
 * @param {(column: number, target: string | null) => void} onAssign
 */
export function assigner(assignment, onAssign) {
  const columns = choice("datei-spalte", "assign.column", columnOptions(assignment));
  const fields = choice("datei-feld", "assign.field", fieldOptions(assignment));
  const apply = () => onAssign(Number(valueOf(columns)), valueOf(fields) || null);
  return h(
    "details",
    { class: "mw-zuordnung", id: "datei-zuordnung" },
    h("summary", { class: "kern-heading-small" }, t(TEXTS, "assign")),
    columns,
    fields,
    button(t(TEXTS, "assign.apply"), { onclick: apply, id: "datei-zuordnen" }),
  );
}

/** @param {HTMLElement} holder @returns {string} */
const valueOf = (holder) => /** @type {HTMLSelectElement} */ (holder.querySelector("select")).value;

/** @param {import("./recognise.js").Assignment} assignment */
const columnOptions = (assignment) =>
  assignment.columns.map((each) => {
    const title = each.target ? targetOf(each.target)?.title[language()] : null;
    const name = shortened(each.name);
    return { value: String(each.index), label: title ? `${name} → ${title}` : name };
  });

/** @param {import("./recognise.js").Assignment} assignment */
const fieldOptions = (assignment) => [
  { value: "", label: t(TEXTS, "assign.nothing") },
  ...choices(assignment).map((each) => ({ value: each.id, label: each.title[language()] })),
];

/** @param {string} id @param {string} key @param {{value: string, label: string}[]} options */
const choice = (id, key, options) =>
  h(
    "div",
    { class: "kern-form-input" },
    h("label", { class: "kern-label", for: id }, t(TEXTS, key)),
    h(
      "div",
      { class: "kern-form-input__select-wrapper" },
      h(
        "select",
        { class: "kern-form-input__select", id },
        options.map(({ value, label }) => h("option", { value }, label)),
      ),
    ),
  );
