// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

// What a portal that lies could say to a page whose program is the published one.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ownKey } from "../../../hub/web/static/portal/common/session_vault.js";
import { Offices } from "../../../hub/web/static/portal/filing/offices.js";
import { confirm } from "../../../hub/web/static/portal/filing/sending.js";
import { Directory } from "../../../hub/web/static/portal/trust/directory.js";
import { nodesOfJson, nodesOfXml } from "../../../hub/web/static/portal/upload/tree.js";
import { parseXml } from "../../../hub/web/static/portal/upload/xml.js";
import { makePersonKey, makeVault, sealSeed } from "../../../hub/web/static/portal/vault/index.js";

const NOW = 1_800_000_000;
const OFFICE = "jugendamt:05170032";
const HOUSE = "schule:999001";
const SECOND = 1000;

/** @param {string} id @param {{kid: string, pub: string}} key */
const entry = (id, { kid, pub }) => ({
  hub: "meldeweg.invalid/test", organisation: id, name: id, version: 1, root: {},
  units: [{ id, name: id, roles: [], telephone: "", signing: [], reading: [{ kid, pub, use: "desk", not_before: 0 }] }],
});

/** A directory in which everything is signed as it must be. */
const directoryOf = (/** @type {any[]} */ ...entries) => {
  const valid = entries.map(({ organisation }) => [organisation, { organisation, status: "valid" }]);
  const list = { issuedAt: NOW, participants: new Map(valid), adoptions: [], networks: [] };
  return new Directory(/** @type {any} */ (list), /** @type {any} */ (entries));
};

test("a notice is sealed for the office that was asked for, whichever the portal tells of", async () => {
  const [theirs, rogue] = [await makePersonKey(), await makePersonKey()];
  const directory = directoryOf(entry(OFFICE, theirs), entry(HOUSE, rogue));
  const readersOf = async (/** @type {string} */ kid, /** @type {string} */ told) => {
    const readers = [{ kid, classes: ["main"], rel: "now" }];
    const said = { unit: told, readers, list: "", organisations: {} };
    const trust = { directory: async () => directory };
    const offices = new Offices({ ask: async () => said, trust, now: () => NOW });
    const office = await offices.of(OFFICE, { urgency: "sofort" });
    return offices.readers(office, { classes: ["main"] }, { urgency: "sofort" });
  };

  assert.equal((await readersOf(theirs.kid, OFFICE))[0].pub, theirs.pub);
  await assert.rejects(readersOf(rogue.kid, HOUSE), { reason: "reader-unnamed" });
});

test("a passkey answers to what was prepared, whatever the portal asks", async () => {
  const ask = async () => ({ kind: "passkey", publicKey: { challenge: "of-another-message" } });
  const said = await confirm(/** @type {any} */ ({ payloadDigest: "D" }), ask, async ({ challenge }) => challenge);

  assert.deepEqual(said, { confirmation: { kind: "passkey", credential: "D" } });
});

test("the own key is the one in the vault, whatever the portal calls it", async () => {
  const kek = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const { vault } = await makeVault("p", { kind: "device", name: "d", kek: /** @type {CryptoKey} */ (kek) });
  const [own, another] = [await makePersonKey(), await makePersonKey()];
  const sealed_seed = await sealSeed(vault, own.kid, own.seed);
  const me = (/** @type {string} */ kid) => ({ vault: { person_kid: kid, person_pub: another.pub, sealed_seed } });

  assert.deepEqual(await ownKey(me(own.kid), vault), { kid: own.kid, pub: own.pub });
  await assert.rejects(ownKey(me(another.kid), vault), { code: "vault-unreadable" });
});

test("a file that was made to hang a page does not", () => {
  const json = `{"a":1}"${'\\"'.repeat(400_000)}`;
  const xml = `<r>${"<a>1</a>".repeat(100_000)}</r>`;
  const began = performance.now();

  assert.throws(() => nodesOfJson(json), { code: "json" });
  assert.equal(nodesOfXml(parseXml(xml)).length, 1);
  assert.ok(performance.now() - began < 10 * SECOND);
});

test("brackets within text are no depth, and a quote may be written in it", () => {
  const text = `["\\"${"[".repeat(200)}", {"a": "\\\\"}]`;

  assert.equal(nodesOfJson(text).length, 2);
  assert.throws(() => nodesOfJson(`["\\\\", ${"[".repeat(200)}`), { code: "too-deep" });
});
