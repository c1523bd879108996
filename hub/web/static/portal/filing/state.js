// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Where is somebody on the way from the first question to the receipt, and what comes next? */

/**
 * @typedef {import("../form/content.js").Description} Description
 * @typedef {object} Addressee
 * @property {string} unit
 * @property {string} name
 * @property {string} telephone
 * @property {string} reason why it is this office
 * @property {{responsible: string, reason: string} | null} deviation why it is another
 * @typedef {object} State all that a draft holds
 * @property {1} v
 * @property {string} id of the message; stays the same however often it is tried
 * @property {string} title
 * @property {{protocol: string, version: string, step: string} | null} form
 * @property {{ags: string, name: string} | null} place
 * @property {Addressee | null} to
 * @property {string | null} urgency
 * @property {string | null} basis
 * @property {any} values
 * @property {string[]} kept hints that somebody looked at and left as they are
 * @property {string} at the step that is open
 * @property {any} thread of the conversation that is answered
 * @property {{id: string, name: string} | null} by who wrote it
 * @property {string | null} hears the person to whom feedback goes, where somebody has chosen
 */

export const BEFORE = "vorab";
export const TOPIC = "anliegen";
export const PLACE = "ort";
export const URGENCY = "dringlichkeit";
export const BASIS = "grundlage";
export const REVIEW = "pruefen";
const PAGE = "seite:";

/** @returns {State} */
export const emptyState = () => ({
  v: 1,
  id: "",
  title: "",
  form: null,
  place: null,
  to: null,
  urgency: null,
  basis: null,
  values: {},
  kept: [],
  at: BEFORE,
  thread: null,
  by: null,
  hears: null,
});

/** The step of a page of the form. @param {string} page */
export const stepOf = (page) => PAGE + page;

/** The page of a step, or null where the step is none of the form. @param {string} step */
export const pageIdOf = (step) => (step.startsWith(PAGE) ? step.slice(PAGE.length) : null);

/** Bases among which a person has to choose. @param {Description} description */
export const basesToChoose = (description) =>
  description.basis_chosen ? description.bases.filter((/** @type {any} */ each) => !each.beside) : [];

/**
 * The steps in their order. Before it is known what it is about, only the first ones are.
 *
 * @param {State} state
 * @param {Description | null} description
 * @returns {string[]}
 */
export function stepsOf(state, description) {
  const begins = state.thread ? [] : [BEFORE, TOPIC];
  if (!description) return begins;
  return [
    ...begins,
    ...(state.thread ? [] : [PLACE]),
    ...(description.urgencies.length > 1 ? [URGENCY] : []),
    ...(basesToChoose(description).length > 1 ? [BASIS] : []),
    ...description.pages.map((/** @type {any} */ page) => stepOf(page.id)),
    REVIEW,
  ];
}

/** The step after or before one; itself at either end. */
export function beside(/** @type {string[]} */ steps, /** @type {string} */ at, /** @type {1 | -1} */ by) {
  const place = steps.indexOf(at);
  return steps[Math.min(Math.max(place + by, 0), steps.length - 1)] ?? steps[0];
}

/**
 * The step to open: the one that was open, but none for which an answer before it is missing.
 *
 * @param {State} state
 * @param {Description | null} description
 */
export function openStep(state, description) {
  const steps = stepsOf(state, description);
  const missing = steps.findIndex((step) => isMissing(step, state));
  const at = steps.indexOf(state.at);
  const reached = missing >= 0 && missing < at ? missing : at;
  return steps[Math.max(reached, 0)];
}

/** Whether nothing can follow a step, because its one answer is missing. @param {string} step @param {State} state */
function isMissing(step, state) {
  if (step === TOPIC) return state.form === null;
  if (step === PLACE) return state.to === null;
  if (step === URGENCY) return state.urgency === null;
  if (step === BASIS) return state.basis === null;
  return false;
}

/**
 * The name of a draft in the list of its author: what it is about, and of whom it speaks.
 *
 * @param {Description} description
 * @param {any} values
 */
export function titleOf(description, values) {
  const name = personIn(values);
  return name ? `${description.title} – ${name}` : description.title;
}

/** The first name of a person in what was typed, as far as it is there. @param {any} values @returns {string} */
function personIn(values) {
  if (!values || typeof values !== "object") return "";
  const { familienname, vorname } = values;
  if (typeof familienname === "string" && familienname) {
    return typeof vorname === "string" && vorname ? `${familienname}, ${vorname}` : familienname;
  }
  // Of all persons it is the child whose file it is.
  const first = values.kind ?? values.junger_mensch ?? values.person;
  for (const each of [first, ...(first === undefined ? Object.values(values) : [])]) {
    const found = personIn(each);
    if (found) return found;
  }
  return personIn(values.name);
}

/** The one urgency there is, the one of the conversation, or null. @param {Description} description @param {any} thread */
export function givenUrgency(description, thread) {
  const known = description.urgencies.map((/** @type {any} */ each) => each.value);
  if (known.length === 1) return known[0];
  const last = thread?.messages?.at(-1)?.urgency;
  return known.includes(last) ? last : null;
}

/** The basis that needs no choice, or null. @param {Description} description */
export function givenBasis(description) {
  const [first, second] = basesToChoose(description);
  if (second) return null;
  const own = first ?? description.bases.find((/** @type {any} */ each) => !each.beside);
  return own?.code ?? null;
}
