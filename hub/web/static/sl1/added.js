// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** How does the sender let one more reader in, without touching the envelope? (SL1 § 8) */

import { digest, hasExactly, isB64, jcs } from "./canonical.js";
import { isParty, isReaderClaim, isSeconds, isUuid, parseJws, verifySignature } from "./envelope.js";
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
  const members = hasExactly(claims, ...MEMBERS) && suite === "SL1";
  const ids = isParty(iss) && isParty(aud) && isUuid(sub) && isUuid(jti);
  return members && ids && isSeconds(iat) && isB64(env, 32) && isReaderClaim(reader) && reader.rel === "now";
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
 * @param {{claims: Claims, envDigest: string, secret: Uint8Array}} original as it was sent
 * @param {import("./seal.js").ReaderChoice} choice
 * @param {import("./signing.js").Signer} signer
 * @param {{jti: string, iat: number}} issued
 * @param {import("./seal.js").Entropy} [unsafeEntropy]
 */
export async function addReader({ claims, envDigest, secret }, choice, signer, issued, unsafeEntropy) {
  const all = Object.keys(claims.commit).sort();
  const keys = await classKeys(secret, claims.jti, all);
  const binding = { id: claims.jti, iss: claims.iss, aud: claims.aud };
  const ekm = (/** @type {string} */ kid) => unsafeEntropy?.(`wrap ${kid}`, 64);
  const { key, claim } = await wrapFor(choice.pub, keys, choice.classes ?? all, "now", binding, ekm);
  const said = { suite: "SL1", iss: claims.iss, aud: claims.aud, sub: claims.jti, ...issued };
  const statement = await signJws(signer, TYP, { ...said, env: envDigest, reader: claim });
  const statementDigest = (await parseJws(statement, TYP)).digest;
  return { raw: jcs({ key, statement }), request: await digest(jcs({ key, statement })), statement, statementDigest };
}
