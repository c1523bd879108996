// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Does the start page put first what has to be known first? */

import assert from "node:assert/strict";
import { test } from "node:test";

import { withOffice } from "../../../hub/web/static/portal/common/offline.js";
import {
  mattersOf,
  newsSince,
  officesOf,
  sorted,
} from "../../../hub/web/static/portal/start/sorting.js";

const LENA = { id: "p-1", name: "Lena Erfunden-Beispiel" };
const JONAS = { id: "p-2", name: "Jonas Erfunden-Muster" };
const me = { person: LENA, roles: ["verfassen", "lesen"] };

const filing = (id, more = {}) => ({
  id,
  cnv: id,
  state: "angenommen",
  marks: [],
  ring: null,
  mine: true,
  made_at: 100,
  to: "jugendamt:05170032.asd",
  to_name: "Jugendamt Rheinberg",
  to_telephone: "0221 4710110",
  ...more,
});
const letter = (id, more = {}) => ({ id, state: "neu", for: null, openable: true, ...more });
const inbox = (more) => ({ filings: [], letters: [], drafts: [], ...more });
const ids = (list) => list.map(({ id, cnv }) => id ?? cnv);
const ring = { name: "Bereitschaft", telephone: "0221 4710112", then: [] };

test("what is overdue is said first, and stays among what waits", () => {
  const found = sorted(inbox({ filings: [filing("a"), filing("b", { ring })] }), me);
  assert.deepEqual(ids(found.urgent), ["b"]);
  assert.deepEqual(found.waiting.map(({ cnv }) => cnv), ["a", "b"]);
});

test("whoever reads for the house is told of a colleague's overdue filing, others are not", () => {
  const theirs = inbox({ filings: [filing("a", { mine: false, ring })] });
  assert.deepEqual(ids(sorted(theirs, me).urgent), ["a"]);
  assert.deepEqual(sorted(theirs, { ...me, roles: ["verfassen"] }).urgent, []);
});

test("what did not go out or cannot be used is urgent without anybody to ring", () => {
  for (const state of ["nicht-verwertbar", "nicht-zugestellt", "zurueckgewiesen", "abgelaufen"]) {
    assert.deepEqual(ids(sorted(inbox({ filings: [filing("a", { state })] }), me).urgent), ["a"]);
  }
});

test("an answer to a colleague is no news of mine, and is not counted", () => {
  const letters = [letter("a"), letter("b", { for: JONAS }), letter("c", { for: LENA })];
  const found = sorted(inbox({ letters }), me);
  assert.deepEqual([ids(found.news), ids(found.elsewhere)], [["a", "c"], ["b"]]);
  assert.equal(found.unread, 2);
});

test("a letter that was opened stays among the news until it is noted", () => {
  const letters = [letter("a", { state: "geoeffnet" }), letter("b", { state: "bestaetigt" })];
  const found = sorted(inbox({ letters }), me);
  assert.deepEqual([ids(found.news), found.unread], [["a"], 0]);
});

test("what was said later in a matter belongs to it, and its state is the last one", () => {
  const answer = filing("b", { cnv: "a", made_at: 200, state: "zugestellt" });
  const [matter] = mattersOf([answer, filing("a", { state: "bestaetigt" })]);
  assert.deepEqual([matter.head.id, ids(matter.later), matter.latest.id], ["a", ["b"], "b"]);
});

test("the matter with the newest word stands first", () => {
  const found = mattersOf([
    filing("c", { made_at: 300 }),
    filing("b", { made_at: 200 }),
    filing("d", { cnv: "b", made_at: 400 }),
  ]);
  assert.deepEqual(found.map(({ cnv }) => cnv), ["b", "c"]);
});

test("only what changed is told aloud", () => {
  const before = inbox({ filings: [filing("a"), filing("b")], letters: [letter("x")] });
  const now = inbox({
    filings: [filing("a", { state: "zugestellt" }), filing("b"), filing("c", { mine: false })],
    letters: [letter("y"), letter("x", { state: "geoeffnet" })],
  });
  const news = newsSince(before, now);
  assert.deepEqual([news.letters, ids(news.filings)], [1, ["a"]]);
  assert.deepEqual(newsSince(now, now), { letters: 0, filings: [] });
});

test("a mark that comes is news although the state is the same", () => {
  const before = inbox({ filings: [filing("a")] });
  const now = inbox({ filings: [filing("a", { marks: ["ueberfaellig"] })] });
  assert.deepEqual(ids(newsSince(before, now).filings), ["a"]);
});

test("each office is named once, and none without a number", () => {
  const silent = filing("c", { to: "polizei:kpb-wesel", to_telephone: null });
  assert.deepEqual(
    officesOf([filing("a"), filing("b"), silent]).map(({ unit }) => unit),
    ["jugendamt:05170032.asd"],
  );
});

test("what is known of duty outlives an answer that says nothing of it", () => {
  const unit = { unit: "u", name: "Jugendamt", telephone: "0221 4710110" };
  const turns = [{ name: "Bereitschaft", telephone: "0221 4710112", reason: "Plan" }];
  const kept = withOffice(withOffice([], { ...unit, duty: { turns } }, 1), unit, 2);
  assert.equal(kept.length, 1);
  assert.deepEqual(kept[0].duty, [{ name: "Bereitschaft", telephone: "0221 4710112" }]);
  assert.equal(kept[0].seen, 2);
});

test("a browser keeps few offices, the last seen first", () => {
  let kept = [];
  for (let i = 0; i < 10; i += 1) {
    kept = withOffice(kept, { unit: `u${i}`, name: "Amt", telephone: "110" }, i);
  }
  assert.deepEqual([kept.length, kept[0].unit], [6, "u9"]);
});
