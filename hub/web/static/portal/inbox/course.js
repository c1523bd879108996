// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** What became of an own filing, step by step, and what is still to come? */

import { heading, notice, paragraph, small, status, telephone } from "../common/alerts.js";
import { h } from "../common/dom.js";
import { shortNumber } from "../common/number.js";
import { t } from "../common/texts.js";
import { actsPart, isTakenBack } from "./acts.js";
import { erasedBadge, filingBadges } from "./states.js";
import { TEXTS } from "./texts.js";
import { said, when } from "./times.js";

/** Words after which nobody waits for a confirmation any more. */
const SETTLED = new Set(["acknowledged", "rejected", "withdrawn", "expired"]);

/**
 * @param {any} thread
 * @param {{now: number, titleOf: (filing: any) => string, withdraw: (filing: any) => void, stepTitle: (step: string) => string}} seen
 */
export const coursePart = (thread, seen) =>
  h(
    "section",
    { class: "mw-teil", "aria-labelledby": "verlauf" },
    heading(2, t(TEXTS, "filings"), { id: "verlauf" }),
    [...thread.filings]
      .sort((one, other) => other.made_at - one.made_at)
      .map((filing) => filingCard(filing, thread, seen)),
    thread.closed && small(t(TEXTS, "closed")),
  );

/** @param {any} filing @param {any} thread @param {any} seen */
const filingCard = (filing, thread, seen) =>
  h(
    "article",
    { class: "mw-brief", id: `mitteilung-${filing.id}`, "aria-labelledby": `titel-${filing.id}` },
    heading(3, seen.titleOf(filing), { id: `titel-${filing.id}` }),
    h("p", { class: "mw-zeichen" }, filingBadges(filing), erasedBadge(filing), takenBackBadge(filing, thread, seen)),
    numberPart(filing),
    problemPart(filing),
    waitPart(filing),
    h("ol", { class: "mw-verlauf" }, [
      step(t(TEXTS, "filing.sent"), when(filing.made_at, seen.now), [
        small(t(TEXTS, "filing.sent.by", { name: filing.by.name })),
      ]),
      ...filing.events.map((/** @type {any} */ event) => eventStep(event, seen.now)),
      ...dueSteps(filing, seen.now),
    ]),
    actsPart(filing, thread, seen),
  );

/** @param {any} filing @param {any} thread @param {any} seen */
const takenBackBadge = (filing, { filings }, { takesBack }) =>
  isTakenBack(filing, filings, takesBack) && status("default", t(TEXTS, "taken-back"), "arrow-back");

/** A short number to say, and the whole one for whoever has to look it up. @param {any} filing */
const numberPart = ({ id }) =>
  h(
    "details",
    { class: "mw-nummer", dataset: { key: `number-${id}` } },
    h("summary", { class: "kern-body kern-body--small" }, t(TEXTS, "number", { number: shortNumber(id) })),
    small(t(TEXTS, "number.whole"), " ", h("code", { class: "mw-kennung" }, id)),
  );

/** @param {any} event @param {number} now */
const eventStep = ({ word, at, name, telephone: number, then }, now) =>
  step(t(TEXTS, `event.${word}`), when(at, now), [
    small(t(TEXTS, `means.${word}`, { name: name ?? "" })),
    number &&
      h(
        "p",
        { class: "kern-body kern-body--small" },
        word !== "passed-on" && `${t(TEXTS, "ring.now")} ${name}, `,
        telephone(number),
      ),
    then.length > 0 && small(t(TEXTS, "ring.then", { then: then.join("; ") })),
  ]);

/** What is expected next, as long as nobody has confirmed. @param {any} filing @param {number} now */
function dueSteps({ due, events }, now) {
  const words = new Set(events.map((/** @type {any} */ event) => event.word));
  if (!due || [...words].some((word) => SETTLED.has(word)) || words.has("overdue")) return [];
  const wanted = words.has("taken") ? "acknowledged" : "taken";
  const time = (/** @type {number} */ second) => said(second, now);
  return [
    h(
      "li",
      { class: "mw-schritt mw-schritt--offen" },
      due[wanted] > now && small(t(TEXTS, `due.${wanted}`, { time: time(due[wanted]) })),
      due.overdue > now && small(t(TEXTS, "due.overdue", { time: time(due.overdue) })),
    ),
  ];
}

/** @param {string} title @param {Node} time @param {any[]} lines */
const step = (title, time, lines) =>
  h(
    "li",
    { class: "mw-schritt" },
    h("p", { class: "kern-body" }, h("strong", {}, title), " · ", time),
    lines,
  );

/** @param {any} filing */
function problemPart({ state, problem }) {
  if (state === "abgelaufen") {
    return notice("warning", t(TEXTS, "problem.expired"), t(TEXTS, "problem.expired.text"));
  }
  if (!problem) return null;
  return notice(
    "danger",
    problem.title ?? t(TEXTS, "problem.refused"),
    problem.detail,
    problem.advice,
  );
}

/** @param {any} filing */
function waitPart({ state, to_name: name, to_telephone: number }) {
  if (state !== "wartet") return null;
  return paragraph(t(TEXTS, "wait.hub"), " ", name, ", ", number && telephone(number));
}
