// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * What in a free text may say who somebody is?
 *
 * § 4 Abs. 2 KKG asks that data be pseudonymous before an adviser gets them. No program can be sure
 * of it, so this gives hints to whoever wrote the text, and decides nothing. The same finds as
 * `hub.protocols.identifiers`.
 */

import { TELLTALES, placesOf } from "./telltale.js";
import { isOrdinary } from "./wordlists.js";

/**
 * @typedef {object} Hint
 * @property {string} pointer to the text
 * @property {string} kind
 * @property {number} start counts characters of the text (code points)
 * @property {number} end excluded
 * @property {string} text what it may be, and what to do
 */

/** Kinds that nobody means otherwise; a text that has one of these is refused. */
export const UNMISTAKABLE = new Set(["e-mail", "telefonnummer"]);

/** By kind: what it may be, and what to write instead. @type {Readonly<Record<string, string>>} */
export const SAYS = {
  name: "Das kann ein Name sein. Schreiben Sie „das Kind“, „die Mutter“ oder „ein Nachbar“.",
  "e-mail": "Das ist eine E-Mail-Adresse. Sie führt zu einer Person; bitte streichen.",
  telefonnummer: "Das ist eine Telefonnummer. Sie führt zu einer Person; bitte streichen.",
  geburtsdatum: "Das kann ein Geburtsdatum sein. Die Altersgruppe genügt.",
  datum: "Das ist ein genaues Datum. Schreiben Sie, vor wie vielen Wochen es war.",
  anschrift: "Das kann eine Anschrift sein. Schreiben Sie „die Wohnung“ oder „im Ort“.",
  ort: "Das kann eine Postleitzahl mit Ort sein. Der Ort ist für den Rat nicht nötig.",
  schule: "Das kann der Name einer Schule oder Kita sein. Schreiben Sie nur „die Schule“.",
  schulnummer: "Das ist eine Schulnummer. Sie nennt die Schule; bitte streichen.",
  klasse: "Das kann eine Schulklasse sein. Die Altersgruppe genügt.",
  kennzeichen: "Das kann ein Kennzeichen sein. Es führt zu einer Person; bitte streichen.",
  aktenzeichen: "Das kann ein Aktenzeichen sein. Es führt zu einem Vorgang; bitte streichen.",
};

const FURTHER_NAME =
  /\s(?:(?:von|van|de|al|el|der) ){0,2}([\p{L}\p{Nl}\p{No}]+)/uy;

/**
 * Return what may identify a person in the texts of a content, in the order of reading.
 *
 * @param {any} content
 * @returns {Hint[]}
 */
export const findIdentifiers = (content) =>
  [...texts(content)].flatMap(([pointer, text]) =>
    outermost(text).map(([first, last, kind]) => ({
      pointer,
      kind,
      start: pointsBefore(text, first),
      end: pointsBefore(text, last),
      text: SAYS[kind],
    })),
  );

/** @param {string} text @param {number} offset */
const pointsBefore = (text, offset) => [...text.slice(0, offset)].length;

/** @param {any} part @param {string} [pointer] @returns {Generator<[string, string]>} */
export function* texts(part, pointer = "") {
  if (typeof part === "string") yield [pointer, part];
  else if (part !== null && typeof part === "object") {
    for (const [name, member] of Object.entries(part)) yield* texts(member, `${pointer}/${name}`);
  }
}

/**
 * Return the finds that lie in no other one: a street is not also somebody's name.
 *
 * @param {string} text
 * @returns {[number, number, string][]}
 */
export function outermost(text) {
  const found = TELLTALES.flatMap((each) =>
    [...placesOf(each, text)].map(([start, end]) => {
      const last = each.kind === "name" ? withFamilyName(text, end) : end;
      return /** @type {[number, number, string]} */ ([start, last, each.kind]);
    }),
  );
  // The longest first; of equally long ones that which comes first in the table.
  const size = (/** @type {[number, number, string]} */ [start, end]) => [...text.slice(start, end)].length;
  /** @type {[number, number, string][]} */
  const kept = [];
  for (const each of [...found].sort((one, other) => size(other) - size(one))) {
    const isInside = kept.some(([first, last]) => first <= each[0] && each[1] <= last);
    if (!isInside) kept.push(each);
  }
  return kept.sort((one, other) => one[0] - other[0] || one[1] - other[1] || (one[2] < other[2] ? -1 : 1));
}

/**
 * Return where a name ends: else whoever strikes the given name leaves the family name.
 *
 * @param {string} text
 * @param {number} end
 */
function withFamilyName(text, end) {
  FURTHER_NAME.lastIndex = end;
  const found = FURTHER_NAME.exec(text);
  if (!found) return end;
  const name = found[1];
  const initial = [...name][0];
  const isUpper = initial === initial.toUpperCase() && initial !== initial.toLowerCase();
  return isUpper && !isOrdinary(name) ? FURTHER_NAME.lastIndex : end;
}
