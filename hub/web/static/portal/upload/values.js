// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * What does a cell say for a field? Each reader returns the fields it fills, or a doubt. A doubt
 * fills nothing: an empty field is seen, a wrong one is sent.
 */

import { isoOf, parseDay } from "./dates.js";

/**
 * @typedef {string | number | boolean} Value
 * @typedef {{[field: string]: Value}} State by JSON pointer
 * @typedef {{state?: State, doubt?: string}} Said
 * @typedef {(text: string, fields: readonly string[], known: State) => Said} Reader
 */

const SEXES = sameWords({
  m: "m maennlich männlich male junge 3",
  w: "w weiblich f female mädchen maedchen 4",
  d: "d divers diverse 5",
  x: "x ohneangabe o 6",
});
const RELATIONS = sameWords({
  mutter: "mutter",
  vater: "vater",
  vormund: "vormund vormünderin",
  ergaenzungspfleger: "ergänzungspfleger ergaenzungspfleger ergänzungspflegerin",
  pflegeperson: "pflegeperson pflegemutter pflegevater pflegeeltern",
});
const YES = new Set(["ja", "j", "true", "wahr", "1", "x", "yes"]);
const NO = new Set(["nein", "n", "false", "falsch", "0", "no"]);
const HOUSE = /^(.*\p{L}\.?)\s+([0-9]{1,4}\s?[a-z]?(?:\s?[-/]\s?[0-9]{1,4}\s?[a-z]?)?)$/iu;
const POSTCODE = /^(?:D-)?([0-9]{4,5})$/iu;
const POSTCODE_PLACE = /^(?:D-)?([0-9]{5})[,\s]\s*(.+)$/iu;
const TELEPHONE = /^\+?[0-9][0-9 ()/.-]{4,40}$/u;
const MOBILE = /^(?:\+49|0049|0)\s?\(?0?\)?1[567]/u;
const FIRST_BIRTH = 2000;
const LAST_BIRTH = 2099;
const MOST_DAYS = 200;

/** @type {Record<string, Reader>} */
export const READERS = {
  name: (text, [field]) => ({ state: { [field]: text } }),
  place: (text, [field]) => ({ state: { [field]: text } }),
  plain: (text, [field]) => ({ state: { [field]: text } }),
  "both-names": bothNames,
  birth,
  sex: (text, [field]) => chosen(SEXES, text, field, "sex"),
  relation: (text, [field]) => chosen(RELATIONS, text, field, "relation"),
  street,
  postcode,
  "postcode-place": postcodePlace,
  municipality,
  telephone,
  count,
  day,
  "yes-no": yesNo,
  "yes-only": (text, [field]) => (YES.has(word(text)) ? { state: { [field]: true } } : {}),
};

/** @param {Record<string, string>} said @returns {Map<string, string>} */
function sameWords(said) {
  return new Map(
    Object.entries(said).flatMap(([code, words]) => words.split(" ").map((each) => [each, code])),
  );
}

/** @param {string} text */
const word = (text) => text.toLowerCase().replace(/[\s./-]/gu, "");

/** @param {Map<string, string>} codes @param {string} text @param {string} field @param {string} doubt @returns {Said} */
function chosen(codes, text, field, doubt) {
  const code = codes.get(word(text));
  return code ? { state: { [field]: code } } : { doubt };
}

/** @type {Reader} */
function bothNames(text, [family, first]) {
  const [before, after, ...more] = text.split(",").map((each) => each.trim());
  if (!before || !after || more.length > 0) return { doubt: "both-names" };
  return { state: { [family]: before, [first]: after } };
}

/** @type {Reader} */
function birth(text, [field]) {
  const found = parseDay(text);
  if (!found || found.jahr < FIRST_BIRTH || found.jahr > LAST_BIRTH) return { doubt: "day" };
  const parts = Object.entries(found).filter(([, value]) => value !== undefined);
  return { state: Object.fromEntries(parts.map(([name, value]) => [`${field}/${name}`, value])) };
}

/** @type {Reader} */
function day(text, [field]) {
  const found = isoOf(parseDay(text));
  return found ? { state: { [field]: found } } : { doubt: "day" };
}

/** Where the number has a column of its own, one at the end of the street belongs to its name. @type {Reader} */
function street(text, [name, house], known) {
  const parted = HOUSE.exec(text);
  const isPart = parted && (!(house in known) || known[house] === parted[2]);
  return { state: isPart ? { [name]: parted[1], [house]: parted[2] } : { [name]: text } };
}

/** @type {Reader} */
function postcode(text, [field]) {
  const digits = POSTCODE.exec(text.replace(/\s/gu, ""))?.[1];
  // A spreadsheet takes a postcode for a number and drops the zero it begins with.
  return digits ? { state: { [field]: digits.padStart(5, "0") } } : { doubt: "postcode" };
}

/** @type {Reader} */
function postcodePlace(text, [place, code]) {
  const [, digits, name] = POSTCODE_PLACE.exec(text) ?? [];
  return digits ? { state: { [place]: name, [code]: digits } } : { doubt: "postcode" };
}

/** Eight digits, or the twelve of the Regionalschlüssel, which has four more inside. @type {Reader} */
function municipality(text, [field]) {
  const digits = text.replace(/\s/gu, "");
  if (/^[0-9]{12}$/u.test(digits))
    return { state: { [field]: digits.slice(0, 5) + digits.slice(9) } };
  if (!/^[0-9]{7,8}$/u.test(digits)) return { doubt: "municipality" };
  return { state: { [field]: digits.padStart(8, "0") } };
}

/** @type {Reader} */
function telephone(text, [number, channel]) {
  if (!TELEPHONE.test(text)) return { doubt: "telephone" };
  return { state: { [number]: text, [channel]: MOBILE.test(text) ? "03" : "02" } };
}

/** @type {Reader} */
function count(text, [field]) {
  const number = /^[0-9]{1,3}$/u.test(text) ? Number(text) : 0;
  return number >= 1 && number <= MOST_DAYS ? { state: { [field]: number } } : { doubt: "count" };
}

/** @type {Reader} */
function yesNo(text, [field]) {
  if (YES.has(word(text))) return { state: { [field]: true } };
  return NO.has(word(text)) ? { state: { [field]: false } } : { doubt: "yes-no" };
}
