// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * How is a text with separators read? As RFC 4180 says, with the separators that German programs
 * write. A cell is text and stays text, whatever a spreadsheet would make of it.
 */

import { TABLE } from "./table.js";
import { must } from "./unreadable.js";

const SEPARATORS = [";", "\t", "|", ","];
const LINES_LOOKED_AT = 20;
/** What Excel writes into the first line to tell itself the separator. */
const TOLD = /^"?sep=(.)"?\r?\n/iu;

/**
 * Return the lines of cells and the separator.
 *
 * @param {string} text
 * @returns {{lines: string[][], separator: string}}
 */
export function parseSeparated(text) {
  const told = TOLD.exec(text);
  const rest = told ? text.slice(told[0].length) : text;
  const separator = told && SEPARATORS.includes(told[1]) ? told[1] : separatorOf(rest);
  return { lines: [...linesOf(rest, separator)], separator };
}

/**
 * The one that cuts the first lines into the same number of cells, and the most of them.
 *
 * @param {string} text
 */
function separatorOf(text) {
  let best = { separator: ";", rank: -1 };
  for (const separator of SEPARATORS) {
    const rank = rankOf(text, separator);
    if (rank > best.rank) best = { separator, rank };
  }
  return best.separator;
}

/** @param {string} text @param {string} separator */
function rankOf(text, separator) {
  /** @type {Map<number, number>} */
  const widths = new Map();
  let seen = 0;
  try {
    for (const line of linesOf(text, separator)) {
      if (line.length > 1) widths.set(line.length, (widths.get(line.length) ?? 0) + 1);
      if (++seen === LINES_LOOKED_AT) break;
    }
  } catch (/** @type {any} */ trouble) {
    // With the right one, there is too much; with another, there would be one long cell.
    return trouble.code === "too-many-columns" ? 1000 + TABLE.limits.columns : -1;
  }
  let rank = 0;
  for (const [width, lines] of widths) rank = Math.max(rank, lines * 1000 + width);
  return rank;
}

/**
 * One line of cells after the other; lines without any content are left out.
 *
 * @param {string} text
 * @param {string} separator
 * @returns {Generator<string[]>}
 */
function* linesOf(text, separator) {
  let at = 0;
  let count = 0;
  while (at < text.length) {
    const { cells, next } = lineAt(text, at, separator);
    at = next;
    if (cells.every((cell) => cell === "")) continue;
    // Some lines more, for a title above the names of the columns.
    must(++count <= TABLE.limits.rows + 10, "too-many-rows");
    yield cells;
  }
}

/** @param {string} text @param {number} start @param {string} separator */
function lineAt(text, start, separator) {
  const cells = [];
  let at = start;
  for (;;) {
    const { cell, next } = cellAt(text, at, separator);
    must(cell.length <= TABLE.limits.cell, "too-long-cell");
    must(cells.push(cell) <= TABLE.limits.columns, "too-many-columns");
    if (text[next] !== separator) return { cells, next: afterLineEnd(text, next) };
    at = next + 1;
  }
}

/** @param {string} text @param {number} at @param {string} separator */
function cellAt(text, at, separator) {
  if (text[at] === '"') return quotedAt(text, at, separator);
  let next = at;
  while (next < text.length && text[next] !== separator && !isLineEnd(text[next])) next++;
  return { cell: text.slice(at, next).trim(), next };
}

/** @param {string} text @param {number} at @param {string} separator */
function quotedAt(text, at, separator) {
  let cell = "";
  let next = at + 1;
  for (;;) {
    const quote = text.indexOf('"', next);
    must(quote >= 0, "quotes");
    cell += text.slice(next, quote);
    next = quote + 1;
    if (text[next] !== '"') break;
    cell += '"';
    next++;
  }
  while (text[next] === " ") next++;
  must(next >= text.length || text[next] === separator || isLineEnd(text[next]), "quotes");
  return { cell: cell.trim(), next };
}

/** @param {string | undefined} each */
const isLineEnd = (each) => each === "\n" || each === "\r";

/** @param {string} text @param {number} at */
function afterLineEnd(text, at) {
  return text[at] === "\r" && text[at + 1] === "\n" ? at + 2 : at + 1;
}
