// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Is somebody told in time that their session ends, and never while they write? */

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  PortalClock,
  isWriting,
  stageOf,
} from "../../../hub/web/static/portal/common/session_clock.js";
import {
  VaultClosed,
  canOpen,
  deskSeed,
  keepForSession,
  forgetSession,
  formerSeeds,
  myVault,
  personSeed,
} from "../../../hub/web/static/portal/common/session_vault.js";
import * as vaults from "../../../hub/web/static/portal/vault/index.js";

const AT = 1_800_000_000;
const stage = (more) => stageOf({ now: AT, idleEnds: AT + 900, ends: AT + 28_800, ...more });

test("for ten of fifteen idle minutes nobody is disturbed, then five are left", () => {
  assert.equal(stage({ idleEnds: AT + 301 }).name, "quiet");
  assert.deepEqual(stage({ idleEnds: AT + 300 }), { name: "idle", until: AT + 300, minutes: 5 });
  assert.equal(stage({ idleEnds: AT + 61 }).minutes, 2);
});

test("a session that ends in any case says so, and not that one may go on", () => {
  assert.deepEqual(stage({ ends: AT + 120 }), { name: "ending", until: AT + 120, minutes: 2 });
  assert.equal(stage({ ends: AT + 200, idleEnds: AT + 100 }).name, "ending");
});

test("over is over to the second, whichever ends first", () => {
  assert.equal(stage({ idleEnds: AT }).name, "over");
  assert.equal(stage({ ends: AT }).name, "over");
  assert.equal(stage({ idleEnds: AT + 1 }).name, "idle");
});

test("whoever has written since the portal last heard of them is taken as being there", () => {
  assert.equal(isWriting({ doneAt: AT, heardAt: AT - 61 }), true);
  assert.equal(isWriting({ doneAt: AT, heardAt: AT - 60 }), false);
  assert.equal(isWriting({ doneAt: 0, heardAt: AT }), false);
});

test("the clock of the device may be wrong by days", () => {
  const clock = new PortalClock(AT, 1_000);
  assert.equal(clock.second(1_000 + 90_000), AT + 90);
});

const KEK = await vaults.passkeyKek(crypto.getRandomValues(new Uint8Array(32)));

async function someone() {
  const { vault, lock } = await vaults.makeVault("p-1", { kind: "passkey", name: "x", kek: KEK });
  const own = await vaults.makePersonKey();
  const { dienst } = await vaults.makeDeskKeys();
  const unit = "schule:999001";
  const share = await vaults.shareDesk({ seed: dienst.seed, kid: dienst.kid, unit }, own.pub);
  const sealed_seed = await vaults.sealSeed(vault, own.kid, own.seed);
  const me = {
    person: { id: "p-1" },
    unit,
    now: AT,
    marke: "marke-1",
    session: { ends_at: AT + 28_800 },
    vault: { person_kid: own.kid, sealed_seed, locks: [lock], former: [] },
    house_keys: [
      { kid: dienst.kid, share },
      { kid: "leitung", share: null },
    ],
  };
  return { me, vault, own, dienst };
}

test("what sign-in opened is there on the next page, and gone after sign-out", async () => {
  const { me, vault } = await someone();
  await keepForSession(me, vault);
  assert.equal((await myVault(me)).person, "p-1");
  await forgetSession();
  assert.equal(await myVault(me), null);
});

test("another session does not find it, and neither does another person", async () => {
  const { me, vault } = await someone();
  await keepForSession(me, vault);
  assert.equal(await myVault({ ...me, marke: "marke-2" }), null);
  await keepForSession(me, vault);
  assert.equal(await myVault({ ...me, person: { id: "p-2" } }), null);
  await keepForSession(me, vault);
  assert.equal(await myVault({ ...me, now: AT + 28_800 }), null);
});

test("own key and the key of the house come out of an open vault", async () => {
  const { me, vault, own, dienst } = await someone();
  assert.deepEqual(await personSeed(me, vault), own.seed);
  assert.deepEqual(await deskSeed(me, vault, dienst.kid), dienst.seed);
  assert.equal(await deskSeed(me, vault, "leitung"), null);
  assert.equal(await deskSeed(me, vault, "unknown"), null);
});

test("a former key that the vault no longer opens is left out, the others are there", async () => {
  const { me, vault } = await someone();
  const old = await vaults.makePersonKey();
  const sealed_seed = await vaults.sealSeed(vault, old.kid, old.seed);
  me.vault.former = [
    { kid: "lost", sealed_seed: me.vault.sealed_seed },
    { kid: old.kid, sealed_seed },
  ];
  assert.deepEqual(await formerSeeds(me, vault), [{ kid: old.kid, seed: old.seed }]);
});

test("a browser that can show no passkey and has no key of its own cannot open it", async () => {
  const { me } = await someone();
  assert.equal(await canOpen(me), "none");
  assert.equal(await canOpen({ ...me, vault: null }), "none");
});

test("without a press nothing is opened, and with one the page is asked for it", async () => {
  const { me, vault } = await someone();
  const asked = [];
  const ask = async (open) => {
    asked.push(typeof open);
    await assert.rejects(open, VaultClosed);
    return vault;
  };
  assert.equal(await myVault(me, { ask }), vault);
  assert.deepEqual(asked, ["function"]);
});
