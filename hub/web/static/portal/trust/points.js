// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * Do these bytes spell a point that may be a public key? (RFC 8032 § 5.1)
 *
 * WebCrypto does not ask everywhere, and under a point of small order some verify any message. Two
 * spellings of one point would be two ids of one key. So a key is looked at once, before it is used.
 */

import { isB64, unb64 } from "../../sl1/index.js";

/** @typedef {[bigint, bigint, bigint, bigint]} Point extended: x = X/Z, y = Y/Z, T = XY/Z */

const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;
const ROOT = 19681161376707505956807079304988542015446066515923890162744021073123829784752n;
const P256 = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const B256 = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

/** @param {bigint} n */
const mod = (n) => ((n % P) + P) % P;

/** @param {bigint} base @param {bigint} exponent */
function power(base, exponent) {
  let found = 1n;
  for (let square = mod(base), rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) found = (found * square) % P;
    square = (square * square) % P;
  }
  return found;
}

/** @param {Point} a @param {Point} b @returns {Point} */
function sum([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = mod((y1 - x1) * (y2 - x2));
  const b = mod((y1 + x1) * (y2 + x2));
  const c = mod(2n * D * t1 * t2);
  const d = mod(2n * z1 * z2);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

/**
 * Return the x of a y with the sign that goes with it; null where no point has it.
 *
 * @param {bigint} y
 * @param {bigint} sign
 */
function xOf(y, sign) {
  const [u, v] = [mod(y * y - 1n), mod(D * y * y + 1n)];
  const candidate = mod(u * v ** 3n * power(mod(u * v ** 7n), (P - 5n) / 8n));
  const square = mod(v * candidate * candidate);
  if (square !== u && square !== mod(-u)) return null;
  const x = square === u ? candidate : mod(candidate * ROOT);
  if (x === 0n) return sign === 0n ? 0n : null;
  return (x & 1n) === sign ? x : P - x;
}

/** Tells whether a point leads to the neutral one after as many steps as the group has members. */
function isOfPrimeOrder(/** @type {Point} */ point) {
  /** @type {Point} */
  let found = [0n, 1n, 1n, 0n];
  for (const bit of ORDER.toString(2)) {
    found = sum(found, found);
    if (bit === "1") found = sum(found, point);
  }
  return found[0] === 0n && found[1] === found[2];
}

/** @param {Uint8Array} bytes the least significant first */
const little = (bytes) => bytes.reduceRight((n, byte) => (n << 8n) | BigInt(byte), 0n);
/** @param {Uint8Array} bytes the most significant first */
const big = (bytes) => bytes.reduce((n, byte) => (n << 8n) | BigInt(byte), 0n);

/**
 * Tells whether these are the one spelling of a point of prime order on Ed25519.
 *
 * @param {Uint8Array} encoded
 */
export function isEdwardsKey(encoded) {
  if (encoded.length !== 32) return false;
  const spelled = little(encoded);
  const [y, sign] = [spelled & ((1n << 255n) - 1n), spelled >> 255n];
  if (y >= P) return false;
  const x = xOf(y, sign);
  const isNeutral = x === 0n && y === 1n;
  return x !== null && !isNeutral && isOfPrimeOrder([x, y, 1n, mod(x * y)]);
}

/** @param {Uint8Array} x @param {Uint8Array} y */
function isOnP256(x, y) {
  const [a, b] = [big(x), big(y)];
  if (a >= P256 || b >= P256) return false;
  return (b * b - (a ** 3n - 3n * a + B256)) % P256 === 0n;
}

/** @type {Map<string, boolean>} */
const known = new Map();

/**
 * Tells whether a key may verify anything: of one of two kinds, with the members of that kind.
 *
 * @param {any} jwk
 */
export function isPublicKey(jwk) {
  const id = `${jwk?.kty} ${jwk?.crv} ${jwk?.x} ${jwk?.y}`;
  const before = known.get(id);
  if (before !== undefined) return before;
  const found = isKey(jwk);
  known.set(id, found);
  return found;
}

/** @param {any} jwk */
function isKey(jwk) {
  if (!jwk || !isB64(jwk.x, 32)) return false;
  const x = unb64(jwk.x, "");
  if (jwk.kty === "OKP" && jwk.crv === "Ed25519") {
    return (jwk.y ?? undefined) === undefined && isEdwardsKey(x);
  }
  const curve = jwk.kty === "EC" && jwk.crv === "P-256" && isB64(jwk.y, 32);
  return curve && isOnP256(x, unb64(jwk.y, ""));
}
