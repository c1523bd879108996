// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** How does one step look? A heading, how far one is, what is asked, and two buttons. */

import { button } from "../common/alerts.js";
import { fill, focusOn, h } from "../common/dom.js";
import { say } from "./parts.js";

/**
 * @typedef {object} Step
 * @property {string} heading
 * @property {any} body
 * @property {string | null} [onward] what the main button says; null: there is none
 * @property {(root: HTMLElement) => Promise<any>} [submit] errors, or what to do next
 * @property {() => Promise<void>} [leave] before something else is shown
 * @property {boolean} [isFinal] nothing is sent by a key on the heading
 */

/**
 * Put a step on the page and the focus on its heading, or on what is wrong.
 *
 * @param {HTMLElement} place
 * @param {Step} step
 * @param {{progress?: {at: number, all: number | null} | null, summary?: HTMLElement | null, act: (root: HTMLElement) => void, back?: (() => void) | null, isQuiet?: boolean}} about
 */
export function frame(place, step, { progress, summary, act, back, isQuiet }) {
  const title = h("h1", { class: "kern-heading-large", id: "ueberschrift", tabindex: "-1" }, step.heading);
  // A step that takes nothing (the receipt) is no form: a form without a way to send it is an error.
  const isForm = Boolean(step.submit) && step.onward !== null;
  const form = h(
    isForm ? "form" : "section",
    { novalidate: isForm, class: "mw-formular", "aria-labelledby": "ueberschrift" },
    step.body,
    h(
      "div",
      { class: "mw-knoepfe" },
      step.onward !== null &&
        step.submit &&
        button(step.onward ?? say("onward"), { kind: "primary", type: "submit", "data-weiter": true }),
      back && button(say("back"), { kind: "tertiary", onclick: back, "data-zurueck": true }),
    ),
  );
  form.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    act(form);
  });
  form.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    // In a field of several lines Enter is a new line, so going on takes one key more.
    const isSent = event.key === "Enter" && (event.ctrlKey || event.metaKey);
    if (isForm && isSent && !step.isFinal) form.requestSubmit();
  });
  if (isForm && !step.isFinal) enterGoesOn(title, () => form.requestSubmit());
  const seen = progress && h("p", { class: "kern-body kern-body--small mw-leise" }, say("who-sees"));
  fill(place, h("div", { class: "mw-gang" }, progress && progressOf(progress), title, summary, form, seen));
  document.title = `${summary ? say("error") : ""}${step.heading} – Meldeweg`;
  if (isQuiet) return form;
  if (summary) summary.focus();
  else focusOn(title);
  scrollTo(0, 0);
  return form;
}

/** Whoever reads a page to which nothing is to be added goes on with Enter. */
function enterGoesOn(/** @type {HTMLElement} */ title, /** @type {() => void} */ onward) {
  title.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === title) {
      event.preventDefault();
      onward();
    }
  });
}

/** @param {{at: number, all: number | null}} progress */
function progressOf({ at, all }) {
  if (all === null) return h("p", { class: "kern-body kern-body--small" }, say("step", { step: at }));
  const text = say("stepOf", { step: at, all });
  return h(
    "div",
    { class: "kern-progress mw-fortschritt" },
    h("label", { class: "kern-label kern-label--small", for: "fortschritt" }, text),
    h("progress", { id: "fortschritt", value: at, max: all }, text),
  );
}
