// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** What happens with a file that is broken, enormous, or made to do harm? It gets a plain sentence. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";

import { openSheet, recognise, takeOver } from "../../../hub/web/static/portal/upload/index.js";
import { TEXTS } from "../../../hub/web/static/portal/upload/texts.js";
import { CHILD, file, western, wide, workbook, workbookFiles, zip } from "./upload_files.js";

const MIB = 1_048_576;
const ROWS = [
  ["Name", "Vorname"],
  ["Erfunden", "Mia"],
];

/** @param {any} source @param {string} code @param {any} [watching] */
async function refused(source, code, watching) {
  await assert.rejects(openSheet(source, watching), (/** @type {any} */ trouble) => {
    assert.equal(trouble.code, code);
    assert.ok(TEXTS.de[`unreadable.${code}`], "German sentence");
    assert.ok(TEXTS.en[`unreadable.${code}`], "English sentence");
    return true;
  });
}

/** @param {any} files @param {any} [packing] */
const packed = (files, packing) => file(zip(files, packing), "export.xlsx");

/** @param {{[name: string]: string}} more @param {any} [packing] */
const book = (more, packing) => packed({ ...workbookFiles(ROWS), ...more }, packing);

describe("a file of the wrong kind", () => {
  for (const [name, content, code] of [
    ["leer.csv", "", "empty"],
    ["nichts.csv", "\n\n;;\n", "no-rows"],
    ["nur-namen.csv", "Name;Vorname\n", "no-rows"],
    ["programm.exe", "MZ", "unknown-format"],
    ["ohne-endung", "Name;Vorname\nErfunden;Mia\n", "unknown-format"],
    ["liste.xls", "x", "old-workbook"],
    ["liste.xlsm", "x", "macros"],
    ["liste.xlsb", "x", "binary-workbook"],
    ["liste.ods", "x", "ods"],
    ["liste.pdf", "x", "pdf"],
    ["liste.docx", "x", "document"],
    ["liste.csv", "%PDF-1.7\n", "pdf"],
    ["liste.csv", Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), "old-workbook"],
    ["liste.csv", "<schueler/>", "wrong-extension"],
    ["liste.json", "Name;Vorname\nErfunden;Mia\n", "wrong-extension"],
    ["liste.xlsx", "Name;Vorname\nErfunden;Mia\n", "wrong-extension"],
    ["bild.csv", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3, 4, 5]), "not-text"],
  ]) {
    test(`${name} is refused: ${code}`, async () =>
      refused(file(/** @type {any} */ (content), String(name)), String(code)));
  }
  test("a workbook that calls itself a text is refused", async () => {
    const real = await workbook(ROWS).arrayBuffer();
    await refused(file(new Uint8Array(real), "export.csv"), "wrong-extension");
  });
  test("the name of a file is not looked at otherwise", async () => {
    const sheet = await openSheet(
      file("Name;Vorname\nErfunden;Mia\n", "../../<script>alert(1)</script>.CSV"),
    );
    assert.ok(!JSON.stringify(sheet.columns).includes("script"));
  });
});

describe("a file that is too much", () => {
  test("is refused before it is read", async () => {
    const never = { size: 10 * MIB + 1, name: "export.csv", slice: () => assert.fail("was read") };
    await refused(never, "too-large");
  });
  test("of ten mebibytes in few rows is read", async () => {
    const line = `Erfunden;Mia;${"x".repeat(30_000)}\n`;
    const sheet = await openSheet(file(`Name;Vorname;Bemerkung\n${line.repeat(340)}`));
    assert.equal(sheet.rows.length, 340);
  });
  test("may have two thousand rows and not one more", async () => {
    const rows = (/** @type {number} */ count) => `Name;Vorname\n${"Erfunden;Mia\n".repeat(count)}`;
    assert.equal((await openSheet(file(rows(2000)))).rows.length, 2000);
    await refused(file(rows(2001)), "too-many-rows");
    await refused(file(rows(100_000)), "too-many-rows");
  });
  test("may not have more rows as a workbook or a tree either", async () => {
    const rows = [ROWS[0], ...Array.from({ length: 2001 }, () => ROWS[1])];
    await refused(workbook(rows), "too-many-rows");
    const children = Array.from({ length: 2001 }, () => ({ nachname: "Erfunden" }));
    await refused(file(JSON.stringify(children), "x.json"), "too-many-rows");
  });
  test("may have four hundred columns and not one more", async () => {
    await refused(file(`Name;Vorname${";x".repeat(399)}\n`), "too-many-columns");
    await refused(
      workbook([["Name", "Vorname", ...Array.from({ length: 399 }, () => "x")]]),
      "too-many-columns",
    );
    const wideTree = Object.fromEntries(
      Array.from({ length: 401 }, (_, index) => [`feld${index}`, "x"]),
    );
    await refused(file(JSON.stringify(wideTree), "x.json"), "too-many-columns");
  });
  test("may not have a cell that is a book", async () => {
    await refused(file(`Name;Vorname\nErfunden;${"x".repeat(32_768)}\n`), "too-long-cell");
  });
  test("is refused where nothing ends its quotation, and not searched for ever", async () => {
    const start = Date.now();
    await refused(file(`Name;Vorname\n${'"'.repeat(500_001)}`), "quotes");
    await refused(file(`Name;Vorname\n"Erfunden;Mia\n${"x;y\n".repeat(100_000)}`), "quotes");
    assert.ok(Date.now() - start < 20_000);
  });
});

describe("a text that is not clear", () => {
  test("half UTF-8 and half Windows is refused", async () => {
    const bytes = Buffer.concat([
      Buffer.from("Name;Vorname\nErfunden-Größe;Zoë\n"),
      western("Erfunden-Größe;Zoë\n"),
    ]);
    await refused(file(bytes), "encoding");
  });
  test("UTF-8 that was cut in the middle of a letter is refused", async () => {
    const bytes = Buffer.from("Name;Vorname\nErfunden-Größe;Zoë");
    await refused(file(bytes.subarray(0, -1)), "encoding");
  });
  test("with a byte that Windows-1252 does not have is refused", async () => {
    await refused(
      file(
        Buffer.concat([western("Name;Vorname\nErfünden"), Buffer.from([0x81]), western(";Mia\n")]),
      ),
      "encoding",
    );
  });
  test("UTF-16 with half a letter is refused", async () => {
    await refused(
      file(Buffer.concat([wide("\ufeffName;Vorname\nErfunden;Mia\n"), Buffer.from([0x41])])),
      "encoding",
    );
    await refused(
      file(
        Buffer.concat([
          wide("\ufeffName;Vorname\nErfunden;"),
          Buffer.from([0x00, 0xd8, 0x41, 0x00]),
        ]),
      ),
      "encoding",
    );
  });
  test("with a replacement character is refused: a letter was lost before", async () => {
    await refused(file("Name;Vorname\nErfunden-Gr\ufffd\ufffde;Mia\n"), "encoding");
  });
  test("with zeros inside is refused", async () => {
    await refused(file("Name;Vorname\nErfun\u0000den;Mia\n"), "not-text");
  });
});

describe("a cell that a spreadsheet would run", () => {
  for (const said of [
    '=HYPERLINK("http://x.invalid")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "@SUM(A1)",
    "-2+3",
    "\t=1",
  ]) {
    test(`stays text, and somebody is told: ${JSON.stringify(said)}`, async () => {
      const sheet = await openSheet(file(`Name;Vorname\n"${said.replaceAll('"', '""')}";Mia\n`));
      const { state, doubts } = takeOver(sheet, recognise(sheet, CHILD), 0);
      assert.equal(state["/kind/name/familienname"], said.trim());
      assert.deepEqual(
        doubts.map((each) => each.code),
        ["formula"],
      );
    });
  }
  test("and markup is text as well", async () => {
    const sheet = await openSheet(file('Name;Vorname\n"<img src=x onerror=alert(1)>";Mia\n'));
    assert.equal(sheet.rows[0][0], "<img src=x onerror=alert(1)>");
  });
});

describe("a workbook that does more than hold values", () => {
  for (const [what, more, code] of /** @type {[string, {[name: string]: string}, string][]} */ ([
    ["macros", { "xl/vbaProject.bin": "x" }, "macros"],
    [
      "macros under another name of its parts",
      {
        "[Content_Types].xml":
          '<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>',
      },
      "macros",
    ],
    ["old macros", { "xl/macrosheets/sheet1.xml": "<a/>" }, "macros"],
    ["links to other files", { "xl/externalLinks/externalLink1.xml": "<a/>" }, "links"],
    ["data connections", { "xl/connections.xml": "<a/>" }, "links"],
    ["embedded files", { "xl/embeddings/oleObject1.bin": "x" }, "embedded"],
    ["active controls", { "xl/activeX/activeX1.xml": "<a/>" }, "embedded"],
  ])) {
    test(`is refused: ${what}`, async () => refused(book(more), code));
  }
  test("is refused where a cell computes", async () => {
    const cell = { raw: '<c r="AT"><f>HYPERLINK("http://x.invalid")</f><v>1</v></c>' };
    await refused(
      workbook([
        ["Name", "Vorname"],
        ["Erfunden", cell],
      ]),
      "formulas",
    );
  });
  test("is refused with a password", async () => refused(book({}, { flags: 1 }), "encrypted"));
  test("is refused without a visible sheet", async () => {
    await refused(
      workbook(ROWS, { sheets: '<sheet name="a" state="veryHidden" r:id="rId1"/>' }),
      "no-sheet",
    );
  });
  test("is refused where its sheet lies elsewhere", async () => {
    const rels =
      '<Relationships><Relationship Id="rId1" TargetMode="External" Target="http://x.invalid/s.xml"/></Relationships>';
    await refused(book({ "xl/_rels/workbook.xml.rels": rels }), "not-a-workbook");
  });
  test("is refused where it is another archive", async () => {
    await refused(packed({ "word/document.xml": "<a/>" }), "not-a-workbook");
  });
});

describe("an archive that lies", () => {
  const zeros = " ".repeat(40 * MIB);
  test("is refused where it would grow without end", async () => {
    await refused(book({ "xl/sharedStrings.xml": zeros }), "bomb");
  });
  test("is refused where it claims to be small and is not", async () => {
    const start = process.memoryUsage().rss;
    await refused(
      book({ "xl/sharedStrings.xml": zeros }, { claims: { "xl/sharedStrings.xml": 1000 } }),
      "bomb",
    );
    assert.ok(process.memoryUsage().rss - start < 200 * MIB);
  });
  test("is refused where it claims to be large and is not", async () => {
    await refused(book({}, { claims: { "xl/sharedStrings.xml": 4_000_000_000 } }), "bomb");
    await refused(book({}, { claims: { "xl/workbook.xml": 5000 } }), "not-a-workbook");
  });
  test("is refused where all its parts together are too much", async () => {
    const block = (/** @type {number} */ index) =>
      createHash("sha256").update(`${index}`).digest("hex").repeat(2) + " ".repeat(9_000);
    const part = `<a>${Array.from({ length: 4_400 }, (_, index) => block(index)).join("")}</a>`;
    const [name, more] = ["xl/sharedStrings.xml", "xl/styles.xml"];
    const files = { ...workbookFiles(ROWS), [name]: part, [more]: part };
    await refused(packed(files), "bomb");
  });
  test("is refused at every place where it is cut", async () => {
    const whole = new Uint8Array(await workbook(ROWS).arrayBuffer());
    for (let length = 4; length < whole.length; length += 97) {
      await assert.rejects(openSheet(file(whole.subarray(0, length), "x.xlsx")), {
        name: "Unreadable",
      });
    }
  });
  test("never breaks the reader, whichever byte is another one", async () => {
    const whole = new Uint8Array(await workbook(ROWS).arrayBuffer());
    for (let at = 0; at < whole.length; at += 41) {
      const spoiled = whole.slice();
      spoiled[at] ^= 0x55;
      try {
        await openSheet(file(spoiled, "x.xlsx"));
      } catch (/** @type {any} */ trouble) {
        assert.equal(trouble.name, "Unreadable", `${at}: ${trouble.stack}`);
      }
    }
  });
  test("may not hold two files of one name", async () => {
    const files = Object.entries(workbookFiles(ROWS));
    await refused(packed([...files, ["xl/workbook.xml", "<a/>"]]), "not-a-workbook");
  });
});

describe("an XML file that does more than hold values", () => {
  const xml = (/** @type {string} */ text) => file(text, "x.xml");
  const LAUGHS =
    '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><schueler><nachname>&b;</nachname></schueler>';
  for (const [what, text, code] of [
    ["entities that multiply", LAUGHS, "xml-doctype"],
    [
      "an entity from elsewhere",
      '<!DOCTYPE a SYSTEM "file:///etc/passwd"><schueler/>',
      "xml-doctype",
    ],
    [
      "an entity nobody declared",
      "<schueler><nachname>&geheim;</nachname></schueler>",
      "xml-entity",
    ],
    ["a bare ampersand", "<schueler><nachname>A & B</nachname></schueler>", "xml-entity"],
    ["a reference to a zero", "<schueler><nachname>&#0;</nachname></schueler>", "xml-entity"],
    [
      "a reference to half a letter",
      "<schueler><nachname>&#xD800;</nachname></schueler>",
      "xml-entity",
    ],
    ["a style sheet", '<?xml-stylesheet href="http://x.invalid"?><schueler/>', "xml"],
    ["an end that is missing", "<schueler><nachname>Erfunden</nachname>", "xml"],
    ["an end of another", "<schueler><nachname>Erfunden</vorname></schueler>", "xml"],
    ["two roots", "<schueler/><schueler/>", "xml"],
    ["text after its end", "<schueler/>Erfunden", "xml"],
    ["an attribute twice", '<schueler a="1" a="2"/>', "xml"],
    ["an attribute without quotes", "<schueler a=1/>", "xml"],
    ["a comment without end", "<schueler><!-- x", "xml"],
    ["a tag without end", "<schueler", "xml"],
    [
      "an encoding that nobody writes",
      '<?xml version="1.0" encoding="utf-7"?><schueler/>',
      "encoding",
    ],
    ["too many levels", `${"<a>".repeat(70)}x${"</a>".repeat(70)}`, "too-deep"],
  ]) {
    test(`is refused: ${what}`, async () => refused(xml(text), code));
  }
  test("with a million elements is refused in seconds", async () => {
    await refused(xml(`<a>${"<b/>".repeat(1_000_001)}</a>`), "too-large");
  });
});

describe("a JSON file that does more than hold values", () => {
  const json = (/** @type {string} */ text) => file(text, "x.json");
  test("is refused where it is not complete", async () => {
    for (const text of ['{"nachname":', "[1,2", '{"a":1}x', "{'a':1}", "[NaN]"])
      await refused(json(text), "json");
  });
  test("is refused where it is nested without end", async () => {
    await refused(json("[".repeat(5_000_000)), "too-deep");
    await refused(json(`${'{"a":'.repeat(65)}1${"}".repeat(65)}`), "too-deep");
  });
  test("is not fooled by brackets in a text", async () => {
    const sheet = await openSheet(
      json(JSON.stringify({ nachname: "Erfunden", x: "[".repeat(100), y: '"[{\\' })),
    );
    assert.equal(sheet.rows.length, 1);
  });
  test("cannot reach into the program by the names of its members", async () => {
    const text =
      '{"nachname":"Erfunden","__proto__":{"vorname":"falsch"},"constructor":{"prototype":{"rufname":"falsch"}}}';
    const sheet = await openSheet(json(text));
    const { state } = takeOver(sheet, recognise(sheet, CHILD), 0);
    assert.equal(state["/kind/name/familienname"], "Erfunden");
    assert.equal(/** @type {any} */ ({}).vorname, undefined);
  });
  test("of a million values is refused", async () => {
    await refused(json(`[${"1,".repeat(1_000_001)}1]`), "too-large");
  });
  test("without any record has no rows", async () => refused(json("[1,2,3]"), "no-rows"));
});

describe("reading", () => {
  const large = () =>
    file(`Name;Vorname;Bemerkung\n${`Erfunden;Mia;${"x".repeat(3000)}\n`.repeat(1000)}`);
  test("goes in slices and says how far it is", async () => {
    /** @type {number[]} */
    const seen = [];
    const source = large();
    await openSheet(source, { onProgress: (done) => seen.push(done) });
    assert.ok(seen.length > 10);
    assert.deepEqual(
      seen,
      [...seen].sort((one, other) => one - other),
    );
    assert.equal(seen.at(-1), source.size);
  });
  test("stops when somebody cancels", async () => {
    const stop = new AbortController();
    let slices = 0;
    const reading = openSheet(large(), {
      signal: stop.signal,
      onProgress: () => ++slices === 2 && stop.abort(),
    });
    await assert.rejects(reading, { name: "AbortError" });
    assert.equal(slices, 2);
  });
  test("refuses a file that became shorter meanwhile", async () => {
    const source = file("Name;Vorname\nErfunden;Mia\n");
    const shrinking = {
      size: source.size + 10,
      name: source.name,
      slice: (/** @type {number} */ from, /** @type {number} */ to) => source.slice(from, to),
    };
    await refused(shrinking, "unreadable");
  });
  test("refuses a file that can no longer be read", async () => {
    const gone = {
      size: 10,
      name: "x.csv",
      slice: () => ({ arrayBuffer: () => Promise.reject(new Error("gone")) }),
    };
    await refused(gone, "unreadable");
  });
  test("gives a file its own digest, so that the same file is known again", async () => {
    const [one, same, other] = await Promise.all(
      ["Mia", "Mia", "Leo"].map((name) => openSheet(file(`Name;Vorname\nErfunden;${name}\n`))),
    );
    assert.deepEqual(one.digest, same.digest);
    assert.notDeepEqual(one.digest, other.digest);
  });
});

describe("texts", () => {
  test("there is every text in both languages, with the same gaps", () => {
    assert.deepEqual(Object.keys(TEXTS.en).sort(), Object.keys(TEXTS.de).sort());
    const gaps = (/** @type {string} */ text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
    for (const [key, text] of Object.entries(TEXTS.de))
      assert.deepEqual(gaps(TEXTS.en[key]), gaps(text), key);
  });
});
