// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * What does a person keep here that the portal must not read? Drafts, notes about own filings, and
 * the seed of the own reading key, each sealed under a key of its own that follows from one secret.
 */

import { Refusal, isB64, unb64, b64 } from "../../sl1/index.js";
import {
  derivedKey,
  hkdfKey,
  label,
  openBytes,
  padded,
  sealBytes,
  unpadded,
} from "./cipher.js";
import { lockWith, unlock } from "./locks.js";

/**
 * @typedef {import("./locks.js").Lock} Lock
 * @typedef {import("./locks.js").LockKind} LockKind
 * @typedef {{kind: LockKind, name: string, kek: CryptoKey}} NewLock
 * @typedef {object} Vault
 * @property {string} person
 * @property {CryptoKey} secret from which keys are derived; its bytes cannot be read
 * @property {(kek: CryptoKey, about: Uint8Array<ArrayBuffer>) => Promise<string>} sealUnder
 *   the vault key under another key: how it outlasts a page
 * @typedef {object} Origin what was taken down when the own key was made
 * @property {string} unit
 * @property {string} hub fingerprint of the hub and its keys
 * @property {string[]} desk kids of the desk keys that the house had then
 */

const SEED = 32;

/**
 * Make a vault with its first lock.
 *
 * @param {string} person
 * @param {NewLock} first
 * @returns {Promise<{vault: Vault, lock: Lock}>}
 */
export async function makeVault(person, first) {
  const raw = crypto.getRandomValues(new Uint8Array(32));
  const lock = await lockWith(raw, person, first);
  return { vault: await vaultOf(person, raw), lock };
}

/**
 * @param {string} person
 * @param {readonly Lock[]} locks
 * @param {LockKind} kind
 * @param {CryptoKey} kek
 * @returns {Promise<Vault>}
 */
export const openVault = async (person, locks, kind, kek) =>
  vaultOf(person, await unlock(locks, person, kind, kek));

/**
 * Make another lock; somebody who has opened one of the present ones is needed for it.
 *
 * @param {string} person
 * @param {{locks: readonly Lock[], kind: LockKind, kek: CryptoKey}} present
 * @param {NewLock} next
 * @returns {Promise<Lock>}
 */
export async function addLock(person, { locks, kind, kek }, next) {
  const raw = await unlock(locks, person, kind, kek);
  const lock = await lockWith(raw, person, next);
  raw.fill(0);
  return lock;
}

/** @param {string} person @param {Uint8Array<ArrayBuffer>} raw @returns {Promise<Vault>} */
export async function vaultOf(person, raw) {
  const secret = await hkdfKey(raw);
  return { person, secret, sealUnder: (kek, about) => sealBytes(kek, raw, about) };
}

/**
 * @param {Vault} vault
 * @param {string} purpose
 * @param {string} id
 */
async function keyFor({ secret }, purpose, id) {
  const about = label("vault", purpose, id);
  return { key: await derivedKey(secret, about), about };
}

/** @param {string} purpose */
const sealing = (purpose) =>
  /** @param {Vault} vault @param {string} id @param {unknown} content @returns {Promise<string>} */
  async (vault, id, content) => {
    const { key, about } = await keyFor(vault, purpose, id);
    return sealBytes(key, padded(content), about);
  };

/** @param {string} purpose */
const opening = (purpose) =>
  /** @param {Vault} vault @param {string} id @param {string} sealed @returns {Promise<any>} */
  async (vault, id, sealed) => {
    const { key, about } = await keyFor(vault, purpose, id);
    return unpadded(await openBytes(key, sealed, about));
  };

export const sealDraft = sealing("draft");
export const openDraft = opening("draft");
export const sealNote = sealing("note");
export const openNote = opening("note");

const sealOwn = sealing("seed");
const openOwn = opening("seed");

/**
 * Seal the seed of the own key, and with it what was taken down when it was made.
 *
 * Both lie in one box: whoever keeps it cannot give back the one and withhold the other.
 *
 * @param {Vault} vault
 * @param {string} kid
 * @param {Uint8Array} seed
 * @param {Origin | null} [origin]
 */
export const sealSeed = (vault, kid, seed, origin = null) =>
  sealOwn(vault, kid, { seed: b64(seed), origin });

/** @param {Vault} vault @param {string} kid @param {string} sealed */
export async function openSeed(vault, kid, sealed) {
  const { seed } = await openOwn(vault, kid, sealed);
  if (!isB64(seed, SEED)) throw new Refusal("vault-unreadable");
  return unb64(seed, "vault-unreadable");
}

/**
 * What was taken down when this key was made; null where nothing was.
 *
 * @param {Vault} vault
 * @param {string} kid
 * @param {string} sealed
 * @returns {Promise<Origin | null>}
 */
export const openOrigin = async (vault, kid, sealed) => (await openOwn(vault, kid, sealed)).origin;
