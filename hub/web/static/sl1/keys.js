// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Which keys follow from the secret of a message? (SL1 § 1, § 5) */

import { concat, jcs } from "./canonical.js";

const HMAC = { name: "HMAC", hash: "SHA-256" };
const LAST_BLOCK = Uint8Array.of(1);

/** @param {Uint8Array} bytes */
export const importKey = (bytes) =>
  crypto.subtle.importKey("raw", /** @type {BufferSource} */ (bytes), HMAC, false, ["sign"]);

/**
 * X(key, label, …). HKDF-Expand of one block is one HMAC; WebCrypto's HKDF would extract as well.
 *
 * @param {CryptoKey} key
 * @param {...string} labels
 */
async function expand(key, ...labels) {
  const info = concat(jcs(["sl1", ...labels]), LAST_BLOCK);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, info));
}

/**
 * @param {Uint8Array} secret
 * @param {string} id of the message
 * @param {string} name of the class
 */
export const classKey = async (secret, id, name) =>
  expand(await importKey(secret), "class", id, name);

/**
 * What binds the sender to one key per class.
 *
 * @param {CryptoKey} key
 * @param {string} id
 * @param {string} name
 */
export const commitment = (key, id, name) => expand(key, "commit", id, name);

/** @param {CryptoKey} key of the class @param {string} id @param {string} pointer */
export const leafKey = (key, id, pointer) => expand(key, "leaf", id, pointer);
