// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** What time is it? The portal's time: a device whose clock is wrong would sign a wrong one. */

/** Seconds by which a clock may be wrong before the page says so. */
const NOTICED = 60;

/**
 * @param {number} told second that the portal said it is
 * @param {() => number} [own] milliseconds of the device's clock
 */
export function clockBy(told, own = Date.now) {
  const ahead = own() / 1000 - told;
  return {
    /** Second since 1970. */
    now: () => Math.floor(own() / 1000 - ahead),
    /** Minutes by which the device is ahead (or, negative, behind); 0 where nobody need know. */
    wrongBy: Math.abs(ahead) > NOTICED ? Math.round(ahead / 60) || Math.sign(ahead) : 0,
  };
}

/** The time of day, as `10:42`. @param {number} second */
export const timeOf = (second) => said(second, { hour: "2-digit", minute: "2-digit" });

/** The day, as `29.11.`. @param {number} second */
export const dayOf = (second) => said(second, { day: "2-digit", month: "2-digit" });

/** The day with its year, as `29.11.2026`. @param {number} second */
export const dateOf = (second) => said(second, { day: "2-digit", month: "2-digit", year: "numeric" });

/** @param {number} second @param {Intl.DateTimeFormatOptions} form */
const said = (second, form) =>
  new Intl.DateTimeFormat("de-DE", { timeZone: "Europe/Berlin", ...form }).format(second * 1000);
