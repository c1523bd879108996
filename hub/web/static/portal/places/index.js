// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Place or postcode → municipality → office, in the browser alone. */

import { data } from "../common/data.js";
import { Land } from "./land.js";

export { Land } from "./land.js";
export { labelOf } from "./municipalities.js";
export { addressable, isByPlace, officeFor, otherOfSeat } from "./office.js";
export { organisationOf } from "./tables.js";
export { PlaceUnknown } from "./unknown.js";

/** The tables of the Land with what the networks of the verified list say. @param {any[]} networks */
export async function openLand(networks) {
  return new Land(await data("orte.json"), networks);
}

/** The day it is in Berlin. @param {number} second */
export const dayOf = (second) =>
  new Date(second * 1000).toLocaleDateString("sv-SE", { timeZone: "Europe/Berlin" });
