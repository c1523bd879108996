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

/** @param {string} person @param {Uint8Array} raw @returns {Promise<Vault>} */
async function vaultOf(person, raw) {
  const secret = await hkdfKey(raw);
  raw.fill(0);
  return { person, secret };
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

const sealSeedText = sealing("seed");
const openSeedText = opening("seed");

/** @param {Vault} vault @param {string} kid @param {Uint8Array} seed */
export const sealSeed = (vault, kid, seed) => sealSeedText(vault, kid, b64(seed));

/** @param {Vault} vault @param {string} kid @param {string} sealed */
export async function openSeed(vault, kid, sealed) {
  const seed = await openSeedText(vault, kid, sealed);
  if (!isB64(seed, SEED)) throw new Refusal("vault-unreadable");
  return unb64(seed, "vault-unreadable");
}
