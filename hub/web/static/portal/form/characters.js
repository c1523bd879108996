// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * Which character of a name is not one, and where does it stand?
 *
 * Registers of all authorities take the letters of DIN 91379. A letter can be several code points (a
 * base and its marks), so places are counted in letters, as whoever looks at the name counts them.
 */

import { IN_NAMES, IN_PLACES, LETTERS, SEQUENCES } from "./din91379.js";

/** @typedef {{text: string, place: number}} Odd a character as typed, and its place from 1 */

/** @param {string} hex */
const point = (hex) => Number.parseInt(hex, 16);

/** @param {string} ranges */
function pointsOf(ranges) {
  /** @type {Set<number>} */
  const found = new Set();
  for (const range of ranges.split(" ")) {
    const [first, last = first] = range.split("-").map(point);
    for (let each = first; each <= last; each += 1) found.add(each);
  }
  return found;
}

const NAMES = new Set([...pointsOf(LETTERS), ...pointsOf(IN_NAMES)]);
const PLACES = new Set([...NAMES, ...pointsOf(IN_PLACES)]);
const JOINED = new Set(
  SEQUENCES.split(" ").flatMap((entry) => {
    const [marks, bases] = entry.split(":");
    return bases.split(",").map((base) => letters([base, ...marks.split("+")]));
  }),
);
const LONGEST = 3;

/** @param {string[]} hex */
function letters(hex) {
  return String.fromCodePoint(...hex.map(point));
}

/**
 * Return the first character that may not stand in a name or a place, or null.
 *
 * @param {string} text in NFC
 * @param {"name" | "place"} kind
 * @returns {Odd | null}
 */
export function firstOdd(text, kind) {
  const allowed = kind === "name" ? NAMES : PLACES;
  const points = [...text];
  let place = 0;
  for (let at = 0; at < points.length; ) {
    place += 1;
    const taken = lengthAt(points, at, allowed);
    // A mark that no sequence has belongs to the letter before it, for whoever looks.
    if (taken === 0) return isMark(points[at]) ? withBase(points, at, place) : { text: points[at], place };
    at += taken;
  }
  return null;
}

/**
 * Code points from here that are one allowed letter; the longest first.
 *
 * @param {string[]} points
 * @param {number} at
 * @param {Set<number>} allowed
 */
function lengthAt(points, at, allowed) {
  for (let size = LONGEST; size > 1; size -= 1) {
    if (JOINED.has(points.slice(at, at + size).join(""))) return size;
  }
  return allowed.has(/** @type {number} */ (points[at].codePointAt(0))) ? 1 : 0;
}

/** @param {string} character */
const isMark = (character) => /^\p{M}$/u.test(character);

/** @param {string[]} points @param {number} at @param {number} place */
function withBase(points, at, place) {
  return at === 0 ? { text: points[at], place } : { text: points[at - 1] + points[at], place: place - 1 };
}

/** Controls, joiners and signs that nobody sees; what SL1 § 3 refuses in every text. */
const UNSEEN =
  /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF0-\uFFFB\uFFFE\uFFFF\uD800-\uDFFF\uE000-\uF8FF\u{E0000}-\u{10FFFF}]/u;

/**
 * Return the place of the first character that no text may hold, or null.
 *
 * @param {string} text
 * @returns {Odd | null}
 */
export function firstUnseen(text) {
  const points = [...text];
  const at = points.findIndex((each) => UNSEEN.test(each));
  return at < 0 ? null : { text: points[at], place: at + 1 };
}

/**
 * Return the first character that does not fit a pattern made of one class, or null.
 *
 * @param {string} text
 * @param {string} pattern
 * @returns {Odd | null}
 */
export function firstOutside(text, pattern) {
  const one = /^\^(\[(?:[^\]\\]|\\.)+\])[+*]\$$/u.exec(pattern)?.[1];
  if (!one) return null;
  const allowed = new RegExp(`^${one}$`, "u");
  const points = [...text];
  const at = points.findIndex((each) => !allowed.test(each));
  return at < 0 ? null : { text: points[at], place: at + 1 };
}
