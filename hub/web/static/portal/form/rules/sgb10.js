// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Rules of the SGB X: what social data may be given, on request or not, and on whose order. */

import { isObject, isStated, open } from "./rule.js";

/**
 * Codes of the list sozialdaten-68, and under which name the answer gives each.
 *
 * @type {Record<string, string>}
 */
const MEMBER_OF = {
  name: "familienname",
  vorname: "vorname",
  geburtsdatum: "geburt",
  geburtsort: "geburtsort",
  anschrift: "anschrift",
  aufenthaltsort: "aufenthaltsort",
  arbeitgeber: "arbeitgeber",
};
/** @param {string} item */
const memberOf = (item) => (Object.hasOwn(MEMBER_OF, item) ? MEMBER_OF[item] : "");

/** The power on which a Jugendamt corrects itself; others have none of the SGB X. */
const OWN_TASK = "sgb10-69-1";
/** Characters a question may have, as in its schema. */
const QUESTION = 1000;

/** @type {import("./rule.js").Check} */
function withoutOrder({ content, basis }) {
  if (basis !== "sgb10-73") return [];
  if (!isObject(content.anordnung)) return ["/anordnung"];
  return open(content.anordnung, "gericht", "am", "aktenzeichen").map((name) => `/anordnung/${name}`);
}

/** @type {import("./rule.js").Check} */
function couldBeSeveral({ content: { person } }) {
  const isKnown = isObject(person) && (isStated(person.geburt) || isStated(person.letzte_anschrift));
  return isKnown ? [] : ["/person"];
}

/**
 * Results and values belong together: each item once, and a value only where one was given.
 *
 * @type {import("./rule.js").Check}
 */
function answerWithoutItem({ content }) {
  const values = isObject(content.angaben) ? content.angaben : {};
  const entries = (Array.isArray(content.ergebnisse) ? content.ergebnisse : []).filter(isObject);
  const items = entries.map((entry) => String(entry.angabe));
  const told = new Set(
    entries
      .filter((entry) => String(entry.ergebnis) === "mitgeteilt")
      .map((entry) => memberOf(String(entry.angabe))),
  );
  const twice = items.flatMap((item, n) => (items.indexOf(item) < n ? [`/ergebnisse/${n}`] : []));
  const empty = [...told].filter((name) => !Object.hasOwn(values, name)).sort();
  const foreign = Object.keys(values).filter((name) => !told.has(name));
  return [...twice, ...[...empty, ...foreign].map((name) => `/angaben/${name}`)];
}

/** @type {import("./rule.js").Check} */
function moreThanTheQuestion({ content, basis, speakers }) {
  // All that a Jugendamt ever said there was a question.
  if (!speakers.has("jugendamt") && basis !== OWN_TASK) return [];
  const { teil: part, richtig: right } = content;
  const isLong = typeof right === "string" && [...right].length > QUESTION;
  return [...(part === "frage" ? [] : ["/teil"]), ...(isLong ? ["/richtig"] : [])];
}

/** @type {Record<string, import("./rule.js").Check>} */
export const RULES = {
  "jugendamt-berichtigt-nur-seine-frage": moreThanTheQuestion,
  "anordnung-fuer-73": withoutOrder,
  "ersuchen-meint-eine-person": couldBeSeveral,
  "auskunft-je-angabe": answerWithoutItem,
};
