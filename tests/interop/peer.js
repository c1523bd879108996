// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * The other program: answers one line of JSON with one line of JSON, for as long as it is asked.
 *
 * Bytes travel as base64url. A refusal is an answer, `{"code", "pointers"}`; anything else that
 * goes wrong ends the program, because then the test has found a bug.
 */

import { createInterface } from "node:readline";

import * as sl1 from "../../hub/web/static/sl1/index.js";

const { b64, unb64 } = sl1;
const bytes = (text) => unb64(text, "peer");

/** Schemas that were derived before, by the text in which they came. */
const derived = new Map();
async function schemaOf(schema) {
  const text = JSON.stringify(schema);
  if (!derived.has(text)) derived.set(text, await sl1.derive(schema));
  return derived.get(text);
}

async function signerOf(jwk) {
  const { kty, crv, x, d } = jwk;
  const suite = kty === "OKP" ? "Ed25519" : { name: "ECDSA", namedCurve: crv };
  const key = { kty, crv, x, y: jwk.y, d };
  return sl1.signerOf(await crypto.subtle.importKey("jwk", key, suite, false, ["sign"]), jwk);
}

const OPERATIONS = {
  async derive({ schema }) {
    const { digest, leaves, classes, sealed, bodyBytes } = await schemaOf(schema);
    const named = leaves.map(({ pointer, class: c, max, L, N }) => [pointer, c, max, L, N]);
    return { digest, leaves: named, classes, sealed, bodyBytes };
  },
  async check({ schema, content }) {
    return { tree: Object.fromEntries(sl1.checkContent(await schemaOf(schema), content)) };
  },
  async seal({ schema, content, claims, jwk, readers }) {
    const signer = await signerOf(jwk);
    const sealed = await sl1.seal(await schemaOf(schema), content, claims, signer, readers);
    const { env, envDigest, request, disclosures } = sealed;
    return {
      raw: b64(sealed.raw),
      secret: b64(sealed.secret),
      env,
      envDigest,
      request,
      disclosures,
    };
  },
  async open({ raw, schemas, seed, expectation }) {
    const known = await Promise.all(schemas.map(schemaOf));
    const opened = await sl1.open(bytes(raw), known, bytes(seed), expectation);
    const { content = null, values, envDigest, disclosures } = opened;
    return { content, values: Object.fromEntries(values), envDigest, disclosures };
  },
  async shown({ presentation, signatories }) {
    const { values } = await sl1.verifyPresentation(presentation, signatories);
    return { values: Object.fromEntries(values) };
  },
  async time({ runs, ...message }) {
    const seconds = { seal: [], open: [] };
    for (let run = 0; run < runs; run += 1) {
      const start = performance.now();
      const { raw } = await OPERATIONS.seal(message);
      const sealed = performance.now();
      await OPERATIONS.open({ ...message, raw, schemas: [message.schema] });
      seconds.seal.push((sealed - start) / 1000);
      seconds.open.push((performance.now() - sealed) / 1000);
    }
    return seconds;
  },
};

async function answer({ op, ...question }) {
  try {
    return await OPERATIONS[op](question);
  } catch (error) {
    if (!(error instanceof sl1.Refusal)) throw error;
    return { code: error.code, pointers: error.pointers };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line)))}\n`);
}
