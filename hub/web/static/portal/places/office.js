// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** To which unit does a message for these roles go, and who else could be addressed? */

import { PlaceUnknown } from "./unknown.js";
import { organisationOf } from "./tables.js";

/** Roles that an office of another kind holds. @type {{[role: string]: string}} */
const KINDS = { jugendgerichtshilfe: "jugendamt" };

/** @param {string} role */
const kindFor = (role) => KINDS[role] ?? role;

/** Whether a place tells the addressee. @param {import("./land.js").Land} land @param {string[]} roles */
export const isByPlace = (land, roles) => roles.some((role) => land.kinds.has(kindFor(role)));

/**
 * Return the responsible office for a child in a municipality, with the unit that holds the role.
 *
 * @param {import("./land.js").Land} land
 * @param {string[]} roles
 * @param {string} ags
 * @param {string} day
 */
export function officeFor(land, roles, ags, day) {
  const role = roles.find((each) => land.kinds.has(kindFor(each)));
  if (role === undefined) throw new PlaceUnknown("no-office", "/kind");
  const office = land.responsible(kindFor(role), ags, day);
  const units = land.listed.get(office.organisation)?.units ?? [];
  const named = units.find((/** @type {any} */ unit) => unit.id === office.id);
  if (!named || named.roles.includes(role)) return office;
  const unit = units.find((/** @type {any} */ each) => each.roles.includes(role));
  if (!unit) return { ...office, takesPart: false };
  const { name } = land.listed.get(office.organisation);
  return { ...office, id: unit.id, name: `${name}, ${unit.name}`, telephone: unit.telephone };
}

/**
 * Return all units that may be addressed with these roles, by name.
 *
 * @param {import("./land.js").Land} land
 * @param {{participants: Map<string, any>}} list the verified one
 * @param {string[]} roles
 * @param {string} own the unit that asks
 */
export function addressable(land, list, roles, own) {
  const found = [];
  for (const organisation of land.listed.values()) {
    if (list.participants.get(organisation.id)?.status !== "valid") continue;
    for (const unit of organisation.units) {
      if (unit.id === own || !unit.roles.some((/** @type {string} */ role) => roles.includes(role))) continue;
      const alone = unit.id === organisation.id;
      const name = alone ? organisation.name : `${organisation.name}, ${unit.name}`;
      found.push({ id: unit.id, organisation: organisation.id, name, telephone: unit.telephone });
    }
  }
  return found.sort((a, b) => a.name.localeCompare(b.name, "de"));
}

/**
 * Return the office that would be the right one if the seat of the own house decided, where that is
 * another than the child's: the error that is made most often.
 *
 * @param {import("./land.js").Land} land
 * @param {string[]} roles
 * @param {{seat: string | null, office: {organisation: string}, day: string}} about
 */
export function otherOfSeat(land, roles, { seat, office, day }) {
  if (!seat) return null;
  try {
    const there = officeFor(land, roles, seat, day);
    return organisationOf(there.organisation) === office.organisation ? null : there;
  } catch (trouble) {
    if (trouble instanceof PlaceUnknown) return null;
    throw trouble;
  }
}
