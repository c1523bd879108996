// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { TEXTS } from "../../../hub/web/static/portal/filing/texts.js";

const FOLDER = new URL("../../../hub/web/static/portal/filing/", import.meta.url);
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith(".js") && name !== "texts.js");
const SOURCE = FILES.map((name) => readFileSync(new URL(name, FOLDER), "utf8")).join("\n");
const MADE = /^(before\.(needs|leaves)|reason|receipt\.(taken|acknowledged|overdue))/;

test("every sentence is there in both languages, with the same values in it", () => {
  assert.deepEqual(Object.keys(TEXTS.de).sort(), Object.keys(TEXTS.en).sort());
  for (const [key, text] of Object.entries(TEXTS.de)) {
    const values = (said) => (said.match(/\{\w+\}/g) ?? []).sort();
    assert.deepEqual(values(TEXTS.en[key]), values(text), key);
  }
});

test("every sentence is said somewhere, and none is said that is not there", () => {
  const unsaid = Object.keys(TEXTS.de).filter((key) => !SOURCE.includes(`"${key}"`) && !MADE.test(key));
  const said = [...SOURCE.matchAll(/say\("([^"$]+)"/g)].map(([, key]) => key);

  assert.deepEqual(unsaid, []);
  assert.deepEqual(said.filter((key) => !(key in TEXTS.de)), []);
});

test("nobody is said to have read something, and the hub is not said to look inside", () => {
  const all = Object.values(TEXTS.de).join("\n");

  assert.doesNotMatch(all, /[Gg]elesen: |wurde gelesen|Hub filtert/);
});
