// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * How does a reviewed content become a notice with a receipt? Sealed here, confirmed by a person,
 * signed and handed on by the portal, and what comes back is verified here again.
 */

import { b64, derive, finish, jcs, prepare } from "../../sl1/index.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("../../sl1/seal.js").Prepared} Prepared
 */

/** Seconds after which what was prepared is prepared anew before somebody confirms it. */
export const FRESH = 120;
const DAY = 86_400;
/** @type {Map<string, Promise<any>>} */
const schemas = new Map();

/** What is sealed is derived from the schema once. @param {any} description */
function schemaOf({ schema, schema_digest: digest }) {
  if (!schemas.has(digest)) {
    const derived = derive(schema).then((made) => {
      if (made.digest !== digest) throw new Error("the schema is another than the published one");
      return made;
    });
    derived.catch(() => schemas.delete(digest));
    schemas.set(digest, derived);
  }
  return /** @type {Promise<any>} */ (schemas.get(digest));
}

/**
 * The claims of the envelope that do not follow from the content.
 *
 * @param {State} state
 * @param {any} description
 * @param {any} me
 * @param {number} now
 */
export function claimsOf(state, description, me, now) {
  const { thread } = state;
  const claims = {
    hub: me.hub.id,
    iss: me.unit,
    aud: thread ? thread.partner : /** @type {any} */ (state.to).unit,
    jti: state.id,
    iat: now,
    end: now + description.deletion.days * DAY,
    proto: `${description.protocol}/${description.version}`,
    step: description.step,
    cnv: thread ? thread.cnv : state.id,
    pos: thread ? thread.pos + 1 : 1,
    urg: state.urgency,
    lb: state.basis,
  };
  if (!thread) return claims;
  // Where nothing may tie messages together, none names another, not even the one it puts right.
  const names = thread.cause && !description.unlinked;
  return { ...claims, prv: thread.env, ...(names ? { cau: thread.cause } : {}) };
}

/**
 * Seal for the readers that hold; nothing is sent.
 *
 * @param {State} state
 * @param {{description: any, content: any, readers: any[], me: any, now: number}} with_
 * @returns {Promise<Prepared>}
 */
export async function seal(state, { description, content, readers, me, now }) {
  const schema = await schemaOf(description);
  return prepare(schema, content, claimsOf(state, description, me, now), readers);
}

/**
 * Ask the person to confirm exactly these bytes.
 *
 * @param {Prepared} prepared
 * @param {(method: string, path: string, body?: any) => Promise<any>} ask
 * @param {(publicKey: any) => Promise<any>} show asks for the passkey; returns its answer as JSON
 * @returns {Promise<{confirmation: any} | {signIn: string}>} where a fresh sign-in is needed, its address
 */
export async function confirm(prepared, ask, show) {
  const wanted = await ask("POST", "/portal/api/bestaetigung", { digest: prepared.payloadDigest });
  if (wanted.kind === "passkey" || wanted.publicKey) {
    // The passkey answers to what was prepared here, whatever question the portal has sent.
    const publicKey = { ...wanted.publicKey, challenge: prepared.payloadDigest };
    return { confirmation: { kind: "passkey", credential: await show(publicKey) } };
  }
  if (wanted.kind === "oidc" && !wanted.fresh) return { signIn: wanted.url };
  return { confirmation: { kind: wanted.kind } };
}

/**
 * What is handed to the portal: the same bytes however often it is tried.
 *
 * @param {Prepared} prepared
 * @param {{confirmation: any, note: string | null, draft: string | null}} more
 */
export const requestOf = ({ payload, body, keys }, more) => ({ payload, body, keys, ...more });

/**
 * Verify what came back, with everything that was sent.
 *
 * @param {Prepared} prepared
 * @param {any} said
 * @param {{me: any, trust: any}} known
 * @returns {Promise<any>}
 */
export async function verified(prepared, said, { me, trust }) {
  const signatory = { iss: me.unit, jwk: me.signing.jwk };
  const sealed = await finish(prepared, said.env, [signatory]);
  const sent = {
    iss: me.unit,
    id: prepared.payload.jti,
    envDigest: sealed.envDigest,
    request: sealed.request,
  };
  const { receipt, index, entry } = await trust.accepted(said.answer, sent);
  return { sealed, receipt, index, entry, answer: said.answer };
}

/** What was prepared before the page was closed; its secret stays in the sealed note. */
export function preparedOf(/** @type {{request: any}} */ { request }) {
  const { payload, body, keys } = request;
  const secret = new Uint8Array(0);
  return { payload, payloadBytes: jcs(payload), payloadDigest: "", body, keys, secret, disclosures: {} };
}

/** The note that the own vault keeps of a filing. @param {State} state @param {Prepared} prepared */
export const noteOf = (state, prepared) => ({
  title: state.title,
  // To whom it went, for answers in the same matter: the portal could name another later.
  to: prepared.payload.aud,
  secret: b64(prepared.secret),
  to_name: state.to?.name ?? state.thread?.partner_name ?? "",
  telephone: state.to?.telephone ?? "",
  deviation: state.to?.deviation ?? null,
  made_at: prepared.payload.iat,
});
