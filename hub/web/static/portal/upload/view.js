// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * The page part of reading files: choose, read, look at what is kept and what is dropped, take over.
 *
 * One child goes into the open form. Of a list, each row becomes a draft of its own: one after the
 * other, and nothing takes them all at once, because somebody decides on each child.
 */

import { button, heading, notice } from "../common/alerts.js";
import { announce, fill, focusOn, h } from "../common/dom.js";
import { t } from "../common/texts.js";
import { assigner } from "./assigning.js";
import { chooser, progress, refusal } from "./choosing.js";
import { memoryOfDevice } from "./memory.js";
import { labelOf, picker } from "./picking.js";
import { doubtNotice, droppedList, keptTable, notes } from "./preview.js";
import { assign, recognise } from "./recognise.js";
import { openSheet } from "./sheet.js";
import { takeOver } from "./take.js";
import { TEXTS } from "./texts.js";

/**
 * @typedef {object} Options
 * @property {"kind" | "liste"} kind
 * @property {Iterable<string>} fields JSON pointers of what the form holds
 * @property {(state: import("./values.js").State, row: {number: number, of: number}) => Promise<void> | void} onTaken
 * @property {() => void} [onClosed]
 * @property {import("./memory.js").Memory} [memory]
 */

/**
 * Offer to take data from a file at this place of the page.
 *
 * @param {HTMLElement} place
 * @param {Options} options
 * @returns {{close: () => void}}
 */
export function offerUpload(place, options) {
  const upload = new Upload(place, options);
  upload.choose();
  return { close: () => upload.close() };
}

class Upload {
  #place;
  #options;
  #stop = new AbortController();
  /** @type {import("./sheet.js").Sheet | null} */
  #sheet = null;
  /** @type {import("./recognise.js").Assignment | null} */
  #assignment = null;
  /** @type {Set<number>} */
  #done = new Set();
  /** @type {number | null} */
  #row = null;
  /** @type {import("./memory.js").Memory | null} */
  #memory = null;

  /** @param {HTMLElement} place @param {Options} options */
  constructor(place, options) {
    this.#place = place;
    // What can be gone through once only would be empty for the second file.
    this.#options = { ...options, fields: [...options.fields] };
    place.classList.add("mw-hochladen");
  }

  /** @param {...any} before what is said first: a refusal, for example */
  choose(...before) {
    this.#forget();
    const on = {
      onFile: (/** @type {File} */ file) => void this.#read(file),
      onTrouble: (/** @type {string} */ key) => this.#say(notice("warning", t(TEXTS, key))),
    };
    fill(this.#place, ...before, chooser(this.#options.kind, on), this.#closing());
  }

  close() {
    this.#stop.abort();
    this.#forget();
    fill(this.#place);
    this.#options.onClosed?.();
  }

  #forget() {
    this.#sheet = this.#assignment = this.#row = null;
    this.#done = new Set();
  }

  /** @param {HTMLElement} said */
  #say(said) {
    said.setAttribute("role", "alert");
    this.#place.prepend(said);
  }

  /** @param {File} file */
  async #read(file) {
    const stop = (this.#stop = new AbortController());
    const bar = progress(() => stop.abort());
    fill(this.#place, bar.element);
    announce(t(TEXTS, "reading"));
    try {
      const sheet = await openSheet(file, { signal: stop.signal, onProgress: bar.show });
      if (!stop.signal.aborted) await this.#opened(sheet);
    } catch (trouble) {
      this.#refused(trouble, stop.signal.aborted);
    }
  }

  /** @param {unknown} trouble @param {boolean} isCancelled */
  #refused(trouble, isCancelled) {
    const said = isCancelled ? notice("info", t(TEXTS, "cancelled")) : refusal(trouble);
    this.choose(said);
    said.setAttribute("tabindex", "-1");
    said.focus();
  }

  /** @param {import("./sheet.js").Sheet} sheet */
  async #opened(sheet) {
    this.#memory ??= this.#options.memory ?? (await memoryOfDevice());
    this.#sheet = sheet;
    this.#assignment = recognise(sheet, this.#options.fields);
    if (this.#options.kind === "liste")
      this.#done = new Set(await this.#memory.rowsOf(sheet.digest));
    this.#row =
      this.#options.kind === "liste" ? this.#nextRow(-1) : sheet.rows.length === 1 ? 0 : null;
    this.#show();
    focusOn(this.#place.querySelector("h2") ?? this.#place);
  }

  /** The first row after this one that is still open. @param {number} after @returns {number | null} */
  #nextRow(after) {
    const count = this.#sheet?.rows.length ?? 0;
    for (let row = after + 1; row < count; row++) if (!this.#done.has(row)) return row;
    return null;
  }

  #show() {
    const [sheet, assignment] = [this.#sheet, this.#assignment];
    if (!sheet || !assignment) return;
    const { kind } = this.#options;
    const isMany = kind === "kind" && sheet.rows.length > 1;
    fill(
      this.#place,
      heading(2, t(TEXTS, `title.${kind}`), { tabindex: "-1" }),
      notes(sheet, this.#done.size),
      isMany && picker(sheet, assignment, (row) => this.#pick(row)),
      h("div", { id: "datei-vorschau" }, this.#preview()),
      droppedList(assignment),
      assigner(assignment, (column, target) => this.#assign(column, target)),
      this.#closing(),
    );
  }

  #preview() {
    const [sheet, assignment, row] = [this.#sheet, this.#assignment, this.#row];
    if (!sheet || !assignment) return [];
    if (assignment.columns.every((each) => each.target === null)) {
      return notice("warning", t(TEXTS, "kept.none"));
    }
    if (row === null)
      return this.#options.kind === "liste" ? notice("success", t(TEXTS, "done")) : [];
    const taken = takeOver(sheet, assignment, row);
    return [
      this.#options.kind === "liste" && this.#titleOf(row),
      keptTable(taken),
      doubtNotice(taken),
      Object.keys(taken.state).length > 0 && this.#taking(row),
      this.#options.kind === "liste" &&
        button(t(TEXTS, "skip"), { id: "datei-naechste", onclick: () => this.#goOn(row) }),
    ];
  }

  /** @param {number} row */
  #titleOf(row) {
    const [sheet, assignment] = [this.#sheet, this.#assignment];
    if (!sheet || !assignment) return null;
    const place = t(TEXTS, "next", { number: row + 1, of: sheet.rows.length });
    return heading(3, `${place}: ${labelOf(sheet, assignment, row)}`, { id: "datei-reihe" });
  }

  /** @param {number} row */
  #taking(row) {
    const key = `take.${this.#options.kind}`;
    const once = { isTaken: false };
    const onclick = () => {
      // A second click while the first is at work would make a second draft.
      if (once.isTaken) return;
      once.isTaken = true;
      void this.#take(row).finally(() => (once.isTaken = false));
    };
    return button(t(TEXTS, key), { kind: "primary", id: "datei-uebernehmen", onclick });
  }

  /** @param {number} row */
  #pick(row) {
    this.#row = row;
    this.#refresh();
  }

  #refresh() {
    const place = /** @type {HTMLElement | null} */ (this.#place.querySelector("#datei-vorschau"));
    if (place) fill(place, this.#preview());
  }

  /** @param {number} column @param {string | null} target */
  #assign(column, target) {
    if (!this.#assignment) return;
    this.#assignment = assign(this.#assignment, column, target);
    this.#show();
    announce(t(TEXTS, "assign.applied"));
    const details = /** @type {HTMLDetailsElement | null} */ (
      this.#place.querySelector("#datei-zuordnung")
    );
    if (details) details.open = true;
    /** @type {HTMLElement | null} */ (this.#place.querySelector("#datei-spalte"))?.focus();
  }

  /** @param {number} row */
  async #take(row) {
    const [sheet, assignment] = [this.#sheet, this.#assignment];
    if (!sheet || !assignment) return;
    const { state } = takeOver(sheet, assignment, row);
    try {
      await this.#options.onTaken(state, { number: row + 1, of: sheet.rows.length });
    } catch {
      this.#say(notice("danger", t(TEXTS, "not-taken")));
      return;
    }
    if (this.#options.kind === "kind") this.#taken();
    else await this.#rowTaken(sheet, row);
  }

  #taken() {
    announce(t(TEXTS, "taken"));
    this.#forget();
    fill(this.#place, notice("success", t(TEXTS, "taken")));
    this.#options.onClosed?.();
  }

  /** @param {import("./sheet.js").Sheet} sheet @param {number} row */
  async #rowTaken(sheet, row) {
    this.#done.add(row);
    await this.#memory?.keep(sheet.digest, [...this.#done]).catch(() => {});
    announce(t(TEXTS, "taken.row", { number: row + 1 }));
    this.#goOn(row);
  }

  /** @param {number} row */
  #goOn(row) {
    // After the last row, those that were skipped come again.
    const after = this.#nextRow(row);
    this.#row = after ?? this.#nextRow(-1);
    this.#show();
    const title = this.#place.querySelector("#datei-reihe") ?? this.#place.querySelector("h2");
    if (title) focusOn(/** @type {HTMLElement} */ (title));
  }

  #closing() {
    return h(
      "div",
      { class: "mw-knoepfe" },
      this.#sheet && button(t(TEXTS, "other"), { kind: "tertiary", onclick: () => this.choose() }),
      button(t(TEXTS, "close"), {
        kind: "tertiary",
        id: "datei-schliessen",
        onclick: () => this.close(),
      }),
    );
  }
}
