// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * How is something sealed for oneself, so that whoever stores it learns neither what it says nor
 * how long it is? AES-256-GCM with a random initialisation vector; JSON is padded with spaces to
 * whole kibibytes, and what it is for is bound to it.
 */

import { Refusal, b64, concat, jcs, unb64, utf8 } from "../../sl1/index.js";

const GCM = "AES-GCM";
const IV = 12;
const STEP = 1024;
const SPACE = 0x20;
const CODE = "vault-unreadable";
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What a key or a sealed thing is for, in one spelling. @param {...string} labels */
export const label = (...labels) => jcs(["meldeweg", "portal", ...labels]);

/** @param {Uint8Array} raw 32 bytes @returns {Promise<CryptoKey>} */
export const gcmKey = (raw) =>
  crypto.subtle.importKey("raw", /** @type {BufferSource} */ (raw), GCM, false, [
    "encrypt",
    "decrypt",
  ]);

/** Key material for HKDF that no script can read. @param {Uint8Array} raw */
export const hkdfKey = (raw) =>
  crypto.subtle.importKey("raw", /** @type {BufferSource} */ (raw), "HKDF", false, ["deriveKey"]);

/**
 * Derive the key for one purpose (RFC 5869).
 *
 * @param {CryptoKey} secret
 * @param {Uint8Array} info
 * @returns {Promise<CryptoKey>}
 */
export const derivedKey = (secret, info) =>
  crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: /** @type {any} */ (info) },
    secret,
    { name: GCM, length: 256 },
    false,
    ["encrypt", "decrypt"],
  );

/**
 * @param {CryptoKey} key
 * @param {Uint8Array<ArrayBuffer>} plaintext
 * @param {Uint8Array<ArrayBuffer>} about
 * @returns {Promise<string>}
 */
export async function sealBytes(key, plaintext, about) {
  const iv = crypto.getRandomValues(new Uint8Array(IV));
  const sealed = await crypto.subtle.encrypt(
    { name: GCM, iv, additionalData: about },
    key,
    plaintext,
  );
  return b64(concat(iv, new Uint8Array(sealed)));
}

/**
 * @param {CryptoKey} key
 * @param {unknown} sealed
 * @param {Uint8Array<ArrayBuffer>} about
 * @param {string} [code]
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function openBytes(key, sealed, about, code = CODE) {
  const bytes = unb64(sealed, code);
  const gcm = { name: GCM, iv: bytes.slice(0, IV), additionalData: about };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(gcm, key, bytes.slice(IV)));
  } catch {
    // Another key, another purpose and a changed byte look the same, and nobody is to tell.
    throw new Refusal(code);
  }
}

/** Return JSON as bytes of a length that says little about it. @param {unknown} content */
export function padded(content) {
  const text = utf8(JSON.stringify(content));
  const whole = new Uint8Array(Math.max(1, Math.ceil(text.length / STEP)) * STEP).fill(SPACE);
  whole.set(text);
  return whole;
}

/** @param {Uint8Array} bytes @returns {any} */
export function unpadded(bytes) {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    throw new Refusal(CODE);
  }
}
