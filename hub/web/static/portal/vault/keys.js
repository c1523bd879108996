// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * Which keys does a person have, which does a house share, and how does a colleague come to one?
 *
 * All are X-Wing keys (SL1 § 2). The seed of a desk key is sealed to the key of a person, as the
 * keys of a message are sealed to a reader, and for this one purpose.
 */

import {
  Refusal,
  generateReader,
  openFrom,
  parseReaderKey,
  readerFromSeed,
  sealTo,
  utf8,
} from "../../sl1/index.js";
import { derivedKey, hkdfKey, label, openBytes, sealBytes } from "./cipher.js";

/** @typedef {{seed: Uint8Array<ArrayBuffer>, kid: string, pub: string}} OwnKey */

const CODE = "share-unreadable";

/** Make the key that a Rückmeldung is sealed to. @returns {Promise<OwnKey>} */
export async function makePersonKey() {
  const { seed, kid, pub } = await generateReader();
  return { seed: Uint8Array.from(seed), kid, pub };
}

/**
 * Make the two keys of a desk: one for every day, and one that the head keeps offline.
 *
 * @returns {Promise<{dienst: OwnKey, leitung: OwnKey}>}
 */
export async function makeDeskKeys() {
  return { dienst: await makePersonKey(), leitung: await makePersonKey() };
}

/** @param {string} unit @param {string} kid @param {string} person kid of the person's key */
const about = (unit, kid, person) => label("share", unit, kid, person);

/**
 * Seal the seed of a desk key to a colleague. Whose key `pub` is, the caller has to know.
 *
 * @param {{seed: Uint8Array<ArrayBuffer>, kid: string, unit: string}} desk
 * @param {string} pub
 * @returns {Promise<string>}
 */
export async function shareDesk({ seed, kid, unit }, pub) {
  const colleague = await parseReaderKey(pub);
  return sealTo(colleague, seed, about(unit, kid, colleague.kid));
}

/**
 * Return the seed of the desk key, once it has led to the key that the directory names.
 *
 * Otherwise whoever stores the shares could give a house a key of his own.
 *
 * @param {{share: string, kid: string, unit: string}} shared
 * @param {Uint8Array} personSeed
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function openShare({ share, kid, unit }, personSeed) {
  const person = await readerFromSeed(personSeed);
  const seed = await opened(person, share, about(unit, kid, person.kid));
  if (seed.length !== 32 || (await readerFromSeed(seed)).kid !== kid) throw new Refusal(CODE);
  return seed;
}

/** @param {string} unit @param {string} kid of the new key */
const vouching = (unit, kid) => label("vouch", unit, kid);

/**
 * Say by a desk key that another one follows it. Only who has the old key can: the portal cannot.
 *
 * @param {{seed: Uint8Array, unit: string}} old
 * @param {string} kid of the new key
 * @returns {Promise<string>}
 */
export async function vouchFor({ seed, unit }, kid) {
  const about = vouching(unit, kid);
  const key = await derivedKey(await hkdfKey(seed), about);
  return sealBytes(key, Uint8Array.from(utf8(kid)), about);
}

/**
 * Tell whether somebody who has the old desk key has said that this one follows it.
 *
 * @param {{seed: Uint8Array, unit: string}} old
 * @param {string} kid
 * @param {string} vouch
 */
export async function isVouched({ seed, unit }, kid, vouch) {
  const about = vouching(unit, kid);
  try {
    await openBytes(await derivedKey(await hkdfKey(seed), about), vouch, about);
    return true;
  } catch (refusal) {
    if (refusal instanceof Refusal) return false;
    throw refusal;
  }
}

/**
 * @param {Awaited<ReturnType<typeof readerFromSeed>>} person
 * @param {string} sealed
 * @param {Uint8Array<ArrayBuffer>} info
 */
async function opened(person, sealed, info) {
  try {
    return await openFrom(person, sealed, info);
  } catch (refusal) {
    if (refusal instanceof Refusal) throw new Refusal(CODE);
    throw refusal;
  }
}
