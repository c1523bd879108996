// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * What does a letter say, and is it what the portal says it is? Opened in the browser, and believed
 * only under the keys that the signed directory names.
 */

import { derive, open, utf8 } from "../../sl1/index.js";

/**
 * @typedef {import("../vault/vault.js").Vault} Vault
 * @typedef {object} Given what is needed to open one letter
 * @property {any} letter as `/portal/api/eingang` says it
 * @property {string} raw the sealed message as it was delivered
 * @property {any} description of the sender's step
 * @property {any} directory what the browser believes of the sender
 * @property {{kid: string, seed: Uint8Array}[]} keys own ones, person first
 * @property {string} hub
 * @property {string} unit own
 * @property {number} now
 */

/** Faults of which the sender has to know, signed: SL1 § 7, steps 4 to 6 of a reader. */
const REJECTED = new Set([
  "wrap-unopenable",
  "secret-mismatch",
  "leaf-unopenable",
  "leaf-mismatch",
  "leaf-malformed",
  "content-invalid",
]);

/** A letter that did not open; `code` says why, `isRejection` whether the sender is to be told. */
export class Unopened extends Error {
  /** @param {string} code @param {readonly string[]} [pointers] @param {unknown} [cause] */
  constructor(code, pointers = [], cause) {
    super(code, { cause });
    this.code = code;
    this.pointers = [...pointers];
  }

  get isRejection() {
    return REJECTED.has(this.code);
  }
}

/**
 * Open a letter with the first own key that it is sealed to.
 *
 * @param {Given} given
 * @returns {Promise<{content: any, claims: any, kid: string, classes: string[]}>}
 */
export async function openLetter(given) {
  const key = keyFor(given.letter, given.keys);
  const schema = await schemaOf(given.description);
  try {
    const opened = await open(utf8(given.raw), [schema], key.seed, {
      parties: [given.unit],
      hub: given.hub,
      now: given.now,
      signatories: given.directory.signatories(given.letter.from),
    });
    checkSame(given.letter, opened.claims);
    const classes = [...opened.reader.classes];
    return { content: opened.content, claims: opened.claims, kid: key.kid, classes };
  } catch (refusal) {
    throw asUnopened(refusal);
  }
}

/**
 * An answer to one person opens with their own key alone: that the desk could, would be a fault.
 *
 * @param {any} letter
 * @param {Given["keys"]} keys
 */
function keyFor(letter, keys) {
  const found = keys.find(({ kid }) => letter.kids.includes(kid));
  if (!found) throw new Unopened("no-key");
  return found;
}

/** @param {any} description */
async function schemaOf({ schema, schema_digest: expected }) {
  const derived = await derive(schema);
  if (derived.digest !== expected) throw new Unopened("schema-unknown");
  return derived;
}

/** The portal put the letter where it stands; what is signed has to say the same. @param {any} letter @param {any} claims */
function checkSame(letter, claims) {
  const isSame =
    claims.jti === letter.id &&
    claims.cnv === letter.cnv &&
    claims.iss === letter.from &&
    claims.proto === letter.protocol &&
    claims.step === letter.step;
  if (!isSame) throw new Unopened("another-letter");
}

/** @param {unknown} refusal */
function asUnopened(refusal) {
  if (refusal instanceof Unopened) return refusal;
  const { code, pointers } = /** @type {any} */ (refusal);
  return new Unopened(typeof code === "string" ? code : "unreadable", pointers ?? [], refusal);
}
