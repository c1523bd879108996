// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** What of a step's description holds for who says it, and for whom it goes to? */

/**
 * Return the description as it holds for who says it: of the legal bases those of its roles.
 *
 * @param {any} description
 * @param {readonly string[]} roles of the own unit
 */
export function spokenBy(description, roles) {
  const own = new Set(roles.flatMap((role) => description.basis_of[role] ?? []));
  if (own.size === 0) return description;
  const bases = description.bases.filter((/** @type {any} */ { beside, code }) => beside || own.has(code));
  return { ...description, bases };
}

/**
 * Return the description as it holds towards one addressee: who reads it, and for how long the hub
 * may keep it. Where a unit has several roles the shortest time counts, as at the hub.
 *
 * @param {any} description
 * @param {readonly string[]} roles of the addressed unit, as its signed entry has them
 */
export function towards(description, roles) {
  const { roles_to: recipients, deletion, readers, person_only: isPersonal } = description;
  const named = recipients.filter((/** @type {any} */ { id }) => roles.includes(id));
  const held = named.length > 0 ? named : recipients;
  const who = held.map((/** @type {any} */ { title }) => title).join(" oder ");
  const days = Math.min(...held.map((/** @type {any} */ { id }) => deletion.days_to[id]));
  return {
    ...description,
    deletion: { ...deletion, days },
    readers: isPersonal
      ? readers
      : readers.map((/** @type {any} */ each) => ({ ...each, who: [who, each.note].filter(Boolean).join("; ") })),
  };
}
