// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * Is this signed document what it must be to count here? (RFC 7515, RFC 8725 § 3.11)
 *
 * A document of one kind is none of another, because `typ` is explicit for each. Its key is judged
 * at the second that it names itself, since it stays evidence.
 */

import {
  Refusal,
  algOf,
  digest,
  hasExactly,
  isB64,
  isObject,
  isSignature,
  kidOf,
  parseStrict,
  unb64,
  utf8,
} from "../../sl1/index.js";
import { isPublicKey } from "./points.js";

/**
 * @typedef {import("../../sl1/signing.js").PublicJwk} PublicJwk
 * @typedef {object} SigningKey as the directory knows it
 * @property {string} kid
 * @property {string} alg
 * @property {PublicJwk} jwk
 * @property {number} not_before
 * @property {number | null} [not_after] last second
 * @property {string | null} [revoked]
 * @typedef {object} DocumentKind
 * @property {string} typ
 * @property {number} most bytes
 * @property {(claims: any) => boolean} admits
 * @typedef {{claims: any, kid: string, digest: string}} Document `digest` is that of the whole
 */

const MALFORMED = "malformed";
const UNSIGNED = "unsigned";

/** @param {any} value */
export const isSecond = (value) => Number.isSafeInteger(value) && value >= 0;

/** @param {SigningKey} key @param {number} second */
export const isValidAt = ({ not_before: from, not_after: until }, second) =>
  from <= second && (until === null || until === undefined || second <= until);

/**
 * Tells whether a key has the form of one, with the id and the algorithm that follow from it.
 *
 * @param {any} key
 */
export async function isSigningKey(key) {
  const whole = isObject(key) && isSecond(key.not_before) && isObject(key.jwk);
  const ends = key?.not_after ?? undefined;
  if (!whole || (ends !== undefined && !isSecond(ends)) || !isPublicKey(key.jwk)) return false;
  const jwk = /** @type {PublicJwk} */ (key.jwk);
  return key.alg === algOf(jwk) && key.kid === (await kidOf(jwk));
}

/**
 * Return what a document says, once its form, its key and its signature have held.
 *
 * The refusal tells only whether the form or the signature failed; whose document it is, and what
 * to say of it, the caller knows.
 *
 * @param {unknown} jws
 * @param {DocumentKind} kind
 * @param {(claims: any, kid: string) => SigningKey | null | undefined} keyFor
 * @returns {Promise<Document>}
 */
export async function verifyDocument(jws, kind, keyFor) {
  const { header, claims, input, signature } = parsed(jws, kind);
  const key = keyFor(claims, header.kid);
  if (!key || key.kid !== header.kid || key.alg !== header.alg) throw new Refusal(UNSIGNED);
  if (!(await isSigningKey(key)) || !isValidAt(key, claims.iat)) throw new Refusal(UNSIGNED);
  if (!(await isSignature(key.jwk, signature, utf8(input)))) throw new Refusal(UNSIGNED);
  if (!kind.admits(claims)) throw new Refusal(MALFORMED);
  return { claims, kid: header.kid, digest: await digest(/** @type {string} */ (jws)) };
}

/**
 * What a document says of itself; nothing of it is established.
 *
 * @param {unknown} jws
 * @param {DocumentKind} kind
 */
export function parsed(jws, { typ, most }) {
  const segments = typeof jws === "string" && jws.length <= most ? jws.split(".") : [];
  if (segments.length !== 3) throw new Refusal(MALFORMED);
  const [head, payload, signature] = segments.map((part) => unb64(part, MALFORMED));
  const header = /** @type {any} */ (parseStrict(head, MALFORMED));
  const claims = /** @type {any} */ (parseStrict(payload, MALFORMED));
  const whole = hasExactly(header, "alg", "kid", "typ") && isObject(claims);
  if (!whole || header.typ !== typ || !isSecond(claims.iat)) throw new Refusal(MALFORMED);
  return { header, claims, input: segments.slice(0, 2).join("."), signature };
}

/** @param {any} value */
export const isDigest = (value) => isB64(value, 32);
