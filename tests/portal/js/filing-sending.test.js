// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

import assert from "node:assert/strict";
import { test } from "node:test";

import { Offices } from "../../../hub/web/static/portal/filing/offices.js";
import { claimsOf, confirm, noteOf, requestOf } from "../../../hub/web/static/portal/filing/sending.js";
import { emptyState } from "../../../hub/web/static/portal/filing/state.js";
import { spokenBy, towards } from "../../../hub/web/static/portal/filing/towards.js";

const ID = "01a202f6-07c0-7fd1-b42d-16e000bd6fdb";
const NOW = 1_800_000_000;
const ME = { hub: { id: "meldeweg.invalid/test" }, unit: "schule:999001" };
const DESCRIPTION = {
  protocol: "schule-mitteilung", version: "1.1.0", step: "mitteilung", deletion: { days: 14 },
};
const TO = { unit: "jugendamt:05170032.asd", name: "ASD", telephone: "0221 4710123", deviation: null };
const STATE = {
  ...emptyState(), id: ID, title: "Titel", to: TO, place: { ags: "05170032", name: "Rheinberg" },
  urgency: "planbar", basis: "kkg-4-3",
};
const PREPARED = { payload: { iat: NOW, aud: TO.unit }, body: {}, keys: [], payloadDigest: "D", secret: new Uint8Array(32) };

test("a notice opens its own conversation and says nothing of the place", () => {
  const claims = claimsOf(STATE, DESCRIPTION, ME, NOW);

  assert.deepEqual(claims, {
    hub: "meldeweg.invalid/test", iss: "schule:999001", aud: "jugendamt:05170032.asd", jti: ID,
    iat: NOW, end: NOW + 14 * 86_400, proto: "schule-mitteilung/1.1.0", step: "mitteilung",
    cnv: ID, pos: 1, urg: "planbar", lb: "kkg-4-3",
  });
});

test("an answer goes on where the conversation stands", () => {
  const thread = { cnv: "c", partner: "jugendamt:05170032.asd", pos: 2, env: "E" };
  const { cnv, pos, prv, aud } = claimsOf({ ...STATE, to: null, thread }, DESCRIPTION, ME, NOW);

  assert.deepEqual({ cnv, pos, prv, aud }, { cnv: "c", pos: 3, prv: "E", aud: thread.partner });
});

test("a person confirms with a passkey exactly what was prepared", async () => {
  const asked = [];
  const ask = async (...each) => {
    asked.push(each);
    return { kind: "passkey", publicKey: { challenge: "D" } };
  };
  const said = await confirm(PREPARED, ask, async (publicKey) => ({ shown: publicKey.challenge }));

  assert.deepEqual(asked, [["POST", "/portal/api/bestaetigung", { digest: "D" }]]);
  assert.deepEqual(said, { confirmation: { kind: "passkey", credential: { shown: "D" } } });
});

test("whoever came by the school authority's sign-in signs in afresh, or has just done so", async () => {
  const never = () => assert.fail("no passkey is asked for");
  const stale = async () => ({ kind: "oidc", fresh: false, url: "/portal/anmeldung/oidc?frisch=1" });

  assert.deepEqual(await confirm(PREPARED, stale, never), { signIn: "/portal/anmeldung/oidc?frisch=1" });
  for (const kind of ["oidc", "code"]) {
    const said = await confirm(PREPARED, async () => ({ kind, fresh: true }), never);
    assert.deepEqual(said, { confirmation: { kind } });
  }
});

test("the portal gets what is sealed, who confirmed it and a sealed note, and nothing else", () => {
  const request = requestOf(PREPARED, { confirmation: { kind: "code" }, note: "N", draft: null });

  assert.deepEqual(Object.keys(request).sort(), ["body", "confirmation", "draft", "keys", "note", "payload"]);
  assert.deepEqual(noteOf(STATE, PREPARED), {
    title: "Titel", to: TO.unit, secret: "A".repeat(43), to_name: "ASD", telephone: "0221 4710123",
    deviation: null, made_at: NOW,
  });
});

test("of an office is asked by its own id, whatever place led to it", async () => {
  const paths = [];
  const ask = async (_, path) => {
    paths.push(path);
    return { list: "L", organisations: {}, readers: [] };
  };
  const trust = { directory: async () => ({ verified: true }) };
  const form = { protocol: "schule-mitteilung", version: "1.1.0", step: "mitteilung" };
  const offices = new Offices({ ask, trust, now: () => NOW });

  await offices.of(TO.unit, { ...STATE, form });
  await offices.of(TO.unit, { thread: { reply_key: "K" } });

  assert.deepEqual(paths, [
    "/portal/api/stellen/jugendamt%3A05170032.asd?urgency=planbar&protocol=schule-mitteilung%2F1.1.0&step=mitteilung",
    "/portal/api/stellen/jugendamt%3A05170032.asd?urgency=unverzueglich&laufend=true&reader=K",
  ]);
});

test("what does not hold is not believed, and asked for again the next time", async () => {
  let asked = 0;
  const ask = async () => ({ list: `L${(asked += 1)}` });
  const trust = { list: async () => { throw new Error("list-stale"); } };
  const offices = new Offices({ ask, trust, now: () => NOW });

  await assert.rejects(offices.land(), /list-stale/);
  await assert.rejects(offices.land(), /list-stale/);
  assert.equal(asked, 2);
});

test("what puts right or takes back names the message, unless nothing may tie messages together", () => {
  const thread = { cnv: "c", partner: "jugendamt:05170032.asd", pos: 2, env: "E", cause: ID };
  const said = (more) => claimsOf({ ...STATE, to: null, thread }, { ...DESCRIPTION, ...more }, ME, NOW);

  assert.equal(said({ step: "berichtigung" }).cau, ID);
  assert.equal("cau" in said({ unlinked: true }), false);
});

test("a correction stays at the hub for as long as its addressee may have it there", () => {
  const said = {
    roles_to: [{ id: "jugendamt", title: "Jugendamt" }, { id: "schule", title: "Schule" }],
    deletion: { days: 60, days_to: { jugendamt: 14, schule: 60 } },
    readers: [{ class: "main", who: "Jugendamt oder Schule", note: null }],
  };

  assert.equal(towards(said, ["jugendamt"]).deletion.days, 14);
  assert.equal(towards(said, ["schule", "ogs"]).deletion.days, 60);
  assert.equal(towards(said, []).deletion.days, 14);
  assert.deepEqual(towards(said, ["schule"]).readers.map(({ who }) => who), ["Schule"]);
});

test("of the bases of a step only those of the own role are named", () => {
  const bases = ["a", "b", "c"].map((code) => ({ code, beside: code === "c" }));
  const said = { bases, basis_of: { polizei: ["a"], traeger: ["b"] } };
  const codes = (roles) => spokenBy(said, roles).bases.map(({ code }) => code);

  assert.deepEqual(codes(["traeger"]), ["b", "c"]);
  assert.deepEqual(codes(["schule"]), ["a", "b", "c"]);
});
