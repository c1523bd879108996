// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** „Wie eilig ist es?“ and, where a person has to say it, on which basis something is told. */

import { button, notice, small } from "../common/alerts.js";
import { fill, h } from "../common/dom.js";
import { chosenIn, choice, ringList, say, wrong } from "./parts.js";
import { basesToChoose } from "./state.js";

const NAME = "dringlichkeit";
const BASIS = "grundlage";
const AT_ONCE = "sofort";
const INSTEAD = "unverzueglich";

/** @param {any} flow @param {any[]} errors @returns {any} */
export function urgency(flow, errors) {
  const { description, state } = flow;
  const ring = h("div", { class: "mw-anrufen", role: "status" });
  const choices = description.urgencies.map(choiceOf);
  if (errors.nobody) fill(ring, nobody(flow, errors.nobody));
  else if (state.urgency === AT_ONCE) fill(ring, ringFirst(state));
  return {
    heading: say("urgency.title"),
    body: [
      choice({
        name: NAME,
        legend: say("topic.legend"),
        choices,
        chosen: state.urgency,
        error: errors[0]?.message,
        onchoose: (value) => fill(ring, value === AT_ONCE && ringFirst(state)),
      }),
      ring,
    ],
    submit: async (/** @type {HTMLElement} */ root) => {
      const chosen = chosenIn(root, NAME);
      if (!chosen) return [wrong(NAME, say("urgency.missing"))];
      const turns = chosen === AT_ONCE && (await nobodyThere(flow));
      if (turns) return Object.assign([wrong(NAME, say("urgency.nobody.title"))], { nobody: turns });
      state.urgency = chosen;
      await flow.changed();
      return [];
    },
  };
}

/** @param {any} each */
function choiceOf({ value, label, explanation, clocks }) {
  const sources = [...new Set(clocks.map((/** @type {any} */ clock) => clock.source))];
  const hint = [
    explanation && h("span", { class: "mw-zeile" }, explanation),
    h(
      "ul",
      { class: "mw-fristen" },
      clocks.map((/** @type {any} */ { what, text }) => h("li", {}, `${what}: `, h("strong", {}, text))),
      sources.length > 0 && h("li", {}, say("clock.source", { source: sources.join(", ") })),
    ),
  ];
  return { value, label, hint };
}

/** @param {any} state */
const ringFirst = ({ to }) =>
  notice(
    "danger",
    say("urgency.ring.title"),
    say("urgency.ring"),
    ringList(to?.telephone ? [{ name: to.name, telephone: to.telephone }] : []),
  );

/** Whom to ring where nobody would read it; null where somebody does, or nobody can be asked. @param {any} flow */
async function nobodyThere({ offices, state }) {
  if (!state.to) return null;
  try {
    await offices.of(state.to.unit, { form: state.form, urgency: AT_ONCE });
    return null;
  } catch (trouble) {
    const { code, problem } = /** @type {any} */ (trouble);
    if (code !== "no-duty-desk") return null;
    return problem.turns ?? [];
  }
}

/** @param {any} flow @param {any[]} turns */
function nobody(flow, turns) {
  const instead = flow.description.urgencies.some((/** @type {any} */ each) => each.value === INSTEAD);
  const numbers = turns.filter((/** @type {any} */ turn) => turn.telephone);
  return notice(
    "danger",
    say("urgency.nobody.title"),
    say("urgency.nobody"),
    ringList(numbers.length > 0 ? numbers : [flow.state.to].filter((/** @type {any} */ each) => each?.telephone)),
    instead &&
      button(say("urgency.instead"), {
        onclick: async () => {
          flow.state.urgency = INSTEAD;
          await flow.changed();
          await flow.onward();
        },
      }),
  );
}

/** @param {any} flow @param {any[]} errors @returns {any} */
export function basis(flow, errors) {
  const { description, state } = flow;
  return {
    heading: say("basis.title"),
    body: choice({
      name: BASIS,
      legend: say("topic.legend"),
      choices: basesToChoose(description).map((/** @type {any} */ each) => ({
        value: each.code,
        label: each.citation,
        hint: [
          h("span", { class: "mw-zeile" }, each.meaning),
          small(say("review.pruefstand", { word: each.pruefstand_text, day: each.stand })),
        ],
      })),
      chosen: state.basis,
      error: errors[0]?.message,
    }),
    submit: async (/** @type {HTMLElement} */ root) => {
      const chosen = chosenIn(root, BASIS);
      if (!chosen) return [wrong(BASIS, say("basis.missing"))];
      state.basis = chosen;
      await flow.changed();
      return [];
    },
  };
}
