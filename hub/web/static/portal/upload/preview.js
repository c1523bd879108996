// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** What of a row is kept, what is in doubt, and what is dropped? Said before anything is taken. */

import { heading, notice, paragraph, small } from "../common/alerts.js";
import { h } from "../common/dom.js";
import { language, t } from "../common/texts.js";
import { droppedOf } from "./recognise.js";
import { previewOf } from "./take.js";
import { TEXTS } from "./texts.js";

/** @typedef {import("./take.js").Taken} Taken */

/** @param {Taken} taken */
export function keptTable(taken) {
  const rows = previewOf(taken.state, language());
  if (rows.length === 0) return [heading(3, t(TEXTS, "kept")), paragraph(t(TEXTS, "empty"))];
  return [
    heading(3, t(TEXTS, "kept")),
    h(
      "dl",
      { class: "kern-description-list" },
      rows.map(({ field, title, value }) =>
        h(
          "div",
          { class: "kern-description-list-item", dataset: { feld: field } },
          h("dt", { class: "kern-description-list-item__key" }, title),
          h("dd", { class: "kern-description-list-item__value" }, value),
        ),
      ),
    ),
  ];
}

/** @param {Taken} taken */
export function doubtNotice(taken) {
  if (taken.doubts.length === 0) return null;
  const said = taken.doubts.map(({ code, column }) =>
    h("li", {}, t(TEXTS, `doubt.${code}`, { column })),
  );
  return notice(
    "warning",
    t(TEXTS, "doubt.title"),
    h("ul", { class: "kern-list kern-list--bullet" }, said),
  );
}

/** @param {import("./recognise.js").Assignment} assignment */
export function droppedList(assignment) {
  const dropped = droppedOf(assignment);
  if (dropped.length === 0) return small(t(TEXTS, "dropped.none"));
  return h(
    "details",
    { class: "mw-verworfen", open: true },
    h("summary", { class: "kern-heading-small" }, t(TEXTS, "dropped", { count: dropped.length })),
    small(t(TEXTS, "dropped.why")),
    h(
      "ul",
      { class: "kern-list kern-list--bullet mw-spalten", id: "datei-verworfen" },
      dropped.map((each) => h("li", {}, shortened(each.name))),
    ),
  );
}

/** The name of a column may be a whole sentence, in a file without names of columns. @param {string} name */
export const shortened = (name) => (name.length > 60 ? `${name.slice(0, 59)}…` : name);

/** What one should know of the file. @param {import("./sheet.js").Sheet} sheet @param {number} done */
export function notes(sheet, done) {
  const rows = sheet.rows.length;
  const found = t(TEXTS, rows === 1 ? "found.one" : "found", {
    rows,
    columns: sheet.columns.length,
  });
  return [
    paragraph(found),
    sheet.encoding !== null &&
      sheet.encoding !== "utf-8" &&
      small(t(TEXTS, "note.encoding", { encoding: sheet.encoding.toUpperCase() })),
    sheet.hidden > 0 && small(t(TEXTS, "note.hidden", { count: sheet.hidden })),
    sheet.sheets > 1 && small(t(TEXTS, "note.sheets")),
    done > 0 && small(t(TEXTS, "note.resumed", { count: done })),
  ];
}
