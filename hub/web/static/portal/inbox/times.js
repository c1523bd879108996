// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** When was it, in the words that one would say? `now` is the portal's time, not that of the device. */

import { h } from "../common/dom.js";
import { language } from "../common/texts.js";

const ZONE = "Europe/Berlin";
const DAY = 86_400;

const locale = () => (language() === "en" ? "en-GB" : "de-DE");

/** @param {number} second @param {Intl.DateTimeFormatOptions} shape */
const shaped = (second, shape) =>
  new Date(second * 1000).toLocaleString(locale(), { timeZone: ZONE, ...shape });

/** @param {number} second */
const dayOf = (second) => shaped(second, { day: "2-digit", month: "2-digit", year: "numeric" });

/** @param {number} second */
export const timeOf = (second) => {
  const time = shaped(second, { hour: "2-digit", minute: "2-digit" });
  return language() === "en" ? time : `${time} Uhr`;
};

/**
 * `heute, 11:40 Uhr`, `gestern, 23:25 Uhr`, `Montag, 16. November, 08:00 Uhr`; the year where it is
 * another one.
 *
 * @param {number} second
 * @param {number} now
 */
export function said(second, now) {
  const near = nearDay(second, now);
  return `${near ?? dateOf(second, now)}, ${timeOf(second)}`;
}

/** The day without the time. @param {number} second @param {number} now */
export const saidDay = (second, now) => nearDay(second, now) ?? dateOf(second, now);

/** @param {number} second @param {number} now */
function nearDay(second, now) {
  const words = language() === "en" ? ["today", "yesterday", "tomorrow"] : ["heute", "gestern", "morgen"];
  const days = [now, now - DAY, now + DAY];
  const found = days.findIndex((each) => dayOf(each) === dayOf(second));
  return found < 0 ? null : words[found];
}

/** @param {number} second @param {number} now */
function dateOf(second, now) {
  const year = { timeZone: ZONE, year: /** @type {const} */ ("numeric") };
  const isThisYear = shaped(second, year) === shaped(now, year);
  return shaped(second, {
    weekday: "long",
    day: "numeric",
    month: "long",
    ...(isThisYear ? {} : { year: "numeric" }),
  });
}

/** The same as an element that says the exact time to machines. @param {number} second @param {number} now */
export const when = (second, now) =>
  h("time", { datetime: new Date(second * 1000).toISOString() }, said(second, now));
