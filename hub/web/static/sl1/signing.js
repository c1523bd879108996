// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Who signs, and with which key? (SL1 § 2, § 5 step 5; RFC 7638) */

import { b64, digest, jcs } from "./canonical.js";

/**
 * @typedef {{kty: string, crv: string, x: string, y?: string}} PublicJwk
 * @typedef {object} Signer signs on this device or asks another program to
 * @property {PublicJwk} jwk
 * @property {(data: Uint8Array) => Promise<Uint8Array> | Uint8Array} sign
 */

const ED25519 = { name: "Ed25519" };
const P256 = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** @param {PublicJwk} jwk @returns {PublicJwk} the members that the thumbprint covers */
export const publicJwk = ({ kty, crv, x, y }) =>
  kty === "EC" ? { crv, kty, x, y } : { crv, kty, x };

/** @param {PublicJwk} jwk */
export const kidOf = (jwk) => digest(jcs(publicJwk(jwk)));

/** The only algorithm that a key may be used with. @param {PublicJwk} jwk */
export function algOf({ kty, crv }) {
  if (kty === "OKP" && crv === "Ed25519") return "EdDSA";
  if (kty === "EC" && crv === "P-256") return "ES256";
  throw new TypeError("a signing key is on Ed25519 or P-256");
}

/** @param {PublicJwk} jwk */
const suiteOf = (jwk) => (algOf(jwk) === "EdDSA" ? ED25519 : P256);

/**
 * @param {PublicJwk} jwk
 * @param {Uint8Array<ArrayBuffer>} signature
 * @param {Uint8Array<ArrayBuffer>} data
 * @returns {Promise<boolean>}
 */
export async function isSignature(jwk, signature, data) {
  if (signature.length !== 64) return false;
  const suite = suiteOf(jwk);
  try {
    const key = await crypto.subtle.importKey("jwk", publicJwk(jwk), suite, false, ["verify"]);
    return await crypto.subtle.verify(suite, key, signature, data);
  } catch {
    return false;
  }
}

/**
 * Sign with a private key of this device.
 *
 * @param {CryptoKey} privateKey
 * @param {PublicJwk} jwk
 * @returns {Signer}
 */
export function signerOf(privateKey, jwk) {
  const sign = async (/** @type {any} */ data) =>
    new Uint8Array(await crypto.subtle.sign(suiteOf(jwk), privateKey, data));
  return { jwk: publicJwk(jwk), sign };
}

/**
 * Make a signing key. The private key cannot be exported from the browser unless asked for.
 *
 * @param {"EdDSA" | "ES256"} [alg]
 * @param {boolean} [extractable]
 */
export async function generateSigningKey(alg = "EdDSA", extractable = false) {
  const suite = alg === "EdDSA" ? ED25519 : P256;
  const pair = await crypto.subtle.generateKey(suite, extractable, ["sign", "verify"]);
  const { privateKey, publicKey } = /** @type {CryptoKeyPair} */ (pair);
  const jwk = /** @type {any} */ (await crypto.subtle.exportKey("jwk", publicKey));
  return { privateKey, jwk: publicJwk(jwk), signer: signerOf(privateKey, jwk) };
}

/**
 * Compact JWS with a header of exactly three members.
 *
 * @param {Signer} signer
 * @param {string} typ
 * @param {unknown} claims
 */
export async function signJws(signer, typ, claims) {
  const header = { alg: algOf(signer.jwk), kid: await kidOf(signer.jwk), typ };
  const input = `${b64(jcs(header))}.${b64(jcs(claims))}`;
  return `${input}.${b64(await signer.sign(new TextEncoder().encode(input)))}`;
}
