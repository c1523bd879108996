// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Does a letter open for whom it is for, and is it the letter that the portal says it is? */

import assert from "node:assert/strict";
import { test } from "node:test";

import * as sl1 from "../../../hub/web/static/sl1/index.js";
import { standing } from "../../../hub/web/static/portal/inbox/feedback.js";
import { openLetter } from "../../../hub/web/static/portal/inbox/opening.js";
import { said, saidDay } from "../../../hub/web/static/portal/inbox/times.js";

globalThis.document = { documentElement: { lang: "de" } };

const NOW = 1_800_000_000;
const TYP = "meldeweg-message+sd-jwt";
const SCHEMA = {
  type: "object",
  additionalProperties: false,
  required: ["frage"],
  properties: { frage: { type: "string", maxLength: 60 } },
};
const CONTENT = { frage: "Seit wann fehlt das Kind?" };
const OFFICE = "jugendamt:05170032.asd";
const SCHOOL = "schule:999001";
const ID = "0193504f-7c2a-7d41-8e5b-000000000002";
const CNV = "0193504f-7c2a-7d41-8e5b-000000000001";

const schema = await sl1.derive(SCHEMA);
const desk = await sl1.generateReader();
const stranger = await sl1.generateReader();
const signing = await sl1.generateSigningKey();
const CLAIMS = {
  hub: "meldeweg.invalid/test",
  iss: OFFICE,
  aud: SCHOOL,
  jti: ID,
  iat: NOW,
  end: NOW + 86_400,
  proto: "schule-mitteilung/1.1.0",
  step: "rueckfrage",
  cnv: CNV,
  pos: 2,
  prv: "A".repeat(43),
  urg: "planbar",
  lb: "sgb8-8a-1",
};
const message = await sl1.seal(schema, CONTENT, CLAIMS, signing.signer, [{ pub: desk.pub }]);
const delivered = (bytes) => new TextDecoder().decode(bytes);

const given = (more = {}) => ({
  letter: {
    id: ID,
    cnv: CNV,
    from: OFFICE,
    protocol: "schule-mitteilung/1.1.0",
    step: "rueckfrage",
    kids: [desk.kid],
  },
  raw: delivered(message.raw),
  description: { schema: SCHEMA, schema_digest: schema.digest },
  directory: { signatories: (iss) => [{ iss, jwk: signing.jwk }] },
  keys: [{ kid: desk.kid, seed: desk.seed }],
  hub: "meldeweg.invalid/test",
  unit: SCHOOL,
  now: NOW + 60,
  ...more,
});
const refused = (code, isRejection) => (error) =>
  error.name === "Error" && error.code === code && error.isRejection === isRejection;

test("a question opens with the key of the house, and says which key it was", async () => {
  const opened = await openLetter(given());
  assert.deepEqual(opened.content, CONTENT);
  assert.deepEqual([opened.kid, opened.classes], [desk.kid, ["main"]]);
});

test("whoever has none of its keys is told so, and nobody is blamed", async () => {
  const keys = [{ kid: stranger.kid, seed: stranger.seed }];
  await assert.rejects(openLetter(given({ keys })), refused("no-key", false));
});

for (const [what, more] of [
  ["in another matter", { cnv: ID }],
  ["as another letter", { id: CNV }],
  ["as another step", { step: "rueckmeldung" }],
  ["under another protocol", { protocol: "fachberatung/1.0.0" }],
]) {
  test(`a letter that the portal shows ${what} is not shown`, async () => {
    const letter = { ...given().letter, ...more };
    await assert.rejects(openLetter(given({ letter })), refused("another-letter", false));
  });
}

test("a letter of somebody else under the office's name is not shown", async () => {
  const other = await sl1.generateSigningKey();
  const directory = { signatories: (iss) => [{ iss, jwk: other.jwk }] };
  await assert.rejects(openLetter(given({ directory })), refused("signature-invalid", false));
});

test("what must not be opened any more stays closed", async () => {
  await assert.rejects(openLetter(given({ now: NOW + 86_401 })), refused("expired", false));
});

test("a form that is not the one of the protocol is not read with", async () => {
  const description = { schema: SCHEMA, schema_digest: "A".repeat(43) };
  await assert.rejects(openLetter(given({ description })), refused("schema-unknown", false));
});

test("a key that was sealed wrongly is told to the sender", async () => {
  const made = await sl1.prepare(schema, CONTENT, CLAIMS, [{ pub: desk.pub }]);
  const wrap = made.keys[0].wrap.replace(/^./, (first) => (first === "A" ? "B" : "A"));
  const keys = [{ kid: desk.kid, wrap }];
  made.payload.readers[0].wrap = await sl1.digest(wrap);
  const header = { alg: "EdDSA", kid: await sl1.kidOf(signing.jwk), typ: TYP };
  const input = `${sl1.b64(sl1.jcs(header))}.${sl1.b64(sl1.jcs(made.payload))}`;
  const env = `${input}.${sl1.b64(await signing.signer.sign(sl1.utf8(input)))}`;
  const raw = delivered(sl1.jcs({ env, body: made.body, keys }));
  await assert.rejects(openLetter(given({ raw })), refused("wrap-unopenable", true));
});

const answer = (id, step, received_at) => ({ id, step, received_at });

test("of several answers the last one counts, and one alone needs no such word", () => {
  const first = answer("a", "rueckmeldung", 1);
  const second = answer("b", "rueckmeldung-berichtigung", 2);
  const third = answer("c", "rueckmeldung-berichtigung", 3);
  const question = answer("q", "rueckfrage", 9);
  assert.deepEqual(standing([first, question]), new Map());
  assert.deepEqual(
    standing([third, question, first, second]),
    new Map([["a", "corrected"], ["b", "corrected"], ["c", "current"]]),
  );
});

test("times are said as one would say them, by the portal's clock", () => {
  const noon = 1_795_344_000; // 22 November 2026, 11:40 in Cologne.
  assert.equal(said(noon - 60, noon), "heute, 11:39 Uhr");
  assert.equal(said(noon - 43_200, noon), "gestern, 23:40 Uhr");
  assert.equal(saidDay(noon + 86_400, noon), "morgen");
  assert.equal(said(noon + 7 * 86_400, noon), "Sonntag, 29. November, 11:40 Uhr");
  assert.equal(saidDay(noon + 60 * 86_400, noon), "Donnerstag, 21. Januar 2027");
});
