// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * How does a draft come to a colleague who is to review it? Sealed under a key of its own, and that
 * key to the colleague. It proves nothing about who wrote it: whoever reviews it decides anew.
 */

import {
  Refusal,
  openFrom,
  parseReaderKey,
  readerFromSeed,
  sealTo,
} from "../../sl1/index.js";
import { gcmKey, label, openBytes, padded, sealBytes, unpadded } from "./cipher.js";

const CODE = "vault-unreadable";

/** @param {string} id @param {string} kid of the colleague's key */
const about = (id, kid) => label("pass", id, kid);

/**
 * @param {string} id of the draft
 * @param {unknown} content
 * @param {string} pub of the colleague
 * @returns {Promise<{ciphertext: string, wrap: string}>}
 */
export async function passDraft(id, content, pub) {
  const colleague = await parseReaderKey(pub);
  const raw = crypto.getRandomValues(new Uint8Array(32));
  const info = about(id, colleague.kid);
  const ciphertext = await sealBytes(await gcmKey(raw), padded(content), info);
  return { ciphertext, wrap: await sealTo(colleague, raw, info) };
}

/**
 * @param {string} id
 * @param {{ciphertext: string, wrap: string}} passed
 * @param {Uint8Array} personSeed
 * @returns {Promise<any>}
 */
export async function openPassed(id, { ciphertext, wrap }, personSeed) {
  const person = await readerFromSeed(personSeed);
  const info = about(id, person.kid);
  const raw = await contentKey(person, wrap, info);
  return unpadded(await openBytes(await gcmKey(raw), ciphertext, info));
}

/**
 * @param {Awaited<ReturnType<typeof readerFromSeed>>} person
 * @param {string} wrap
 * @param {Uint8Array<ArrayBuffer>} info
 */
async function contentKey(person, wrap, info) {
  try {
    const raw = await openFrom(person, wrap, info);
    if (raw.length === 32) return raw;
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
  }
  throw new Refusal(CODE);
}
