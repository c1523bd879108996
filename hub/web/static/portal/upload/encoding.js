// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * In which encoding is a text written? School software writes UTF-8, UTF-16 and Windows-1252, and
 * rarely says which. A name that came out wrong would go out wrong, so a doubt refuses the file.
 */

import { beginsWith } from "./bytes.js";
import { must } from "./unreadable.js";

const MARKS = /** @type {const} */ ([
  [[0xef, 0xbb, 0xbf], "utf-8"],
  [[0xff, 0xfe], "utf-16le"],
  [[0xfe, 0xff], "utf-16be"],
]);
const LOOKED_AT = 4096;
/** Windows-1252 from 0x80 to 0x9f, with a space where it has nothing; not every decoder knows it. */
const WESTERN = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ";
const FIRST = 0x80;
const LAST = 0x9f;
/** What becomes of „ä“ or „ş“ when UTF-8 is read as Windows-1252. */
const TWICE = /[\u00c2-\u00c5][\u0080-\u00bf\u0152-\u0178\u2013-\u203a\u20ac\u2122]/u;
/** Controls other than tab and line ends. */
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/u;

/**
 * Return the text and how it was written.
 *
 * @param {Uint8Array} bytes
 * @returns {{text: string, encoding: string}}
 */
export function decode(bytes) {
  const encoding = encodingOf(bytes);
  const text = textOf(bytes, encoding);
  must(!CONTROL.test(text), "not-text");
  must(!text.includes("\ufffd"), "encoding");
  return { text, encoding };
}

/** @param {Uint8Array} bytes */
function encodingOf(bytes) {
  for (const [mark, encoding] of MARKS) if (beginsWith(bytes, mark)) return encoding;
  const wide = wideOf(bytes);
  if (wide) return wide;
  return isUtf8(bytes) ? "utf-8" : "windows-1252";
}

/**
 * UTF-16 without a mark: every other byte of German text is zero.
 *
 * @param {Uint8Array} bytes
 */
function wideOf(bytes) {
  const seen = bytes.subarray(0, LOOKED_AT);
  const zeros = [0, 0];
  seen.forEach((each, index) => (zeros[index % 2] += each === 0 ? 1 : 0));
  const half = seen.length / 2;
  if (bytes.length % 2 || half < 2) return null;
  if (zeros[1] > half * 0.6 && zeros[0] === 0) return "utf-16le";
  return zeros[0] > half * 0.6 && zeros[1] === 0 ? "utf-16be" : null;
}

/** @param {Uint8Array} bytes */
function isUtf8(bytes) {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** @param {Uint8Array} bytes @param {string} encoding */
function textOf(bytes, encoding) {
  if (encoding === "windows-1252") return westernOf(bytes);
  must(encoding === "utf-8" || bytes.length % 2 === 0, "encoding");
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    must(false, "encoding");
    return "";
  }
}

/** @param {Uint8Array} bytes */
function westernOf(bytes) {
  let text = "";
  for (const each of bytes) {
    const sign = each < FIRST || each > LAST ? String.fromCharCode(each) : WESTERN[each - FIRST];
    must(sign !== " " || each < FIRST, "encoding");
    text += sign;
  }
  // Part of it is UTF-8 and part is not: somebody put two files together, or cut one in the middle.
  must(!TWICE.test(text), "encoding");
  return text;
}
