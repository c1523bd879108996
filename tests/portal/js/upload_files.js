// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Files as school software writes them, and as somebody writes them who means harm. */

import { crc32, deflateRawSync } from "node:zlib";

export const CHILD = [
  "/kind/name/familienname",
  "/kind/name/vorname",
  "/kind/name/rufname",
  "/kind/geburt",
  "/kind/geschlecht",
  "/kind/anschrift/strasse",
  "/kind/anschrift/hausnummer",
  "/kind/anschrift/zusatz",
  "/kind/anschrift/postleitzahl",
  "/kind/anschrift/ort",
  "/kind/anschrift/ortsteil",
  "/kind/anschrift/gemeindeschluessel",
  "/sorgeberechtigte/*/rolle",
  "/sorgeberechtigte/*/familienname",
  "/sorgeberechtigte/*/vorname",
  "/sorgeberechtigte/*/kontakt/kanal",
  "/sorgeberechtigte/*/kontakt/kennung",
  "/hinweise/auskunftssperre",
];

export const ABSENCE = [
  "/kind/name/familienname",
  "/kind/name/vorname",
  "/kind/geburt",
  "/kind/anschrift/strasse",
  "/kind/anschrift/hausnummer",
  "/kind/anschrift/postleitzahl",
  "/kind/anschrift/ort",
  "/sorgeberechtigte/*/rolle",
  "/sorgeberechtigte/*/familienname",
  "/massnahme/art",
  "/massnahme/ab",
  "/fehltage",
  "/mahnung/schriftlich",
  "/mahnung/am",
  "/einzelfall",
  "/information/betroffene_informiert",
];

/** @param {string | Uint8Array} content @param {string} name */
export const file = (content, name = "export.csv") => new File([content], name);

/** Each character as one byte of Windows-1252. @param {string} text */
export const western = (text) => Buffer.from(text, "latin1");

/** @param {string} text @param {boolean} isBig */
export function wide(text, isBig = false) {
  const bytes = Buffer.from(text, "utf16le");
  return isBig ? bytes.swap16() : bytes;
}

/**
 * A ZIP; `claims` lets its directory say another size.
 *
 * @param {{[name: string]: string | Uint8Array} | [string, string][]} files
 * @param {{claims?: {[name: string]: number}, flags?: number, stored?: boolean}} [more]
 */
export function zip(files, { claims = {}, flags = 0, stored = false } = {}) {
  const locals = [];
  const entries = [];
  let at = 0;
  for (const [name, content] of Array.isArray(files) ? files : Object.entries(files)) {
    const raw = Buffer.from(content);
    const packed = stored ? raw : deflateRawSync(raw);
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(flags, 2);
    head.writeUInt16LE(stored ? 0 : 8, 4);
    head.writeUInt32LE(crc32(raw), 10);
    head.writeUInt32LE(packed.length, 14);
    head.writeUInt32LE(claims[name] ?? raw.length, 18);
    head.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), head, Buffer.from(name), packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    entries.push(Buffer.from([0x50, 0x4b, 1, 2, 20, 0]), head, rest, Buffer.from(name));
    locals.push(local);
    at += local.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(locals.length, 8);
  end.writeUInt16LE(locals.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, directory, end]);
}

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';

/** @param {string} text */
const escaped = (text) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** @param {number} index */
const letter = (index) =>
  (index < 26 ? "" : String.fromCharCode(64 + Math.floor(index / 26))) +
  String.fromCharCode(65 + (index % 26));

/**
 * A cell: a text is a shared string, a number a number, an object is written as it is.
 *
 * @param {any} value
 * @param {number} column
 * @param {number} row
 * @param {string[]} strings
 */
function cell(value, column, row, strings) {
  const at = `${letter(column)}${row + 1}`;
  if (value === null || value === "") return "";
  if (typeof value === "string") return `<c r="${at}" t="s"><v>${strings.push(value) - 1}</v></c>`;
  if (typeof value === "number") return `<c r="${at}"><v>${value}</v></c>`;
  if (value.date !== undefined) return `<c r="${at}" s="1"><v>${value.date}</v></c>`;
  return value.raw.replace("AT", at);
}

/**
 * The files of a workbook, before they are packed.
 *
 * @param {any[][]} rows
 * @param {{hidden?: number[], sheets?: string, files?: {[name: string]: string}, bookPr?: string, format?: string}} [more]
 * @returns {{[name: string]: string}}
 */
export function workbookFiles(
  rows,
  { hidden = [], sheets, files = {}, bookPr = "", format = "14" } = {},
) {
  /** @type {string[]} */
  const strings = [];
  const data = rows.map((cells, row) => {
    const hiding = hidden.includes(row) ? ' hidden="1"' : "";
    return `<row r="${row + 1}"${hiding}>${cells.map((each, column) => cell(each, column, row, strings)).join("")}</row>`;
  });
  return {
    "[Content_Types].xml": `${HEAD}<Types><Default Extension="xml" ContentType="application/xml"/></Types>`,
    "xl/workbook.xml": `${HEAD}<workbook ${MAIN} xmlns:r="urn:r"><workbookPr ${bookPr}/><sheets>${sheets ?? '<sheet name="Schüler" sheetId="1" r:id="rId1"/>'}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `${HEAD}<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Target="/xl/worksheets/sheet1.xml"/></Relationships>`,
    "xl/styles.xml": `${HEAD}<styleSheet ${MAIN}><numFmts count="1"><numFmt numFmtId="170" formatCode="[$-407]dd\\.mm\\.yyyy;@"/></numFmts><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="${format}"/></cellXfs></styleSheet>`,
    "xl/sharedStrings.xml": `${HEAD}<sst ${MAIN}>${strings.map((each) => `<si><t xml:space="preserve">${escaped(each)}</t></si>`).join("")}</sst>`,
    "xl/worksheets/sheet1.xml": `${HEAD}<worksheet ${MAIN}><sheetData>${data.join("")}</sheetData></worksheet>`,
    ...files,
  };
}

/** @param {any[][]} rows @param {any} [more] @param {any} [packing] */
export const workbook = (rows, more, packing) =>
  file(zip(workbookFiles(rows, more), packing), "export.xlsx");

/** One child as the programming interface of the SVWS server gives it. */
export const SVWS = {
  id: 4711,
  foto: "aGllciBrZWlu",
  nachname: "Erfunden-Beispiel",
  vorname: "Mia",
  alleVornamen: "Mia Sophie",
  geschlecht: 4,
  geburtsdatum: "2014-05-03",
  geburtsort: "Erfundenhausen",
  geburtsname: null,
  strassenname: "Erfundene Straße",
  hausnummer: "12",
  hausnummerZusatz: "a",
  wohnortID: 77,
  ortsteilID: null,
  telefon: "0221 4710111",
  telefonMobil: "0171 3920011",
  emailPrivat: "mia@schule.invalid",
  emailSchule: null,
  staatsangehoerigkeitID: "000",
  staatsangehoerigkeit2ID: null,
  religionID: 2,
  druckeKonfessionAufZeugnisse: true,
  hatMigrationshintergrund: false,
  zuzugsjahr: null,
  geburtsland: null,
  verkehrspracheFamilie: null,
  geburtslandVater: null,
  geburtslandMutter: null,
  status: 2,
  fahrschuelerArtID: null,
  haltestelleID: null,
  anmeldedatum: "2024-02-01",
  aufnahmedatum: "2024-08-01",
  istVolljaehrig: false,
  keineAuskunftAnDritte: false,
  istDuplikat: false,
  externeSchulNr: null,
  bemerkungen: "Vermerk der Schule",
};

export const XSCHULE = `<?xml version="1.0" encoding="UTF-8"?>
<xs:schueler.auskunft.0001 xmlns:xs="urn:xoev-de:xschule" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <xs:nachrichtenkopf><xs:autor><xs:name>Erfundene Schule</xs:name></xs:autor></xs:nachrichtenkopf>
  <xs:schueler>
    <xs:nameNatuerlichePerson>
      <xs:familienname><xs:name>Erfunden-Çakır</xs:name></xs:familienname>
      <xs:vorname><xs:name>Ömer Şükrü</xs:name></xs:vorname>
      <xs:rufname><xs:name>Ömer</xs:name></xs:rufname>
    </xs:nameNatuerlichePerson>
    <xs:geburt>
      <xs:datum><xs:jahrMonatTag>2013-11-30</xs:jahrMonatTag></xs:datum>
      <xs:geburtsort><xs:ort>Erfundenhausen</xs:ort></xs:geburtsort>
    </xs:geburt>
    <xs:geschlecht listURI="urn:xoev-de:xinneres:codeliste:geschlecht" listVersionID="1"><code>m</code></xs:geschlecht>
    <xs:staatsangehoerigkeit><code>163</code></xs:staatsangehoerigkeit>
    <xs:religion><code>is</code></xs:religion>
    <xs:anschrift>
      <xs:strasse>Erfundener Weg</xs:strasse><xs:hausnummer>7</xs:hausnummer>
      <xs:postleitzahl>47495</xs:postleitzahl><xs:ort>Rheinberg</xs:ort>
    </xs:anschrift>
    <xs:gesetzlicherVertreter><xs:weitereDaten><xs:natuerlichePerson>
      <xs:nameNatuerlichePerson><xs:familienname><xs:name>Erfunden-Vater</xs:name></xs:familienname></xs:nameNatuerlichePerson>
      <xs:anschrift><xs:ort>Anderswo</xs:ort></xs:anschrift>
    </xs:natuerlichePerson></xs:weitereDaten></xs:gesetzlicherVertreter>
  </xs:schueler>
</xs:schueler.auskunft.0001>`;
