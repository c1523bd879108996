// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * Which words name a person, a place or a school, and which only look as if they did?
 *
 * The same lists and the same endings as `hub.protocols.wordlists`; a test compares the two.
 */

import { WORDS } from "./words.js";

const NOUN_ENDINGS = [
  "ung", "ungen", "heit", "heiten", "keit", "keiten", "schaft", "schaften", "ion", "ionen",
  "ität", "itäten", "ismus", "nis", "nisse", "tum", "ment", "mente", "chen", "gespräch",
  "gespräche", "hilfe", "hilfen", "besuch", "besuche", "termin", "termine", "probleme",
  "schmerzen", "zeit", "zeiten", "geld", "angebot", "angebote",
];
/** Below that a family name ends like this as often as a noun does: Jung, Brung. */
const SHORTEST_NOUN = 7;
const PLACE_ENDINGS = [
  "dorf", "heim", "hausen", "kirchen", "berg", "burg", "bach", "rath", "scheid", "furt",
  "brück", "weiler", "broich", "ingen", "loh", "beck", "stadt",
];
/** Places whose names are everyday words; recognised only after „in“. */
const TAKEN_FOR_ORDINARY = new Set(["Essen", "Lage", "Wenden", "Senden", "Halle", "Heiden"]);

/** @type {Map<string, Set<string>>} */
const LISTS = new Map();

/** @param {string} name */
function list(name) {
  const known = LISTS.get(name) ?? new Set(WORDS[name].split(" "));
  LISTS.set(name, known);
  return known;
}

/** @param {string} word */
const isShouted = (word) => word === word.toUpperCase() && word !== word.toLowerCase();

/** @param {string} word */
const capitalised = (word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase();

/**
 * Says whether every part of a word is a given name: `Lena`, `Lenas`, `Anna-Lena`.
 *
 * @param {string} word
 */
export const isGivenName = (word) =>
  word
    .split("-")
    .map((part) => (isShouted(part) ? capitalised(part) : part))
    .every((part) => given().has(part) || (part.endsWith("s") && given().has(part.slice(0, -1))));

const given = () => list("vornamen");

/** @param {string} word */
export const isOrdinary = (word) => list("alltagswoerter").has(word);

/**
 * Says the same where a noun is as likely as a name, so that its ending counts too.
 *
 * @param {string} word
 */
export const isProbablyOrdinary = (word) =>
  (word.length >= SHORTEST_NOUN && NOUN_ENDINGS.some((end) => word.endsWith(end))) || isOrdinary(word);

/** @param {string} word */
export const isPlace = (word) => list("orte").has(word);

/**
 * Says whether a word beside the word for a school is what that school is called.
 *
 * @param {string} word
 */
export function isNameOfSchool(word) {
  if (TAKEN_FOR_ORDINARY.has(word)) return false;
  const isNamed = word.split("-").some((part) => isGivenName(part) || list("schulnamen").has(part));
  return isNamed || isPlace(word) || PLACE_ENDINGS.some((end) => word.endsWith(end));
}

/**
 * Says whether an adjective is made of a place: Kölner, Dinslakener, Rheinberger.
 *
 * @param {string} word
 */
export function isOfPlace(word) {
  const stem = word.endsWith("er") ? word.slice(0, -2) : word;
  return word !== stem && (isPlace(stem) || isPlace(`${stem}en`));
}

/** @param {string} word */
export const isEverydayWay = (word) => list("wege").has(word);
