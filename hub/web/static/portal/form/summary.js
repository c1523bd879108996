// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** What is wrong on a page, said on top of it, and how does one get there? */

import { h, one } from "../common/dom.js";
import { t } from "../common/texts.js";
import { TEXTS } from "./texts.js";

/** @typedef {import("./fields.js").FieldError} FieldError */

/**
 * Give the focus to a field, opening what hides it.
 *
 * @param {ParentNode} root
 * @param {string} fieldId
 */
export function focusError(root, fieldId) {
  const element = one(`#${fieldId}`, root);
  if (!element) return;
  for (let around = element.closest("details"); around; around = around.parentElement?.closest("details")) {
    around.open = true;
  }
  element.focus();
}

/**
 * Make the summary of what is wrong, to stand on top and take the focus; null where nothing is.
 *
 * @param {FieldError[]} errors
 * @param {(error: FieldError) => void} [go] what a link does; without it the field gets the focus
 * @returns {HTMLElement | null}
 */
export function renderErrorSummary(errors, go) {
  if (!errors.length) return null;
  const count = errors.length;
  const item = (/** @type {FieldError} */ error) => {
    const onclick = (/** @type {Event} */ event) => {
      event.preventDefault();
      if (go) go(error);
      else focusError(document, error.fieldId);
    };
    return h("li", {}, h("a", { class: "kern-link", href: `#${error.fieldId}`, onclick }, error.message));
  };
  return h(
    "div",
    { class: "kern-alert kern-alert--danger form-errors", role: "alert", tabindex: "-1" },
    h(
      "div",
      { class: "kern-alert__header" },
      h("span", { class: "kern-icon kern-icon--danger", "aria-hidden": "true" }),
      h("h2", { class: "kern-title" }, t(TEXTS, "title")),
    ),
    h(
      "div",
      { class: "kern-alert__body" },
      h("p", { class: "kern-body" }, t(TEXTS, count === 1 ? "one" : "several", { count })),
      h("ul", { class: "kern-list kern-list--bullet" }, errors.map(item)),
    ),
  );
}
