// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Forms without a page: what is read, what is sent, what is said about it. */

import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.document = { documentElement: { lang: "de" } };

const form = "../../../hub/web/static/portal/form";
const { firstOdd, firstOutside, firstUnseen } = await import(`${form}/characters.js`);
const { startValues, toContent } = await import(`${form}/content.js`);
const { checkAll, checkPage } = await import(`${form}/checks.js`);
const { fieldIdOf, get, labelOf, pageOf, pointerAt, put, templateOf } = await import(`${form}/fields.js`);
const { applyHint, findHints } = await import(`${form}/hints.js`);
const { birthOf, dateOf, momentOf, numberOf, partsOf } = await import(`${form}/input.js`);
const { reviewRows } = await import(`${form}/review.js`);

const NOW = new Date("2026-11-22T10:00:00Z");
const base = {
  required: false, within: null, more: false, law: null, class: "main", fill: null, when: null, needed_when: null,
  hint: "",
};
const text = { type: "string", minLength: 1, maxLength: 20, "x-bytes-per-char": 2 };
const DESCRIPTION = {
  title: "Mitteilung",
  scanned: false,
  bases: [{ code: "kkg-4-3", citation: "§ 4 Abs. 3 KKG", beside: false }],
  readers: [{ class: "main", who: "Zuständiges Jugendamt" }],
  rules: [{ id: "ohne-hinweis-nur-mit-grund", says: "Sagen Sie, warum.", citation: "§ 82a Abs. 3 SGB X" }],
  schema: {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "urn:meldeweg:schema:probe",
    type: "object",
    additionalProperties: false,
    required: ["name", "information"],
    properties: {
      name: { ...text, pattern: "^[A-Za-zÀ-ÖØ-öø-ɏ' ]+$" },
      orte: { type: "array", maxItems: 3, items: { $ref: "#/$defs/Ort" } },
      information: {
        type: "object",
        additionalProperties: false,
        required: ["betroffene_informiert"],
        properties: {
          betroffene_informiert: { type: "string", enum: ["ja", "nein-schutz"] },
          grund: { ...text, maxLength: 60 },
        },
      },
      rueckmeldung_an: { ...text, maxLength: 43 },
      absender: {
        type: "object",
        additionalProperties: false,
        properties: { berufsgruppe: { type: "string", enum: ["lehrkraft", "sonstige"] } },
      },
    },
    $defs: {
      Ort: { type: "object", additionalProperties: false, required: ["ort"], properties: { ort: text, plz: text } },
    },
  },
  machine: [{ ...base, kind: "machine", pointer: "/rueckmeldung_an", name: "rueckmeldung_an", label: "Schlüssel", fill: "person-key" }],
  pages: [
    {
      id: "eins",
      title: "Eins",
      hint: "",
      optional: false,
      fields: [
        {
          ...base, kind: "line", pointer: "/name", name: "name", label: "Name", required: true, min: 1, max: 20,
          bytes: 2, pattern: "^[A-Za-zÀ-ÖØ-öø-ɏ' ]+$", chars: "name", fill: "name",
        },
        {
          ...base, kind: "list", pointer: "/orte", name: "orte", label: "Orte", min: 0, max: 3, item: null,
          item_label: "Ort",
          fields: [
            { ...base, kind: "line", pointer: "/orte/*/ort", name: "ort", label: "Wo?", required: true, within: "/orte/*", min: 1, max: 20, bytes: 2, pattern: null, chars: "text" },
            { ...base, kind: "line", pointer: "/orte/*/plz", name: "plz", label: "PLZ", within: "/orte/*", min: 1, max: 20, bytes: 2, pattern: null, chars: "text" },
          ],
        },
      ],
    },
    {
      id: "zwei",
      title: "Zwei",
      hint: "",
      optional: false,
      fields: [
        {
          ...base, kind: "choice", pointer: "/information/betroffene_informiert", name: "betroffene_informiert",
          label: "Wissen sie es?", required: true, choices: [{ value: "ja", label: "Ja" }, { value: "nein-schutz", label: "Nein" }],
        },
        {
          ...base, kind: "paragraph", pointer: "/information/grund", name: "grund", label: "Warum nicht?", min: 1,
          max: 60, bytes: 2, pattern: null, chars: "text",
          when: { pointer: "/information/betroffene_informiert", in: ["nein-schutz"] },
          needed_when: { pointer: "/information/betroffene_informiert", in: ["nein-schutz"] },
        },
      ],
    },
  ],
};
const [ONE, TWO] = DESCRIPTION.pages;

test("a name has the letters of DIN 91379, whatever they are made of", () => {
  for (const name of ["Żółć", "Đặng", "O’Neill", "M\u0302arie", "Ḱira", "Erfunden-Beispiel", "Ça", "s\u0331a"]) {
    assert.equal(firstOdd(name.normalize("NFC"), "name"), null, name);
  }
});

test("what is no letter is named with its place, counted as people count", () => {
  assert.deepEqual(firstOdd("Anna☺", "name"), { text: "☺", place: 5 });
  assert.deepEqual(firstOdd("M\u0302a😀", "name"), { text: "😀", place: 3 });
  assert.deepEqual(firstOdd("Ωmega", "name"), { text: "Ω", place: 1 });
  assert.deepEqual(firstOdd("Иван", "name"), { text: "И", place: 1 });
  assert.deepEqual(firstOdd("q\u0301", "name"), { text: "q\u0301", place: 1 });
  assert.deepEqual(firstOdd("Anna1", "name"), { text: "1", place: 5 });
  assert.equal(firstOdd("Weg 1 (Hof)", "place"), null);
  assert.deepEqual(firstUnseen("a\u200Bb"), { text: "\u200B", place: 2 });
  assert.deepEqual(firstOutside("12ä", "^[0-9A-Za-z \\/.\\-]+$"), { text: "ä", place: 3 });
});

test("a date is read where it is certain and kept as typed where it is not", () => {
  assert.equal(dateOf({ tag: "29", monat: "2", jahr: "2024" }), "2024-02-29");
  assert.equal(dateOf({ tag: "1", monat: "Dez", jahr: "26" }), "2026-12-01");
  assert.deepEqual(dateOf({ tag: "29", monat: "2", jahr: "2026" }), { _: { tag: "29", monat: "2", jahr: "2026" } });
  assert.deepEqual(dateOf({ tag: "1", monat: "ju", jahr: "2026" })._.monat, "ju");
  assert.equal(dateOf({ tag: "", monat: "", jahr: "" }), undefined);
});

test("a moment has the offset of the day, also where the clocks change", () => {
  assert.equal(momentOf({ tag: "1", monat: "7", jahr: "2026", uhr: "8" }), "2026-07-01T08:00:00+02:00");
  assert.equal(momentOf({ tag: "29", monat: "3", jahr: "2026", uhr: "01:59" }), "2026-03-29T01:59:00+01:00");
  assert.equal(momentOf({ tag: "29", monat: "3", jahr: "2026", uhr: "3.00" }), "2026-03-29T03:00:00+02:00");
  assert.equal(momentOf({ tag: "25", monat: "10", jahr: "2026", uhr: "0430 uhr" }), "2026-10-25T04:30:00+01:00");
  assert.deepEqual(partsOf("2026-07-01T06:00:00Z"), { tag: "1", monat: "7", jahr: "2026", uhr: "08:00" });
  for (const clock of ["24:00", "12:60", "früh"]) {
    assert.ok(momentOf({ tag: "1", monat: "7", jahr: "2026", uhr: clock })._, clock);
  }
});

test("a birth may be known in part", () => {
  assert.deepEqual(birthOf({ tag: "", monat: "", jahr: "2014" }), { jahr: 2014 });
  assert.deepEqual(birthOf({ tag: "", monat: "mai", jahr: "14" }), { jahr: 2014, monat: 5 });
  assert.deepEqual(birthOf({ tag: "x", monat: "5", jahr: "2014" }), { _: { tag: "x", monat: "5", jahr: "2014" } });
  assert.deepEqual(numberOf("zwölf"), { _: "zwölf" });
});

test("pointers lead to places and back", () => {
  assert.equal(templateOf("/orte/12/ort"), "/orte/*/ort");
  assert.equal(pointerAt("/orte/*/ort", [2]), "/orte/2/ort");
  assert.deepEqual(put({}, "/orte/0/ort", "Unna"), { orte: [{ ort: "Unna" }] });
  assert.equal(get({ orte: [{ ort: "Unna" }] }, "/orte/0/ort"), "Unna");
  assert.equal(get({}, "/__proto__/toString"), undefined);
  assert.equal(labelOf(DESCRIPTION, "/orte/1/ort"), "Ort 2: Wo?");
  assert.equal(pageOf(DESCRIPTION, "/orte/1").id, "eins");
  assert.equal(fieldIdOf("/orte/1/ort"), "feld-orte-1-ort");
});

test("only what applies is sent, in one spelling and without empty members", () => {
  const values = {
    name: "  M\u0061\u0308rz ",
    orte: [{ ort: "", plz: "" }, { ort: "Unna" }, {}],
    information: { betroffene_informiert: "ja", grund: "weil" },
    fremd: "gibt es nicht",
  };
  const content = toContent(DESCRIPTION, values, { personKey: "kid" });
  assert.deepEqual(content, { name: "März", orte: [{ ort: "Unna" }], information: { betroffene_informiert: "ja" } });
});

test("the own key goes along only for those who get feedback", () => {
  const keyOf = (berufsgruppe) =>
    toContent(DESCRIPTION, { absender: { berufsgruppe } }, { personKey: "kid" }).rueckmeldung_an;
  assert.deepEqual([keyOf("lehrkraft"), keyOf("sonstige")], ["kid", undefined]);
});

test("each fault names its field", () => {
  const said = (page, values) => checkPage(DESCRIPTION, page, values, { now: NOW }).map((each) => each.message);
  assert.deepEqual(said(ONE, {}), ["Bitte füllen Sie „Name“ aus."]);
  assert.deepEqual(said(ONE, { name: "Anna☺" }), [
    "„Name“: Das Zeichen ‚☺‘ an Stelle 5 ist in Namen nicht erlaubt.",
  ]);
  assert.deepEqual(said(ONE, { name: "A".repeat(21) }), ["„Name“ ist zu lang: 21 Zeichen, möglich sind 20."]);
  assert.deepEqual(said(ONE, { name: "Anna", orte: [{ plz: "59423" }] }), ["Bitte füllen Sie „Ort 1: Wo?“ aus."]);
  assert.deepEqual(said(ONE, { name: "Anna", orte: [{}] }), []);
  assert.deepEqual(said(TWO, {}), ["Bitte beantworten Sie „Wissen sie es?“."]);
  assert.deepEqual(said(TWO, { information: { betroffene_informiert: "ja" } }), []);
  assert.deepEqual(said(TWO, { information: { betroffene_informiert: "nein-schutz" } }), [
    "Bitte füllen Sie „Warum nicht?“ aus.",
  ]);
});

test("a text that weighs too much is stopped before it is sealed", () => {
  const [error] = checkPage(DESCRIPTION, ONE, { name: "Anna", orte: [{ ort: "€".repeat(20) }] });
  assert.match(error.message, /zu viele besondere Zeichen/);
});

test("everything is checked at the end, each place once", async () => {
  const errors = await checkAll(DESCRIPTION, { information: { betroffene_informiert: "nein-schutz" } }, { now: NOW });
  assert.deepEqual(errors.map(({ pointer, page }) => [pointer, page]), [
    ["/name", "eins"],
    ["/information/grund", "zwei"],
  ]);
  const fine = { name: "Anna", information: { betroffene_informiert: "ja" } };
  assert.deepEqual(await checkAll(DESCRIPTION, fine, { now: NOW }), []);
});

test("a rule that this program does not know stops everything", async () => {
  const newer = { ...DESCRIPTION, rules: [{ id: "noch-nie-gehoert", says: "Neu.", citation: null }] };
  await assert.rejects(checkAll(newer, { name: "Anna" }, {}), /no rule/);
});

test("a further person is asked about, the child is not, and nothing changes by itself", async () => {
  const values = { name: "Mia", information: { betroffene_informiert: "nein-schutz", grund: "Kevin und Mia sagten es 😀 Lena." } };
  const named = { ...DESCRIPTION };
  const hints = await findHints(named, values);
  assert.deepEqual(hints.map(({ word, kind }) => [word, kind]), [["Kevin", "dritte"], ["Mia", "dritte"], ["Lena", "dritte"]]);
  const changed = applyHint(values, hints[2], "eine andere Person");
  assert.equal(changed.information.grund, "Kevin und Mia sagten es 😀 eine andere Person.");
  assert.equal(values.information.grund, "Kevin und Mia sagten es 😀 Lena.");
  assert.equal(applyHint({ information: { grund: "anders" } }, hints[0], "x").information.grund, "anders");
});

test("what is known of whoever writes stands there already", () => {
  assert.deepEqual(startValues(DESCRIPTION, { family: "Erfunden-Muster" }), { name: "Erfunden-Muster" });
});

test("every value is shown before it leaves, with basis and reader", () => {
  const content = { name: "Anna", orte: [{ ort: "Unna" }], information: { betroffene_informiert: "ja" } };
  const rows = reviewRows(DESCRIPTION, content);
  assert.deepEqual(rows.map(({ path, label, value }) => [path.join(" › "), label, value]), [
    ["Eins", "Name", "Anna"],
    ["Eins › Ort 1", "Wo?", "Unna"],
    ["Zwei", "Wissen sie es?", "Ja"],
  ]);
  assert.deepEqual([rows[0].basis, rows[0].reader], ["§ 4 Abs. 3 KKG", "Zuständiges Jugendamt"]);
});
