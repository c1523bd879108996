// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * What does it look like when a text gives somebody away?
 *
 * The same table as `hub.protocols.telltale`. Letters, digits and borders of words are those of
 * Unicode there, so they are spelled out here.
 */

import {
  isEverydayWay, isGivenName, isNameOfSchool, isOfPlace, isOrdinary, isPlace, isProbablyOrdinary,
} from "./wordlists.js";

/**
 * @typedef {RegExpExecArray & {groups: {[name: string]: string}, indices: any}} Found
 * @typedef {{kind: string, pattern: RegExp, isMeant: (found: Found) => boolean}} Telltale
 */

const IN_WORD = String.raw`\p{L}\p{N}_`;
const LETTER = String.raw`[\p{L}\p{Nl}\p{No}]`;
const BORDER = `(?:(?<=[${IN_WORD}])(?![${IN_WORD}])|(?<![${IN_WORD}])(?=[${IN_WORD}]))`;

/**
 * Compile a pattern in which `\b`, `\d` and `\w` mean what they mean for all letters.
 *
 * @param {string} source
 */
const compiled = (source) =>
  new RegExp(
    source
      .replaceAll(String.raw`[^\W\d_]`, LETTER)
      .replaceAll(String.raw`\b`, BORDER)
      .replaceAll(String.raw`\d`, String.raw`\p{Nd}`)
      .replaceAll(String.raw`\w`, IN_WORD),
    "dgu",
  );

const WORD = String.raw`[A-ZÀ-ÖØ-ÞĆČĐĞİŁŃŚŠŞŹŻŽ][^\W\d_]*(?:['’][^\W\d_]+)?`;
const NAME = `${WORD}(?:-${WORD})*`;
const SMALL =
  "(?:(?:von|van|de|der|den|dem|zu|zum|zur|ten|ter|el|al|bin|ben|da|di)[ -]){0,2}";
const MONTH =
  "(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)";
const DATE =
  String.raw`(?:\d{1,2}\.\s?(?:\d{1,2}\.(?:\s?\d{4}|\d{2})|${MONTH}\s\d{4})` +
  String.raw`|\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4})(?!\d)`;
/** What may not follow a number that is meant to be one of a house. */
const COUNTED =
  String.raw`(?!\d|[.,:]\d|\s*(?:[–-]|bis|und|oder)\s*\d|\s*(?:%|€|°|Uhr|Stunden?|Std|Minuten?|Min|Sekunden?|` +
  "Tage?n?|Wochen?|Monate?n?|Jahre?n?|[Mm]al|Kinder|Jungen|Mädchen|Personen|Leute|Schüler|" +
  String.raw`andere|weitere|Meter|Kilometer|km|m|Euro|Cent|Prozent|Grad|Schritte|Menschen|Flaschen)\b)`;
const KIND_OF_SCHOOL =
  "(?:Gesamt|Grund|Haupt|Real|Sekundar|Förder|Waldorf|Berufs|Gemeinschafts|Verbund)schule" +
  "|Gymnasium|Berufskolleg|Kita|KiTa|Kindertagesstätte|Kindergarten|Familienzentrum";
const KIND_OF_STREET =
  String.raw`(?:[Ss]traße|[Ss]trasse|[Ss]tr\.|[Aa]llee|[Gg]asse|[Cc]haussee|[Ww]eg|[Pp]latz|[Rr]ing|[Dd]amm|` +
  "[Uu]fer|[Hh]of|[Bb]erg|[Kk]amp|[Ss]teig|[Pp]fad|[Mm]arkt|[Ww]all|[Ss]tiege)";
const NO_PLATE = new Set(["DIN", "ISO", "SGB", "ICD", "EN", "EG", "UG", "OG", "IQ", "USK"]);

/** @param {Found} found */
const first = (found) => found.groups.name.split("-")[0].split(" ")[0];

/** „der Familie Hilfe anbieten“ names nobody, „Familie Erfunden“ does. @param {Found} found */
const hasTitle = (found) => !(found.groups.article ? isProbablyOrdinary : isOrdinary)(first(found));

/** „max. 2 Stunden“ and „im Jan. 2025“ at the beginning of a sentence. @param {Found} found */
const isGiven = (found) =>
  isGivenName(found.groups.given) &&
  !/^\.\s*[\p{Nd}a-zäöü]/u.test(found.input.slice(found.indices.groups.given[1]));

/**
 * @param {string} kind
 * @param {string} source
 * @param {(found: Found) => boolean} [isMeant]
 * @returns {Telltale}
 */
const telltale = (kind, source, isMeant = () => true) => ({ kind, pattern: compiled(source), isMeant });

/** @type {readonly Telltale[]} */
export const TELLTALES = [
  telltale(
    "e-mail",
    String.raw`[\w.+-]{1,64}(?:@|\s?[(\[](?:at|AT|ät)[)\]]\s?)[\w-]{1,63}(?:\.[\w-]{1,63})+`,
  ),
  telltale(
    "telefonnummer",
    String.raw`(?<![\w.,/-])(?!\d{1,2}/\d{1,2}/\d{4})(?:\+49|0049|0)[\s()/-]{0,3}\d(?:[\s()/-]{0,2}\d){5,13}(?!\d)`,
  ),
  telltale(
    "telefonnummer",
    String.raw`\b(?:Tel|Telefon|Telefonnummer|Handy|Handynummer|Mobil|Mobilnummer|Rufnummer|Nummer)` +
      String.raw`\b[.:]?\s?(?:ist|lautet)?\s?(?<it>\d(?:[ /-]?\d){4,13})(?!\d)`,
  ),
  telltale(
    "geburtsdatum",
    String.raw`\b(?:[Gg]eboren|[Gg]eb\.|Geburtsdatum|Geburtstag|Jahrgang)[^\d\n]{0,25}` +
      String.raw`(?<it>${DATE}|\d{1,2}\.\s?(?:\d{1,2}\.|${MONTH})|(?:19|20)\d\d)`,
  ),
  telltale("datum", String.raw`(?<![\d.])${DATE}`),
  telltale(
    "anschrift",
    String.raw`(?<![\w-])(?<street>${NAME}er\s${KIND_OF_STREET}|${WORD}(?:-${WORD})*?-?${KIND_OF_STREET})` +
      String.raw`\s*(?:Nr\.\s?)?\d{1,4}(?:\s?[a-z]\b)?` +
      COUNTED,
    (found) => !isEverydayWay(found.groups.street),
  ),
  telltale(
    "anschrift",
    String.raw`\b(?:[Ww]ohnt|[Ww]ohnen|[Ww]ohnhaft|[Gg]emeldet|Adresse|Anschrift)\b[^.\d\n]{0,40}?` +
      String.raw`\b(?!${MONTH})(?<it>${NAME}\s+\d{1,4}(?:\s?[a-z]\b)?)` +
      COUNTED,
  ),
  telltale(
    "ort",
    String.raw`(?<![\d.,])(?:D-)?\d{5}\s+(?<name>${NAME})`,
    (found) => !/^(?:Euro|Schritte|Meter|Menschen|Einwohner|Mal)/.test(found.groups.name),
  ),
  telltale("schulnummer", String.raw`\bSchul(?:nummer|-?[Nn]r\.?)\s*:?\s*(?:ist|lautet)?\s*\d{6}(?!\d)`),
  telltale("schule", String.raw`\b(?:${KIND_OF_SCHOOL})\s+[„“”"»‚']\s*${NAME}`),
  telltale("schule", String.raw`\b(?:${KIND_OF_SCHOOL}|Schule)\s+(?:St\.|Sankt)\s*${NAME}`),
  telltale(
    "schule",
    String.raw`\b(?:${KIND_OF_SCHOOL})\s+(?:am\s|an\sder\s)?(?<name>${NAME})`,
    (found) => isNameOfSchool(found.groups.name),
  ),
  telltale(
    "schule",
    String.raw`(?:(?:^|[.!?:;,(]\s*)|\b(?:[Bb]esucht\s(?:die|das)|[Aa]n\s(?:der|einer)|[Aa]m|[Vv]on\sder|[Vv]om|` +
      String.raw`[Aa]uf\s(?:die|das)|[Zz]ur|[Zz]um)\s)(?<it>(?:(?:Gesamt|Grund|Haupt|Real|Sekundar)schule|` +
      String.raw`Gymnasium|Berufskolleg)\s+(?<name>${NAME}))`,
    (found) => !isProbablyOrdinary(first(found)),
  ),
  telltale(
    "schule",
    String.raw`\b(?:${KIND_OF_SCHOOL}|Schule)\s+(?:in|aus)\s+(?<name>${WORD})`,
    (found) => isPlace(found.groups.name),
  ),
  telltale(
    "schule",
    String.raw`\b(?<name>${WORD}er)\s+(?:${KIND_OF_SCHOOL}|Schule)\b`,
    (found) => isOfPlace(found.groups.name),
  ),
  telltale(
    "schule",
    String.raw`(?<![\w-])(?<name>${WORD}(?:-${WORD}){0,4})-(?:${KIND_OF_SCHOOL}|Schule|Kolleg|Hort)\b`,
    (found) => found.groups.name.includes("-") || isNameOfSchool(found.groups.name),
  ),
  telltale(
    "schule",
    String.raw`\b(?<name>[A-ZÄÖÜ][a-zäöüß]{2,20})(?:schule|gymnasium|kindergarten)\b`,
    (found) => isNameOfSchool(found.groups.name),
  ),
  telltale("klasse", String.raw`\bKlasse\s?\d{1,2}\s?[a-h]\b|\b(?:der|die|einer)\s\d{1,2}[a-h]\b`),
  telltale(
    "kennzeichen",
    String.raw`(?<![\w-])(?<district>[A-ZÄÖÜ]{1,3})[ -][A-Z]{1,2}[ -]?\d{1,4}[EH]?(?![\w-])`,
    (found) => !NO_PLATE.has(found.groups.district),
  ),
  telltale(
    "aktenzeichen",
    String.raw`\b(?:Az\.?|AZ|Aktenzeichen|Geschäftszeichen|Vorgangsnummer|Fallnummer|Aktennummer|` +
      String.raw`Versichertennummer|Kundennummer)\s*:?\s*(?:ist|lautet)?\s*(?<it>[A-Za-z.\s/-]{0,10}\d[\w./-]*)`,
  ),
  telltale(
    "aktenzeichen",
    String.raw`(?<!\d)\d{1,4}\s(?:UF|WF|F|Js|Ls|Ds|Cs|Gs|XVII|AR|C|O|T|S|K|L)\s\d{1,6}/\d{2,4}(?!\d)`,
  ),
  telltale(
    "name",
    String.raw`(?<article>\b(?:[Dd](?:er|ie|en|em)|[Dd]ieser?|[Ee]iner?|[Ii]hrer?|[Ss]einer?|[Uu]nserer?|` +
      String.raw`[Mm]einer?|[Kk]einer?|[Zz]ur)\s+)?\b(?:Frau|Herrn?|Fräulein|Familie|Fam\.|Eheleuten?|Doktor|Dr\.|` +
      String.raw`Prof\.)\s+(?:Dr\.\s+|Prof\.\s+)*(?<it>${SMALL}(?<name>${NAME}))`,
    hasTitle,
  ),
  telltale(
    "name",
    String.raw`(?<!\bdas )(?<!\bDas )(?<!\bwas )(?<!\bWas )\b(?:heißt|heisst|hieß|namens|genannt|` +
      String.raw`[A-Za-z]*[Nn]ame(?:\s(?:ist|lautet)|:))\s+(?<it>${SMALL}(?<name>${NAME}))`,
    (found) => !isOrdinary(first(found)),
  ),
  telltale(
    "name",
    String.raw`(?<![\w-])(?<!Sankt )(?<!St\. )(?<given>${NAME})(?![\w-])`,
    isGiven,
  ),
];

/**
 * Yield where one way of writing stands; the group `it` is what identifies, else the whole.
 *
 * @param {Telltale} telltale
 * @param {string} text
 * @returns {Generator<[number, number]>}
 */
export function* placesOf({ pattern, isMeant }, text) {
  for (const match of text.matchAll(pattern)) {
    const found = /** @type {Found} */ (/** @type {any} */ (match));
    if (isMeant(found)) yield found.indices.groups?.it ?? found.indices[0];
  }
}
