// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Which word, which symbol and which colour does a state have? The same on every page. */

import { status } from "../common/alerts.js";
import { language } from "../common/texts.js";

/** @typedef {import("../common/alerts.js").Kind | "default"} Look */

/** @type {{[code: string]: [Look, string, string, string]}} look, symbol, German, English */
const STATES = {
  wartet: ["warning", "autorenew", "Wartet auf den Hub", "Waiting for the hub"],
  angenommen: ["info", "arrow-forward", "Angenommen", "Accepted"],
  zugestellt: ["info", "home", "Zugestellt", "Handed over"],
  bestaetigt: ["success", "success", "Eingang bestätigt", "Receipt confirmed"],
  "nicht-verwertbar": ["danger", "danger", "Nicht verwertbar", "Not usable"],
  zurueckgezogen: ["default", "arrow-back", "Zurückgezogen", "Withdrawn"],
  "nicht-zugestellt": ["danger", "danger", "Nicht zugestellt", "Not handed over"],
  zurueckgewiesen: ["danger", "danger", "Zurückgewiesen", "Refused"],
  abgelaufen: [
    "danger",
    "danger",
    "Nicht abgesandt, bitte neu bestätigen",
    "Not sent, please confirm again",
  ],
};

/** @type {typeof STATES} */
const MARKS = {
  ueberfaellig: ["danger", "danger", "Frist überschritten", "Overdue"],
  gestoert: ["danger", "danger", "Zustellung gestört", "Handing over disturbed"],
  weitergegeben: ["info", "open-in-new", "Weitergegeben", "Passed on"],
  geloescht: ["default", "delete", "Inhalt gelöscht", "Content erased"],
};

/** @type {typeof STATES} */
const LETTERS = {
  neu: ["info", "mail", "Neu", "New"],
  geoeffnet: ["warning", "visibility", "Noch nicht zur Kenntnis genommen", "Not noted yet"],
  bestaetigt: ["success", "success", "Zur Kenntnis genommen", "Noted"],
  abgelehnt: ["danger", "danger", "Nicht verwertbar", "Not usable"],
  geloescht: ["default", "delete", "Inhalt gelöscht", "Content erased"],
};

/** @type {typeof STATES} */
const URGENCIES = {
  sofort: ["danger", "warning", "Sofort", "At once"],
  unverzueglich: ["warning", "warning", "Unverzüglich", "Without delay"],
  planbar: ["default", "calendar-today", "Planbar", "Can be planned"],
};

/** @param {typeof STATES} words @param {string} code @param {string} [otherwise] */
function badge(words, code, otherwise = code) {
  const [look, symbol, german, english] = words[code] ?? ["default", "info", otherwise, otherwise];
  return status(look, language() === "en" ? english : german, symbol);
}

/** State and marks of an own filing. @param {any} filing */
export const filingBadges = ({ state, state_text: text, marks }) => [
  // A mark that says more than the state it belongs to stands first.
  ...marks
    .filter((/** @type {string} */ mark) => mark !== "geloescht")
    .map((/** @type {string} */ mark) => badge(MARKS, mark)),
  badge(STATES, state, text),
];

/** @param {any} filing */
export const erasedBadge = ({ marks }) =>
  marks.includes("geloescht") ? badge(MARKS, "geloescht") : null;

/** @param {any} letter */
export const letterBadge = ({ state, state_text: text }) => badge(LETTERS, state, text);

/** @param {string} urgency */
export const urgencyBadge = (urgency) => badge(URGENCIES, urgency);

/** What has to be said of a filing first: what disturbs it, or else where it is. @param {any} filing */
export function foremostWord(filing) {
  const mark = filing.marks.find((/** @type {string} */ each) => MARKS[each]?.[0] === "danger");
  return mark ? MARKS[mark][language() === "en" ? 3 : 2] : stateWord(filing);
}

/** The word of a state, for who hears the page. @param {any} filing */
export function stateWord({ state, state_text: text }) {
  const known = STATES[state];
  return known ? known[language() === "en" ? 3 : 2] : text;
}
