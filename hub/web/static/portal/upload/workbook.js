// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * What stands in a workbook (ECMA-376)? The values of its first visible sheet. What computes, links
 * or runs is refused, because then nobody can say what stands there; what is hidden stays behind.
 */

import { decode } from "./encoding.js";
import { isoOfSerial } from "./dates.js";
import { TABLE } from "./table.js";
import { must } from "./unreadable.js";
import { childOf, parseXml, within } from "./xml.js";
import { Budget, directoryOf, unpack } from "./zip.js";

/** @typedef {import("./xml.js").Element} Element */
/** @typedef {{serials: 1900 | 1904, strings: string[], dates: boolean[]}} Knowing */

const ACTIVE = [
  [/vbaproject\.bin$|\/macrosheets\/|\/customui\//iu, "macros"],
  [/\/externallinks\/|\/connections\.xml$|\/querytables\//iu, "links"],
  [/\/embeddings\/|\/activex\/|\/ctrlprops\//iu, "embedded"],
];
const MACRO_TYPE = /macroenabled|vbaproject/iu;
/** Signs of a format; no program writes longer ones, and looking at one takes time. */
const LONGEST_FORMAT = 255;
/** Formats that come with the standard: days, with or without the time. */
const BUILT_IN_DATES = new Set([14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 57, 58]);

/**
 * Return the rows of cells as text, and how much was left behind.
 *
 * @param {Uint8Array} bytes
 * @returns {Promise<{lines: string[][], hidden: number, sheets: number}>}
 */
export async function parseWorkbook(bytes) {
  const archive = new Archive(bytes);
  await archive.check();
  const book = await archive.xml("xl/workbook.xml");
  const sheets = [...within(book, "sheet")].filter((each) => isVisible(each));
  must(sheets.length > 0, "no-sheet");
  const knowing = {
    serials: /** @type {1900 | 1904} */ (
      isTrue(attributeOf(childOf(book, "workbookPr"), "date1904")) ? 1904 : 1900
    ),
    strings: await stringsOf(archive),
    dates: await datesOf(archive),
  };
  const sheet = await archive.xml(await pathOf(archive, sheets[0]));
  return { ...rowsOf(sheet, knowing), sheets: sheets.length };
}

class Archive {
  #bytes;
  #files;
  #budget = new Budget();

  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.#bytes = bytes;
    this.#files = directoryOf(bytes);
  }

  async check() {
    for (const name of this.#files.keys()) {
      for (const [sign, code] of ACTIVE)
        must(!(/** @type {RegExp} */ (sign).test(`/${name}`)), String(code));
    }
    must(this.has("[Content_Types].xml") && this.has("xl/workbook.xml"), "not-a-workbook");
    must(!MACRO_TYPE.test(await this.text("[Content_Types].xml")), "macros");
  }

  /** @param {string} name */
  has(name) {
    return this.#files.has(name);
  }

  /** @param {string} name */
  async text(name) {
    const packed = this.#files.get(name);
    must(packed, "not-a-workbook");
    const raw = await unpack(
      this.#bytes,
      /** @type {import("./zip.js").Packed} */ (packed),
      this.#budget,
    );
    return decode(raw).text;
  }

  /** @param {string} name */
  async xml(name) {
    return parseXml(await this.text(name));
  }
}

/** @param {Element | undefined} element @param {string} name */
const attributeOf = (element, name) => element?.attributes.get(name) ?? "";

/** @param {string} said */
const isTrue = (said) => said === "1" || said === "true";

/** @param {Element} sheet */
const isVisible = (sheet) => ["", "visible"].includes(attributeOf(sheet, "state"));

/** @param {Archive} archive @param {Element} sheet */
async function pathOf(archive, sheet) {
  const links = await archive.xml("xl/_rels/workbook.xml.rels");
  const link = links.children.find((each) => attributeOf(each, "Id") === attributeOf(sheet, "id"));
  const target = attributeOf(link, "Target");
  must(target && attributeOf(link, "TargetMode") !== "External", "not-a-workbook");
  return target.startsWith("/") ? target.slice(1) : `xl/${target}`;
}

/** @param {Archive} archive @returns {Promise<string[]>} */
async function stringsOf(archive) {
  if (!archive.has("xl/sharedStrings.xml")) return [];
  return (await archive.xml("xl/sharedStrings.xml")).children.map(richTextOf);
}

/** Text without its phonetic reading. @param {Element} holder */
function richTextOf(holder) {
  const parts = holder.children.map((each) => {
    if (each.name === "t") return each.text;
    return each.name === "r" ? (childOf(each, "t")?.text ?? "") : "";
  });
  return parts.join("");
}

/** Which style of a cell shows a number as a day. @param {Archive} archive @returns {Promise<boolean[]>} */
async function datesOf(archive) {
  if (!archive.has("xl/styles.xml")) return [];
  const styles = await archive.xml("xl/styles.xml");
  const own = new Map(
    [...within(styles, "numFmt")].map((each) => [
      attributeOf(each, "numFmtId"),
      attributeOf(each, "formatCode"),
    ]),
  );
  const formats = childOf(styles, "cellXfs")?.children ?? [];
  return formats.map((each) => {
    const id = attributeOf(each, "numFmtId");
    return BUILT_IN_DATES.has(Number(id)) || showsDay(own.get(id) ?? "");
  });
}

/** @param {string} format */
function showsDay(format) {
  const bare = format.slice(0, LONGEST_FORMAT).replace(/"[^"]*"|\\.|\[[^\]]*\]/gu, "");
  return /[yj]/iu.test(bare) && /[dtm]/iu.test(bare);
}

/** @param {Element} sheet @param {Knowing} knowing */
function rowsOf(sheet, knowing) {
  /** @type {string[][]} */
  const lines = [];
  let hidden = 0;
  for (const row of childOf(sheet, "sheetData")?.children ?? []) {
    const cells = cellsOf(row, knowing);
    if (cells.every((each) => each === "")) continue;
    if (isTrue(attributeOf(row, "hidden"))) hidden++;
    else must(lines.push(cells) <= TABLE.limits.rows + 10, "too-many-rows");
  }
  return { lines, hidden };
}

/** @param {Element} row @param {Knowing} knowing */
function cellsOf(row, knowing) {
  /** @type {string[]} */
  const cells = [];
  for (const cell of row.children) {
    must(!childOf(cell, "f"), "formulas");
    const column = columnOf(attributeOf(cell, "r")) ?? cells.length;
    must(column >= cells.length, "not-a-workbook");
    const value = valueOf(cell, knowing).trim();
    must(value.length <= TABLE.limits.cell, "too-long-cell");
    if (value === "") continue;
    must(column < TABLE.limits.columns, "too-many-columns");
    while (cells.length < column) cells.push("");
    cells.push(value);
  }
  return cells;
}

/** „C7“ is in the third column. @param {string} name */
function columnOf(name) {
  const letters = /^[A-Z]{1,3}(?=[0-9]+$)/u.exec(name)?.[0];
  if (!letters) return null;
  return [...letters].reduce((sum, each) => sum * 26 + each.charCodeAt(0) - 64, 0) - 1;
}

/** @param {Element} cell @param {Knowing} knowing */
function valueOf(cell, { serials, strings, dates }) {
  const said = childOf(cell, "v")?.text ?? "";
  switch (attributeOf(cell, "t")) {
    case "s":
      return strings[Number(said)] ?? "";
    case "inlineStr": {
      const held = childOf(cell, "is");
      return held ? richTextOf(held) : "";
    }
    case "b":
      return isTrue(said) ? "ja" : "nein";
    case "e":
      return "";
    case "str":
    case "d":
      return said;
    default:
      return dates[Number(attributeOf(cell, "s"))]
        ? (isoOfSerial(Number(said), serials) ?? said)
        : numberOf(said);
  }
}

/** A number as one would type it: „47495“, not „4.7495E4“. @param {string} said */
function numberOf(said) {
  const number = Number(said);
  return said !== "" && Number.isFinite(number) ? String(number) : said;
}
