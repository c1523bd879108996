// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

// What a browser holds on to when the portal names another hub, another key, another partner.

import assert from "node:assert/strict";
import { test } from "node:test";

import { forgetSession, keepForSession, myShelf } from "../../../hub/web/static/portal/common/session_vault.js";
import { acceptThisHub, originNow, trustOf } from "../../../hub/web/static/portal/common/trusted.js";
import { checkPartner } from "../../../hub/web/static/portal/filing/partner.js";
import { isOtherKey, rememberColleague, rememberDeskKey, strangeKeys } from "../../../hub/web/static/portal/house/known_keys.js";
import { Untrustworthy } from "../../../hub/web/static/portal/trust/index.js";
import { checkLogFollows } from "../../../hub/web/static/portal/trust/seen.js";
import * as vaults from "../../../hub/web/static/portal/vault/index.js";
import { derive, generateReader, generateSigningKey, seal } from "../../../hub/web/static/sl1/index.js";

const NOW = 1_800_000_000;
const UNIT = "schule:999001";
const KEK = await vaults.passkeyKek(crypto.getRandomValues(new Uint8Array(32)));
const doubted = (/** @type {string} */ reason) => (/** @type {any} */ trouble) => trouble.reason === reason;

async function aHub(id = "meldeweg.invalid/test") {
  const { jwk } = await generateSigningKey();
  return { id, url: "", log: `${id}/log+00000000+${jwk.x}`, receipt_key: { kid: "called-what-one-likes", alg: "EdDSA", jwk, not_before: 0 } };
}

let people = 0;

/** Somebody who has begun at the house, with the share of its everyday key. */
async function somebody(hub, { desk: known } = {}) {
  const id = `p-${(people += 1)}`;
  const { vault, lock } = await vaults.makeVault(id, { kind: "passkey", name: "x", kek: KEK });
  const own = await vaults.makePersonKey();
  const desk = known ?? (await vaults.makePersonKey());
  const share = await vaults.shareDesk({ seed: desk.seed, kid: desk.kid, unit: UNIT }, own.pub);
  const me = {
    person: { id }, unit: UNIT, now: NOW, marke: "marke-1", hub, roles: ["lesen"],
    session: { ends_at: NOW + 28_800 }, house_keys: [{ kid: desk.kid, share, vouch: null }],
  };
  const sealed_seed = await vaults.sealSeed(vault, own.kid, own.seed, await originNow(me, [desk.kid]));
  return { me: { ...me, vault: { person_kid: own.kid, sealed_seed, locks: [lock], former: [] } }, vault, own, desk };
}

/** As on a device on which this person has never been. */
const elsewhere = async () => (await myShelf()).clear();

/** The own house's signed entry, with these desk keys. */
const listing = (...kids) => ({
  unit: () => ({ reading: kids.map((kid) => ({ kid, use: "desk", not_before: 0, not_after: null })) }),
});

test("another hub than the one a person began with is not believed, here and on another device", async () => {
  const [hub, other] = [await aHub(), await aHub()];
  const { me, vault } = await somebody(hub);
  await trustOf(me, vault);

  for (const wrong of [other, { ...hub, log: other.log }, { ...hub, receipt_key: other.receipt_key }, { ...hub, id: "x" }]) {
    await assert.rejects(trustOf({ ...me, hub: wrong }, vault), doubted("hub-changed"));
    await assert.rejects(trustOf({ ...me, hub: wrong }, null), doubted("hub-changed"));
    await elsewhere();
    await assert.rejects(trustOf({ ...me, hub: wrong }, vault), doubted("hub-changed"));
    await trustOf(me, vault);
  }
});

test("what was taken down cannot be held back from an open vault", async () => {
  const { me, vault } = await somebody(await aHub());
  await elsewhere();

  await assert.rejects(trustOf({ ...me, vault: { ...me.vault, person_kid: null } }, vault), doubted("origin-missing"));
  await assert.rejects(trustOf({ ...me, unit: "schule:999002" }, vault), doubted("origin-missing"));
});

test("nobody begins anew at another hub on a device that knows the one before", async () => {
  const { me } = await somebody(await aHub());

  await assert.rejects(originNow({ ...me, hub: await aHub() }, []), doubted("hub-changed"));
});

test("a hub that a person has compared counts from then on, and the one before no more", async () => {
  const [hub, next] = [await aHub(), await aHub()];
  const { me, vault } = await somebody(hub);
  await acceptThisHub({ ...me, hub: next });

  await trustOf({ ...me, hub: next }, vault);
  await assert.rejects(trustOf(me, vault), doubted("hub-changed"));
});

test("a desk key that nobody of the house made is strange, until somebody has asked", async () => {
  const { me, vault, desk } = await somebody(await aHub());
  const rogue = await vaults.makePersonKey();
  // The portal can seal what it likes to anybody: that a share opens shows nothing.
  const share = await vaults.shareDesk({ seed: rogue.seed, kid: rogue.kid, unit: UNIT }, (await vaults.makePersonKey()).pub);
  const told = { ...me, house_keys: [...me.house_keys, { kid: rogue.kid, share, vouch: share }] };

  assert.deepEqual(await strangeKeys(told, vault, listing(desk.kid)), []);
  assert.deepEqual(await strangeKeys(told, vault, listing(desk.kid, rogue.kid)), [rogue.kid]);
  await rememberDeskKey(told, rogue.kid);
  assert.deepEqual(await strangeKeys(told, vault, listing(desk.kid, rogue.kid)), []);
});

test("the key before vouches for the next, and that one for the one after", async () => {
  const { me, vault, own, desk } = await somebody(await aHub());
  const [second, third] = [await vaults.makePersonKey(), await vaults.makePersonKey()];
  const shared = async (key, before) => ({
    kid: key.kid,
    share: await vaults.shareDesk({ seed: key.seed, kid: key.kid, unit: UNIT }, own.pub),
    vouch: await vaults.vouchFor({ seed: before.seed, unit: UNIT }, key.kid),
  });
  const keys = [await shared(third, second), await shared(second, desk), ...me.house_keys];
  await elsewhere();

  assert.deepEqual(await strangeKeys({ ...me, house_keys: keys }, vault, listing(desk.kid, second.kid, third.kid)), []);
  // Said about one key, it says nothing about another.
  const moved = keys.map((key) => (key.kid === third.kid ? { ...key, vouch: keys[1].vouch } : key));
  assert.deepEqual(await strangeKeys({ ...me, house_keys: moved }, vault, listing(third.kid)), [third.kid]);
});

test("somebody without a desk key is told of none", async () => {
  const { me, vault } = await somebody(await aHub());

  assert.deepEqual(await strangeKeys({ ...me, roles: ["verfassen"] }, vault, listing("another")), []);
});

test("a colleague with another key than the last time is noticed", async () => {
  const { me } = await somebody(await aHub());
  const colleague = { person: "p-x", kid: "one" };

  assert.equal(await isOtherKey(me, colleague), false);
  await rememberColleague(me, colleague);
  assert.equal(await isOtherKey(me, colleague), false);
  assert.equal(await isOtherKey(me, { ...colleague, kid: "two" }), true);
});

test("what a page leaves behind is nothing to whoever has no token of the session", async () => {
  const { me, vault } = await somebody(await aHub());
  await keepForSession(me, vault);
  const kept = await (await myShelf()).get("vault");

  assert.deepEqual(Object.keys(kept).sort(), ["sealed", "until"]);
  assert.equal(JSON.stringify(kept).includes(me.marke), false);
  assert.ok(Object.values(kept).every((each) => !(each instanceof CryptoKey)));
  await forgetSession();
});

test("a log of two faces is not believed", async () => {
  const shelf = vaults.memoryShelf();
  const root = (/** @type {number} */ byte) => new Uint8Array(32).fill(byte);
  await checkLogFollows(shelf, "h", { size: 7, root: root(1) });
  await checkLogFollows(shelf, "h", { size: 9, root: root(2) });
  await checkLogFollows(shelf, "h", { size: 7, root: root(1) });

  await assert.rejects(checkLogFollows(shelf, "h", { size: 9, root: root(3) }), doubted("log-forked"));
});

const OFFICE = "jugendamt:05170032.asd";
const CNV = "01a202f6-07c0-7fd1-b42d-16e000bd6fdb";
const LETTER = "01a202f6-07c0-7fd1-b42d-16e000bd6fdc";

/** A letter of the office to the house in this matter, as it is delivered. */
async function signed(more = {}) {
  const { jwk, signer } = await generateSigningKey();
  const reader = await generateReader();
  const schema = await derive({
    type: "object", properties: { frage: { type: "string", maxLength: 40 } }, required: ["frage"], additionalProperties: false,
  });
  const claims = {
    hub: "meldeweg.invalid/test", iss: OFFICE, aud: UNIT, jti: LETTER, iat: NOW, end: NOW + 86_400,
    proto: "schule-mitteilung/1.0.0", step: "rueckfrage", cnv: CNV, pos: 2, urg: "dringend", lb: "kkg-4-3", prv: reader.kid, cau: CNV, ...more,
  };
  for (const name of Object.keys(claims)) if (claims[name] === null) delete claims[name];
  const { raw } = await seal(schema, { frage: "Erfunden?" }, claims, signer, [{ pub: reader.pub }]);
  return { raw: new TextDecoder().decode(raw), signatory: { iss: OFFICE, jwk } };
}

/** What the page knows of a matter of which the portal says that OFFICE is the other side. */
const knowing = ({ notes = {}, letters = {}, directory = null } = {}) => ({
  me: { unit: UNIT },
  now: () => NOW,
  openNote: async (/** @type {string} */ id) => notes[id] ?? Promise.reject(new Error("another vault")),
  ask: async (/** @type {string} */ _, /** @type {string} */ path) =>
    letters[path.split("/").at(-1)] ?? Promise.reject(Object.assign(new Error("gone"), { status: 404 })),
  trust: { hub: { id: "meldeweg.invalid/test" }, directory: async () => directory },
  offices: { of: async () => ({ directory }) },
});
const NAMED = { cnv: CNV, partner: OFFICE, cause: LETTER };
const THREAD = { filings: [{ id: CNV, note: "sealed", to: OFFICE }], letters: [{ id: LETTER, from: OFFICE }] };

test("an answer goes to whom the own note names, and to nobody whom only the portal names", async () => {
  await checkPartner(NAMED, THREAD, knowing({ notes: { [CNV]: { to: OFFICE } } }));

  await assert.rejects(
    checkPartner({ ...NAMED, partner: UNIT }, THREAD, knowing({ notes: { [CNV]: { to: OFFICE } } })),
    doubted("partner-unknown"),
  );
  await assert.rejects(checkPartner(NAMED, THREAD, knowing()), doubted("partner-unknown"));
});

test("a letter shows the partner who signed it, in this matter alone", async () => {
  const letter = await signed();
  const directory = { signatories: (/** @type {string} */ unit) => (unit === OFFICE ? [letter.signatory] : []) };
  const known = knowing({ letters: { [LETTER]: { raw: letter.raw } }, directory });
  await checkPartner(NAMED, THREAD, known);

  await assert.rejects(checkPartner({ ...NAMED, cnv: LETTER }, THREAD, known), doubted("partner-unknown"));
  const another = { ...known, me: { unit: "schule:999002" } };
  await assert.rejects(checkPartner(NAMED, THREAD, another), doubted("partner-unknown"));
  const unsigned = { ...known, trust: { ...known.trust, directory: async () => ({ signatories: () => [] }) } };
  await assert.rejects(checkPartner(NAMED, THREAD, unsigned), doubted("partner-unknown"));
});

test("the first notice shows for whom the hub accepted it, and to whom that one passed it on", async () => {
  const NEXT = "jugendamt:05170000.asd";
  const opening = { iss: UNIT, aud: OFFICE, jti: CNV, pos: 1, prv: null, cau: null, step: "mitteilung" };
  const { env } = JSON.parse((await signed(opening)).raw);
  const receipts = { passed: { word: "passed-on", members: { to: NEXT } }, taken: { word: "taken", members: {} } };
  const saying = (/** @type {string[]} */ heard, more = {}) => {
    const known = knowing({ letters: { [CNV]: { env, answer: {}, heard } }, directory: {} });
    const trust = { ...known.trust, accepted: async () => {}, receipt: async (jws) => receipts[jws], about() {}, speaker() {}, ...more };
    return { ...known, trust };
  };
  const doubt = () => { throw new Untrustworthy("receipt-another"); };

  await checkPartner(NAMED, THREAD, saying([]));
  await checkPartner({ ...NAMED, partner: NEXT }, THREAD, saying(["taken", "passed"]));
  const next = { ...NAMED, partner: NEXT };
  const unknown = doubted("partner-unknown");
  await assert.rejects(checkPartner(next, THREAD, saying(["taken"])), unknown);
  await assert.rejects(checkPartner(next, THREAD, saying(["passed"], { speaker: doubt })), unknown);
  await assert.rejects(checkPartner(next, THREAD, saying(["passed"], { about: doubt })), unknown);
  await assert.rejects(checkPartner(NAMED, THREAD, saying([], { accepted: doubt })), unknown);
});
