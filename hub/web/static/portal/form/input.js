// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * What did somebody mean who typed a date or a number?
 *
 * Tolerant where the meaning is certain (`7`, `07`, `März`, `14.30 Uhr`), and otherwise what was
 * typed stays as it is, so that nobody has to type it again.
 */

const MONTHS = [
  "januar", "februar", "märz", "april", "mai", "juni",
  "juli", "august", "september", "oktober", "november", "dezember",
];
export const ZONE = "Europe/Berlin";

/** @typedef {{tag?: string, monat?: string, jahr?: string, uhr?: string}} Parts what was typed */

/** Return a whole number that was typed, or null. @param {string | undefined} typed */
export function whole(typed) {
  const text = (typed ?? "").trim().replace(/\.$/, "");
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** @param {string | undefined} typed */
function monthOf(typed) {
  const number = whole(typed);
  if (number !== null) return number;
  const name = (typed ?? "").trim().toLowerCase().replace(/\.$/, "").replace("jänner", "januar");
  if (name.length < 3) return null;
  const begins = (/** @type {string} */ month) => month.startsWith(name);
  const found = MONTHS.findIndex((month) => begins(month) || begins(month.replace("ä", "ae")));
  return found < 0 ? null : found + 1;
}

/** Return a year with four digits; two of them mean this century. @param {string | undefined} typed */
function yearOf(typed) {
  const year = whole(typed);
  return year !== null && (typed ?? "").trim().length === 2 ? 2000 + year : year;
}

/** Tells whether there is such a day. @param {number} year @param {number} month @param {number} day */
export const isDay = (year, month, day) =>
  year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);

/** @param {number} year @param {number} month */
function daysIn(year, month) {
  const last = new Date(Date.UTC(2000, month, 0));
  // A year below 100 would be taken for one of the last century.
  last.setUTCFullYear(year, month, 0);
  return last.getUTCDate();
}

/** @param {number} number */
const two = (number) => String(number).padStart(2, "0");

/**
 * Return the date (RFC 3339) that these parts are, what was typed where they are none, or undefined.
 *
 * @param {Parts} parts
 * @returns {string | {_: Parts} | undefined}
 */
export function dateOf(parts) {
  if (!parts.tag && !parts.monat && !parts.jahr) return undefined;
  const [day, month, year] = [whole(parts.tag), monthOf(parts.monat), yearOf(parts.jahr)];
  if (day === null || month === null || year === null || year < 1000) return { _: parts };
  if (!isDay(year, month, day)) return { _: parts };
  return `${year}-${two(month)}-${two(day)}`;
}

/**
 * Return the moment with the offset that holds here then, or what was typed.
 *
 * @param {Parts} parts
 * @returns {string | {_: Parts} | undefined}
 */
export function momentOf(parts) {
  if (!parts.tag && !parts.monat && !parts.jahr && !parts.uhr) return undefined;
  const date = dateOf({ tag: parts.tag, monat: parts.monat, jahr: parts.jahr });
  const clock = clockOf(parts.uhr);
  if (typeof date !== "string" || clock === null) return { _: parts };
  const local = `${date}T${clock}`;
  return `${local}${offsetAt(local)}`;
}

/** @param {string | undefined} typed */
function clockOf(typed) {
  const text = (typed ?? "").trim().toLowerCase().replace(/\s*uhr$/, "");
  const found =
    /^(\d{1,2})(?:[:.,h ]\s?(\d{2})(?::(\d{2}))?)?$/.exec(text) ?? /^(\d{2})(\d{2})$/.exec(text);
  if (!found) return null;
  const parts = [found[1], found[2] ?? "0", found[3] ?? "0"].map(Number);
  return parts[0] < 24 && parts[1] < 60 && parts[2] < 60 ? parts.map(two).join(":") : null;
}

/** Return the offset here at a local time: +01:00 or +02:00. @param {string} local */
export function offsetAt(local) {
  for (const offset of ["+02:00", "+01:00"]) {
    if (localOf(`${local}${offset}`) === local.slice(0, 16)) return offset;
  }
  // An hour that the clocks leave out in March.
  return "+01:00";
}

/** Return a moment as the clock here shows it: `2026-03-04T14:30`. @param {string} moment */
export function localOf(moment) {
  const shown = new Intl.DateTimeFormat("sv-SE", {
    timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
  }).format(new Date(moment));
  return shown.replace(" ", "T");
}

/**
 * Return the birth that was typed, of which a part may be unknown, or what was typed.
 *
 * @param {Parts} parts
 * @returns {{jahr?: number, monat?: number, tag?: number} | {_: Parts} | undefined}
 */
export function birthOf(parts) {
  if (!parts.tag && !parts.monat && !parts.jahr) return undefined;
  const found = [["jahr", yearOf(parts.jahr)], ["monat", monthOf(parts.monat)], ["tag", whole(parts.tag)]];
  const typed = /** @type {{[name: string]: string | undefined}} */ (parts);
  const isOdd = found.some(([name, value]) => typed[/** @type {string} */ (name)] && value === null);
  if (isOdd) return { _: parts };
  return Object.fromEntries(found.filter(([, value]) => value !== null));
}

/**
 * Return a number, what was typed, or undefined.
 *
 * @param {string} typed
 * @returns {number | {_: string} | undefined}
 */
export function numberOf(typed) {
  if (typed.trim() === "") return undefined;
  return whole(typed) ?? { _: typed };
}

/**
 * Return the parts to show for a value.
 *
 * @param {any} value
 * @returns {Parts}
 */
export function partsOf(value) {
  if (value === undefined || value === null) return {};
  if (typeof value === "string") {
    const [date, clock] = value.length > 10 ? localOf(value).split("T") : [value, ""];
    const [year, month, day] = date.split("-");
    // Nobody types seconds, but what came with them keeps them.
    const seconds = value.length > 10 && value.slice(17, 19) !== "00" ? `:${value.slice(17, 19)}` : "";
    return { tag: String(Number(day)), monat: String(Number(month)), jahr: year, uhr: clock + seconds };
  }
  if (value._ !== undefined) return value._;
  const text = (/** @type {any} */ part) => (part === undefined ? "" : String(part));
  return { tag: text(value.tag), monat: text(value.monat), jahr: text(value.jahr) };
}

/** Return today's date here. @param {Date} now */
export const today = (now) => localOf(now.toISOString()).slice(0, 10);
