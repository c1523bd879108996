// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Which key does a reader have, and how is a secret wrapped for it? (SL1 § 2, § 5 step 4) */

import { Aes256Gcm, CipherSuite, HkdfSha256 } from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";

import { b64, concat, digest, jcs, unb64 } from "./canonical.js";
import { Refusal, must } from "./refusal.js";

/**
 * @typedef {{kid: string, pub: string, key: CryptoKey}} ReaderKey
 * @typedef {ReaderKey & {seed: Uint8Array, privateKey: CryptoKey}} ReaderPrivateKey
 * @typedef {{id: string, iss: string, aud: string}} Binding what a wrap is bound to
 */

const SEED = 32;
const PUBLIC = 1216;
const ENCAPSULATED = 1120;
const TAG = 16;
const CLASS_KEY = 32;

const kem = new XWing();
const suite = new CipherSuite({ kem, kdf: new HkdfSha256(), aead: new Aes256Gcm() });

/** Bytes of the wrap of so many classes. @param {number} classes */
export const wrapBytes = (classes) => ENCAPSULATED + TAG + CLASS_KEY * classes;

/** @param {string} pub */
export const readerJwk = (pub) => ({ alg: "X-Wing", kty: "AKP", pub });

/**
 * Keys that were checked before; few are met in one page, and whoever seals meets them twice.
 *
 * @type {Map<string, ReaderKey>}
 */
const checked = new Map();
const MOST_CHECKED = 64;

/**
 * Check the public key of a reader.
 *
 * A secret is encapsulated and thrown away: with it the library makes the input check of ML-KEM
 * and finds a point of small order by the zeros it leads to.
 *
 * @param {string} pub
 * @returns {Promise<ReaderKey>}
 */
export async function parseReaderKey(pub) {
  const known = checked.get(pub);
  if (known) return known;
  const fresh = await checkedKey(pub);
  if (checked.size >= MOST_CHECKED) checked.clear();
  checked.set(pub, fresh);
  return fresh;
}

/** @param {string} pub @returns {Promise<ReaderKey>} */
async function checkedKey(pub) {
  const raw = unb64(pub, "reader-key-invalid");
  must(raw.length === PUBLIC, "reader-key-invalid");
  const key = await kem.deserializePublicKey(raw.buffer);
  try {
    await kem.encap({ recipientPublicKey: key });
  } catch {
    throw new Refusal("reader-key-invalid");
  }
  return { kid: await digest(jcs(readerJwk(pub))), pub, key };
}

/**
 * Expand a seed to the key of a reader.
 *
 * @param {Uint8Array} seed
 * @returns {Promise<ReaderPrivateKey>}
 */
export async function readerFromSeed(seed) {
  if (seed.length !== SEED) throw new TypeError("a reader's seed has 32 bytes");
  // The library looks at the whole buffer beneath an array, so it gets a copy of its own.
  const pair = await kem.generateKeyPairDerand(Uint8Array.from(seed));
  const pub = b64(new Uint8Array(await kem.serializePublicKey(pair.publicKey)));
  const kid = await digest(jcs(readerJwk(pub)));
  return { kid, pub, key: pair.publicKey, seed, privateKey: pair.privateKey };
}

export const generateReader = () => readerFromSeed(crypto.getRandomValues(new Uint8Array(SEED)));

/** @param {Binding} binding @param {string} kid */
const info = ({ id, iss, aud }, kid) => jcs(["sl1", "wrap", id, iss, aud, kid]);

/**
 * Seal something small to a reader's key; `info` says what for, and opens it for nothing else.
 *
 * @param {ReaderKey} reader
 * @param {Uint8Array<ArrayBuffer>} plaintext
 * @param {Uint8Array<ArrayBuffer>} about
 * @param {Uint8Array} [ekm] 64 bytes of randomness, for vectors only
 */
export async function sealTo(reader, plaintext, about, ekm) {
  const params = { recipientPublicKey: reader.key, info: about, ekm };
  const { enc, ct } = await suite.seal(params, plaintext);
  return b64(concat(new Uint8Array(enc), new Uint8Array(ct)));
}

/**
 * Open what was sealed to this key, for this purpose.
 *
 * @param {ReaderPrivateKey} reader
 * @param {string} sealed
 * @param {Uint8Array<ArrayBuffer>} about
 * @param {string} [code] where it is not even base64url
 */
export async function openFrom(reader, sealed, about, code = "wrap-unopenable") {
  const bytes = unb64(sealed, code);
  const [enc, text] = [bytes.slice(0, ENCAPSULATED), bytes.slice(ENCAPSULATED)];
  const params = { recipientKey: reader.privateKey, enc, info: about };
  try {
    return new Uint8Array(await suite.open(params, text));
  } catch {
    throw new Refusal("wrap-unopenable");
  }
}

/**
 * @param {ReaderKey} reader
 * @param {Uint8Array<ArrayBuffer>} keys of the classes, in ascending order of their names
 * @param {Binding} binding
 * @param {Uint8Array} [ekm] 64 bytes of randomness, for vectors only
 */
export const wrap = (reader, keys, binding, ekm) =>
  sealTo(reader, keys, info(binding, reader.kid), ekm);

/**
 * Return the keys of the classes, one after the other.
 *
 * @param {ReaderPrivateKey} reader
 * @param {string} wrapped
 * @param {Binding} binding
 */
export async function unwrap(reader, wrapped, binding) {
  const keys = await openFrom(reader, wrapped, info(binding, reader.kid), "readers-invalid");
  return Array.from({ length: keys.length / CLASS_KEY }, (_, i) =>
    keys.slice(i * CLASS_KEY, (i + 1) * CLASS_KEY),
  );
}
