// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** How is the content of an opened letter read: as rows, and feedback as its three facts? */

import { paragraph, small } from "../common/alerts.js";
import { h } from "../common/dom.js";
import { t } from "../common/texts.js";
import { reviewRows } from "../form/review.js";
import { FACTS, isFeedback } from "./feedback.js";
import { TEXTS } from "./texts.js";

/** @param {any} letter @param {import("./reading.js").Read} read */
export function contentView(letter, { content, description }) {
  if (isFeedback(letter)) return feedbackView(content);
  const rows = reviewRows(description, content);
  return list(rows.map(({ path, label, value }) => [pathText(path.slice(1), label), value]));
}

/** @param {any} content exactly three booleans; the schema has been checked */
function feedbackView(content) {
  const rows = FACTS.map((fact) => [t(TEXTS, `fact.${fact}`), t(TEXTS, content[fact] ? "yes" : "no")]);
  return h(
    "div",
    { class: "mw-rueckmeldung" },
    list(rows),
    paragraph(h("strong", {}, t(TEXTS, "fact.only"))),
    small(t(TEXTS, "fact.more")),
  );
}

/** The groups around a field and the field; the page it was asked on says nothing to the reader. @param {readonly string[]} path @param {string} label */
const pathText = (path, label) => [...path, label].join(" › ");

/** @param {string[][]} rows */
const list = (rows) =>
  h(
    "dl",
    { class: "kern-description-list mw-angaben" },
    rows.map(([label, value]) =>
      h(
        "div",
        { class: "kern-description-list-item" },
        h("dt", { class: "kern-description-list-item__key" }, label),
        h("dd", { class: "kern-description-list-item__value mw-text" }, value),
      ),
    ),
  );
