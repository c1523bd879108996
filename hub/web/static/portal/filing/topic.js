// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** „Worum geht es?“ – plain questions, and the procedure that follows from the answer. */

import { notice, small, status } from "../common/alerts.js";
import { h } from "../common/dom.js";
import { chosenIn, choice, say, wrong } from "./parts.js";

const NAME = "anliegen";

/** @param {any} flow @param {any[]} errors @returns {any} */
export function topic(flow, errors) {
  const forms = flow.forms.filter((/** @type {any} */ each) => each.opens);
  const { form } = flow.state;
  return {
    heading: say("topic.title"),
    body: forms.length
      ? choice({
          name: NAME,
          legend: say("topic.legend"),
          choices: forms.map(choiceOf),
          chosen: form && nameOf(form),
          error: errors[0]?.message,
        })
      : notice("info", say("topic.none")),
    onward: forms.length ? undefined : null,
    submit: async (/** @type {HTMLElement} */ root) => {
      const chosen = forms.find((/** @type {any} */ each) => nameOf(each) === chosenIn(root, NAME));
      if (!chosen) return [wrong(NAME, say("topic.missing"))];
      await flow.choose(chosen);
      return [];
    },
  };
}

/** @param {{protocol: string, version: string, step: string}} form */
const nameOf = ({ protocol, version, step }) => `${protocol}/${version}/${step}`;

/** @param {any} form */
function choiceOf(form) {
  const draft = form.status === "entwurf" && status("warning", say("topic.draft"));
  const hint = [form.explanation && h("span", {}, form.explanation), draft && h("span", { class: "mw-marke" }, draft)];
  return { value: nameOf(form), label: form.question, hint: hint.some(Boolean) ? hint : null };
}

/** The basis of what was chosen, with its meaning to open. @param {any} description */
export function basisOf(description) {
  const own = description.bases.filter((/** @type {any} */ each) => !each.beside);
  return own.map((/** @type {any} */ basis) =>
    h(
      "details",
      { class: "mw-grundlage" },
      h("summary", { class: "kern-body kern-body--small" }, say("topic.basis", { citation: basis.citation })),
      small(basis.meaning),
      small(say("review.pruefstand", { word: basis.pruefstand_text, day: basis.stand })),
    ),
  );
}
