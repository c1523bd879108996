// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** How is one leaf disclosed, sealed and opened? (SL1 § 5, steps 2 and 3; § 7, step 5) */

import { b64, concat, isB64, jcs, parseStrict, unb64, utf8 } from "./canonical.js";
import { Refusal, must } from "./refusal.js";
import { LEAF_HEADER } from "./schema.js";

/**
 * @typedef {import("./schema.js").Leaf} Leaf
 * @typedef {import("./content.js").Value} Value
 * @typedef {{salt: string, pointer: string, value: Value | null}} Statement
 */

const TAG = 16;
const SPACE = 0x20;

/**
 * Return the plaintext of a leaf, padded so that its length says nothing of the value.
 *
 * @param {Leaf} leaf
 * @param {Uint8Array} salt
 * @param {Value | null} value
 */
export function disclose(leaf, salt, value) {
  const padded = new Uint8Array(leaf.L).fill(SPACE);
  padded.set(jcs([b64(salt), leaf.pointer, value]));
  return padded;
}

/** @param {Uint8Array} key @param {"encrypt" | "decrypt"} usage */
const aesKey = (key, usage) =>
  crypto.subtle.importKey("raw", /** @type {BufferSource} */ (key), "AES-GCM", false, [usage]);

/** @param {Uint8Array} iv */
const gcm = (iv) => ({ name: "AES-GCM", iv, additionalData: utf8(LEAF_HEADER) });

/**
 * @param {Uint8Array} key
 * @param {Uint8Array} iv
 * @param {Uint8Array<ArrayBuffer>} plaintext
 */
export async function sealLeaf(key, iv, plaintext) {
  const aes = await aesKey(key, "encrypt");
  const sealed = new Uint8Array(await crypto.subtle.encrypt(gcm(iv), aes, plaintext));
  const [text, tag] = [sealed.subarray(0, -TAG), sealed.subarray(-TAG)];
  return `${LEAF_HEADER}..${b64(iv)}.${b64(text)}.${b64(tag)}`;
}

/**
 * Return the plaintext. The form of the leaf has been checked against the sealed schema before.
 *
 * @param {Uint8Array} key
 * @param {string} sealed
 * @param {string} pointer
 */
export async function openLeaf(key, sealed, pointer) {
  const [, , iv, text, tag] = sealed.split(".");
  const [nonce, ...ciphertext] = [iv, text, tag].map((part) => unb64(part, "leaf-unopenable"));
  const aes = await aesKey(key, "decrypt");
  try {
    return new Uint8Array(await crypto.subtle.decrypt(gcm(nonce), aes, concat(...ciphertext)));
  } catch {
    throw new Refusal("leaf-unopenable", [pointer]);
  }
}

/**
 * @param {Uint8Array} plaintext
 * @param {string[]} [pointers] where it stood
 * @returns {Statement}
 */
export function parseDisclosure(plaintext, pointers = []) {
  let end = plaintext.length;
  while (end > 0 && plaintext[end - 1] === SPACE) end -= 1;
  const said = /** @type {any} */ (parseLeaf(plaintext.subarray(0, end), pointers));
  must(Array.isArray(said) && said.length === 3, "leaf-malformed", pointers);
  const [salt, pointer, value] = said;
  must(isB64(salt, 16) && typeof pointer === "string", "leaf-malformed", pointers);
  must(value === null || typeof value !== "object", "leaf-malformed", pointers);
  return { salt, pointer, value };
}

/** @param {Uint8Array} bytes @param {string[]} pointers */
function parseLeaf(bytes, pointers) {
  try {
    return parseStrict(bytes, "leaf-malformed");
  } catch {
    throw new Refusal("leaf-malformed", pointers);
  }
}
