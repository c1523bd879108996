// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** How does a content become a message that only its readers open? (SL1 § 5) */

import { b64, concat, digest, jcs } from "./canonical.js";
import { checkContent } from "./content.js";
import {
  MESSAGE_BYTES,
  MESSAGE_TYP,
  checkClaims,
  parseJws,
  verifySignature,
} from "./envelope.js";
import { checkForm } from "./form.js";
import { classKey, commitment, importKey, leafKey } from "./keys.js";
import { disclose, sealLeaf } from "./leaf.js";
import { parseReaderKey, wrap } from "./reader.js";
import { must } from "./refusal.js";
import { grow } from "./schema.js";
import { signJws } from "./signing.js";

/**
 * @typedef {import("./schema.js").Derived} Derived
 * @typedef {{pub: string, classes?: readonly string[], rel?: "now" | "escalation"}} ReaderChoice
 * @typedef {(purpose: string, bytes: number) => Uint8Array} Entropy
 * @typedef {object} Prepared all of a message but its signature
 * @property {import("./envelope.js").Claims} payload what is to be signed
 * @property {Uint8Array<ArrayBuffer>} payloadBytes in the one spelling in which it is signed
 * @property {string} payloadDigest
 * @property {any} body
 * @property {import("./envelope.js").WrappedKey[]} keys
 * @property {Uint8Array} secret kept until the message is acknowledged, then destroyed
 * @property {{[pointer: string]: string}} disclosures
 * @typedef {object} Sealed
 * @property {Uint8Array} raw what is sent
 * @property {string} env
 * @property {string} envDigest
 * @property {string} request digest of what is sent
 * @property {Uint8Array} secret kept until the message is acknowledged, then destroyed
 * @property {{[pointer: string]: string}} disclosures
 */

/** @type {Entropy} */
const random = (_, bytes) => crypto.getRandomValues(new Uint8Array(bytes));

/**
 * Seal everything but the signature. Every attempt is a new message secret, new salts and new
 * initialisation vectors; whoever wants to send again sends the same bytes.
 *
 * What is to be signed is fixed here, down to its bytes: somebody can confirm exactly this before
 * another device signs it.
 *
 * @param {Derived} schema
 * @param {unknown} content
 * @param {import("./envelope.js").Claims} claims those of SL1 § 6 that do not follow from the rest
 * @param {readonly ReaderChoice[]} readers without `classes`: all; without `rel`: now
 * @param {Entropy} [unsafeEntropy] randomness that is not random, for vectors only
 * @returns {Promise<Prepared>}
 */
export async function prepare(schema, content, claims, readers, unsafeEntropy) {
  const entropy = unsafeEntropy ?? random;
  const tree = checkContent(schema, content);
  const secret = entropy("secret", 32);
  const keys = await classKeys(secret, claims.jti, schema.classes);
  const leaves = await sealLeaves(schema, tree, keys, claims.jti, entropy);
  const body = grow(schema.root, (leaf) => leaves.get(leaf.pointer)?.sealed);
  const wraps = await wrapKeys(schema, keys, claims, readers, unsafeEntropy);
  const commitments = [...keys].map(([name, { commit }]) => [name, commit]);
  const payload = {
    ...claims,
    suite: "SL1",
    schema: schema.digest,
    readers: wraps.map(({ claim }) => claim),
    commit: Object.fromEntries(commitments),
    body: await digest(jcs(body)),
    _sd_alg: "sha-256",
    _sd: [...leaves.values()].map((leaf) => leaf.digest).sort(),
  };
  checkClaims(payload);
  await checkForm(schema, payload, body);
  const payloadBytes = jcs(payload);
  const disclosures = [...leaves].map(([pointer, leaf]) => [pointer, leaf.disclosure]);
  return {
    payload,
    payloadBytes,
    payloadDigest: await digest(payloadBytes),
    body,
    keys: wraps.map(({ key }) => key),
    secret,
    disclosures: Object.fromEntries(disclosures),
  };
}

/**
 * Make the message of an envelope that was signed elsewhere, or refuse an envelope of anything but
 * what was prepared.
 *
 * @param {Prepared} prepared
 * @param {string} env
 * @param {readonly import("./envelope.js").Signatory[]} [signatories] whose signature it has to be
 * @returns {Promise<Sealed>}
 */
export async function finish(prepared, env, signatories) {
  const { payloadBytes, body, keys, secret, disclosures } = prepared;
  const jws = await parseJws(env, MESSAGE_TYP);
  must(jws.input.split(".")[1] === b64(payloadBytes), "envelope-invalid");
  if (signatories) await verifySignature(jws, signatories);
  const raw = jcs({ env, body, keys });
  must(raw.length <= MESSAGE_BYTES, "too-large");
  return { raw, env, envDigest: jws.digest, request: await digest(raw), secret, disclosures };
}

/**
 * Seal and sign on this device.
 *
 * @param {Derived} schema
 * @param {unknown} content
 * @param {import("./envelope.js").Claims} claims
 * @param {import("./signing.js").Signer} signer
 * @param {readonly ReaderChoice[]} readers
 * @param {Entropy} [unsafeEntropy]
 * @returns {Promise<Sealed>}
 */
export async function seal(schema, content, claims, signer, readers, unsafeEntropy) {
  const prepared = await prepare(schema, content, claims, readers, unsafeEntropy);
  return finish(prepared, await signJws(signer, MESSAGE_TYP, prepared.payload));
}

/**
 * Derive the key of each class and what commits to it.
 *
 * @param {Uint8Array} secret
 * @param {string} id
 * @param {readonly string[]} classes ascending
 */
export async function classKeys(secret, id, classes) {
  const derived = classes.map(async (name) => {
    const bytes = await classKey(secret, id, name);
    const key = await importKey(bytes);
    const commit = b64(await commitment(key, id, name));
    return /** @type {const} */ ([name, { bytes, key, commit }]);
  });
  return new Map(await Promise.all(derived));
}

/** @typedef {Awaited<ReturnType<typeof classKeys>>} ClassKeys */

/**
 * @param {Derived} schema
 * @param {import("./content.js").Tree} tree
 * @param {ClassKeys} keys
 * @param {string} id
 * @param {Entropy} entropy
 */
async function sealLeaves(schema, tree, keys, id, entropy) {
  const sealed = schema.leaves.map(async (leaf) => {
    const { pointer } = leaf;
    const plaintext = disclose(leaf, entropy(`salt ${pointer}`, 16), tree.get(pointer) ?? null);
    const iv = entropy(`iv ${pointer}`, 12);
    const { key } = /** @type {{key: CryptoKey}} */ (keys.get(leaf.class));
    const disclosure = b64(plaintext);
    const own = { disclosure, digest: await digest(disclosure) };
    return /** @type {const} */ ([
      pointer,
      { ...own, sealed: await sealLeaf(await leafKey(key, id, pointer), iv, plaintext) },
    ]);
  });
  return new Map(await Promise.all(sealed));
}

/**
 * Wrap for each reader the keys of its classes; in ascending order of the readers' kids.
 *
 * @param {Derived} schema
 * @param {ClassKeys} keys
 * @param {import("./envelope.js").Claims} claims
 * @param {readonly ReaderChoice[]} readers
 * @param {Entropy} [unsafeEntropy]
 */
async function wrapKeys(schema, keys, claims, readers, unsafeEntropy) {
  const binding = { id: claims.jti, iss: claims.iss, aud: claims.aud };
  const wraps = readers.map(({ pub, classes = schema.classes, rel = "now" }) =>
    wrapFor({ pub, classes, rel }, keys, binding, unsafeEntropy),
  );
  return (await Promise.all(wraps)).sort((a, b) => (a.key.kid < b.key.kid ? -1 : 1));
}

/**
 * @param {Required<ReaderChoice>} choice
 * @param {ClassKeys} keys
 * @param {import("./reader.js").Binding} binding
 * @param {Entropy} [unsafeEntropy]
 */
export async function wrapFor({ pub, classes, rel }, keys, binding, unsafeEntropy) {
  const reader = await parseReaderKey(pub);
  const { kid } = reader;
  const own = [...classes].sort();
  must(
    own.every((name) => keys.has(name)),
    "readers-invalid",
  );
  const plaintext = concat(...own.map((name) => /** @type {any} */ (keys.get(name)).bytes));
  const wrapped = await wrap(reader, plaintext, binding, unsafeEntropy?.(`wrap ${kid}`, 64));
  const claim = { classes: own, kid, rel, wrap: await digest(wrapped) };
  return { key: { kid, wrap: wrapped }, claim };
}
