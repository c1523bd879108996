// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Does the vault open for its person alone, and tell nobody else anything? */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { b64, readerFromSeed, unb64 } from "../../../hub/web/static/sl1/index.js";
import * as vaults from "../../../hub/web/static/portal/vault/index.js";

const PERSON = "0193504f-7c2a-7d41-8e5b-0000000000aa";
const DRAFT = "0193504f-7c2a-7d41-8e5b-0000000000bb";
const PRF = new Uint8Array(32).fill(7);
const CONTENT = { kind: { familienname: "Erfunden-Beispiel" }, beobachtungen: ["still", "müde"] };
const refused = (code) => (error) => error.name === "Refusal" && error.code === code;

const passkey = async (prf = PRF) => ({
  kind: "passkey",
  name: "Schlüsselbund",
  kek: await vaults.passkeyKek(prf),
});
const made = async () => vaults.makeVault(PERSON, await passkey());

/** Change one character of base64url to another that is as well spelled. */
const spoiled = (text, at) => {
  const place = at < 0 ? text.length + at : at;
  return text.slice(0, place) + (text[place] === "A" ? "E" : "A") + text.slice(place + 1);
};

describe("locks", () => {
  test("the same passkey opens what it locked", async () => {
    const { vault, lock } = await made();
    const again = await vaults.openVault(PERSON, [lock], "passkey", (await passkey()).kek);
    const sealed = await vaults.sealDraft(vault, DRAFT, CONTENT);
    assert.deepEqual(await vaults.openDraft(again, DRAFT, sealed), CONTENT);
  });

  test("another passkey, another person and another kind of lock open nothing", async () => {
    const { lock } = await made();
    const { kek } = await passkey();
    const { kek: other } = await passkey(new Uint8Array(32).fill(8));
    const closed = refused("vault-closed");
    await assert.rejects(vaults.openVault(PERSON, [lock], "passkey", other), closed);
    await assert.rejects(vaults.openVault(DRAFT, [lock], "passkey", kek), closed);
    await assert.rejects(vaults.openVault(PERSON, [lock], "device", kek), closed);
    const disguised = { ...lock, kind: "device" };
    await assert.rejects(vaults.openVault(PERSON, [disguised], "device", kek), closed);
    await assert.rejects(vaults.openVault(PERSON, [], "passkey", kek), closed);
  });

  test("a second lock opens the same vault, whichever stands first", async () => {
    const { vault, lock } = await made();
    const shelf = vaults.memoryShelf();
    const kek = await vaults.deviceKek(shelf, PERSON, { make: true });
    const present = { locks: [lock], kind: "passkey", kek: (await passkey()).kek };
    const device = await vaults.addLock(PERSON, present, { kind: "device", name: "Rechner", kek });
    const second = await passkey(new Uint8Array(32).fill(9));
    const other = await vaults.addLock(PERSON, present, second);
    const sealed = await vaults.sealNote(vault, DRAFT, CONTENT);
    const locks = [other, device, lock];
    for (const [kind, key] of [
      ["device", await vaults.deviceKek(shelf, PERSON)],
      ["passkey", second.kek],
      ["passkey", (await passkey()).kek],
    ]) {
      const again = await vaults.openVault(PERSON, locks, kind, key);
      assert.deepEqual(await vaults.openNote(again, DRAFT, sealed), CONTENT);
    }
    assert.equal(new Set(locks.map((each) => each.wrapped)).size, 3);
  });

  test("a device has one key for each person, and makes none unasked", async () => {
    const shelf = vaults.memoryShelf();
    assert.equal(await vaults.deviceKek(shelf, PERSON), null);
    const [one, same] = await Promise.all(
      [1, 2].map(() => vaults.deviceKek(shelf, PERSON, { make: true })),
    );
    assert.equal(one, same);
    assert.equal(await vaults.deviceKek(shelf, DRAFT), null);
  });

  test("no key that is kept can be read out again", async () => {
    const shelf = vaults.memoryShelf();
    const { vault } = await made();
    const keys = [
      vault.secret,
      await vaults.deviceKek(shelf, PERSON, { make: true }),
      await vaults.passkeyKek(PRF),
    ];
    assert.deepEqual(
      keys.map((key) => key.extractable),
      [false, false, false],
    );
  });

  test("a browser that keeps nothing gets no lock of its own", async () => {
    const shelf = vaults.memoryShelf(false);
    await assert.rejects(
      vaults.deviceKek(shelf, PERSON, { make: true }),
      refused("device-keeps-nothing"),
    );
    assert.equal((await vaults.openShelf()).lasting, false);
  });

  test("what an authenticator derived is found, and so is that it derived nothing", () => {
    const credential = (results) => ({ getClientExtensionResults: () => results });
    assert.deepEqual(vaults.prfOf(credential({ prf: { results: { first: PRF.buffer } } })), PRF);
    for (const none of [{}, { prf: {} }, { prf: { enabled: true } }]) {
      assert.equal(vaults.prfOf(credential(none)), null);
    }
    assert.ok(vaults.prfExtension().prf.eval.first.length > 0);
  });
});

describe("sealing for oneself", () => {
  test("what was sealed for one purpose and id opens for no other", async () => {
    const { vault } = await made();
    const sealed = await vaults.sealDraft(vault, DRAFT, CONTENT);
    const unreadable = refused("vault-unreadable");
    await assert.rejects(vaults.openNote(vault, DRAFT, sealed), unreadable);
    await assert.rejects(vaults.openDraft(vault, PERSON, sealed), unreadable);
    const { vault: other } = await made();
    await assert.rejects(vaults.openDraft(other, DRAFT, sealed), unreadable);
  });

  test("a changed character is noticed wherever it stands", async () => {
    const { vault } = await made();
    const sealed = await vaults.sealDraft(vault, DRAFT, CONTENT);
    for (const at of [0, 15, 17, 700, -23, -2]) {
      await assert.rejects(
        vaults.openDraft(vault, DRAFT, spoiled(sealed, at)),
        refused("vault-unreadable"),
      );
    }
    for (const wrong of ["", "AAAA", sealed.slice(0, -4), `${sealed}=`, null]) {
      await assert.rejects(vaults.openDraft(vault, DRAFT, wrong), refused("vault-unreadable"));
    }
  });

  test("the length of a draft tells no more than its kibibytes", async () => {
    const { vault } = await made();
    const lengths = new Set();
    for (const count of [0, 1, 500, 900]) {
      lengths.add((await vaults.sealDraft(vault, DRAFT, { text: "ä".repeat(count / 2) })).length);
    }
    assert.equal(lengths.size, 1);
    const longer = await vaults.sealDraft(vault, DRAFT, { text: "x".repeat(1100) });
    assert.ok(!lengths.has(longer.length));
  });

  test("nothing is sealed the same way twice", async () => {
    const { vault } = await made();
    const all = await Promise.all([1, 2, 3].map(() => vaults.sealDraft(vault, DRAFT, CONTENT)));
    assert.equal(new Set(all.map((each) => each.slice(0, 16))).size, 3);
  });

  test("a seed comes back as it was", async () => {
    const { vault } = await made();
    const key = await vaults.makePersonKey();
    const sealed = await vaults.sealSeed(vault, key.kid, key.seed);
    assert.deepEqual(await vaults.openSeed(vault, key.kid, sealed), key.seed);
    await assert.rejects(vaults.openSeed(vault, DRAFT, sealed), refused("vault-unreadable"));
  });
});

describe("the session", () => {
  const session = { person: PERSON, mark: "marke", now: 100 };

  test("finds the vault that it opened, until it is over", async () => {
    const shelf = vaults.memoryShelf();
    const { vault } = await made();
    await vaults.keepVault(shelf, vault, { mark: "marke", until: 200 });
    const sealed = await vaults.sealDraft(vault, DRAFT, CONTENT);
    const kept = await vaults.resumeVault(shelf, session);
    assert.deepEqual(await vaults.openDraft(kept, DRAFT, sealed), CONTENT);
    assert.equal(await vaults.resumeVault(shelf, { ...session, now: 200 }), null);
    assert.equal(await vaults.resumeVault(shelf, session), null);
  });

  for (const [name, change] of Object.entries({
    "another session": { mark: "andere" },
    "another person": { person: DRAFT },
  })) {
    test(`${name} does not find it, and neither does the first one afterwards`, async () => {
      const shelf = vaults.memoryShelf();
      await vaults.keepVault(shelf, (await made()).vault, { mark: "marke", until: 200 });
      assert.equal(await vaults.resumeVault(shelf, { ...session, ...change }), null);
      assert.equal(await vaults.resumeVault(shelf, session), null);
    });
  }

  test("forgets it at sign-out, and keeps the key of the device", async () => {
    const shelf = vaults.memoryShelf();
    await vaults.deviceKek(shelf, PERSON, { make: true });
    await vaults.keepVault(shelf, (await made()).vault, { mark: "marke", until: 200 });
    await vaults.forgetVault(shelf);
    assert.equal(await vaults.resumeVault(shelf, session), null);
    assert.ok(await vaults.deviceKek(shelf, PERSON));
  });
});

describe("what a house shares", () => {
  const UNIT = "schule:999001";

  test("a colleague gets the key of the desk, and nobody else does", async () => {
    const { dienst, leitung } = await vaults.makeDeskKeys();
    const [ada, ben] = [await vaults.makePersonKey(), await vaults.makePersonKey()];
    const share = await vaults.shareDesk({ ...dienst, unit: UNIT }, ada.pub);
    const shared = { share, kid: dienst.kid, unit: UNIT };
    assert.deepEqual(await vaults.openShare(shared, ada.seed), dienst.seed);
    const unreadable = refused("share-unreadable");
    await assert.rejects(vaults.openShare(shared, ben.seed), unreadable);
    await assert.rejects(vaults.openShare({ ...shared, kid: leitung.kid }, ada.seed), unreadable);
    await assert.rejects(vaults.openShare({ ...shared, unit: "schule:999002" }, ada.seed), unreadable);
    for (const wrong of ["", "AAAA", "!", spoiled(share, 3), spoiled(share, -3)]) {
      await assert.rejects(vaults.openShare({ ...shared, share: wrong }, ada.seed), unreadable);
    }
  });

  test("a share that leads to another key than it is said to is refused", async () => {
    const { dienst, leitung } = await vaults.makeDeskKeys();
    const ada = await vaults.makePersonKey();
    const foreign = { seed: leitung.seed, kid: dienst.kid, unit: UNIT };
    const share = await vaults.shareDesk(foreign, ada.pub);
    await assert.rejects(
      vaults.openShare({ share, kid: dienst.kid, unit: UNIT }, ada.seed),
      refused("share-unreadable"),
    );
  });

  test("nothing is sealed to what is no key", async () => {
    const { dienst } = await vaults.makeDeskKeys();
    for (const pub of ["", "AAAA", "A".repeat(1622), dienst.pub.slice(4)]) {
      await assert.rejects(
        vaults.shareDesk({ ...dienst, unit: UNIT }, pub),
        refused("reader-key-invalid"),
      );
      await assert.rejects(vaults.passDraft(DRAFT, CONTENT, pub), refused("reader-key-invalid"));
    }
  });

  test("a draft is passed to one colleague, under one id", async () => {
    const [ada, ben] = [await vaults.makePersonKey(), await vaults.makePersonKey()];
    const passed = await vaults.passDraft(DRAFT, CONTENT, ada.pub);
    assert.deepEqual(await vaults.openPassed(DRAFT, passed, ada.seed), CONTENT);
    const unreadable = refused("vault-unreadable");
    await assert.rejects(vaults.openPassed(PERSON, passed, ada.seed), unreadable);
    await assert.rejects(vaults.openPassed(DRAFT, passed, ben.seed), unreadable);
    const other = await vaults.passDraft(DRAFT, CONTENT, ada.pub);
    const mixed = { ciphertext: passed.ciphertext, wrap: other.wrap };
    await assert.rejects(vaults.openPassed(DRAFT, mixed, ada.seed), unreadable);
    assert.equal(b64(unb64(passed.ciphertext, "x")), passed.ciphertext);
  });
});

describe("the recovery file", () => {
  const DAY = "2026-11-22";
  const write = async (key) =>
    vaults.writeRecovery({
      unit: "schule:999001",
      unitName: "Erfundene Schule\nStelle: schule:999002",
      day: DAY,
      ...key,
    });

  test("gives back the key, also after a walk over paper", async () => {
    const key = await vaults.makePersonKey();
    const text = await write(key);
    const [head, tail] = [key.seed, key.seed].map((seed) => b64(seed));
    for (const copy of [
      text,
      `\uFEFF${text.replaceAll("\n", "\r\n")}`,
      `   ${text.replaceAll("\n", "\n  ")}`,
      text.replace(head, `${tail.slice(0, 20)} ${tail.slice(20)}`),
      text.normalize("NFD"),
    ]) {
      const read = await vaults.readRecovery(copy);
      assert.deepEqual(read, { unit: "schule:999001", kid: key.kid, pub: key.pub, seed: key.seed });
    }
    assert.equal((await readerFromSeed(key.seed)).kid, key.kid);
  });

  test("says in German what it is, in lines that fit on paper", async () => {
    const text = await write(await vaults.makePersonKey());
    assert.match(text, /^Meldeweg – Wiederherstellungsdatei\n/);
    assert.match(text, /Angelegt: 2026-11-22/);
    assert.ok(text.split("\n").every((line) => line.length <= 90));
  });

  test("is refused where it is damaged, mixed or made up", async () => {
    const [key, other] = [await vaults.makePersonKey(), await vaults.makePersonKey()];
    const text = await write(key);
    const secret = b64(key.seed);
    for (const wrong of [
      "",
      "Geheimnis: x",
      text.replace(secret, spoiled(secret, 5)),
      text.replace(secret, b64(other.seed)),
      text.replace(key.kid, other.kid),
      text.replace("schule:999001", "schule:999003"),
      text.replace(/Prüfsumme: .*/, ""),
      `${text}\nGeheimnis: ${b64(other.seed)}`,
      await write({ kid: key.kid, seed: other.seed }),
    ]) {
      await assert.rejects(vaults.readRecovery(wrong), refused("recovery-invalid"));
    }
  });
});
