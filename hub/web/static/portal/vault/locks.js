// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * What opens the vault: a passkey that can derive a secret (PRF extension of WebAuthn), or a key
 * that never leaves this browser?
 *
 * Each lock holds the same vault key, sealed under its own key. The portal keeps the locks and can
 * open none of them.
 */

import { Refusal, utf8 } from "../../sl1/index.js";
import { derivedKey, gcmKey, hkdfKey, label, openBytes, sealBytes } from "./cipher.js";

/**
 * @typedef {import("./shelf.js").Shelf} Shelf
 * @typedef {"passkey" | "device"} LockKind
 * @typedef {{kind: LockKind, name: string, wrapped: string}} Lock
 */

/** What the authenticator is asked to derive from; the same for all, since its secret is not. */
const ASKED = utf8("meldeweg/portal/vault/v1");
const CODE = "vault-closed";

/**
 * The extension to ask for, beside the other options of `create` and `get` alike.
 *
 * Not every authenticator answers it at `create`; then the first `get` does.
 */
export const prfExtension = () => ({ prf: { eval: { first: ASKED } } });

/**
 * What the authenticator derived; null where it cannot, so that this device needs a key of its own.
 *
 * @param {{getClientExtensionResults: () => any}} credential
 * @returns {Uint8Array | null}
 */
export function prfOf(credential) {
  const first = credential.getClientExtensionResults().prf?.results?.first;
  return first ? new Uint8Array(first) : null;
}

/**
 * The key of a passkey's lock.
 *
 * @param {Uint8Array} prf
 * @returns {Promise<CryptoKey>}
 */
export const passkeyKek = async (prf) =>
  derivedKey(await hkdfKey(prf), label("vault", "lock", "passkey"));

/** @param {string} person */
const place = (person) => `device ${person}`;

/**
 * The key of this browser's own lock; null where it has none and is to make none.
 *
 * A browser that keeps nothing is refused: behind its lock everything would be lost with the page.
 *
 * @param {Shelf} shelf
 * @param {string} person
 * @param {{make?: boolean}} [options]
 * @returns {Promise<CryptoKey | null>}
 */
export async function deviceKek(shelf, person, { make = false } = {}) {
  const known = await shelf.get(place(person));
  if (known || !make) return known ?? null;
  if (!shelf.lasting) throw new Refusal("device-keeps-nothing");
  // Asked for, so that a browser that is short of room clears something else first. Not waited for:
  // Firefox asks the person, and answers only when the person has.
  globalThis.navigator?.storage?.persist?.().catch(() => false);
  const fresh = await gcmKey(crypto.getRandomValues(new Uint8Array(32)));
  // Two windows may come here at once: the first one's key is the key of both.
  return shelf.revise(place(person), (kept) => kept ?? fresh);
}

/** @param {string} person @param {LockKind} kind */
const about = (person, kind) => label("vault", "lock", kind, person);

/**
 * @param {Uint8Array<ArrayBuffer>} raw the vault key
 * @param {string} person
 * @param {{kind: LockKind, name: string, kek: CryptoKey}} with_
 * @returns {Promise<Lock>}
 */
export async function lockWith(raw, person, { kind, name, kek }) {
  return { kind, name, wrapped: await sealBytes(kek, raw, about(person, kind)) };
}

/**
 * Return the vault key out of the first lock that this key opens.
 *
 * Which passkey a lock belongs to is written nowhere, so each of its kind is tried.
 *
 * @param {readonly Lock[]} locks
 * @param {string} person
 * @param {LockKind} kind
 * @param {CryptoKey} kek
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function unlock(locks, person, kind, kek) {
  for (const lock of locks.filter((each) => each.kind === kind)) {
    try {
      return await openBytes(kek, lock.wrapped, about(person, kind), CODE);
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
    }
  }
  throw new Refusal(CODE);
}
