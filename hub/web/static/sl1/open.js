// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * What does a message say to one of its readers? (SL1 § 7, the reader's steps)
 *
 * The reader trusts nothing that the hub has checked. Nothing of a content is returned before the
 * last step has ended.
 */

import { verifyAddition } from "./added.js";
import { b64, digest } from "./canonical.js";
import { checkContent, checkValues, reduce } from "./content.js";
import { MESSAGE_TYP, checkClaims, parseJws, parseMessage, verifySignature } from "./envelope.js";
import { checkForm, checkWrap } from "./form.js";
import { commitment, importKey, leafKey } from "./keys.js";
import { openLeaf, parseDisclosure } from "./leaf.js";
import { readerFromSeed, unwrap } from "./reader.js";
import { Refusal, must } from "./refusal.js";

/**
 * @typedef {import("./schema.js").Derived} Derived
 * @typedef {import("./envelope.js").Claims} Claims
 * @typedef {import("./envelope.js").Message} Message
 * @typedef {import("./envelope.js").ReaderClaim} ReaderClaim
 * @typedef {object} Expectation what the reader knows without the message
 * @property {readonly string[]} parties own unit, and those whose rosters name the own key
 * @property {string} hub
 * @property {number} now in seconds
 * @property {readonly import("./envelope.js").Signatory[]} signatories
 * @property {(iss: string, jti: string) => string | undefined} [seen] `env` digest under that id
 * @typedef {object} Verified
 * @property {Message} message
 * @property {Claims} claims
 * @property {string} envDigest
 * @property {ReaderClaim} reader what the sender says of this reader
 * @property {boolean} repeated whether the same message was seen before
 * @typedef {object} Opened
 * @property {{[name: string]: any} | undefined} content for a reader of all classes
 * @property {import("./content.js").Tree} values by pointer, of the reader's classes
 * @property {{[pointer: string]: string}} disclosures
 */

/**
 * Check all that can be checked without the reader's secret: steps 1 to 3.
 *
 * @param {Uint8Array} raw
 * @param {readonly Derived[]} schemas
 * @param {string} kid of the reader
 * @param {Expectation} expectation
 * @returns {Promise<Verified & {schema: Derived}>}
 */
export async function verify(raw, schemas, kid, expectation) {
  const message = parseMessage(raw, { delivered: true });
  const jws = await parseJws(message.env, MESSAGE_TYP);
  const { claims, digest: envDigest } = jws;
  await verifySignature(jws, expectation.signatories);
  checkClaims(claims);
  const addressed = expectation.parties.includes(claims.aud) && claims.hub === expectation.hub;
  must(addressed, "not-addressed");
  const reader = await ownReader(message, jws, kid, expectation.signatories);
  must(expectation.now <= claims.end, "expired");
  const before = expectation.seen?.(claims.iss, claims.jti) ?? undefined;
  must(before === undefined || before === envDigest, "id-reused");
  const schema = schemas.find((known) => known.digest === claims.schema);
  if (!schema) throw new Refusal("schema-unknown", ["/schema"]);
  await checkForm(schema, claims, message.body);
  must(
    reader.classes.every((name) => schema.classes.includes(name)),
    "readers-invalid",
  );
  const own = message.keys.filter((key) => key.kid === kid);
  must(own.length === 1, "readers-invalid", ["/keys"]);
  await checkWrap(reader, own[0]);
  return { message, claims, envDigest, reader, repeated: before !== undefined, schema };
}

/**
 * Return what the sender signed about a reader, in the envelope or in a statement beside it.
 *
 * @param {Message} message
 * @param {import("./envelope.js").Jws} envelope
 * @param {string} kid
 * @param {readonly import("./envelope.js").Signatory[]} signatories
 * @returns {Promise<ReaderClaim>}
 */
async function ownReader(message, { claims, digest: env }, kid, signatories) {
  const named = claims.readers.find((/** @type {ReaderClaim} */ reader) => reader.kid === kid);
  if (named) return named;
  try {
    const added = await verifyAddition(message.added, claims, env, signatories);
    if (added.kid === kid) return added;
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
  }
  // Whatever is wrong with a statement, it does not make this message one for this reader.
  throw new Refusal("not-addressed");
}

/**
 * Verify a message and open what this reader may read.
 *
 * @param {Uint8Array} raw
 * @param {Derived | readonly Derived[]} schemas those that the reader knows
 * @param {Uint8Array} seed of the reader's key
 * @param {Expectation} expectation
 * @returns {Promise<Verified & Opened>}
 */
export async function open(raw, schemas, seed, expectation) {
  const own = await readerFromSeed(seed);
  const known = /** @type {Derived[]} */ ([schemas].flat());
  const { schema, ...verified } = await verify(raw, known, own.kid, expectation);
  const keys = await openKeys(own, verified);
  const { values, disclosures } = await openLeaves(schema, keys, verified);
  checkValues(schema, values);
  const content = keys.size === schema.classes.length ? reduce(schema, values) : undefined;
  if (content) checkContent(schema, content);
  return { ...verified, content, values, disclosures };
}

/**
 * Return the key of each class that the wrap carries, each the one that the sender committed to.
 *
 * @param {import("./reader.js").ReaderPrivateKey} own
 * @param {Verified} verified
 */
async function openKeys(own, { message, claims, reader }) {
  const binding = { id: claims.jti, iss: claims.iss, aud: claims.aud };
  const wrapped = message.keys.find((key) => key.kid === own.kid);
  const bytes = await unwrap(own, /** @type {{wrap: string}} */ (wrapped).wrap, binding);
  /** @type {Map<string, CryptoKey>} */
  const keys = new Map();
  for (const [i, name] of reader.classes.entries()) {
    const key = await importKey(bytes[i]);
    const same = b64(await commitment(key, claims.jti, name)) === claims.commit[name];
    must(same, "secret-mismatch");
    keys.set(name, key);
  }
  return keys;
}

/**
 * @param {Derived} schema
 * @param {Map<string, CryptoKey>} keys
 * @param {Verified} verified
 */
async function openLeaves(schema, keys, { message, claims }) {
  const leaves = schema.leaves.filter((leaf) => keys.has(leaf.class));
  const opening = leaves.map(async ({ pointer, class: name }) => {
    const key = await leafKey(/** @type {CryptoKey} */ (keys.get(name)), claims.jti, pointer);
    return openLeaf(key, at(message.body, pointer), pointer);
  });
  // All are opened side by side; which fault is told is decided in the order of the schema.
  const opened = await Promise.allSettled(opening);
  /** @type {import("./content.js").Tree} */
  const values = new Map();
  /** @type {{[pointer: string]: string}} */
  const disclosures = {};
  const salts = new Set();
  for (const [i, { pointer }] of leaves.entries()) {
    const result = opened[i];
    if (result.status === "rejected") throw result.reason;
    const disclosure = b64(result.value);
    must(claims._sd.includes(await digest(disclosure)), "leaf-mismatch", [pointer]);
    const said = parseDisclosure(result.value, [pointer]);
    must(said.pointer === pointer && !salts.has(said.salt), "leaf-malformed", [pointer]);
    salts.add(said.salt);
    values.set(pointer, said.value);
    disclosures[pointer] = disclosure;
  }
  return { values, disclosures };
}

/** @param {any} body @param {string} pointer */
const at = (body, pointer) =>
  pointer
    .split("/")
    .slice(1)
    .reduce((inner, name) => inner[name], body);
