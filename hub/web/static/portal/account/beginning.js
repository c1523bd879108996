// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * What does somebody make who begins at a house? A vault with its lock, a reading key, and whoever
 * comes first the two keys of the desk. All of it is made here; the portal gets boxes.
 */

import { ask } from "../common/api.js";
import { prove } from "../common/proof.js";
import { keepForSession, myShelf } from "../common/session_vault.js";
import { originNow } from "../common/trusted.js";
import {
  deviceKek,
  makeDeskKeys,
  makePersonKey,
  makeVault,
  passkeyKek,
  prfExtension,
  prfOf,
  sealSeed,
  shareDesk,
  writeRecovery,
} from "../vault/index.js";

/**
 * @typedef {import("../vault/vault.js").Vault} Vault
 * @typedef {object} Begun
 * @property {any} said what goes to the portal
 * @property {Vault} vault
 * @property {string | null} recovery text of the file of the head; null for all but the first
 */

/**
 * A new vault behind the passkey that is shown now, or behind this device where that derives nothing.
 *
 * @param {any} me
 * @returns {Promise<{vault: Vault, lock: any}>}
 */
export async function newVault(me) {
  const byPasskey = me.session.opened_by === "passkey" ? await derivedNow() : null;
  if (byPasskey) {
    const kek = await passkeyKek(byPasskey.derived);
    return makeVault(me.person.id, { kind: "passkey", name: byPasskey.id, kek });
  }
  const kek = await deviceKek(await myShelf(), me.person.id, { make: true });
  return makeVault(me.person.id, {
    kind: "device",
    name: crypto.randomUUID(),
    kek: /** @type {CryptoKey} */ (kek),
  });
}

/** @returns {Promise<{id: string, derived: Uint8Array} | null>} */
export async function derivedNow() {
  const shown = /** @type {any} */ (
    await navigator.credentials.get({
      publicKey: {
        // Nobody verifies this answer: it only makes the authenticator derive its secret.
        challenge: crypto.getRandomValues(new Uint8Array(32)),
        userVerification: "required",
        extensions: /** @type {any} */ (prfExtension()),
      },
    })
  );
  const derived = prfOf(shown);
  return derived ? { id: shown.id, derived } : null;
}

/**
 * Make everything that somebody needs at this house.
 *
 * @param {any} me
 * @param {{vault: Vault, lock?: any}} given
 * @param {string} day for the recovery file, as people write it
 * @returns {Promise<Begun>}
 */
export async function begin(me, { vault, lock }, day) {
  const key = await makePersonKey();
  const isFirst = me.house_keys.length === 0 && me.roles.includes("verwalten");
  const desk = isFirst ? await deskKeys(me, key.pub, day) : null;
  const kids = desk?.kids ?? me.house_keys.map((/** @type {any} */ { kid }) => kid);
  const said = {
    person_pub: key.pub,
    sealed_seed: await sealSeed(vault, key.kid, key.seed, await originNow(me, kids)),
    ...(lock ? { lock } : {}),
    ...(desk ? { house_keys: desk.house_keys } : {}),
  };
  return { said, vault, recovery: desk?.recovery ?? null };
}

/** @param {any} me @param {string} pub @param {string} day */
async function deskKeys(me, pub, day) {
  const { dienst, leitung } = await makeDeskKeys();
  const share = await shareDesk({ seed: dienst.seed, kid: dienst.kid, unit: me.unit }, pub);
  const recovery = await writeRecovery({
    unit: me.unit,
    unitName: me.unit_name,
    kid: leitung.kid,
    seed: leitung.seed,
    day,
  });
  return {
    kids: [dienst.kid, leitung.kid],
    house_keys: [
      { use: "dienst", pub: dienst.pub, share },
      // Its secret is in the file alone: whoever breaks into a browser does not find it.
      { use: "leitung", pub: leitung.pub },
    ],
    recovery,
  };
}

/**
 * Begin anew where nothing opens the vault any more: what it held is lost, and a new key takes the
 * place of the old one.
 *
 * @param {any} me
 */
export async function beginAnew(me) {
  await prove();
  const { said, vault } = await begin({ ...me, roles: [] }, await newVault(me), "");
  const now = await ask("POST", "/portal/api/tresor/neu", said);
  await keepForSession(now, vault);
}

/** @param {any} me @param {Vault} vault */
export const keepOpen = (me, vault) => keepForSession(me, vault);
