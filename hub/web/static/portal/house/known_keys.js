// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * Whose keys stand in the own house's signed entry?
 *
 * The portal holds the key that signs the entry, so it could add one of its own. Those who read for
 * the house know which desk keys it has: from the beginning, because somebody who has an older one
 * vouches for the next, or because they have asked a colleague.
 */

import { deskSeed, myShelf } from "../common/session_vault.js";
import { originOf } from "../common/trusted.js";
import { isVouched } from "../vault/index.js";

const READERS = ["lesen", "verwalten"];

/** @param {any} me */
const deskPlace = (me) => `desk ${me.person.id} ${me.unit}`;
/** @param {any} me @param {string} person */
const colleaguePlace = (me, person) => `colleague ${me.person.id} ${me.unit} ${person}`;

/**
 * The desk keys of the signed entry of which nobody known has said that they are the house's.
 *
 * Nothing is said to those who have no desk key: they could not tell.
 *
 * @param {any} me
 * @param {any} vault
 * @param {any} directory
 * @returns {Promise<string[]>} their kids
 */
export async function strangeKeys(me, vault, directory) {
  const origin = await originOf(me, vault);
  const reads = me.roles.some((/** @type {string} */ role) => READERS.includes(role));
  if (!origin || !reads) return [];
  const keys = (directory.unit(me.unit)?.reading ?? []).filter(
    ({ use, not_after: until, revoked }) => use === "desk" && !revoked && (until ?? Infinity) > me.now,
  );
  const known = await knownKids(me, vault, origin);
  return keys.map(({ kid }) => kid).filter((kid) => !known.has(kid));
}

/** @param {any} me @param {any} vault @param {import("../vault/vault.js").Origin} origin */
async function knownKids(me, vault, origin) {
  const told = (await (await myShelf()).get(deskPlace(me))) ?? [];
  const known = new Set([...origin.desk, ...told]);
  // A key may vouch for one that vouches for the next.
  for (const kid of known) {
    // A share that does not open vouches for nothing, and hides no other key.
    const seed = await deskSeed(me, vault, kid).catch(() => null);
    if (!seed) continue;
    for (const { kid: next, vouch } of me.house_keys) {
      if (vouch && !known.has(next) && (await isVouched({ seed, unit: me.unit }, next, vouch))) known.add(next);
    }
  }
  return known;
}

/** Remember a desk key that one has made, or has asked about. @param {any} me @param {string} kid */
export const rememberDeskKey = async (me, kid) =>
  (await myShelf()).revise(deskPlace(me), (kept = []) => [...new Set([...kept, kid])]);

/**
 * Tell whether a colleague has another key than the one to which something was sealed here before.
 *
 * @param {any} me
 * @param {{person: string, kid: string}} colleague
 */
export async function isOtherKey(me, { person, kid }) {
  const kept = await (await myShelf()).get(colleaguePlace(me, person));
  return kept !== undefined && kept !== kid;
}

/** @param {any} me @param {{person: string, kid: string}} colleague */
export const rememberColleague = async (me, { person, kid }) =>
  (await myShelf()).put(colleaguePlace(me, person), kid);
