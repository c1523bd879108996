// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Are keys, proofs and days judged as everywhere else in the house? With the vectors of the log. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";

import { b64 } from "../../../hub/web/static/sl1/index.js";
import { common, dayOf, touches } from "../../../hub/web/static/portal/trust/days.js";
import { Untrustworthy } from "../../../hub/web/static/portal/trust/doubt.js";
import { parseVkey, verifyCheckpoint } from "../../../hub/web/static/portal/trust/note.js";
import { isEdwardsKey, isPublicKey } from "../../../hub/web/static/portal/trust/points.js";
import { parseProof, rootOf, verifyLogged } from "../../../hub/web/static/portal/trust/proof.js";
import { texts } from "../../../hub/web/static/portal/trust/texts.js";

const FOLDER = new URL("../../../specs/vectors/log/", import.meta.url);
const vectors = (name) => JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8"));
const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (each) => parseInt(each, 16));
const doubted = (reason) => (error) => error instanceof Untrustworthy && error.reason === reason;
const ED = (hex) => ({ kty: "OKP", crv: "Ed25519", x: b64(bytes(hex)) });

describe("public keys", () => {
  test("those of RFC 8032 may sign", () => {
    for (const key of [
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    ]) {
      assert.ok(isEdwardsKey(bytes(key)), key);
      assert.ok(isPublicKey(ED(key)));
    }
  });

  for (const [name, key] of Object.entries({
    "the neutral point": "0100000000000000000000000000000000000000000000000000000000000000",
    "the point of order two": "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "a point of order four": "0000000000000000000000000000000000000000000000000000000000000000",
    "the other of order four": "0000000000000000000000000000000000000000000000000000000000000080",
    "a point of order eight": "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "another of order eight": "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "a second spelling of a small one":
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "the modulus itself": "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "a sign without an x": "0100000000000000000000000000000000000000000000000000000000000080",
    "no point at all": "0200000000000000000000000000000000000000000000000000000000000000",
    "a byte too few": "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f70751",
  })) {
    test(`${name} may not`, () => {
      assert.equal(isEdwardsKey(bytes(key)), false);
      assert.equal(isPublicKey(ED(key)), false);
    });
  }

  test("members of two kinds of key, and a point off its curve, are none", async () => {
    const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
      "sign",
    ]);
    const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
    assert.ok(isPublicKey({ kty, crv, x, y }));
    assert.equal(isPublicKey({ kty, crv, x: y, y: x }), false);
    assert.equal(isPublicKey({ kty, crv, x }), false);
    assert.equal(isPublicKey({ kty: "OKP", crv, x, y }), false);
    const own = ED("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    assert.equal(isPublicKey({ ...own, y }), false);
    assert.equal(isPublicKey({ ...own, crv: "X25519" }), false);
    for (const none of [null, undefined, {}, { ...own, x: 7 }]) assert.ok(!isPublicKey(none));
  });
});

describe("the tree", () => {
  const { inclusion, roots } = vectors("tree");
  const leafOf = async (index) => {
    const leaf = Uint8Array.of(0, index >> 8, index & 255);
    return new Uint8Array(await crypto.subtle.digest("SHA-256", leaf));
  };

  test("every inclusion proof leads to the root of its tree", async () => {
    for (const { index, size, proof } of inclusion) {
      const root = await rootOf(await leafOf(index), index, size, proof.map(bytes));
      assert.deepEqual(root, bytes(roots[size]), `${index} of ${size}`);
    }
  });

  test("a proof that is cut, longer or of another place leads elsewhere", async () => {
    for (const { index, size, proof } of inclusion.filter((each) => each.size > 2)) {
      const path = proof.map(bytes);
      const leaf = await leafOf(index);
      await assert.rejects(rootOf(leaf, index, size, path.slice(1)), doubted("log-path"));
      await assert.rejects(rootOf(leaf, index, size, [...path, leaf]), doubted("log-path"));
      await assert.rejects(rootOf(leaf, size, size, path), doubted("log-path"));
    }
  });

  test("places beyond 32 bits are not cut", async () => {
    const leaf = await leafOf(1);
    const path = Array.from({ length: 40 }, () => leaf);
    const [far, near] = [2 ** 39 + 5, 5];
    const roots_ = [await rootOf(leaf, far, 2 ** 40, path), await rootOf(leaf, near, 2 ** 40, path)];
    assert.notDeepEqual(...roots_);
  });
});

describe("the log", () => {
  const { vkey, entries, checkpoint, proofs, pruned } = vectors("log");
  const log = { log: vkey, id: "hub.beispielstadt.invalid" };

  test("its own vectors hold", async () => {
    for (const [i, proof] of proofs.entries()) {
      const entry = JSON.parse(entries[i]);
      const found = await verifyLogged({ proof, entry }, entry.obj.d, log);
      assert.equal(found.index, i);
    }
    const { size } = await verifyCheckpoint(checkpoint, await parseVkey(vkey), `${log.id}/log`);
    assert.equal(size, entries.length);
  });

  test("a proof without its entry proves nothing to us", () => {
    assert.throws(() => parseProof(pruned), doubted("log-malformed"));
  });

  for (const [name, [change, reason]] of Object.entries({
    "another header": [(p) => p.replace("@v1", "@v2"), "log-malformed"],
    "a plus in front of the index": [(p) => p.replace("index 0", "index +0"), "log-malformed"],
    "a zero in front of it": [(p) => p.replace("index 0", "index 00"), "log-malformed"],
    "another index": [(p) => p.replace("index 0", "index 1"), "log-path"],
    "a sibling less": [(p) => p.replace(/(index 0\n)[^\n]+\n/, "$1"), "log-path"],
    "another size": [(p) => p.replace("/log\n5\n", "/log\n6\n"), "log-unsigned"],
    "a line more below the root": [(p) => p.replace("\n\n\u2014", "\nx\n\n\u2014"), "log-unsigned"],
    "no signature": [(p) => p.slice(0, p.indexOf("\u2014")), "log-malformed"],
    "a signature twice": [(p) => p + p.slice(p.indexOf("\u2014")), "log-malformed"],
    "the signature of another name": [(p) => p.replace("\u2014 hub", "\u2014 hut"), "log-unsigned"],
    "a carriage return": [(p) => p.replaceAll("\n", "\r\n"), "log-malformed"],
    "a sibling without its padding": [(p) => p.replace("=\n\n", "\n\n"), "log-malformed"],
  })) {
    test(`a proof with ${name} does not hold`, async () => {
      const proof = change(proofs[0]);
      assert.notEqual(proof, proofs[0]);
      const entry = JSON.parse(entries[0]);
      await assert.rejects(verifyLogged({ proof, entry }, "", log), doubted(reason));
    });
  }

  test("neither does one of another hub, of another key or beside another entry", async () => {
    const entry = JSON.parse(entries[0]);
    const shown = { proof: proofs[0], entry };
    const other = { ...log, id: "hub.anderswo.invalid" };
    await assert.rejects(verifyLogged(shown, "", other), doubted("log-other"));
    const odd = { ...log, log: vkey.replace("8880ffc2", "8880ffc3") };
    await assert.rejects(verifyLogged(shown, "", odd), doubted("log-key"));
    const second = { proof: proofs[0], entry: JSON.parse(entries[1]) };
    await assert.rejects(verifyLogged(second, "", log), doubted("log-other-entry"));
    await assert.rejects(verifyLogged(shown, "x", log), doubted("log-about-another"));
    await assert.rejects(verifyLogged({ proof: 7, entry }, "", log), doubted("log-malformed"));
  });
});

describe("days", () => {
  const second = (text) => Date.parse(text) / 1000;

  test("begin and end as the clock on the wall in Berlin says, in summer and in winter", () => {
    assert.equal(dayOf(second("2026-11-21T22:59:59Z")), "2026-11-21");
    assert.equal(dayOf(second("2026-11-21T23:00:00Z")), "2026-11-22");
    assert.equal(dayOf(second("2026-07-21T21:59:59Z")), "2026-07-21");
    assert.equal(dayOf(second("2026-07-21T22:00:00Z")), "2026-07-22");
  });

  test("a term touches a span at its very first and last second and not beside them", () => {
    const term = { from: "2026-11-22", until: "2026-11-22" };
    const [begins, ends] = ["2026-11-21T23:00:00Z", "2026-11-22T23:00:00Z"].map(second);
    assert.equal(touches(term, begins - 1, begins), false);
    assert.equal(touches(term, begins - 1, begins + 1), true);
    assert.equal(touches(term, ends - 1, ends + 5), true);
    assert.equal(touches(term, ends, ends + 5), false);
  });

  test("terms without a common day touch nothing", () => {
    const none = common(
      { from: "2026-01-01", until: "2026-06-30" },
      { from: "2026-07-01", until: "2026-12-31" },
    );
    assert.equal(touches(none, 0, second("2030-01-01T00:00:00Z")), false);
  });
});

test("every reason has a sentence in both languages", () => {
  const folder = new URL("../../../hub/web/static/portal/", import.meta.url);
  const own = ["entry", "list", "note", "pins", "proof", "readers", "receipts", "seen", "trust"];
  const files = [...own.map((name) => `trust/${name}`), "common/trusted", "filing/partner"];
  const said = files.flatMap((name) => {
    const source = readFileSync(new URL(`${name}.js`, folder), "utf8");
    return [...source.matchAll(/"((?:list|entry|root|log|receipt|readers?|unit|hub|origin|partner)-[a-z-]+)"/g)];
  });
  // One word of a receipt begins as some reasons do.
  const reasons = new Set(said.map(([, reason]) => reason).filter((each) => each !== "reader-added"));
  assert.ok(reasons.size > 25);
  for (const language of ["de", "en"]) {
    assert.deepEqual(Object.keys(texts[language]).sort(), [...reasons].sort());
  }
});
