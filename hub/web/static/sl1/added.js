// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** How does the sender let one more reader in, without touching the envelope? (SL1 § 8) */

import { digest, hasExactly, isB64, jcs } from "./canonical.js";
import {
  isParty,
  isReaderClaim,
  isSeconds,
  isUuid,
  parseJws,
  verifySignature,
} from "./envelope.js";
import { must } from "./refusal.js";
import { classKeys, wrapFor } from "./seal.js";
import { signJws } from "./signing.js";

/**
 * @typedef {import("./envelope.js").Claims} Claims
 * @typedef {import("./envelope.js").ReaderClaim} ReaderClaim
 */

const TYP = "meldeweg-reader+jwt";
const MEMBERS = ["suite", "iss", "aud", "sub", "jti", "iat", "env", "reader"];

/** @param {Claims} claims */
function isStatement(claims) {
  const { suite, iss, aud, sub, jti, iat, env, reader } = claims;
  const members = hasExactly(claims, ...MEMBERS) && suite === "SL1" && isSeconds(iat);
  const ids = isParty(iss) && isParty(aud) && isUuid(sub) && isUuid(jti) && isB64(env, 32);
  return members && ids && isReaderClaim(reader) && reader.rel === "now";
}

/**
 * Return what the sender says of the added reader, or refuse.
 *
 * @param {unknown} statement
 * @param {Claims} claims of the envelope
 * @param {string} envDigest
 * @param {readonly import("./envelope.js").Signatory[]} signatories
 * @returns {Promise<ReaderClaim>}
 */
export async function verifyAddition(statement, claims, envDigest, signatories) {
  const jws = await parseJws(statement, TYP);
  await verifySignature(jws, signatories);
  const said = jws.claims;
  must(isStatement(said), "envelope-invalid");
  const same = said.iss === claims.iss && said.aud === claims.aud && said.sub === claims.jti;
  const inTime = said.iat >= claims.iat && said.iat <= claims.end;
  must(same && said.env === envDigest && inTime, "readers-invalid");
  return said.reader;
}

/**
 * Wrap the keys of a sent message for one more reader and sign that it may read.
 *
 * @param {{claims: Claims, envDigest: string, secret: Uint8Array}} sent
 * @param {import("./seal.js").ReaderChoice} choice
 * @param {import("./signing.js").Signer} signer
 * @param {{jti: string, iat: number}} issued
 * @param {import("./seal.js").Entropy} [unsafeEntropy]
 */
export async function addReader(sent, choice, signer, issued, unsafeEntropy) {
  const { claims, envDigest: env, secret } = sent;
  const { jti: id, iss, aud } = claims;
  const all = Object.keys(claims.commit).sort();
  const own = { ...choice, classes: choice.classes ?? all, rel: /** @type {const} */ ("now") };
  const keys = await classKeys(secret, id, all);
  const { key, claim } = await wrapFor(own, keys, { id, iss, aud }, unsafeEntropy);
  const said = { suite: "SL1", iss, aud, sub: id, ...issued, env, reader: claim };
  const statement = await signJws(signer, TYP, said);
  const raw = jcs({ key, statement });
  const { digest: statementDigest } = await parseJws(statement, TYP);
  return { raw, request: await digest(raw), statement, statementDigest };
}
