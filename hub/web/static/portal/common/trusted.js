// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * What does this browser believe for whoever is signed in? Under the hub that they took down when
 * they began, and under no other one that the portal may name.
 */

import { acceptHub, checkHub, fingerprintOf, sure, trustIn } from "../trust/index.js";
import { openOrigin } from "../vault/index.js";
import { myShelf } from "./session_vault.js";

/**
 * @typedef {import("./session_vault.js").Me} Me
 * @typedef {import("../vault/vault.js").Vault} Vault
 * @typedef {import("../vault/vault.js").Origin} Origin
 */

/** @param {Me} me */
const whose = (me) => ({ person: me.person.id, unit: me.unit });

/**
 * What was taken down when the own key at this house was made.
 *
 * @param {Me} me
 * @param {Vault | null} vault
 * @returns {Promise<Origin | null>}
 */
export async function originOf(me, vault) {
  if (!vault || !me.vault?.person_kid) return null;
  const { person_kid: kid, sealed_seed: sealed } = me.vault;
  const origin = await openOrigin(vault, kid, sealed);
  return origin?.unit === me.unit ? origin : null;
}

/**
 * Return what may be believed of the hub; doubts where it is another one than before.
 *
 * @param {Me} me
 * @param {Vault | null} vault null where it is closed: then what this browser remembers counts
 */
export async function trustOf(me, vault) {
  const shelf = await myShelf();
  const origin = await originOf(me, vault);
  // Without it the portal could hold back what was taken down, and name what it likes.
  sure(!vault || origin, "origin-missing");
  await checkHub(shelf, whose(me), me.hub, origin?.hub ?? null);
  return trustIn(me.hub, shelf);
}

/**
 * What to take down beside a new key: the hub of now, and the desk keys of the house.
 *
 * Whoever begins anew on a device that knows another hub is told so, before there is a key.
 *
 * @param {Me} me
 * @param {string[]} desk
 * @returns {Promise<Origin>}
 */
export async function originNow(me, desk) {
  const hub = await fingerprintOf(me.hub);
  await checkHub(await myShelf(), whose(me), me.hub, hub);
  return { unit: me.unit, hub, desk };
}

/** The person has compared it with the operator of the hub. @param {Me} me */
export const acceptThisHub = async (me) => acceptHub(await myShelf(), whose(me), me.hub);

/** @param {Me} me */
export const hubFingerprint = (me) => fingerprintOf(me.hub);
