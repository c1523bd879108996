// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** What does a line to write in look like? Label above, hint below it, and what is wrong at the field. */

import { h } from "../common/dom.js";

/**
 * @param {{id: string, label: string, hint?: string, [attribute: string]: any}} said
 * @returns {{field: HTMLElement, input: HTMLInputElement, fault: (text: string) => void}}
 */
export function textField({ id, label, hint, ...more }) {
  const wrong = h("p", { id: `${id}-fehler`, class: "kern-error", role: "alert", hidden: true });
  const input = h("input", {
    id,
    class: "kern-form-input__input",
    type: "text",
    "aria-describedby": hint ? `${id}-hinweis` : null,
    ...more,
  });
  const field = h(
    "div",
    { class: "kern-form-input" },
    h("label", { class: "kern-label", for: id }, label),
    hint && h("div", { id: `${id}-hinweis`, class: "kern-hint" }, hint),
    input,
    wrong,
  );
  /** @param {string} text */
  const fault = (text) => {
    wrong.hidden = !text;
    wrong.textContent = text;
    input.toggleAttribute("aria-invalid", Boolean(text));
    if (text) {
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", [hint && `${id}-hinweis`, `${id}-fehler`].filter(Boolean).join(" "));
      input.focus();
    }
  };
  return { field, input, fault };
}

/**
 * @param {{id: string, label: string, checked?: boolean, name?: string, value?: string}} said
 * @returns {{field: HTMLElement, input: HTMLInputElement}}
 */
export function checkBox({ id, label, ...more }) {
  const input = h("input", { id, type: "checkbox", class: "kern-form-check__checkbox", ...more });
  const field = h(
    "div",
    { class: "kern-form-check" },
    input,
    h("label", { class: "kern-label", for: id }, label),
  );
  return { field, input };
}
