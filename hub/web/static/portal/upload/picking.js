// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Which of many children is meant? Somebody types a part of the name and picks one. */

import { h, fill } from "../common/dom.js";
import { t } from "../common/texts.js";
import { takeOver } from "./take.js";
import { TEXTS } from "./texts.js";

const MOST_SHOWN = 12;
const SHOWN = ["/kind/name/familienname", "/kind/name/vorname", "/kind/geburt/jahr"];

/**
 * @param {import("./sheet.js").Sheet} sheet
 * @param {import("./recognise.js").Assignment} assignment
 * @param {(row: number) => void} onPick
 */
export function picker(sheet, assignment, onPick) {
  const labels = sheet.rows.map((_, row) => labelOf(sheet, assignment, row));
  const found = h("div", { id: "datei-treffer" });
  const show = (/** @type {string} */ part) => fill(found, ...hits(labels, part, onPick));
  const input = h("input", {
    id: "datei-suche",
    class: "kern-form-input__input",
    type: "text",
    autocomplete: "off",
    oninput: (/** @type {any} */ event) => show(event.target.value),
    // The form around it would take Enter for its own.
    onkeydown: (/** @type {any} */ event) => event.key === "Enter" && event.preventDefault(),
  });
  show("");
  return h(
    "fieldset",
    { class: "kern-fieldset" },
    h("legend", { class: "kern-label kern-label--large" }, t(TEXTS, "which")),
    h(
      "div",
      { class: "kern-fieldset__body" },
      h(
        "div",
        { class: "kern-form-input" },
        h("label", { class: "kern-label", for: "datei-suche" }, t(TEXTS, "which.hint")),
        input,
      ),
      found,
    ),
  );
}

/** @param {string[]} labels @param {string} part @param {(row: number) => void} onPick */
function hits(labels, part, onPick) {
  const wanted = folded(part);
  const rows = labels.flatMap((label, row) => (folded(label).includes(wanted) ? [row] : []));
  if (rows.length === 0) return [h("p", { class: "kern-body" }, t(TEXTS, "which.none"))];
  const more = rows.length - MOST_SHOWN;
  return [
    ...rows.slice(0, MOST_SHOWN).map((row) => radio(row, labels[row], onPick)),
    more > 0 && h("p", { class: "kern-hint" }, t(TEXTS, "which.more", { count: more })),
  ];
}

/** @param {number} row @param {string} label @param {(row: number) => void} onPick */
const radio = (row, label, onPick) =>
  h(
    "div",
    { class: "kern-form-check" },
    h("input", {
      class: "kern-form-check__radio",
      type: "radio",
      name: "datei-reihe",
      id: `datei-reihe-${row}`,
      onchange: () => onPick(row),
    }),
    h("label", { class: "kern-label", for: `datei-reihe-${row}` }, label),
  );

/**
 * What tells the rows apart: name and year of birth, or the number of the row.
 *
 * @param {import("./sheet.js").Sheet} sheet
 * @param {import("./recognise.js").Assignment} assignment
 * @param {number} row
 */
export function labelOf(sheet, assignment, row) {
  const { state } = takeOver(sheet, assignment, row);
  const parts = SHOWN.map((field) => state[field]).filter((each) => each !== undefined);
  return parts.length > 0 ? parts.join(", ") : t(TEXTS, "row", { number: row + 1 });
}

/** „cakir“ finds „Çakır“. @param {string} text */
const folded = (text) =>
  text
    .toLowerCase()
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replaceAll("ı", "i")
    .replaceAll("ß", "ss");
