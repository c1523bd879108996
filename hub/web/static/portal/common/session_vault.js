// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * How does a page come to the keys of whoever is signed in?
 *
 * The vault that sign-in opened is kept until the session ends. Where it is not there, this device
 * may open it by its own key; otherwise the passkey is shown once more, to this page alone: the
 * portal learns nothing of it.
 */

import {
  deviceKek,
  forgetVault,
  keepVault,
  openSeed,
  openShare,
  openShelf,
  openVault,
  passkeyKek,
  prfExtension,
  prfOf,
  resumeVault,
} from "../vault/index.js";
import { Refusal, digest, readerFromSeed } from "../../sl1/index.js";

/**
 * @typedef {import("../vault/shelf.js").Shelf} Shelf
 * @typedef {import("../vault/vault.js").Vault} Vault
 * @typedef {any} Me what `/portal/api/ich` says
 */

/** Why the vault did not open; the codes are those of `closedReason` in texts. */
export class VaultClosed extends Error {
  /** @param {"no-vault" | "no-lock" | "cancelled" | "vault-closed"} code @param {unknown} [cause] */
  constructor(code, cause) {
    super(code, { cause });
    this.code = code;
  }
}

/** @type {Promise<Shelf> | undefined} */
let shelf;

/** The shelf of this browser; one for each page. */
export const myShelf = () => (shelf ??= openShelf());

/**
 * Return the vault: the one that is kept, or the one that this device opens by itself, or what `ask`
 * leads to. `ask(open)` shows a button; its press calls `open`, because a browser shows a passkey
 * only after a press. Without `ask`, null where nothing opens by itself.
 *
 * @param {Me} me
 * @param {{ask?: (open: () => Promise<Vault>) => Promise<Vault>}} [how]
 * @returns {Promise<Vault | null>}
 */
export async function myVault(me, { ask } = {}) {
  const kept = await resumeVault(await myShelf(), {
    person: me.person.id,
    mark: await markOf(me),
    // The time of the portal: a device whose clock is wrong has to find its vault as well.
    now: me.now,
  });
  if (kept) return kept;
  if (!me.vault) return null;
  const byDevice = await openByDevice(me);
  if (byDevice) return byDevice;
  return ask ? ask(() => openByPasskey(me)) : null;
}

/**
 * Which way does this browser have? `none` where no lock of the vault can be opened from here.
 *
 * @param {Me} me
 * @returns {Promise<"device" | "passkey" | "none">}
 */
export async function canOpen(me) {
  const locks = me.vault?.locks ?? [];
  const has = (/** @type {string} */ kind) => locks.some((/** @type {any} */ lock) => lock.kind === kind);
  if (has("device") && (await deviceKek(await myShelf(), me.person.id))) return "device";
  return has("passkey") && globalThis.PublicKeyCredential ? "passkey" : "none";
}

/** @param {Me} me @returns {Promise<Vault | null>} */
async function openByDevice(me) {
  const kek = await deviceKek(await myShelf(), me.person.id);
  if (!kek) return null;
  try {
    return await keptOpen(me, "device", kek);
  } catch (closed) {
    if (closed instanceof VaultClosed) return null;
    throw closed;
  }
}

/**
 * Show the passkey and open the vault by what it derives.
 *
 * @param {Me} me
 * @returns {Promise<Vault>}
 */
export async function openByPasskey(me) {
  if (!me.vault) throw new VaultClosed("no-vault");
  if ((await canOpen(me)) === "none") throw new VaultClosed("no-lock");
  const derived = await derivedByPasskey();
  if (!derived) throw new VaultClosed("no-lock");
  return keptOpen(me, "passkey", await passkeyKek(derived));
}

/** @returns {Promise<Uint8Array | null>} */
async function derivedByPasskey() {
  const publicKey = {
    // Nobody verifies this answer: it only makes the authenticator derive its secret.
    challenge: crypto.getRandomValues(new Uint8Array(32)),
    userVerification: /** @type {const} */ ("required"),
    extensions: /** @type {any} */ (prfExtension()),
  };
  try {
    const shown = await navigator.credentials.get({ publicKey });
    return prfOf(/** @type {any} */ (shown));
  } catch (trouble) {
    throw new VaultClosed("cancelled", trouble);
  }
}

/** @param {Me} me @param {"passkey" | "device"} kind @param {CryptoKey} kek */
async function keptOpen(me, kind, kek) {
  let vault;
  try {
    vault = await openVault(me.person.id, me.vault.locks, kind, kek);
  } catch (refusal) {
    throw new VaultClosed("vault-closed", refusal);
  }
  await keepForSession(me, vault);
  return vault;
}

/**
 * Keep an open vault until this session ends, and for no other one.
 *
 * @param {Me} me
 * @param {Vault} vault
 */
export const keepForSession = async (me, vault) =>
  keepVault(await myShelf(), vault, { mark: await markOf(me), until: me.session.ends_at });

/** At sign-out, and as soon as a page learns that the session is over. */
export const forgetSession = async () => forgetVault(await myShelf());

/**
 * The seed of the own reading key: what a Rückmeldung is sealed to.
 *
 * @param {Me} me
 * @param {Vault} vault
 */
export const personSeed = (me, vault) => openSeed(vault, me.vault.person_kid, me.vault.sealed_seed);

/**
 * The own reading key as it follows from the vault: what is sealed to oneself, or asked back to
 * oneself, must not depend on which key the portal calls one's own.
 *
 * @param {Me} me
 * @param {Vault} vault
 * @returns {Promise<{kid: string, pub: string}>}
 */
export async function ownKey(me, vault) {
  const { kid, pub } = await readerFromSeed(await personSeed(me, vault));
  if (kid !== me.vault.person_kid) throw new Refusal("vault-unreadable");
  return { kid, pub };
}

/**
 * The seeds of own keys that were replaced: what was sealed to them is still to be read.
 *
 * @param {Me} me
 * @param {Vault} vault
 * @returns {Promise<{kid: string, seed: Uint8Array}[]>}
 */
export async function formerSeeds(me, vault) {
  const found = [];
  for (const { kid, sealed_seed } of me.vault.former ?? []) {
    try {
      found.push({ kid, seed: await openSeed(vault, kid, sealed_seed) });
    } catch {
      // A key from before a recovery was sealed under a vault that is gone.
    }
  }
  return found;
}

/**
 * The seed of a key that the house shares; null where nobody has passed it on to this person.
 *
 * @param {Me} me
 * @param {Vault} vault
 * @param {string} kid
 * @returns {Promise<Uint8Array | null>}
 */
export async function deskSeed(me, vault, kid) {
  const known = me.house_keys.find((/** @type {any} */ key) => key.kid === kid);
  if (!known?.share || !me.vault?.person_kid) return null;
  return openShare({ share: known.share, kid, unit: me.unit }, await personSeed(me, vault));
}

/** What binds a kept vault to its session, without the token of the session being kept. @param {Me} me */
const markOf = (me) => digest(`meldeweg/portal/session/${me.marke}`);
