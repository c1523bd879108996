// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * Which day is meant? German, ISO 8601 and the serial numbers of spreadsheets; of „3/4/2014“ nobody
 * knows, and what nobody knows is not taken over.
 */

/** @typedef {{jahr: number, monat?: number, tag?: number}} Partial */

/** The year of two digits after which nobody who goes to school was born. */
const CENTURY_ENDS = 50;
const GERMAN = /^([0-9]{1,2})\.[ ]?([0-9]{1,2})\.[ ]?([0-9]{4}|[0-9]{2})$/u;
const GERMAN_MONTH = /^([0-9]{1,2})[./]([0-9]{4})$/u;
/** A time other than midnight may belong to the day before or after, where zones differ. */
const ISO = /^([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]00:00(?::00(?:\.0+)?)?Z?|Z|\+00:00)?$/u;
const ISO_MONTH = /^([0-9]{4})-([0-9]{2})$/u;
const COMPACT = /^(20[0-9]{2})(0[1-9]|1[0-2])([0-3][0-9])$/u;
const YEAR = /^[0-9]{4}$/u;
const SERIAL = /^[0-9]{5}(?:\.0+)?$/u;
const DAY = 86_400_000;
/** Days from the epoch of spreadsheets to the year 2000 and 2100. */
const EARLIEST = 36_526;
const LATEST = 73_051;
const CENTURY = 2000;

/**
 * Return what of a day is known, or null.
 *
 * @param {string} text
 * @returns {Partial | null}
 */
export function parseDay(text) {
  for (const read of [german, iso, serial, germanMonth, isoMonth, year]) {
    const found = read(text);
    if (found !== undefined) return found && isDay(found) ? found : null;
  }
  return null;
}

/** As `JJJJ-MM-TT`, where day, month and year are known. @param {Partial | null} day */
export function isoOf(day) {
  if (!day?.monat || !day.tag) return null;
  return `${day.jahr}-${two(day.monat)}-${two(day.tag)}`;
}

/** @param {number} number */
const two = (number) => String(number).padStart(2, "0");

/**
 * The day of a serial number; parts of a day are its time.
 *
 * @param {number} number
 * @param {1900 | 1904} epoch
 */
export function isoOfSerial(number, epoch) {
  const days = Math.floor(number) + (epoch === 1904 ? 1462 : 0);
  // Before 1 March 1900 the programs disagree; nobody that a notice is about was born then.
  if (!Number.isFinite(days) || days < 61 || days > 2_958_465) return null;
  return new Date(Date.UTC(1899, 11, 30) + days * DAY).toISOString().slice(0, 10);
}

/** Whether a calendar has it. @param {Partial} day */
function isDay({ jahr, monat, tag }) {
  if (monat === undefined) return true;
  if (monat < 1 || monat > 12) return false;
  if (tag === undefined) return true;
  const made = new Date(Date.UTC(jahr, monat - 1, tag));
  return made.getUTCMonth() === monat - 1 && made.getUTCDate() === tag;
}

/** @param {string} text */
function german(text) {
  const [, tag, monat, jahr] = GERMAN.exec(text) ?? [];
  if (!jahr) return undefined;
  if (jahr.length === 2 && Number(jahr) >= CENTURY_ENDS) return null;
  const whole = jahr.length === 2 ? CENTURY + Number(jahr) : Number(jahr);
  return { jahr: whole, monat: Number(monat), tag: Number(tag) };
}

/** @param {string} text */
function iso(text) {
  const [, jahr, monat, tag] = ISO.exec(text) ?? COMPACT.exec(text) ?? [];
  return jahr ? { jahr: Number(jahr), monat: Number(monat), tag: Number(tag) } : undefined;
}

/** @param {string} text */
function serial(text) {
  if (!SERIAL.test(text)) return undefined;
  const number = Number(text);
  if (number < EARLIEST || number >= LATEST) return null;
  return iso(isoOfSerial(number, 1900) ?? "") ?? null;
}

/** @param {string} text */
function germanMonth(text) {
  const [, monat, jahr] = GERMAN_MONTH.exec(text) ?? [];
  return jahr ? { jahr: Number(jahr), monat: Number(monat) } : undefined;
}

/** @param {string} text */
function isoMonth(text) {
  const [, jahr, monat] = ISO_MONTH.exec(text) ?? [];
  return jahr ? { jahr: Number(jahr), monat: Number(monat) } : undefined;
}

/** @param {string} text */
const year = (text) => (YEAR.test(text) ? { jahr: Number(text) } : undefined);
