// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

import assert from "node:assert/strict";
import { test } from "node:test";

import { decide, proposals } from "../../../hub/web/static/portal/filing/place.js";
import { Land, addressable, isByPlace, officeFor, otherOfSeat } from "../../../hub/web/static/portal/places/index.js";

/** @type {any} */ (globalThis).document = { documentElement: { lang: "de" } };

const DAY = "2026-11-22";
const TABLE = {
  places: [
    ["05170032", "Rheinberg", "Kreis Wesel", "2023-11-30", "", ""],
    ["05170048", "Wesel", "Kreis Wesel", "2023-11-30", "", ""],
    ["05170052", "Xanten", "Kreis Wesel", "2023-11-30", "", ""],
  ],
  offices: [
    ["jugendamt:05170032", "jugendamt", "Jugendamt der Stadt Rheinberg", "2023-11-30", "", ""],
    ["jugendamt:05170000", "jugendamt", "Jugendamt des Kreises Wesel", "2023-11-30", "", ""],
  ],
  assignments: [
    ["jugendamt", "05170032", "jugendamt:05170032", "2023-11-30", "", "eigen", "belegt", 0],
    ["jugendamt", "05170048", "jugendamt:05170000", "2023-11-30", "", "kreis", "belegt", 0],
    ["jugendamt", "05170052", "jugendamt:05170000", "2023-11-30", "", "kreis", "belegt", 0],
  ],
  postcodes: [["46509", "05170052"], ["47495", "05170032"], ["47495", "05170052"]],
  sources: ["erfunden"],
  grounds: { eigen: "{place} ein eigenes Jugendamt hat", kreis: "{place} keines hat" },
};
const unit = (id, name, roles) => ({ id, name, roles, telephone: "0221 4710200" });
const NETWORK = {
  districts: [],
  responsibilities: [],
  participants: [
    {
      id: "jugendamt:05170032",
      name: "Jugendamt der Stadt Rheinberg",
      units: [
        unit("jugendamt:05170032.asd", "ASD", ["jugendamt"]),
        unit("jugendamt:05170032.jgh", "Jugendgerichtshilfe", ["jugendgerichtshilfe"]),
      ],
    },
    { id: "fachkraft:demo", name: "Beratung Erfunden", units: [unit("fachkraft:demo", "Beratung Erfunden", ["fachkraft"])] },
  ],
};
const LAND = new Land(TABLE, [NETWORK]);
const LIST = { participants: new Map(NETWORK.participants.map(({ id }) => [id, { status: "valid" }])) };

test("a name that is one is taken, and one that may be more is asked about", () => {
  assert.deepEqual(decide(LAND, "Rheinberg", null).place, { ags: "05170032", name: "Rheinberg" });
  const { error } = decide(LAND, "Wesel", null);
  assert.equal(error.fieldId, "gemeinde");
  assert.equal(error.candidates.length, 3);
  assert.deepEqual(decide(LAND, "Wesel", "05170048").place, { ags: "05170048", name: "Wesel" });
});

test("so much of a name as means one is enough, and nonsense is none", () => {
  assert.deepEqual(decide(LAND, "xan", null).place, { ags: "05170052", name: "Xanten" });
  assert.equal(decide(LAND, "Entenhausen", null).error.fieldId, "ort");
  assert.equal(decide(LAND, "  ", null).error.fieldId, "ort");
});

test("a postcode of one municipality means it, one of two is asked about, others are not guessed", () => {
  assert.deepEqual(decide(LAND, "46509", null).place, { ags: "05170052", name: "Xanten" });
  assert.equal(decide(LAND, " 47495 ", null).error.candidates.length, 2);
  assert.deepEqual(decide(LAND, "47495", "05170052").place, { ags: "05170052", name: "Xanten" });
  assert.match(decide(LAND, "4749", null).error.message, /fünf Ziffern/);
  assert.match(decide(LAND, "50667", null).error.message, /nicht verzeichnet/);
});

test("a proposal that somebody chose before typing on is not taken for what stands there now", () => {
  assert.deepEqual(decide(LAND, "Rheinberg", "05170052").place, { ags: "05170032", name: "Rheinberg" });
});

test("while typing, names that begin so come first", () => {
  assert.deepEqual(proposals(LAND, "x").length, 0);
  assert.deepEqual(proposals(LAND, "We").map(({ name }) => name), ["Wesel"]);
});

test("the unit with the role is addressed, and an office without one takes no part", () => {
  assert.equal(officeFor(LAND, ["jugendamt"], "05170032", DAY).id, "jugendamt:05170032.asd");
  assert.equal(officeFor(LAND, ["jugendgerichtshilfe"], "05170032", DAY).id, "jugendamt:05170032.jgh");
  assert.equal(officeFor(LAND, ["jugendamt"], "05170052", DAY).takesPart, false);
});

test("whoever is found by no place is found by role, if valid", () => {
  assert.equal(isByPlace(LAND, ["fachkraft"]), false);
  assert.deepEqual(addressable(LAND, LIST, ["fachkraft"], "").map(({ id }) => id), ["fachkraft:demo"]);
  assert.deepEqual(addressable(LAND, { participants: new Map() }, ["fachkraft"], ""), []);
  assert.deepEqual(addressable(LAND, LIST, ["fachkraft"], "fachkraft:demo"), []);
});

test("a school in Xanten is told that its own office would have been another", () => {
  const office = officeFor(LAND, ["jugendamt"], "05170032", DAY);

  const other = otherOfSeat(LAND, ["jugendamt"], { seat: "05170052", office, day: DAY });
  assert.equal(other?.name, "Jugendamt des Kreises Wesel");
  assert.equal(otherOfSeat(LAND, ["jugendamt"], { seat: "05170032", office, day: DAY }), null);
  assert.equal(otherOfSeat(LAND, ["jugendamt"], { seat: null, office, day: DAY }), null);
});
