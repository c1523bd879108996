// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * What stands in a file? Four formats become one: names of columns and rows of text. What a file is
 * decides its content; where its name says something else, it is refused.
 */

import { beginsWith, readSlices } from "./bytes.js";
import { decode } from "./encoding.js";
import { headerOf, namesIn } from "./recognise.js";
import { parseSeparated } from "./separated.js";
import { TABLE } from "./table.js";
import { nodesOfJson, nodesOfXml, tableOf } from "./tree.js";
import { must } from "./unreadable.js";
import { parseWorkbook } from "./workbook.js";
import { parseXml } from "./xml.js";

/**
 * @typedef {object} Sheet
 * @property {"csv" | "xlsx" | "xml" | "json"} format
 * @property {string | null} encoding
 * @property {string | null} separator
 * @property {import("./recognise.js").Column[]} columns
 * @property {string[][]} rows
 * @property {number} hidden rows that the file hides and that stay behind
 * @property {number} sheets visible sheets; the first one was read
 * @property {Uint8Array} digest SHA-256 of the file
 */

const ZIP = [0x50, 0x4b, 0x03, 0x04];
/** The container of old Office files, and of new ones with a password. */
const COMPOUND = [0xd0, 0xcf, 0x11, 0xe0];
const PDF = [0x25, 0x50, 0x44, 0x46];
const EXTENSIONS = /** @type {Record<string, string>} */ ({
  csv: "csv",
  txt: "csv",
  dat: "csv",
  tsv: "csv",
  xlsx: "xlsx",
  xml: "xml",
  json: "json",
});
const NAMED = /** @type {Record<string, string>} */ ({
  xls: "old-workbook",
  xlsm: "macros",
  xltm: "macros",
  xlsb: "binary-workbook",
  ods: "ods",
  pdf: "pdf",
  doc: "document",
  docx: "document",
});

/**
 * Read a file and return its table.
 *
 * @param {Blob & {name: string}} file
 * @param {import("./bytes.js").Watching} [watching]
 * @returns {Promise<Sheet>}
 */
export async function openSheet(file, watching = {}) {
  const expected = expectedOf(file.name);
  const bytes = await readSlices(file, watching);
  must(!beginsWith(bytes, COMPOUND), "old-workbook");
  must(!beginsWith(bytes, PDF), "pdf");
  const read = beginsWith(bytes, ZIP) ? await ofWorkbook(bytes) : ofText(bytes);
  must(read.format === expected, "wrong-extension");
  watching.signal?.throwIfAborted();
  must(read.rows.length > 0, "no-rows");
  must(read.rows.length <= TABLE.limits.rows, "too-many-rows");
  const digest = new Uint8Array(
    await crypto.subtle.digest("SHA-256", /** @type {BufferSource} */ (bytes)),
  );
  return { ...read, digest };
}

/** @param {string} name */
function expectedOf(name) {
  const extension = /\.([a-z0-9]{1,5})$/iu.exec(name)?.[1].toLowerCase() ?? "";
  if (Object.hasOwn(NAMED, extension)) must(false, NAMED[extension]);
  must(Object.hasOwn(EXTENSIONS, extension), "unknown-format");
  return EXTENSIONS[extension];
}

/** @param {Uint8Array} bytes */
async function ofWorkbook(bytes) {
  const { lines, hidden, sheets } = await parseWorkbook(bytes);
  return { format: "xlsx", encoding: null, separator: null, ...tabled(lines), hidden, sheets };
}

/** @param {Uint8Array} bytes @returns {any} */
function ofText(bytes) {
  const { text, encoding } = decode(bytes);
  const rest = { encoding, separator: null, hidden: 0, sheets: 1 };
  const start = /^\s*(.)/su.exec(text)?.[1] ?? "";
  must(start, "empty");
  if (start === "<")
    return { format: "xml", ...rest, ...tableOf(nodesOfXml(parseXml(text.trim()))) };
  if (start === "{" || start === "[")
    return { format: "json", ...rest, ...tableOf(nodesOfJson(text)) };
  const { lines, separator } = parseSeparated(text);
  return { format: "csv", ...rest, ...tabled(lines), separator };
}

/** @param {string[][]} lines */
function tabled(lines) {
  const upright = isOnItsSide(lines) ? turned(lines) : lines;
  const header = headerOf(upright);
  const width = upright.reduce((most, line) => Math.max(most, line.length), 0);
  const names = header === null ? [] : upright[header];
  const columns = Array.from({ length: width }, (_, index) => ({
    name: names[index] || `Spalte ${index + 1}`,
    path: null,
  }));
  const rows = upright.slice(header === null ? 0 : header + 1).map((line) => filled(line, width));
  return { columns, rows };
}

/** One child, whose names of fields stand in the first column. @param {string[][]} lines */
const isOnItsSide = (lines) =>
  lines.length > 1 &&
  lines.every((line) => line.length <= 2) &&
  namesIn(lines[0]) < 2 &&
  namesIn(lines.map((line) => line[0])) > 1;

/** @param {string[][]} lines */
const turned = (lines) => [lines.map((line) => line[0]), lines.map((line) => line[1] ?? "")];

/** @param {string[]} line @param {number} width */
const filled = (line, width) => Array.from({ length: width }, (_, index) => line[index] ?? "");
