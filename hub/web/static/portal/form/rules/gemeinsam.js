// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Rules that hold in many protocols alike. */

import { isDay } from "../input.js";
import { inEvery, isObject, isStated, objects, open } from "./rule.js";

/** The basis of whoever was allowed to by those concerned. */
const CONSENT = "dsgvo-7";
/** A leap year: of a day without a year one cannot know more. */
const ANY_YEAR = 2000;

/** @param {any} value */
const isWhole = (value) => typeof value === "number" && Number.isInteger(value);

/** @param {import("./rule.js").Content} birth */
function isOdd({ jahr: year, monat: month, tag: day }) {
  if (day === undefined || day === null) return false;
  if (!isWhole(month) || !isWhole(day)) return true;
  return !isDay(isWhole(year) ? year : ANY_YEAR, month, day);
}

/**
 * What a recorded talk leaves open: day and roles if it took place, else the reason.
 *
 * @type {import("./rule.js").Check}
 */
export const talkWithoutTrace = (saying) =>
  inEvery(saying, "gespraech", (talk) =>
    talk.erfolgt === true ? open(talk, "am", "beteiligte") : open(talk, "grund"),
  );

/** @type {import("./rule.js").Check} */
function consentLeftOpen({ content, basis }) {
  const consent = content.einwilligung;
  if (!isObject(consent)) return basis === CONSENT ? ["/einwilligung"] : [];
  const { erteilt_am: given, gilt_bis: until } = consent;
  // Dates are written year first, so they sort as they follow each other.
  if (typeof given === "string" && typeof until === "string" && until < given) {
    return ["/einwilligung/gilt_bis"];
  }
  return basis === CONSENT ? beyondConsent(content, consent) : [];
}

/** @param {import("./rule.js").Content} content @param {import("./rule.js").Content} consent */
function beyondConsent({ angaben: said }, { umfang: allowed }) {
  if (!Array.isArray(said) || !Array.isArray(allowed)) return ["/einwilligung/umfang"];
  return said.flatMap((each, i) => (allowed.includes(each) ? [] : [`/angaben/${i}`]));
}

/** @type {Record<string, import("./rule.js").Check>} */
export const RULES = {
  "ohne-hinweis-nur-mit-grund": ({ content }) =>
    [...objects(content)].flatMap(([pointer, { betroffene_informiert: told, grund }]) =>
      String(told ?? "").startsWith("nein") && !isStated(grund) ? [`${pointer}/grund`] : [],
    ),
  "geburtstag-nur-mit-monat": (saying) =>
    inEvery(saying, "geburt", (birth) => (isOdd(birth) ? ["tag"] : [])),
  "anruf-mit-zeit-und-stelle": (saying) =>
    inEvery(saying, "anruf", (call) => (call.erfolgt === true ? open(call, "zeitpunkt", "stelle") : [])),
  "anruf-mit-zeit": (saying) =>
    inEvery(saying, "anruf", (call) => (call.erfolgt === true ? open(call, "zeitpunkt") : [])),
  "schutzunterkunft-ohne-anschrift": ({ content }) =>
    [...objects(content)].flatMap(([pointer, part]) =>
      part.art === "schutzunterkunft" && isStated(part.angabe) ? [`${pointer}/angabe`] : [],
    ),
  "gespraech-belegt-oder-begruendet": talkWithoutTrace,
  "zugesagte-anonymitaet-ohne-angaben": ({ content }) =>
    [...objects(content)].flatMap(([pointer, part]) =>
      part.anonymitaet_zugesagt === true
        ? ["name", "kontakt"].filter((name) => isStated(part[name])).map((name) => `${pointer}/${name}`)
        : [],
    ),
  // The root, because any of several members would do.
  "berichtigung-nennt-das-richtige": ({ content }) =>
    Object.keys(content).some((name) => !["teil", "nummer", "grund"].includes(name)) ? [] : [""],
  "einwilligung-mit-umfang-und-frist": consentLeftOpen,
};
