// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** What is fixed before somebody confirms, and is anything else ever sent? */

import assert from "node:assert/strict";
import { test } from "node:test";

import * as sl1 from "../../../hub/web/static/sl1/index.js";

const SCHEMA = {
  type: "object",
  properties: { beobachtung: { type: "string", maxLength: 40 }, dringend: { type: "boolean" } },
  required: ["beobachtung"],
  additionalProperties: false,
};
const CONTENT = { beobachtung: "Erfunden-Beispiel fehlt seit Montag.", dringend: true };
const ID = "0193504f-7c2a-7d41-8e5b-000000000002";

const reader = await sl1.generateReader();
const signing = await sl1.generateSigningKey();
const schema = await sl1.derive(SCHEMA);
const claims = {
  hub: "meldeweg.invalid/test",
  iss: "schule:999001",
  aud: "jugendamt:05170032.asd",
  jti: ID,
  iat: 1_800_000_000,
  end: 1_800_086_400,
  proto: "schule-mitteilung/1.0.0",
  step: "mitteilung",
  cnv: ID,
  pos: 1,
  urg: "dringend",
  lb: "kkg-4-3",
};
const prepared = () => sl1.prepare(schema, CONTENT, claims, [{ pub: reader.pub }]);

/** What the server does: it signs the claims that it was handed. */
async function signed(payload, typ = "meldeweg-message+sd-jwt") {
  const header = { alg: "EdDSA", kid: await sl1.kidOf(signing.jwk), typ };
  const input = `${sl1.b64(sl1.jcs(header))}.${sl1.b64(sl1.jcs(payload))}`;
  return `${input}.${sl1.b64(await signing.signer.sign(sl1.utf8(input)))}`;
}

const refused = (code) => (error) => error.name === "Refusal" && error.code === code;
const expectation = {
  parties: [claims.aud],
  hub: claims.hub,
  now: claims.iat,
  signatories: [{ iss: claims.iss, jwk: signing.jwk }],
};

test("what was prepared, went over the wire and was signed elsewhere opens at the reader", async () => {
  const mine = await prepared();
  const sent = JSON.parse(JSON.stringify({ payload: mine.payload }));
  const message = await sl1.finish(mine, await signed(sent.payload), expectation.signatories);
  const opened = await sl1.open(message.raw, schema, reader.seed, expectation);
  assert.deepEqual(opened.content, CONTENT);
  assert.equal(message.envDigest, opened.envDigest);
  assert.equal(message.request, await sl1.digest(message.raw));
});

test("the passkey is asked about the digest of exactly what is signed", async () => {
  const { payload, payloadBytes, payloadDigest } = await prepared();
  assert.equal(payloadDigest, sl1.b64(await sl1.sha256(sl1.jcs(payload))));
  assert.deepEqual(payloadBytes, sl1.jcs(payload));
});

test("sealing in one go and in two gives the same message", async () => {
  let counter = 0;
  const counted = (_, bytes) => new Uint8Array(bytes).fill((counter += 1) % 251);
  const whole = await sl1.seal(
    schema,
    CONTENT,
    claims,
    signing.signer,
    [{ pub: reader.pub }],
    counted,
  );
  counter = 0;
  const half = await sl1.prepare(schema, CONTENT, claims, [{ pub: reader.pub }], counted);
  const other = await sl1.finish(half, await signed(half.payload));
  assert.equal(sl1.b64(other.raw), sl1.b64(whole.raw));
  assert.deepEqual(other.disclosures, whole.disclosures);
});

for (const [name, change] of Object.entries({
  "another addressee": { aud: "jugendamt:05170000.asd" },
  "a later second": { iat: claims.iat + 1 },
  "another urgency": { urg: "planbar" },
  "a reader less": { readers: [] },
  "another body": { body: "bi_Jqtf2AStReEnF7KBaaTCrJ3uGD-wNBA7OIXmMALs" },
  "a claim more": { cau: ID },
})) {
  test(`an envelope with ${name} is not taken`, async () => {
    const mine = await prepared();
    const env = await signed({ ...mine.payload, ...change });
    await assert.rejects(sl1.finish(mine, env), refused("envelope-invalid"));
  });
}

test("an envelope of another kind is not taken", async () => {
  const mine = await prepared();
  const env = await signed(mine.payload, "meldeweg-reader+jwt");
  await assert.rejects(sl1.finish(mine, env), refused("envelope-invalid"));
});

test("an envelope that another house signed is not taken", async () => {
  const mine = await prepared();
  const env = await signed(mine.payload);
  const other = await sl1.generateSigningKey();
  const theirs = [{ iss: claims.iss, jwk: other.jwk }];
  await assert.rejects(sl1.finish(mine, env, theirs), refused("signature-invalid"));
});

test("nothing of the content stands in what is handed to the server", async () => {
  const { payload, body, keys } = await prepared();
  const text = JSON.stringify({ payload, body, keys });
  assert.ok(!text.includes("Erfunden") && !text.includes(sl1.b64(sl1.utf8("Erfunden")).slice(0, 8)));
});

test("every attempt has secrets of its own", async () => {
  const [one, other] = [await prepared(), await prepared()];
  assert.notDeepEqual(one.secret, other.secret);
  assert.notEqual(one.payloadDigest, other.payloadDigest);
});

test("what is sealed to a key for one purpose opens for no other", async () => {
  const about = sl1.jcs(["one"]);
  const sealed = await sl1.sealTo(reader, sl1.utf8("x"), about);
  assert.deepEqual(await sl1.openFrom(reader, sealed, about), sl1.utf8("x"));
  await assert.rejects(
    sl1.openFrom(reader, sealed, sl1.jcs(["other"])),
    refused("wrap-unopenable"),
  );
});
