// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Which office is competent where the house stands, and who is there now? Worked out in the browser. */

import { ask } from "../common/api.js";
import { rememberOffice } from "../common/offline.js";
import { t } from "../common/texts.js";
import { TEXTS } from "./texts.js";

/**
 * @param {any} me
 * @returns {Promise<any[]>} none where the house has no seat, or nothing answers
 */
export async function seatOffices(me) {
  if (!me.seat_ags) return [];
  try {
    const unit = await unitOfSeat(me);
    const path = `/portal/api/stellen/${encodeURIComponent(unit)}?urgency=sofort`;
    const found = await ask("GET", path, undefined, { headers: { "x-still": "1" } });
    await rememberOffice(found, me.now);
    return [shownOffice(found)];
  } catch {
    // Without it the page has the numbers of the offices that something was filed with.
    return [];
  }
}

/** @param {any} me @returns {Promise<string>} */
async function unitOfSeat(me) {
  const [{ trustOf }, { dayOf, officeFor, openLand }, given] = await Promise.all([
    import("../common/trusted.js"),
    import("../places/index.js"),
    ask("GET", "/portal/api/verzeichnis"),
  ]);
  const list = await (await trustOf(me, null)).list(given.list, me.now);
  const land = await openLand(list.networks);
  return officeFor(land, ["jugendamt"], me.seat_ags, dayOf(me.now)).id;
}

/** @param {any} found */
const shownOffice = ({ unit, name, telephone, hours, duty }) => ({
  unit,
  name,
  note: t(TEXTS, "phones.yours"),
  telephone,
  hours,
  duty: (duty?.turns ?? [])
    .filter((/** @type {any} */ turn) => turn.telephone !== telephone)
    .slice(0, 1),
});
