// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** What the page says while a file is read, kept, dropped or refused. */

/** @type {import("../common/texts.js").Catalogue} */
export const TEXTS = {
  de: {
    "title.kind": "Stammdaten aus einer Datei übernehmen",
    "title.liste": "Liste beabsichtigter Maßnahmen einlesen",
    "lead.kind":
      "Sie haben die Daten schon in Ihrem Schulprogramm? Exportieren Sie sie und wählen Sie die Datei hier. Übernommen wird nur, wofür diese Mitteilung ein Feld hat.",
    "lead.liste":
      "Jede Zeile wird ein eigener Entwurf, den Sie einzeln prüfen. Es wird nichts von selbst gesendet, auch nicht ab einer Zahl von Fehltagen.",
    stays: "Die Datei bleibt auf diesem Gerät. Sie wird nur in Ihrem Browser gelesen.",
    choose: "Datei auswählen",
    drop: "Oder ziehen Sie die Datei hierher.",
    limits: "CSV, XLSX, XML (XSchule) oder JSON, höchstens 10 MB und 2.000 Zeilen.",
    reading: "Die Datei wird gelesen",
    "reading.part": "{percent} % gelesen",
    cancel: "Abbrechen",
    cancelled: "Abgebrochen. Aus der Datei wurde nichts übernommen.",
    other: "Andere Datei wählen",
    close: "Schließen",
    "one-file": "Bitte nur eine Datei auf einmal.",
    found: "Gefunden: {rows} Zeilen, {columns} Spalten.",
    "found.one": "Gefunden: eine Zeile, {columns} Spalten.",
    "note.hidden": "Ausgeblendete Zeilen wurden nicht gelesen: {count}.",
    "note.sheets": "Gelesen wurde nur das erste sichtbare Tabellenblatt.",
    "note.encoding": "Gelesen als {encoding}. Stimmen die Umlaute nicht, brechen Sie ab.",
    "note.resumed": "Aus dieser Datei sind schon {count} Zeilen übernommen. Es geht danach weiter.",
    which: "Welches Kind?",
    "which.hint": "Tippen Sie einen Teil des Namens.",
    "which.none": "Kein Eintrag passt.",
    "which.more": "Es passen noch {count} weitere. Tippen Sie mehr vom Namen.",
    row: "Zeile {number}",
    next: "Zeile {number} von {of}",
    done: "Alle Zeilen sind übernommen.",
    kept: "Das wird übernommen",
    "kept.none":
      "Keine Spalte dieser Datei passt zu einem Feld dieser Mitteilung. Sie können unten eine Spalte zuordnen.",
    field: "Feld",
    value: "Angabe",
    column: "Spalte",
    dropped: "Das wird nicht übernommen: {count} Spalten",
    "dropped.none": "Alle Spalten werden übernommen.",
    "dropped.why":
      "Für diese Spalten hat die Mitteilung kein Feld. Ihre Werte werden nicht gelesen, nicht gespeichert und nicht gesendet.",
    assign: "Zuordnung ändern",
    "assign.column": "Spalte in Ihrer Datei",
    "assign.field": "wird zu",
    "assign.nothing": "nicht übernehmen",
    "assign.apply": "Zuordnung anwenden",
    "assign.applied": "Zuordnung geändert.",
    "take.kind": "In das Formular übernehmen",
    "take.liste": "Entwurf anlegen",
    skip: "Zeile überspringen",
    taken: "Übernommen. Bitte prüfen Sie jede Angabe.",
    "taken.row": "Entwurf für Zeile {number} ist angelegt.",
    "not-taken": "Das ließ sich nicht übernehmen. Bitte versuchen Sie es noch einmal.",
    empty: "Diese Zeile enthält nichts, was übernommen werden kann.",
    "doubt.title": "Bitte selbst eintragen",
    "doubt.day": "Spalte „{column}“: Der Tag ist nicht eindeutig.",
    "doubt.sex": "Spalte „{column}“: Die Angabe ist nicht bekannt.",
    "doubt.relation": "Spalte „{column}“: Das Verhältnis zum Kind ist nicht bekannt.",
    "doubt.both-names":
      "Spalte „{column}“: Familienname und Vorname sind nicht durch ein Komma getrennt.",
    "doubt.postcode": "Spalte „{column}“: Das ist keine Postleitzahl.",
    "doubt.municipality": "Spalte „{column}“: Das ist kein Gemeindeschlüssel.",
    "doubt.telephone": "Spalte „{column}“: Das ist keine Rufnummer.",
    "doubt.count": "Spalte „{column}“: Das ist keine Zahl von 1 bis 200.",
    "doubt.yes-no": "Spalte „{column}“: Das ist weder ja noch nein.",
    "doubt.signs": "Spalte „{column}“: Darin stehen unsichtbare Zeichen.",
    "doubt.formula":
      "Spalte „{column}“: Das sieht aus wie eine Formel. Es wurde als Text übernommen.",
    "unreadable.title": "Diese Datei kann nicht übernommen werden",
    "unreadable.unreadable":
      "Die Datei lässt sich nicht mehr lesen. Wurde sie verschoben oder gerade geändert? Wählen Sie sie noch einmal.",
    "unreadable.empty": "Die Datei ist leer.",
    "unreadable.too-large":
      "Die Datei ist zu groß. Exportieren Sie nur die Kinder, um die es geht; möglich sind 10 MB.",
    "unreadable.too-many-rows":
      "Die Datei hat mehr als 2.000 Zeilen. Exportieren Sie nur die Kinder, um die es geht.",
    "unreadable.too-many-columns":
      "Die Datei hat mehr als 400 Spalten. Exportieren Sie weniger Spalten.",
    "unreadable.too-long-cell":
      "Ein Feld der Datei ist viel zu lang. Exportieren Sie nur Name, Geburtsdatum und Anschrift.",
    "unreadable.too-deep":
      "Die Datei ist ungewöhnlich verschachtelt und wird deshalb nicht gelesen.",
    "unreadable.bomb":
      "Die Datei würde sich beim Entpacken stark vergrößern und wird deshalb nicht gelesen.",
    "unreadable.not-text": "Die Datei ist keine Textdatei. Speichern Sie sie als CSV oder XLSX.",
    "unreadable.encoding":
      "Die Umlaute dieser Datei sind nicht eindeutig. Speichern Sie sie als „CSV UTF-8“.",
    "unreadable.quotes":
      "In der Datei fehlt ein Anführungszeichen. Exportieren Sie sie noch einmal.",
    "unreadable.no-rows": "Die Datei enthält keine Zeile mit Daten.",
    "unreadable.no-sheet": "Die Datei hat kein sichtbares Tabellenblatt.",
    "unreadable.formulas":
      "Die Tabelle enthält Formeln. Speichern Sie nur die Werte: alles markieren, kopieren, „Werte einfügen“.",
    "unreadable.macros":
      "Die Datei enthält Makros. Speichern Sie sie als „Excel-Arbeitsmappe (XLSX)“.",
    "unreadable.links":
      "Die Tabelle ist mit anderen Dateien verknüpft. Speichern Sie nur die Werte in einer neuen Datei.",
    "unreadable.embedded":
      "In der Datei stecken andere Dateien. Speichern Sie nur die Werte in einer neuen Datei.",
    "unreadable.encrypted":
      "Die Datei ist mit einem Kennwort geschützt. Speichern Sie sie ohne Kennwort.",
    "unreadable.old-workbook":
      "Das ist eine alte Excel-Datei (XLS) oder eine mit Kennwort. Speichern Sie sie als XLSX ohne Kennwort.",
    "unreadable.binary-workbook":
      "Dieses Format (XLSB) wird nicht gelesen. Speichern Sie die Datei als XLSX.",
    "unreadable.ods":
      "Dieses Format (ODS) wird nicht gelesen. Speichern Sie die Datei als XLSX oder CSV.",
    "unreadable.pdf":
      "Aus einer PDF-Datei kann nichts übernommen werden. Exportieren Sie eine CSV- oder XLSX-Datei.",
    "unreadable.document":
      "Aus einer Textdatei kann nichts übernommen werden. Exportieren Sie eine CSV- oder XLSX-Datei.",
    "unreadable.not-a-workbook":
      "Die Datei ist keine vollständige Excel-Datei. Speichern Sie sie noch einmal als XLSX.",
    "unreadable.unknown-format":
      "Dieses Format ist nicht bekannt. Möglich sind CSV, XLSX, XML und JSON.",
    "unreadable.wrong-extension":
      "Der Inhalt der Datei passt nicht zu ihrer Endung. Exportieren Sie sie noch einmal.",
    "unreadable.xml":
      "Die XML-Datei ist nicht vollständig oder fehlerhaft. Exportieren Sie sie noch einmal.",
    "unreadable.xml-doctype":
      "Die XML-Datei enthält eine Dokumenttyp-Angabe (DOCTYPE) und wird deshalb nicht gelesen.",
    "unreadable.xml-entity":
      "Die XML-Datei enthält eigene Platzhalter und wird deshalb nicht gelesen.",
    "unreadable.json":
      "Die JSON-Datei ist nicht vollständig oder fehlerhaft. Exportieren Sie sie noch einmal.",
    "unreadable.failure": "Die Datei ließ sich nicht lesen. Versuchen Sie es mit einer CSV-Datei.",
  },
  en: {
    "title.kind": "Take master data from a file",
    "title.liste": "Read a list of intended measures",
    "lead.kind":
      "Is it already in your school's program? Export it and choose the file here. Only what this notice has a field for is taken over.",
    "lead.liste":
      "Each row becomes a draft of its own, which you check one by one. Nothing is sent by itself, whatever the number of days of absence.",
    stays: "The file stays on this device. It is read in your browser only.",
    choose: "Choose a file",
    drop: "Or drag the file here.",
    limits: "CSV, XLSX, XML (XSchule) or JSON, at most 10 MB and 2,000 rows.",
    reading: "Reading the file",
    "reading.part": "{percent} % read",
    cancel: "Cancel",
    cancelled: "Cancelled. Nothing of the file was taken over.",
    other: "Choose another file",
    close: "Close",
    "one-file": "One file at a time, please.",
    found: "Found: {rows} rows, {columns} columns.",
    "found.one": "Found: one row, {columns} columns.",
    "note.hidden": "Hidden rows were not read: {count}.",
    "note.sheets": "Only the first visible sheet was read.",
    "note.encoding": "Read as {encoding}. If umlauts are wrong, cancel.",
    "note.resumed": "{count} rows of this file have been taken over. It goes on after them.",
    which: "Which child?",
    "which.hint": "Type a part of the name.",
    "which.none": "No entry fits.",
    "which.more": "{count} more fit. Type more of the name.",
    row: "Row {number}",
    next: "Row {number} of {of}",
    done: "All rows have been taken over.",
    kept: "This is taken over",
    "kept.none":
      "No column of this file fits a field of this notice. You can assign a column below.",
    field: "Field",
    value: "What it says",
    column: "Column",
    dropped: "This is not taken over: {count} columns",
    "dropped.none": "All columns are taken over.",
    "dropped.why":
      "The notice has no field for these columns. Their values are not read, not kept and not sent.",
    assign: "Change what is assigned",
    "assign.column": "Column in your file",
    "assign.field": "becomes",
    "assign.nothing": "do not take over",
    "assign.apply": "Apply",
    "assign.applied": "Assignment changed.",
    "take.kind": "Take into the form",
    "take.liste": "Make a draft",
    skip: "Skip this row",
    taken: "Taken over. Please check every field.",
    "taken.row": "The draft for row {number} is made.",
    "not-taken": "This could not be taken over. Please try again.",
    empty: "This row has nothing that can be taken over.",
    "doubt.title": "Please fill in yourself",
    "doubt.day": "Column “{column}”: the day is not clear.",
    "doubt.sex": "Column “{column}”: the entry is not known.",
    "doubt.relation": "Column “{column}”: the relation to the child is not known.",
    "doubt.both-names":
      "Column “{column}”: family name and first name are not separated by a comma.",
    "doubt.postcode": "Column “{column}”: this is not a postcode.",
    "doubt.municipality": "Column “{column}”: this is not a municipality key.",
    "doubt.telephone": "Column “{column}”: this is not a telephone number.",
    "doubt.count": "Column “{column}”: this is not a number from 1 to 200.",
    "doubt.yes-no": "Column “{column}”: this is neither yes nor no.",
    "doubt.signs": "Column “{column}”: there are invisible signs in it.",
    "doubt.formula": "Column “{column}”: this looks like a formula. It was taken over as text.",
    "unreadable.title": "This file cannot be taken over",
    "unreadable.unreadable":
      "The file can no longer be read. Was it moved or changed just now? Choose it again.",
    "unreadable.empty": "The file is empty.",
    "unreadable.too-large":
      "The file is too large. Export only the children concerned; 10 MB are possible.",
    "unreadable.too-many-rows":
      "The file has more than 2,000 rows. Export only the children concerned.",
    "unreadable.too-many-columns": "The file has more than 400 columns. Export fewer columns.",
    "unreadable.too-long-cell":
      "A field of the file is far too long. Export only name, date of birth and address.",
    "unreadable.too-deep": "The file is nested in an unusual way and is not read.",
    "unreadable.bomb": "The file would grow enormously when unpacked and is not read.",
    "unreadable.not-text": "The file is not a text file. Save it as CSV or XLSX.",
    "unreadable.encoding": "The umlauts of this file are not clear. Save it as “CSV UTF-8”.",
    "unreadable.quotes": "A quotation mark is missing in the file. Export it again.",
    "unreadable.no-rows": "The file has no row with data.",
    "unreadable.no-sheet": "The file has no visible sheet.",
    "unreadable.formulas":
      "The sheet has formulas. Save only the values: select all, copy, “paste values”.",
    "unreadable.macros": "The file has macros. Save it as “Excel workbook (XLSX)”.",
    "unreadable.links": "The sheet is linked to other files. Save only the values in a new file.",
    "unreadable.embedded":
      "There are other files inside the file. Save only the values in a new file.",
    "unreadable.encrypted": "The file has a password. Save it without.",
    "unreadable.old-workbook":
      "This is an old Excel file (XLS), or one with a password. Save it as XLSX without a password.",
    "unreadable.binary-workbook": "This format (XLSB) is not read. Save the file as XLSX.",
    "unreadable.ods": "This format (ODS) is not read. Save the file as XLSX or CSV.",
    "unreadable.pdf": "Nothing can be taken from a PDF. Export a CSV or XLSX file.",
    "unreadable.document": "Nothing can be taken from a text document. Export a CSV or XLSX file.",
    "unreadable.not-a-workbook": "The file is not a complete Excel file. Save it again as XLSX.",
    "unreadable.unknown-format": "This format is not known. CSV, XLSX, XML and JSON are possible.",
    "unreadable.wrong-extension":
      "What is in the file does not fit its extension. Export it again.",
    "unreadable.xml": "The XML file is not complete or faulty. Export it again.",
    "unreadable.xml-doctype": "The XML file has a document type (DOCTYPE) and is not read.",
    "unreadable.xml-entity": "The XML file has placeholders of its own and is not read.",
    "unreadable.json": "The JSON file is not complete or faulty. Export it again.",
    "unreadable.failure": "The file could not be read. Try a CSV file.",
  },
};
