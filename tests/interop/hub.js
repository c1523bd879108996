// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * What would a hub answer that is built from the same parts as the reader? (SL1 § 7, hub)
 *
 * The portal never needs it. It is here so that the vectors of the hub hold the library too.
 */

import {
  Refusal,
  checkClaims,
  checkForm,
  checkWrap,
  digest,
  parseJws,
  parseMessage,
  verifySignature,
} from "../../hub/web/static/sl1/index.js";

const PAST = 300;
const AHEAD = 60;

function must(holds, code) {
  if (!holds) throw new Refusal(code);
}

/**
 * @param {Uint8Array} raw
 * @param {{id: string, now: number, schemas: any[], signatories: any[], reading: any}} directory
 * @param {{address?: string, client?: string, known?: any[]}} about
 */
export async function admit(raw, directory, about) {
  const message = parseMessage(raw);
  const jws = await parseJws(message.env, "meldeweg-message+sd-jwt");
  await verifySignature(jws, directory.signatories);
  const { claims } = jws;
  checkClaims(claims);
  must(claims.jti === (about.address ?? claims.jti), "id-mismatch");
  must(claims.iss === (about.client ?? claims.iss), "sender-mismatch");
  must(claims.hub === directory.id, "hub-mismatch");
  await checkId(raw, claims, about.known ?? []);
  const { iat, end } = claims;
  const inWindow = iat >= directory.now - PAST && iat <= directory.now + AHEAD;
  must(inWindow && end > directory.now, "issued-outside-window");
  const schema = directory.schemas.find((known) => known.digest === claims.schema);
  must(schema, "schema-unknown");
  await checkForm(schema, claims, message.body);
  must(message.keys.length === claims.readers.length, "readers-invalid");
  for (const [i, reader] of claims.readers.entries()) await checkWrap(reader, message.keys[i]);
  const current = directory.reading[claims.aud] ?? [];
  must(
    claims.readers.every((reader) => current.includes(reader.kid)),
    "reader-key-stale",
  );
}

async function checkId(raw, claims, known) {
  const stored = known.find(({ id }) => id === claims.jti);
  const same = stored?.client === claims.iss && stored.request === (await digest(raw));
  must(stored === undefined || same, "id-reused");
}
