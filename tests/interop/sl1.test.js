// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Does the JavaScript of SL1 give every vector the answer that stands beside it? */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";

import * as sl1 from "../../hub/web/static/sl1/index.js";
import { admit } from "./hub.js";
import { bytesOf, refusal, vectors } from "./vectors.js";

const { unb64, jcs, parseStrict, derive } = sl1;
const utf8 = (text) => new TextEncoder().encode(text);
const text = (bytes) => new TextDecoder().decode(bytes);

describe("canonical", () => {
  const { canonical, strict, not_strict: notStrict, not_base64url: notB64 } = vectors("canonical");
  for (const { name, value, jcs: expected } of canonical) {
    test(`is written in one way: ${name}`, () => {
      assert.equal(text(jcs(value)), expected);
      assert.deepEqual(parseStrict(utf8(expected), "x"), value);
    });
  }
  for (const { name, text: said } of strict) {
    test(`is strict: ${name}`, () => assert.equal(text(jcs(parseStrict(utf8(said), "x"))), said));
  }
  for (const { name, text: said } of notStrict) {
    test(`is not strict: ${name}`, () => {
      assert.throws(() => parseStrict(utf8(said), "x"), refusal({ code: "x" }));
    });
  }
  for (const { name, text: said } of notB64) {
    test(`is not base64url: ${name}`, () => {
      assert.throws(() => unb64(said, "x"), refusal({ code: "x" }));
    });
  }
});

describe("schemas", () => {
  const { sealable, not_sealable: notSealable } = vectors("sealable");
  for (const { name, schema, digest, leaves, body, sealed } of sealable) {
    test(`can be sealed: ${name}`, async () => {
      const derived = await derive(schema);
      const found = derived.leaves.map(({ pointer, class: c, max, L, N }) => ({
        pointer,
        class: c,
        max,
        L,
        N,
      }));
      assert.equal(derived.digest, digest);
      assert.deepEqual(found, leaves);
      assert.equal(derived.bodyBytes, body);
      assert.deepEqual(derived.sealed, sealed);
    });
  }
  for (const { name, schema, code, pointer } of notSealable) {
    test(`cannot be sealed: ${name}`, async () => {
      await assert.rejects(
        derive(schema),
        refusal({ code, pointers: pointer ? [pointer] : undefined }),
      );
    });
  }
});

describe("contents", () => {
  for (const { name, schema, content, tree, code, pointers } of vectors("contents")) {
    // JavaScript reads 2000.0 as the integer 2000; in a message strict JSON refuses it.
    const said = name === "a float" ? { feld: 2000.5 } : content;
    test(name, async () => {
      const derived = await derive(schema);
      if (code) {
        assert.throws(() => sl1.checkContent(derived, said), refusal({ code, pointers }));
        return;
      }
      const values = sl1.checkContent(derived, said);
      assert.deepEqual(Object.fromEntries(values), tree);
      assert.deepEqual(sl1.reduce(derived, values), said);
    });
  }
  const { forbidden, allowed } = vectors("text");
  const rule = { type: "string", maxLength: 9 };
  const schema = { type: "object", additionalProperties: false, properties: { feld: rule } };
  for (const [points, fits] of [
    [forbidden, false],
    [allowed, true],
  ]) {
    test(`characters that are ${fits ? "allowed" : "forbidden"}`, async () => {
      const derived = await derive(schema);
      for (const point of points) {
        const check = () => sl1.checkContent(derived, { feld: `a${String.fromCodePoint(point)}b` });
        if (fits) assert.doesNotThrow(check);
        else assert.throws(check, refusal({ code: "content-invalid", pointers: ["/feld"] }));
      }
    });
  }
});

describe("reader keys", () => {
  const { keys, invalid } = vectors("reader-keys");
  for (const { seed, kid, pub } of keys) {
    test(`follow from their seeds: ${kid}`, async () => {
      const reader = await sl1.readerFromSeed(unb64(seed, "x"));
      assert.equal(reader.pub, pub);
      assert.equal(reader.kid, kid);
      assert.equal((await sl1.parseReaderKey(pub)).kid, kid);
    });
  }
  for (const { name, pub, code } of invalid) {
    test(`are refused: ${name}`, () => assert.rejects(sl1.parseReaderKey(pub), refusal({ code })));
  }
});

/** Bytes that are the same every time, as the vectors were made with. */
function stream(label) {
  let count = 0;
  return (length) => {
    count += 1;
    return createHash("shake256", { outputLength: length }).update(`${label}/${count}`).digest();
  };
}

/** Give the sealer the randomness that a vector was made with. */
function entropyOf({ secret, disclosures, message, name }) {
  const { body, env } = JSON.parse(message);
  const wraps = stream(`${name}/wrap`);
  const at = (pointer) =>
    pointer
      .split("/")
      .slice(1)
      .reduce((inner, part) => inner[part], body);
  const ekm = new Map();
  return {
    // The vectors draw for their readers in the order in which they name them.
    order: (kids) => kids.forEach((kid) => ekm.set(kid, wraps(64))),
    entropy: (purpose) => {
      const [kind, of] = purpose.split(" ");
      if (kind === "secret") return unb64(secret, "x");
      if (kind === "salt") return unb64(JSON.parse(text(unb64(disclosures[of], "x")))[0], "x");
      return kind === "iv" ? unb64(at(of).split(".")[2], "x") : ekm.get(of);
    },
    signature: unb64(env.split(".")[2], "x"),
  };
}

describe("messages", () => {
  for (const vector of [vectors("example"), ...vectors("messages")]) {
    const { name, schema, content, claims, signer, readers } = vector;
    const raw = utf8(vector.message);
    const signatories = [{ iss: claims.iss, jwk: signer.jwk }];
    const { aud, hub, iat: now } = claims;

    test(`has these bytes: ${name}`, async () => {
      const { entropy, order, signature } = entropyOf(vector);
      const known = await Promise.all(readers.map((r) => sl1.readerFromSeed(unb64(r.seed, "x"))));
      order(known.map(({ kid }) => kid));
      const choices = readers.map(({ classes, rel }, i) => ({ pub: known[i].pub, classes, rel }));
      const replay = { jwk: signer.jwk, sign: () => signature };
      const sealed = await sl1.seal(
        await derive(schema),
        content,
        claims,
        replay,
        choices,
        entropy,
      );
      assert.equal(text(sealed.raw), vector.message);
      assert.equal(sealed.envDigest, vector.env_digest);
      assert.equal(sealed.request, vector.request);
      assert.deepEqual(sealed.disclosures, vector.disclosures);
    });

    for (const reader of readers) {
      test(`opens for its reader: ${name}, ${reader.kid}`, async () => {
        const message = JSON.parse(vector.message);
        const keys = message.keys.filter(({ kid }) => kid === reader.kid);
        const delivered = jcs({ ...message, keys });
        assert.equal(await sl1.digest(delivered), reader.delivered);
        const expectation = { parties: [aud], hub, now, signatories };
        const derived = await derive(schema);
        const opened = await sl1.open(delivered, derived, unb64(reader.seed, "x"), expectation);
        assert.deepEqual(opened.content ?? null, reader.content);
        assert.deepEqual(Object.fromEntries(opened.values), reader.values);
        assert.equal(opened.envDigest, vector.env_digest);
      });
    }

    test(`shows one field: ${name}`, async () => {
      const [[pointer, disclosure]] = Object.entries(vector.disclosures);
      const { env } = JSON.parse(text(raw));
      assert.equal(sl1.present(env, [disclosure]), vector.presentation);
      const shown = await sl1.verifyPresentation(vector.presentation, signatories);
      assert.deepEqual([...shown.values], [[pointer, readers[0].values[pointer]]]);
    });
  }

  test("a reader who was added opens what was sent before", async () => {
    const vector = vectors("addition");
    const { signer, secret, env_digest: envDigest } = vectors("messages")[0];
    const jws = await sl1.parseJws(JSON.parse(vector.message).env, "meldeweg-message+sd-jwt");
    const { claims } = jws;
    const signatories = [{ iss: claims.iss, jwk: signer.jwk }];
    const expectation = { parties: [claims.aud], hub: claims.hub, now: claims.iat, signatories };
    const seed = unb64(vector.seed, "x");
    const derived = await derive(vector.schema);
    const opened = await sl1.open(utf8(vector.delivered), derived, seed, expectation);
    assert.deepEqual(Object.fromEntries(opened.values), vector.values);

    const request = JSON.parse(vector.request);
    const { jti, iat } = JSON.parse(text(unb64(request.statement.split(".")[1], "x")));
    const replay = {
      jwk: signer.jwk,
      sign: () => unb64(request.statement.split(".")[2], "x"),
    };
    const choice = { pub: (await sl1.readerFromSeed(seed)).pub, classes: ["main"] };
    const original = { claims, envDigest, secret: unb64(secret, "x") };
    const wraps = stream("addition/wrap");
    const added = await sl1.addReader(original, choice, replay, { jti, iat }, () => wraps(64));
    assert.equal(text(added.raw), vector.request);
    assert.equal(added.statementDigest, vector.statement_digest);
  });
});

describe("refusals", async () => {
  const all = vectors("refusals");
  const schemas = await Promise.all(all.schemas.map(derive));

  for (const vector of all.at_the_hub) {
    test(`at the hub: ${vector.name}`, async () => {
      const { about, code } = vector;
      const validity = { notBefore: about.not_before, notAfter: about.not_after };
      const signatories = all.signing.map(({ iss, jwk }) => ({ iss, jwk, ...validity }));
      const reading = about.reading ?? all.reading;
      const directory = { id: all.hub_id, now: all.now, schemas, signatories, reading };
      const answer = admit(bytesOf(vector), directory, about);
      await (code ? assert.rejects(answer, refusal({ code })) : answer);
    });
  }
  for (const vector of all.at_the_reader) {
    test(`at the reader: ${vector.name}`, async () => {
      const { about, code } = vector;
      const signatories = all.signing.map(({ iss, jwk }) => ({ iss, jwk }));
      const seen = (iss, jti) => about.seen?.find((s) => s.iss === iss && s.jti === jti)?.env;
      const expectation = {
        parties: about.parties ?? all.reader.parties,
        hub: about.hub ?? all.hub_id,
        now: about.now ?? all.now,
        signatories,
        seen,
      };
      const seed = unb64(about.seed ?? all.reader.seed, "x");
      const answer = sl1.open(bytesOf(vector), schemas, seed, expectation);
      await (code ? assert.rejects(answer, refusal({ code })) : answer);
    });
  }
});

describe("beyond the vectors", () => {
  const vector = vectors("example");
  const { claims, signer, disclosures } = vector;
  const signatories = [{ iss: claims.iss, jwk: signer.jwk }];
  const expectation = { parties: [claims.aud], hub: claims.hub, now: claims.iat, signatories };
  const raw = utf8(vector.message);
  const seed = unb64(vector.readers[0].seed, "x");
  const { env } = JSON.parse(vector.message);
  const [first] = Object.values(disclosures);

  test("a message that was seen before is told apart from a new one", async () => {
    const schema = await derive(vector.schema);
    const seen = () => vector.env_digest;

    assert.equal((await sl1.open(raw, schema, seed, expectation)).repeated, false);
    assert.equal((await sl1.open(raw, schema, seed, { ...expectation, seen })).repeated, true);
  });

  test("a statement about another message lets nobody in", async () => {
    const addition = vectors("addition");
    const foreign = JSON.parse(addition.delivered).added;
    const delivered = jcs({ ...JSON.parse(vector.message), added: foreign });
    const opened = sl1.open(
      delivered,
      await derive(vector.schema),
      unb64(addition.seed, "x"),
      expectation,
    );

    await assert.rejects(opened, refusal({ code: "not-addressed" }));
  });

  for (const [name, presentation, code] of [
    ["without its last tilde", `${env}~${first}`, "envelope-invalid"],
    ["with a field that was not signed", `${env}~${first.slice(0, -4)}AAAA~`, "leaf-mismatch"],
    ["with a field twice", `${env}~${first}~${first}~`, "leaf-malformed"],
    ["signed by somebody else", `${env.slice(0, -4)}AAAA~${first}~`, "signature-invalid"],
  ]) {
    test(`a presentation ${name} proves nothing`, async () => {
      await assert.rejects(sl1.verifyPresentation(presentation, signatories), refusal({ code }));
    });
  }

  test("a refusal names places and no value", async () => {
    const schema = await derive(vector.schema);
    const content = { ...vector.content, taetig: "Geheim", geheim: 1 };

    assert.throws(
      () => sl1.checkContent(schema, content),
      (error) => !/geheim/i.test(error.message) && error.pointers.join() === ",/taetig",
    );
  });

  test("keys made here seal and open", async () => {
    const schema = await derive(vector.schema);
    const reader = await sl1.generateReader();
    for (const alg of ["EdDSA", "ES256"]) {
      const { signer: own, jwk } = await sl1.generateSigningKey(alg);
      const sealed = await sl1.seal(schema, vector.content, claims, own, [{ pub: reader.pub }]);
      const known = { ...expectation, signatories: [{ iss: claims.iss, jwk }] };
      const opened = await sl1.open(sealed.raw, schema, reader.seed, known);
      assert.deepEqual(opened.content, vector.content);
    }
  });
});
