// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * Is a pattern one that every engine reads the same way? (SL1 § 3)
 *
 * A small grammar instead of a list of what is wrong: an anchored sequence of pieces, each a
 * character, an escaped syntax character, a class or a group, with at most one quantifier.
 */

const ESCAPED = String.raw`\\[$^\\.*+?()[\]{}|/]`;
const IN_CLASS = String.raw`(?:[^\\\]\[]|\\[$^\\.*+?()[\]{}|/-])`;
const CLASS = String.raw`\[\^?(?!\^)${IN_CLASS}+\]`;
const QUANTIFIER = String.raw`(?:(?:[*+?]|\{[0-9]{1,4}(?:,[0-9]{0,4})?\})\??)?`;
const PIECE = new RegExp(String.raw`(?:${ESCAPED}|${CLASS}|[^\\[\]{}()|*+?^$])${QUANTIFIER}`, "uy");
const CLOSE = new RegExp(String.raw`\)${QUANTIFIER}`, "uy");
const OPEN = /\((?:\?:)?/uy;
const OPERATORS = /\[(?:[^\]\\]|\\.)*(?:&&|--|~~)/u;

/**
 * @param {string} pattern beginning with ^ and ending with the anchor $
 * @returns {boolean}
 */
export function isReadAlike(pattern) {
  if (OPERATORS.test(pattern)) return false;
  const inner = pattern.slice(1, -1);
  let depth = 0;
  let at = 0;
  /** @param {RegExp} piece */
  const step = (piece) => {
    piece.lastIndex = at;
    const found = piece.exec(inner);
    if (found) at += found[0].length;
    return found !== null;
  };
  while (at < inner.length) {
    if (inner[at] === "|") {
      if (depth === 0) return false;
      at += 1;
    } else if (inner[at] === "(") {
      depth += 1;
      if (!step(OPEN)) return false;
    } else if (inner[at] === ")") {
      depth -= 1;
      if (depth < 0 || !step(CLOSE)) return false;
    } else if (!step(PIECE)) {
      return false;
    }
  }
  return depth === 0;
}
