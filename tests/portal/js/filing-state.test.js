// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

import assert from "node:assert/strict";
import { test } from "node:test";

import { shortNumber } from "../../../hub/web/static/portal/common/number.js";
import { clockBy, dateOf, dayOf, timeOf } from "../../../hub/web/static/portal/filing/clock.js";
import { messageId, uuid7 } from "../../../hub/web/static/portal/filing/ids.js";
import { merged } from "../../../hub/web/static/portal/filing/taking.js";
import {
  beside, emptyState, givenBasis, givenUrgency, openStep, stepsOf, titleOf,
} from "../../../hub/web/static/portal/filing/state.js";

const DESCRIPTION = {
  title: "Mitteilung der Schule",
  urgencies: [{ value: "sofort" }, { value: "planbar" }],
  basis_chosen: false,
  bases: [{ code: "kkg-4-3", beside: false }, { code: "schulgnrw-42-6", beside: true }],
  pages: [{ id: "kind" }, { id: "beobachtungen" }],
};
const FORM = { protocol: "schule-mitteilung", version: "1.0.0", step: "mitteilung" };

test("before it is known what it is about, two steps are known", () => {
  assert.deepEqual(stepsOf(emptyState(), null), ["vorab", "anliegen"]);
});

test("a notice goes from the first question over place and urgency to the review", () => {
  assert.deepEqual(stepsOf(emptyState(), DESCRIPTION), [
    "vorab", "anliegen", "ort", "dringlichkeit", "seite:kind", "seite:beobachtungen", "pruefen",
  ]);
});

test("an answer needs no place, and no choice where there is none", () => {
  const answer = { ...emptyState(), thread: { cnv: "x" } };
  const only = { ...DESCRIPTION, urgencies: [{ value: "planbar" }] };

  assert.deepEqual(stepsOf(answer, only), ["seite:kind", "seite:beobachtungen", "pruefen"]);
});

test("a basis is asked for only where a person has to choose one", () => {
  const two = [{ code: "a", beside: false }, { code: "b", beside: false }];
  const chosen = { ...DESCRIPTION, basis_chosen: true, bases: two };

  assert.ok(stepsOf(emptyState(), chosen).includes("grundlage"));
  assert.equal(givenBasis(chosen), null);
  assert.equal(givenBasis(DESCRIPTION), "kkg-4-3");
  assert.equal(givenBasis({ ...chosen, bases: two.slice(0, 1) }), "a");
});

test("a draft opens where it was left, unless something before it is missing", () => {
  const to = { unit: "jugendamt:05170032.asd" };
  const whole = { ...emptyState(), form: FORM, to, urgency: "planbar", at: "seite:beobachtungen" };

  assert.equal(openStep(whole, DESCRIPTION), "seite:beobachtungen");
  assert.equal(openStep({ ...whole, urgency: null }, DESCRIPTION), "dringlichkeit");
  assert.equal(openStep({ ...whole, to: null }, DESCRIPTION), "ort");
  assert.equal(openStep(emptyState(), null), "vorab");
  assert.equal(openStep({ ...whole, at: "seite:gestrichen" }, DESCRIPTION), "vorab");
});

test("nobody goes beyond the first or the last step", () => {
  const steps = ["a", "b"];

  assert.deepEqual([beside(steps, "a", -1), beside(steps, "a", 1), beside(steps, "b", 1)], ["a", "b", "b"]);
});

test("a draft is called by what it is about and whom it speaks of", () => {
  const values = {
    absender: { name: { familienname: "Erfunden-Lehrer" } },
    kind: { name: { familienname: "Erfunden-Beispiel", vorname: "Mia" } },
  };

  assert.equal(titleOf(DESCRIPTION, values), "Mitteilung der Schule – Erfunden-Beispiel, Mia");
  assert.equal(titleOf(DESCRIPTION, {}), "Mitteilung der Schule");
});

test("one urgency is none to choose, and an answer is as urgent as what it answers", () => {
  assert.equal(givenUrgency(DESCRIPTION, null), null);
  assert.equal(givenUrgency({ ...DESCRIPTION, urgencies: [{ value: "planbar" }] }, null), "planbar");
  assert.equal(givenUrgency(DESCRIPTION, { messages: [{ urgency: "sofort" }] }), "sofort");
});

test("an id tells its time, except where nothing may be tied together", () => {
  const id = uuid7(0x0193504f7c2a, new Uint8Array(16).fill(0xff));

  assert.equal(id, "0193504f-7c2a-7fff-bfff-ffffffffffff");
  assert.match(messageId({ unlinked: true }, 1_800_000_000), /^[0-9a-f]{8}-[0-9a-f]{4}-4/);
  assert.match(messageId({ unlinked: false }, 1_800_000_000), /^01a3185c-5000-7/);
});

test("a device whose clock is wrong goes by the portal's, and is told", () => {
  let own = 1_800_000_600_000;
  const ahead = clockBy(1_800_000_000, () => own);
  assert.deepEqual([ahead.now(), ahead.wrongBy], [1_800_000_000, 10]);
  own += 30_000;
  assert.equal(ahead.now(), 1_800_000_030);
  assert.equal(clockBy(1_800_000_720, () => 1_800_000_000_000).wrongBy, -12);
  assert.equal(clockBy(1_800_000_002, () => 1_800_000_000_000).wrongBy, 0);
});

test("times are those of Berlin, whatever the device says", () => {
  const second = Date.UTC(2026, 10, 22, 23, 42) / 1000;

  assert.deepEqual([timeOf(second), dayOf(second), dateOf(second)], ["00:42", "23.11.", "23.11.2026"]);
});

test("what comes from a file is put over what was typed, and nothing else is touched", () => {
  const typed = { kind: { name: { vorname: "Mia" } }, anruf: { erfolgt: true } };
  const taken = { kind: { name: { familienname: "Erfunden-Beispiel" } } };

  assert.deepEqual(merged(typed, taken), {
    kind: { name: { vorname: "Mia", familienname: "Erfunden-Beispiel" } },
    anruf: { erfolgt: true },
  });
});

test("the number for the telephone is the end of the long one", () => {
  assert.equal(shortNumber("01a202f6-07c0-7fd1-b42d-16e000bd6fdb"), "00BD-6FDB");
});
