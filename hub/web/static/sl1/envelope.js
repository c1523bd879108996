// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** What does a message say on its outside, and who signed it? (SL1 § 6; § 7, steps 1 to 4) */

import {
  ascends,
  digest,
  hasExactly,
  isB64,
  isObject,
  parseStrict,
  unb64,
  utf8,
} from "./canonical.js";
import { Refusal, must } from "./refusal.js";
import { algOf, isSignature, kidOf } from "./signing.js";

/**
 * @typedef {{kid: string, wrap: string}} WrappedKey
 * @typedef {{env: string, body: any, keys: WrappedKey[], added?: string}} Message
 * @typedef {{kid: string, classes: string[], rel: "now" | "escalation", wrap: string}} ReaderClaim
 * @typedef {{[name: string]: any}} Claims
 * @typedef {object} Jws
 * @property {{alg: string, kid: string, typ: string}} header
 * @property {Claims} claims
 * @property {string} input what is signed
 * @property {Uint8Array<ArrayBuffer>} signature
 * @property {string} digest of what is signed (SL1 § 9)
 * @typedef {object} Signatory a signing key as the directory knows it
 * @property {string} iss
 * @property {import("./signing.js").PublicJwk} jwk
 * @property {number} [notBefore] first second in which it is valid
 * @property {number} [notAfter] last second
 */

export const MESSAGE_BYTES = 262_144;
export const MESSAGE_TYP = "meldeweg-message+sd-jwt";
const CODE = "envelope-invalid";

/**
 * @param {Uint8Array} raw
 * @param {{delivered?: boolean}} [options] whether a reader got it, who may also get a statement
 * @returns {Message}
 */
export function parseMessage(raw, { delivered = false } = {}) {
  must(raw.length <= MESSAGE_BYTES, "too-large");
  const message = /** @type {any} */ (parseStrict(raw, "not-a-message"));
  const added = delivered && isObject(message) && Object.hasOwn(message, "added");
  must(hasExactly(message, "env", "body", "keys", ...(added ? ["added"] : [])), "not-a-message");
  must(Array.isArray(message.keys) && message.keys.every(isWrappedKey), "not-a-message", ["/keys"]);
  must(!added || typeof message.added === "string", "not-a-message", ["/added"]);
  return message;
}

/** @param {any} key */
export const isWrappedKey = (key) =>
  hasExactly(key, "kid", "wrap") && typeof key.kid === "string" && typeof key.wrap === "string";

/**
 * Take a JWS apart. Nothing in it is true before its signature was verified.
 *
 * @param {unknown} jws
 * @param {string} typ
 * @returns {Promise<Jws>}
 */
export async function parseJws(jws, typ) {
  const segments = typeof jws === "string" ? jws.split(".") : [];
  must(segments.length === 3 && segments.every(Boolean), CODE);
  const [header, claims] = segments.slice(0, 2).map((s) => parseStrict(unb64(s, CODE), CODE));
  const said = /** @type {any} */ (header);
  must(hasExactly(said, "alg", "kid", "typ") && said.typ === typ, CODE);
  must(typeof said.alg === "string" && typeof said.kid === "string", CODE);
  const signed = /** @type {any} */ (claims);
  must(isObject(signed) && typeof signed.iss === "string" && Number.isInteger(signed.iat), CODE);
  const input = segments.slice(0, 2).join(".");
  const signature = unb64(segments[2], CODE);
  return { header: said, claims: signed, input, signature, digest: await digest(input) };
}

/**
 * Refuse unless a known key of the issuer signed it while that key was valid.
 *
 * One code for all causes: the answer must not tell a stranger which keys exist.
 *
 * @param {Jws} jws
 * @param {readonly Signatory[]} signatories
 */
export async function verifySignature({ header, claims, input, signature }, signatories) {
  for (const { iss, jwk, notBefore = 0, notAfter = Infinity } of signatories) {
    const named = iss === claims.iss && (await kidOf(jwk)) === header.kid;
    if (!named || claims.iat < notBefore || claims.iat > notAfter) continue;
    if (algOf(jwk) !== header.alg) continue;
    if (await isSignature(jwk, signature, utf8(input))) return;
  }
  throw new Refusal("signature-invalid");
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const PARTY = /^[a-z]{4,20}:[A-Za-z0-9][A-Za-z0-9-]{1,39}(\.[a-z0-9-]{1,24})?$/;
const CLASS = /^[a-z][a-z0-9-]{0,15}$/;

/** @param {RegExp} pattern */
const text = (pattern) => (/** @type {any} */ v) => typeof v === "string" && pattern.test(v);
const isDigest = (/** @type {any} */ v) => isB64(v, 32);
export const isSeconds = (/** @type {any} */ v) => Number.isSafeInteger(v) && v >= 0;
export const isUuid = text(UUID);
export const isParty = text(PARTY);

/** @type {Readonly<Record<string, (value: any) => boolean>>} */
const REQUIRED = {
  suite: (v) => v === "SL1",
  hub: text(/^[a-z0-9][a-z0-9.:/-]{2,127}$/),
  iss: isParty,
  aud: isParty,
  jti: isUuid,
  iat: isSeconds,
  end: isSeconds,
  proto: text(/^[a-z][a-z0-9-]{2,39}\/[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}$/),
  step: text(/^[a-z][a-z0-9-]{1,39}$/),
  schema: isDigest,
  cnv: isUuid,
  pos: (v) => Number.isSafeInteger(v) && v >= 1,
  urg: text(/^[a-z]{4,16}$/),
  lb: text(/^[a-z0-9][a-z0-9.-]{1,39}$/),
  readers: (v) => Array.isArray(v) && v.length >= 1 && v.length <= 8 && v.every(isReaderClaim),
  commit: isCommit,
  body: isDigest,
  _sd_alg: (v) => v === "sha-256",
  _sd: (v) => Array.isArray(v) && v.length >= 1 && v.length <= 160 && v.every(isDigest),
};
/** @type {Readonly<Record<string, (value: any) => boolean>>} */
const OPTIONAL = { prv: isDigest, cau: isUuid };

/** @param {any} commit */
function isCommit(commit) {
  const classes = isObject(commit) ? Object.entries(commit) : [];
  const bounded = classes.length >= 1 && classes.length <= 8;
  return bounded && classes.every(([name, v]) => CLASS.test(name) && isDigest(v));
}

/** Says who may open what; the order of readers is another question. @param {any} reader */
export function isReaderClaim(reader) {
  if (!hasExactly(reader, "classes", "kid", "rel", "wrap")) return false;
  const { classes, kid, rel, wrap } = reader;
  const named = Array.isArray(classes) && classes.length >= 1 && classes.length <= 8;
  const inOrder = named && classes.every(text(CLASS)) && ascends(classes);
  return inOrder && ["now", "escalation"].includes(rel) && isDigest(kid) && isDigest(wrap);
}

/**
 * Refuse claims that SL1 § 6 does not allow.
 *
 * @param {Claims} claims
 */
export function checkClaims(claims) {
  must(typeof claims.suite === "string", CODE, ["/suite"]);
  must(claims.suite === "SL1", "suite-unsupported", ["/suite"]);
  const known = { ...REQUIRED, ...OPTIONAL };
  const wrong = [
    ...Object.keys(REQUIRED).filter((name) => !Object.hasOwn(claims, name)),
    ...Object.keys(claims).filter(
      (name) => Object.hasOwn(known, name) && !known[name](claims[name]),
    ),
  ];
  must(
    wrong.length === 0,
    CODE,
    wrong.map((name) => `/${name}`),
  );
  must(
    Object.keys(claims).every((name) => Object.hasOwn(known, name)),
    CODE,
    [""],
  );
  must(claims.iat <= claims.end, CODE, ["/end"]);
  const opens = claims.cnv === claims.jti;
  must(opens ? claims.pos === 1 : true, CODE, ["/pos"]);
  must(opens !== Object.hasOwn(claims, "prv"), CODE, ["/prv"]);
}
