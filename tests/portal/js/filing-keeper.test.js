// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

import assert from "node:assert/strict";
import { test } from "node:test";

import { Trouble } from "../../../hub/web/static/portal/common/api.js";
import { Keeper } from "../../../hub/web/static/portal/filing/keeper.js";
import { memoryShelf } from "../../../hub/web/static/portal/vault/index.js";

const ID = "1b4e28ba-2fa1-41d2-883f-0016d3cca427";

/** A portal that keeps drafts as the real one does, and can be away. */
class Portal {
  drafts = new Map();
  requests = [];
  /** @type {Error | null} */ trouble = null;

  ask = async (method, path, body, more = {}) => {
    this.requests.push({ method, path, body, ...more });
    if (this.trouble) throw this.trouble;
    const known = this.drafts.get(path);
    if (method === "GET" && known) return known;
    if (method === "GET") throw new Trouble("not-found", 404);
    const expected = known ? `"${known.version}"` : undefined;
    if (more.headers["if-match"] !== expected) {
      throw new Trouble("conversation-moved-on", 409, { current: known });
    }
    const draft = { version: (known?.version ?? 0) + 1, changed_at: 1, expires_at: 2, wrap: null, ...body };
    this.drafts.set(path, draft);
    return draft;
  };
}

function opened(portal, shelf, told = []) {
  return new Keeper(ID, {
    ask: portal.ask,
    shelf,
    seal: async (id, content) => Buffer.from(JSON.stringify({ id, content })).toString("base64url"),
    unseal: async (id, text) => JSON.parse(Buffer.from(text, "base64url").toString()).content,
    openPassed: async () => ({ title: "weitergegeben" }),
    person: "p1",
    tell: (what, about) => told.push([what, about]),
    delay: 1_000_000,
  });
}

const state = (title) => ({ title });
const done = (keeper) => clearTimeout(keeper.timer);

test("a change is on the shelf at once, and at the portal after a moment", async () => {
  const [portal, shelf, told] = [new Portal(), memoryShelf(), []];
  const keeper = opened(portal, shelf, told);

  await keeper.change(state("eins"));
  assert.equal(portal.requests.length, 0);
  assert.equal((await shelf.get(keeper.place)).dirty, true);

  await keeper.flush();
  assert.deepEqual(portal.requests[0].headers, { "if-none-match": "*" });
  assert.equal((await shelf.get(keeper.place)).dirty, false);
  assert.equal(told[0][0], "saved");
  done(keeper);
});

test("the second change names the version of the first", async () => {
  const portal = new Portal();
  const keeper = opened(portal, memoryShelf());

  await keeper.change(state("eins"));
  await keeper.flush();
  await keeper.change(state("zwei"));
  await keeper.flush();

  assert.deepEqual(portal.requests[1].headers, { "if-match": '"1"' });
  done(keeper);
});

test("what the portal did not get before the browser crashed is opened from the shelf", async () => {
  const [portal, shelf] = [new Portal(), memoryShelf()];
  const before = opened(portal, shelf);
  await before.change(state("eins"));
  await before.flush();
  await before.change(state("zwei"));
  done(before);

  const after = opened(portal, shelf);
  assert.deepEqual(await after.open(), state("zwei"));
  await after.flush();
  assert.equal(portal.requests.at(-1).headers["if-match"], '"1"');
  done(after);
});

test("while the portal is away the shelf has all, and it is tried again", async () => {
  const [portal, shelf, told] = [new Portal(), memoryShelf(), []];
  const keeper = opened(portal, shelf, told);
  portal.trouble = new Trouble("unreachable", 0);

  await keeper.change(state("eins"));
  await keeper.flush();
  done(keeper);
  assert.deepEqual(told, [["local", undefined]]);
  assert.deepEqual(await opened(portal, shelf).open(), state("eins"));

  portal.trouble = null;
  await keeper.flush();
  assert.equal(told.at(-1)[0], "saved");
});

test("a session that is over loses nothing", async () => {
  const [portal, shelf, told] = [new Portal(), memoryShelf(), []];
  const keeper = opened(portal, shelf, told);
  portal.trouble = new Trouble("token-invalid", 401);

  await keeper.change(state("eins"));
  await keeper.flush();
  done(keeper);

  assert.deepEqual(told, [["stranger", undefined]]);
  assert.equal((await shelf.get(keeper.place)).dirty, true);
});

test("of two versions a person chooses, and none is lost before", async () => {
  const [portal, told] = [new Portal(), []];
  const [here, there] = [memoryShelf(), memoryShelf()];
  const one = opened(portal, here, told);
  await one.change(state("eins"));
  await one.flush();
  const other = opened(portal, there);
  await other.open();
  await other.change(state("anderswo"));
  await other.flush();

  await one.change(state("hier"));
  await one.flush();
  assert.equal(told.at(-1)[0], "conflict");
  assert.equal((await here.get(one.place)).dirty, true);

  await one.overwrite(told.at(-1)[1]);
  assert.deepEqual(await opened(portal, memoryShelf()).open(), state("hier"));
  [one, other].forEach(done);
});

test("a draft that was passed on is opened with the own key", async () => {
  const portal = new Portal();
  portal.drafts.set(`/portal/api/entwuerfe/${ID}`, { id: ID, version: 3, ciphertext: "x", wrap: "y" });
  const keeper = opened(portal, memoryShelf());

  assert.deepEqual(await keeper.open(), { title: "weitergegeben" });
  assert.equal(keeper.version, 3);
});

test("a draft that is gone is none, and one that was sent leaves nothing on the shelf", async () => {
  const [portal, shelf] = [new Portal(), memoryShelf()];
  const keeper = opened(portal, shelf);
  assert.equal(await keeper.open(), null);

  await keeper.change(state("eins"));
  await keeper.close();
  assert.equal(await shelf.get(keeper.place), undefined);
  await keeper.flush();
  assert.equal(portal.requests.filter(({ method }) => method === "PUT").length, 0);
});

test("what is typed while the portal answers is not taken for saved", async () => {
  const [portal, shelf] = [new Portal(), memoryShelf()];
  const keeper = opened(portal, shelf);
  await keeper.change(state("eins"));

  const { ask } = portal;
  keeper.means.ask = async (...asked) => {
    const said = await ask(...asked);
    await shelf.put(keeper.place, { ciphertext: "neuer", version: 0, dirty: true });
    return said;
  };
  await keeper.flush();
  done(keeper);

  assert.deepEqual(await shelf.get(keeper.place), { ciphertext: "neuer", version: 1, dirty: true });
});
