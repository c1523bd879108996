// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** What do the pages of the filing share? Choices, lines of input, offices, downloads. */

import { icon, paragraph, small, telephone } from "../common/alerts.js";
import { h } from "../common/dom.js";
import { moment, t } from "../common/texts.js";
import { texts as DOUBTS } from "../trust/texts.js";
import { TEXTS } from "./texts.js";

/** @param {string} key @param {{[name: string]: string | number}} [values] */
export const say = (key, values) => t(TEXTS, key, values);

/** Why something is not believed, in a sentence. @param {string} reason */
export const doubtOf = (reason) => (reason in DOUBTS.de ? t(DOUBTS, reason) : say("failed.means"));

/** An error as the error summary shows it. @param {string} fieldId @param {string} message */
export const wrong = (fieldId, message) => ({ pointer: "", fieldId, page: null, message });

/**
 * One choice among several, with a plain explanation below each.
 *
 * @param {object} about
 * @param {string} about.name
 * @param {string} about.legend
 * @param {{value: string, label: string, hint?: any}[]} about.choices
 * @param {string | null} [about.chosen]
 * @param {string} [about.error]
 * @param {(value: string) => void} [about.onchoose]
 */
export function choice({ name, legend, choices, chosen = null, error = "", onchoose }) {
  const errorId = `${name}-fehler`;
  return h(
    "fieldset",
    {
      class: ["kern-fieldset", error && "kern-fieldset--error"],
      "aria-describedby": error ? errorId : null,
    },
    h("legend", { class: "kern-label" }, legend),
    h(
      "div",
      { class: "kern-fieldset__body" },
      choices.map((each, place) => radio({ ...each, name, place, isChosen: each.value === chosen, onchoose })),
    ),
    error && h("p", { class: "kern-error", id: errorId }, icon("danger"), h("span", { class: "kern-body" }, error)),
  );
}

/** @param {any} about */
function radio({ name, place, value, label, hint, isChosen, onchoose }) {
  const id = place === 0 ? name : `${name}-${place}`;
  const hintId = `${id}-hinweis`;
  return h(
    "div",
    { class: "mw-wahl" },
    h(
      "div",
      { class: "kern-form-check" },
      h("input", {
        class: "kern-form-check__radio",
        type: "radio",
        id,
        name,
        value,
        checked: isChosen,
        "aria-describedby": hint ? hintId : null,
        onchange: () => onchoose?.(value),
      }),
      h("label", { class: "kern-label", for: id }, label),
    ),
    hint && h("div", { class: "mw-wahl__hinweis kern-body kern-body--small", id: hintId }, hint),
  );
}

/** The value that was chosen. @param {ParentNode} root @param {string} name @returns {string | null} */
export const chosenIn = (root, name) =>
  /** @type {any} */ (root.querySelector(`input[name="${name}"]:checked`))?.value ?? null;

/**
 * One line of input, label above, hint below the label.
 *
 * @param {{id: string, label: string, hint?: string, value?: string, error?: string, [attribute: string]: any}} about
 */
export function line({ id, label, hint, value = "", error = "", ...more }) {
  const described = [hint && `${id}-hinweis`, error && `${id}-fehler`].filter(Boolean).join(" ");
  return h(
    "div",
    { class: ["kern-form-input", error && "kern-form-input--error"] },
    h("label", { class: "kern-label", for: id }, label),
    hint && h("div", { class: "kern-hint", id: `${id}-hinweis` }, hint),
    h("input", {
      class: ["kern-form-input__input", error && "kern-form-input__input--error"],
      type: "text",
      id,
      value,
      "aria-describedby": described || null,
      "aria-invalid": error ? "true" : null,
      ...more,
    }),
    error && h("p", { class: "kern-error", id: `${id}-fehler` }, icon("danger"), h("span", { class: "kern-body" }, error)),
  );
}

/** Hours, duty and number of an office. @param {any} office */
export function officeFacts(office) {
  const { hours, duty, stale, fetched_at: fetched } = office;
  return [
    office.telephone && paragraph(say("office.telephone"), " ", telephone(office.telephone)),
    standing(hours, duty),
    stale && small(say("office.stale", { time: moment(fetched) })),
  ];
}

/** Whether somebody is there: a closed office with somebody on duty is one sentence and no riddle. @param {any} hours @param {any} duty */
function standing(hours, duty) {
  const [first] = duty?.is_valid ? duty.turns : [];
  const office = hours && paragraph(say(hours.open ? "office.open" : "office.shut", { text: hours.text }));
  if (!first) return [office, duty && paragraph(say("office.nobody"))];
  const whom = [" ", `${first.name}, `, telephone(first.telephone)];
  if (hours && !hours.open) return paragraph(say("office.shut.duty", { text: hours.text }), whom);
  return [office, paragraph(say("office.duty"), whom)];
}

/** Whom to ring, one after the other. @param {{name: string, telephone: string}[]} turns */
export const ringList = (turns) =>
  h(
    "ul",
    { class: "kern-list kern-list--bullet" },
    turns.map(({ name, telephone: number }) => h("li", {}, `${name}: `, telephone(number))),
    h("li", {}, "Polizei: ", telephone("110")),
  );

/** Something to open. @param {string} title @param {...any} body */
export const fold = (title, ...body) =>
  h(
    "details",
    { class: "kern-accordion mw-klapp" },
    h("summary", { class: "kern-accordion__header" }, h("span", { class: "kern-title" }, title)),
    h("section", { class: "kern-accordion__body" }, ...body),
  );

/** Give a file to whoever sits here; it is made in this browser. @param {string} name @param {string | Uint8Array} content */
export function download(name, content, type = "application/json") {
  const url = URL.createObjectURL(new Blob([/** @type {any} */ (content)], { type }));
  const link = h("a", { href: url, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
