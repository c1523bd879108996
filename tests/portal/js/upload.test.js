// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** What of a file from the school's program gets into a form, and what does not? */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import {
  asContent,
  assign,
  choices,
  droppedOf,
  fieldsOf,
  openSheet,
  plainName,
  previewOf,
  recognise,
  takeOver,
} from "../../../hub/web/static/portal/upload/index.js";
import { ABSENCE, CHILD, SVWS, XSCHULE, file, western, wide, workbook } from "./upload_files.js";

/** @param {any} source @param {string[]} [fields] @param {number} [row] */
async function taken(source, fields = CHILD, row = 0) {
  const sheet = await openSheet(source);
  return takeOver(sheet, recognise(sheet, fields), row);
}

const LINE = "Erfunden-Beispiel;Mia;03.05.2014;w;Erfundene Straße 12 a;47495;Rheinberg";
const NAMES = "Name;Vorname;Geburtsdatum;Geschlecht;Straße;PLZ;Ort";
const EIGHT = {
  "/kind/name/familienname": "Erfunden-Beispiel",
  "/kind/name/vorname": "Mia",
  "/kind/geburt/jahr": 2014,
  "/kind/geburt/monat": 5,
  "/kind/geburt/tag": 3,
  "/kind/geschlecht": "w",
  "/kind/anschrift/strasse": "Erfundene Straße",
  "/kind/anschrift/hausnummer": "12 a",
  "/kind/anschrift/postleitzahl": "47495",
  "/kind/anschrift/ort": "Rheinberg",
};

describe("a text with separators", () => {
  for (const [name, separator] of [
    ["semicolon", ";"],
    ["comma", ","],
    ["tab", "\t"],
    ["bar", "|"],
  ]) {
    test(`is read with ${name}`, async () => {
      const text = `${NAMES}\n${LINE}\n`.replaceAll(";", separator);
      assert.deepEqual((await taken(file(text))).state, EIGHT);
    });
  }
  test("may end without a line end, and have the line ends of Windows", async () => {
    assert.deepEqual((await taken(file(`${NAMES}\r\n${LINE}`))).state, EIGHT);
  });
  test("may say its separator in the first line", async () => {
    const sheet = await openSheet(file("sep=|\nName|Vorname\nErfunden, Graf|Mia\n"));
    assert.equal(sheet.separator, "|");
    assert.deepEqual(sheet.rows, [["Erfunden, Graf", "Mia"]]);
  });
  test("keeps separators, quotes and line ends that are quoted", async () => {
    const sheet = await openSheet(
      file('Name;Vorname;Bemerkung\n"Erfunden; ""die Erste""";Mia;"zwei\nZeilen"\n'),
    );
    assert.deepEqual(sheet.rows, [['Erfunden; "die Erste"', "Mia", "zwei\nZeilen"]]);
  });
  test("has short lines filled and empty ones left out", async () => {
    const sheet = await openSheet(
      file("Name;Vorname;Ort\nErfunden\n\n;;\nErfunden-Zwei;Mia;Moers\n"),
    );
    assert.deepEqual(sheet.rows, [
      ["Erfunden", "", ""],
      ["Erfunden-Zwei", "Mia", "Moers"],
    ]);
  });
  test("may have a title above the names of its columns", async () => {
    const text = `Klassenliste 7b;;;;;;\nStand: 01.11.2026;;;;;;\n${NAMES}\n${LINE}\n`;
    const { state, dropped } = await taken(file(text));
    assert.deepEqual(state, EIGHT);
    assert.deepEqual(dropped, []);
  });
  test("may lie on its side, when it is of one child", async () => {
    const text = NAMES.split(";")
      .map((name, index) => `${name};${LINE.split(";")[index]}`)
      .join("\n");
    assert.deepEqual((await taken(file(text))).state, EIGHT);
  });
  test("without names of columns is assigned by hand", async () => {
    const sheet = await openSheet(file("Erfunden;Mia;47495\nErfunden-Zwei;Leo;47441\n"));
    let assignment = recognise(sheet, CHILD);
    assert.deepEqual(takeOver(sheet, assignment, 0).state, {});
    assignment = assign(assignment, 0, "familienname");
    assert.deepEqual(takeOver(sheet, assignment, 1).state, {
      "/kind/name/familienname": "Erfunden-Zwei",
    });
  });
});

describe("an encoding", () => {
  const text = "Name;Vorname\nErfunden-Größe;Zoë\n";
  const expected = { "/kind/name/familienname": "Erfunden-Größe", "/kind/name/vorname": "Zoë" };
  for (const [name, bytes, encoding] of /** @type {const} */ ([
    ["UTF-8", Buffer.from(text), "utf-8"],
    ["UTF-8 with a mark", Buffer.from(`\ufeff${text}`), "utf-8"],
    ["Windows-1252", western(text), "windows-1252"],
    ["UTF-16 little endian with a mark", wide(`\ufeff${text}`), "utf-16le"],
    ["UTF-16 big endian with a mark", wide(`\ufeff${text}`, true), "utf-16be"],
    ["UTF-16 little endian without a mark", wide(text), "utf-16le"],
    ["UTF-16 big endian without a mark", wide(text, true), "utf-16be"],
  ])) {
    test(`is found out: ${name}`, async () => {
      const sheet = await openSheet(file(bytes));
      assert.equal(sheet.encoding, encoding);
      assert.deepEqual(takeOver(sheet, recognise(sheet, CHILD), 0).state, expected);
    });
  }
  test("of Windows has the signs that ISO 8859-1 does not have", async () => {
    const bytes = Buffer.concat([
      western("Name;Vorname\nErfunden-"),
      Buffer.from([0x8a, 0x9e]),
      western("o;Mia\n"),
    ]);
    assert.equal((await taken(file(bytes))).state["/kind/name/familienname"], "Erfunden-Šžo");
  });
});

describe("names", () => {
  // Letters and sequences of DIN 91379, datatype A, from several parts of its list.
  const LETTERS = [
    "Łukasz Żółć",
    "Đặng Thị Hương",
    "Çağrı Işık",
    "Ørsted Æbelø",
    "Ñuñez Iñigo",
    "Šćepan Đurić",
    "Ħaġar Żejtun",
    "Ţepeş Ştefan",
    "Ýmir Þór Ðuro",
    "Ǆurđa",
    "C̆erný",
    "M̀bàlé",
    "Ọlọ́runtóbi",
    "L’Erfunden",
    "ʿAlī ʾAmīr",
    "Ẓāhir Ḥusain",
    "ƏliƏliyev",
    "Ǩeäʹđđ",
    "S̄amīr",
    "Straße-Groß",
  ];
  for (const name of LETTERS) {
    test(`keep every letter: ${name}`, async () => {
      const { state, doubts } = await taken(file(`Name;Vorname\nErfunden ${name};Mia\n`));
      assert.equal(state["/kind/name/familienname"], `Erfunden ${name}`.normalize("NFC"));
      assert.deepEqual(doubts, []);
    });
  }
  test("are spelled in one way, however the file composes them", async () => {
    const { state } = await taken(file("Name;Vorname\nErfunden-Zoe\u0308;A\u030angstro\u0308m\n"));
    assert.deepEqual(state, {
      "/kind/name/familienname": "Erfunden-Zoë",
      "/kind/name/vorname": "Ångström",
    });
  });
  test("with signs that nobody sees are not taken over", async () => {
    const { state, doubts } = await taken(
      file("Name;Vorname\nErfunden\u202eneleipsieB;Mia\u200b\n"),
    );
    assert.deepEqual(state, {});
    assert.deepEqual(
      doubts.map((each) => each.code),
      ["signs", "signs"],
    );
  });
  test("in one column are parted at the comma, and only there", async () => {
    const fine = await taken(file('"Name, Vorname";PLZ\n"Erfunden-Beispiel, Mia Sophie";47495\n'));
    assert.equal(fine.state["/kind/name/vorname"], "Mia Sophie");
    const unclear = await taken(file('"Name, Vorname";PLZ\nMia Erfunden;47495\n'));
    assert.deepEqual(
      unclear.doubts.map((each) => each.code),
      ["both-names"],
    );
    assert.equal(unclear.state["/kind/name/familienname"], undefined);
  });
  test("get the prefix that stands in a column of its own", async () => {
    const { state } = await taken(file("Nachname;Namensvorsatz;Vorname\nErfunden;von der;Mia\n"));
    assert.equal(state["/kind/name/familienname"], "von der Erfunden");
  });
  test("of all first names stand before the one of every day", async () => {
    const text = "Vorname;alleVornamen;Nachname\nMia;Mia Sophie;Erfunden\nLeo;;Erfunden\n";
    assert.equal((await taken(file(text))).state["/kind/name/vorname"], "Mia Sophie");
    assert.equal((await taken(file(text), CHILD, 1)).state["/kind/name/vorname"], "Leo");
  });
});

describe("a day", () => {
  const of = async (/** @type {string} */ said) => {
    const { state, doubts } = await taken(file(`Name;Geburtsdatum\nErfunden;${said}\n`));
    const parts = ["jahr", "monat", "tag"].map((part) => state[`/kind/geburt/${part}`]);
    return doubts.length > 0
      ? doubts[0].code
      : parts.filter((each) => each !== undefined).join("-");
  };
  for (const [said, expected] of [
    ["03.05.2014", "2014-5-3"],
    ["3.5.2014", "2014-5-3"],
    ["3. 5. 2014", "2014-5-3"],
    ["3.5.14", "2014-5-3"],
    ["2014-05-03", "2014-5-3"],
    ["20140503", "2014-5-3"],
    ["2014-05-03T00:00:00.000", "2014-5-3"],
    ["2014-05-03 00:00:00", "2014-5-3"],
    ["41762", "2014-5-3"],
    ["05.2014", "2014-5"],
    ["2014-05", "2014-5"],
    ["2014", "2014"],
    ["29.02.2016", "2016-2-29"],
    ["29.02.2015", "day"],
    ["31.04.2014", "day"],
    ["05/03/2014", "day"],
    ["2014-05-02T22:00:00Z", "day"],
    ["3.5.99", "day"],
    ["03.05.1914", "day"],
    ["unbekannt", "day"],
    ["00.00.2014", "day"],
    ["99999", "day"],
  ]) {
    test(`„${said}“ is ${expected === "day" ? "not taken over" : expected}`, async () => {
      assert.equal(await of(said), expected);
    });
  }
});

describe("an address", () => {
  const of = async (/** @type {string} */ street) =>
    (await taken(file(`Name;Straße;PLZ\nErfunden;${street};47495\n`))).state;
  for (const [said, street, house] of [
    ["Erfundene Straße 12", "Erfundene Straße", "12"],
    ["Erfundenstr. 12a", "Erfundenstr.", "12a"],
    ["Am Erfundenen 3-5", "Am Erfundenen", "3-5"],
    ["Straße des 17. Juni 100", "Straße des 17. Juni", "100"],
    ["Erfundener Weg", "Erfundener Weg", undefined],
    ["Straße 21. Erfunden", "Straße 21. Erfunden", undefined],
  ]) {
    test(`is parted from its number: ${said}`, async () => {
      const state = await of(String(said));
      assert.equal(state["/kind/anschrift/strasse"], street);
      assert.equal(state["/kind/anschrift/hausnummer"], house);
    });
  }
  test("has its number where the file has one for it", async () => {
    const { state } = await taken(
      file("Name;Straße;Hausnummer;HausnummerZusatz\nErfunden;Platz 5;9;b\n"),
    );
    assert.equal(state["/kind/anschrift/hausnummer"], "9b");
  });
  test("gets the zero back that a spreadsheet takes from a postcode", async () => {
    const { state } = await taken(
      workbook([
        ["Name", "PLZ"],
        ["Erfunden", 1067],
      ]),
    );
    assert.equal(state["/kind/anschrift/postleitzahl"], "01067");
  });
  test("parts postcode and town in one column", async () => {
    const { state } = await taken(file("Name;PLZ Ort\nErfunden;D-47495 Rheinberg\n"));
    assert.equal(state["/kind/anschrift/postleitzahl"], "47495");
    assert.equal(state["/kind/anschrift/ort"], "Rheinberg");
  });
  test("with a postcode of another country leaves it empty and says so", async () => {
    const { state, doubts } = await taken(file("Name;PLZ\nErfunden;1234 AB\n"));
    assert.equal(state["/kind/anschrift/postleitzahl"], undefined);
    assert.deepEqual(
      doubts.map((each) => each.code),
      ["postcode"],
    );
  });
  test("knows the municipality by its key of eight or twelve digits", async () => {
    for (const key of ["05170032", "051700032032"]) {
      const { state } = await taken(file(`Name;AGS\nErfunden;${key}\n`));
      assert.equal(state["/kind/anschrift/gemeindeschluessel"], "05170032");
    }
  });
});

describe("other values", () => {
  for (const [said, code] of [
    ["männlich", "m"],
    ["W", "w"],
    ["weiblich", "w"],
    ["d", "d"],
    ["3", "m"],
    ["4", "w"],
  ]) {
    test(`sex „${said}“ is ${code}`, async () => {
      assert.equal(
        (await taken(file(`Name;Geschlecht\nErfunden;${said}\n`))).state["/kind/geschlecht"],
        code,
      );
    });
  }
  test("nobody's sex is guessed", async () => {
    const { state, doubts } = await taken(file("Name;Geschlecht\nErfunden;keine Angabe möglich\n"));
    assert.equal(state["/kind/geschlecht"], undefined);
    assert.equal(doubts[0].code, "sex");
  });
  test("a guardian comes with relation and telephone", async () => {
    const text =
      "Name;Erzieher 1 Nachname;Erzieher 1 Vorname;Erzieherart;Erzieher 1 Telefon\nErfunden;Erfunden-Mutter;Ada;Mutter;0171 3920012\n";
    assert.deepEqual(asContent((await taken(file(text))).state).sorgeberechtigte, [
      {
        familienname: "Erfunden-Mutter",
        vorname: "Ada",
        rolle: "mutter",
        kontakt: { kennung: "0171 3920012", kanal: "03" },
      },
    ]);
  });
  test("a protected address is taken over, and an empty cell does not say that there is none", async () => {
    const text = "Name;Auskunftssperre\nErfunden;Ja\nErfunden;\nErfunden;Nein\n";
    const sheet = await openSheet(file(text));
    const said = [0, 1, 2].map(
      (row) => takeOver(sheet, recognise(sheet, CHILD), row).state["/hinweise/auskunftssperre"],
    );
    assert.deepEqual(said, [true, undefined, undefined]);
  });
});

describe("what the form has no field for", () => {
  test("is dropped, and named by its column alone", async () => {
    const text =
      "Name;Religion;Klasse;Noten;Staatsangehörigkeit;Bemerkung\nErfunden;rk;7b;2,3;deutsch;geheimes Wort\n";
    const said = await taken(file(text));
    assert.deepEqual(said.dropped, [
      "Religion",
      "Klasse",
      "Noten",
      "Staatsangehörigkeit",
      "Bemerkung",
    ]);
    assert.ok(!JSON.stringify(said).includes("geheimes Wort"));
  });
  test("is everything, where somebody asks without names (§ 4 Abs. 2 KKG)", async () => {
    const sheet = await openSheet(file(`${NAMES}\n${LINE}\n`));
    const assignment = recognise(sheet, ["/kind/altersgruppe", "/beobachtungen/*/text"]);
    assert.deepEqual(takeOver(sheet, assignment, 0).state, {});
    assert.equal(droppedOf(assignment).length, 7);
    assert.deepEqual(choices(assignment), []);
  });
  test("cannot be assigned by hand either", async () => {
    const sheet = await openSheet(file(`${NAMES}\n${LINE}\n`));
    const assignment = assign(recognise(sheet, ["/kind/name/familienname"]), 2, "geburt");
    assert.deepEqual(takeOver(sheet, assignment, 0).state, {
      "/kind/name/familienname": "Erfunden-Beispiel",
    });
  });
  test("leaves eight fields of the forty that the school's server has", async () => {
    const { state, dropped } = await taken(file(JSON.stringify(SVWS), "schueler.json"));
    assert.deepEqual(state, {
      "/kind/name/familienname": "Erfunden-Beispiel",
      "/kind/name/vorname": "Mia Sophie",
      "/kind/geburt/jahr": 2014,
      "/kind/geburt/monat": 5,
      "/kind/geburt/tag": 3,
      "/kind/geschlecht": "w",
      "/kind/anschrift/strasse": "Erfundene Straße",
      "/kind/anschrift/hausnummer": "12a",
    });
    for (const name of [
      "foto",
      "religionID",
      "staatsangehoerigkeitID",
      "geburtsort",
      "bemerkungen",
    ]) {
      assert.ok(dropped.includes(name), name);
    }
  });
  test("does not fill the number of a house where the form has only the street", async () => {
    const { state } = await taken(file(`${NAMES}\n${LINE}\n`), ["/kind/anschrift/strasse"]);
    assert.deepEqual(state, { "/kind/anschrift/strasse": "Erfundene Straße" });
  });
});

describe("columns", () => {
  test("are known however they are written", () => {
    for (const name of ["GEBURTSDATUM", "Geburts-Datum", " geburtsdatum ", "Geburts datum"]) {
      assert.equal(plainName(name), "geburtsdatum");
    }
    assert.equal(plainName("Straße/Größe"), "strassegroesse");
    assert.equal(plainName("Stra\u00dfe"), plainName("STRASSE"));
  });
  test("of somebody else are not the child's", async () => {
    const text =
      "Name;Klassenlehrer Name;Mutter Name;Betrieb Ort;Geburtsort\nErfunden;Lehrer;Mutter;Betrieb;Geburt\n";
    const { state, dropped } = await taken(file(text));
    assert.deepEqual(state, { "/kind/name/familienname": "Erfunden" });
    assert.equal(dropped.length, 4);
  });
  test("with the same name twice give the first that says something", async () => {
    const { state } = await taken(file("Name;Ort;Ort\nErfunden;;Moers\n"));
    assert.equal(state["/kind/anschrift/ort"], "Moers");
  });
  test("can be taken back by hand", async () => {
    const sheet = await openSheet(file(`${NAMES}\n${LINE}\n`));
    const assignment = assign(recognise(sheet, CHILD), 3, null);
    assert.equal(takeOver(sheet, assignment, 0).state["/kind/geschlecht"], undefined);
    assert.deepEqual(
      droppedOf(assignment).map((each) => each.name),
      ["Geschlecht"],
    );
  });
  test("assigned by hand count before those that were recognised", async () => {
    const sheet = await openSheet(file("Name;Vorname;Nachname neu\nErfunden;Mia;Erfunden-Neu\n"));
    const assignment = assign(recognise(sheet, CHILD), 2, "familienname");
    assert.equal(takeOver(sheet, assignment, 0).state["/kind/name/familienname"], "Erfunden-Neu");
  });
  test("are offered for the fields of the form, as it is described", () => {
    const description = {
      pages: [
        {
          fields: [
            { kind: "group", fields: [{ kind: "line", pointer: "/kind/name/familienname" }] },
          ],
        },
        {
          fields: [
            {
              kind: "list",
              item: { kind: "group", fields: [{ pointer: "/sorgeberechtigte/*/rolle" }] },
            },
          ],
        },
      ],
    };
    assert.deepEqual(fieldsOf(description), [
      "/kind/name/familienname",
      "/sorgeberechtigte/*/rolle",
    ]);
  });
});

describe("a tree", () => {
  test("of XSchule gives the child and nobody else", async () => {
    const { state, dropped } = await taken(file(XSCHULE, "auskunft.xml"));
    assert.deepEqual(asContent(state), {
      kind: {
        name: { familienname: "Erfunden-Çakır", vorname: "Ömer Şükrü", rufname: "Ömer" },
        geburt: { jahr: 2013, monat: 11, tag: 30 },
        geschlecht: "m",
        anschrift: {
          strasse: "Erfundener Weg",
          hausnummer: "7",
          postleitzahl: "47495",
          ort: "Rheinberg",
        },
      },
      sorgeberechtigte: [{ familienname: "Erfunden-Vater" }],
    });
    assert.ok(dropped.includes("religion/code"));
    assert.ok(dropped.includes("geburt/geburtsort/ort"));
  });
  test("may be a list of children, named or not", async () => {
    const two = [SVWS, { ...SVWS, nachname: "Erfunden-Zwei" }];
    for (const content of [two, { schueler: two }, { antwort: { daten: two } }]) {
      const sheet = await openSheet(file(JSON.stringify(content), "x.json"));
      assert.equal(sheet.rows.length, 2);
      assert.equal(
        takeOver(sheet, recognise(sheet, CHILD), 1).state["/kind/name/familienname"],
        "Erfunden-Zwei",
      );
    }
  });
  test("knows the first of two guardians and the first of two addresses", async () => {
    const content = {
      nachname: "Erfunden",
      anschrift: [{ ort: "Rheinberg" }, { ort: "Moers" }],
      erzieher: [{ nachname: "Erfunden-Eins" }, { nachname: "Erfunden-Zwei" }],
    };
    const { state } = await taken(file(JSON.stringify(content), "x.json"));
    assert.equal(state["/kind/anschrift/ort"], "Rheinberg");
    assert.equal(state["/sorgeberechtigte/0/familienname"], "Erfunden-Eins");
    assert.ok(!Object.values(state).includes("Erfunden-Zwei"));
  });
  test("in XML may have character references and CDATA", async () => {
    const xml =
      "<schueler><nachname>Erfunden &amp; &#x5A;o&#235;</nachname><vorname><![CDATA[Mia]]></vorname></schueler>";
    const { state } = await taken(file(xml, "x.xml"));
    assert.deepEqual(state, {
      "/kind/name/familienname": "Erfunden & Zoë",
      "/kind/name/vorname": "Mia",
    });
  });
});

describe("a workbook", () => {
  const ROWS = [
    NAMES.split(";"),
    ["Erfunden-Beispiel", "Mia", { date: 41762 }, "w", "Erfundene Straße 12 a", 47495, "Rheinberg"],
  ];
  test("gives the same as a text", async () => {
    assert.deepEqual((await taken(workbook(ROWS))).state, EIGHT);
  });
  test("knows a day by its own format", async () => {
    assert.deepEqual((await taken(workbook(ROWS, { format: "170" }))).state, EIGHT);
  });
  test("counts days from 1904 where it says so", async () => {
    const rows = [ROWS[0], ROWS[1].map((each) => (each?.date ? { date: 41762 - 1462 } : each))];
    assert.deepEqual((await taken(workbook(rows, { bookPr: 'date1904="1"' }))).state, EIGHT);
  });
  test("may hold its texts in the cells", async () => {
    const inline = {
      raw: '<c r="AT" t="inlineStr"><is><r><t>Erfun</t></r><r><t>den</t></r><rPh><t>falsch</t></rPh></is></c>',
    };
    const { state } = await taken(
      workbook([
        ["Name", "Vorname"],
        [inline, "Mia"],
      ]),
    );
    assert.equal(state["/kind/name/familienname"], "Erfunden");
  });
  test("leaves hidden rows and hidden sheets behind, and says so", async () => {
    const sheets =
      '<sheet name="a" sheetId="1" state="hidden" r:id="rId9"/><sheet name="b" sheetId="2" r:id="rId2"/><sheet name="c" sheetId="3" r:id="rId3"/>';
    const rows = [
      ["Name", "Vorname"],
      ["Erfunden-Verborgen", "Leo"],
      ["Erfunden", "Mia"],
    ];
    const sheet = await openSheet(workbook(rows, { hidden: [1], sheets }));
    assert.deepEqual([sheet.rows, sheet.hidden, sheet.sheets], [[["Erfunden", "Mia"]], 1, 2]);
  });
  test("may be stored without packing", async () => {
    assert.deepEqual((await taken(workbook(ROWS, {}, { stored: true }))).state, EIGHT);
  });
  test("keeps empty cells in their place", async () => {
    const sheet = await openSheet(
      workbook([
        ["Name", "Vorname", "Ort"],
        ["Erfunden", "", "Moers"],
      ]),
    );
    assert.deepEqual(sheet.rows, [["Erfunden", "", "Moers"]]);
  });
});

describe("a list of intended measures", () => {
  const TEXT =
    "Name;Vorname;Unentschuldigte Fehltage;Mahnung am;Schriftlich gemahnt;Zuführung ab;Einzelfall;Betroffene informiert;Maßnahme\n" +
    "Erfunden-Eins;Mia;34;02.03.2026;ja;16.03.2026;ja;ja;bussgeldverfahren\nErfunden-Zwei;Leo;250;;nein;;ja;ja;zufuehrung\n";
  test("gives each child its own sum and days", async () => {
    assert.deepEqual((await taken(file(TEXT), ABSENCE)).state, {
      "/kind/name/familienname": "Erfunden-Eins",
      "/kind/name/vorname": "Mia",
      "/fehltage": 34,
      "/mahnung/am": "2026-03-02",
      "/mahnung/schriftlich": true,
      "/massnahme/ab": "2026-03-16",
    });
  });
  test("never decides: somebody says of each child that it was looked at", async () => {
    for (const row of [0, 1]) {
      const { state, dropped } = await taken(file(TEXT), ABSENCE, row);
      for (const field of ["/einzelfall", "/information/betroffene_informiert", "/massnahme/art"]) {
        assert.ok(!(field in state), field);
      }
      assert.ok(
        ["Einzelfall", "Betroffene informiert", "Maßnahme"].every((each) => dropped.includes(each)),
      );
    }
  });
  test("leaves a sum empty that cannot be", async () => {
    const { state, doubts } = await taken(file(TEXT), ABSENCE, 1);
    assert.equal(state["/fehltage"], undefined);
    assert.deepEqual(
      doubts.map((each) => each.code),
      ["count"],
    );
  });
});

describe("a preview", () => {
  test("says fields by their titles and days as people write them", async () => {
    const { state } = await taken(file(`${NAMES}\n${LINE}\n`));
    const said = Object.fromEntries(
      previewOf(state, "de").map(({ title, value }) => [title, value]),
    );
    assert.equal(said.Geburtsdatum, "03.05.2014");
    assert.equal(said["Familienname"], "Erfunden-Beispiel");
    assert.equal(said["Hausnummer"], "12 a");
    assert.equal(previewOf(state, "en")[0].title, "Family name");
  });
});
