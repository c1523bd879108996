// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** On which days does something hold, as people in Germany count days? */

/** @typedef {{from: string, until: string}} Term days as `2026-11-22`, both included */

const BERLIN = new Intl.DateTimeFormat("en-CA", {
  timeZone: "Europe/Berlin",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
});

/** The day in Berlin at a second. @param {number} second */
export function dayOf(second) {
  const parts = BERLIN.formatToParts(second * 1000);
  const [year, month, day] = ["year", "month", "day"].map(
    (type) => /** @type {{value: string}} */ (parts.find((part) => part.type === type)).value,
  );
  return `${year}-${month}-${day}`;
}

/** What both terms have in common. @param {Term} a @param {Term} b @returns {Term} */
export const common = (a, b) => ({
  from: a.from > b.from ? a.from : b.from,
  until: a.until < b.until ? a.until : b.until,
});

/**
 * Tells whether a term has an instant from one second on until before another.
 *
 * @param {Term} term
 * @param {number} begins
 * @param {number} ends
 */
export const touches = ({ from, until }, begins, ends) =>
  from <= until && from <= dayOf(ends - 1) && until >= dayOf(begins);

/** @param {any} value */
export const isDay = (value) =>
  typeof value === "string" && /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(value);
