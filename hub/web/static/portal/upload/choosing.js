// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** How does a file get here, how far is it, and how does one stop it? */

import { button, heading, notice, paragraph, small } from "../common/alerts.js";
import { h } from "../common/dom.js";
import { language, t } from "../common/texts.js";
import { TEXTS } from "./texts.js";
import { Unreadable } from "./unreadable.js";

const ACCEPTED = ".csv,.txt,.dat,.tsv,.xlsx,.xml,.json";

/**
 * Where a file is dropped or chosen.
 *
 * @param {"kind" | "liste"} kind
 * @param {{onFile: (file: File) => void, onTrouble: (key: string) => void}} on
 */
export function chooser(kind, { onFile, onTrouble }) {
  const input = h("input", {
    type: "file",
    id: "datei-auswahl",
    class: "mw-datei",
    accept: ACCEPTED,
    "aria-describedby": "datei-grenzen datei-bleibt",
    onchange: (/** @type {any} */ event) => chosen(event.target.files),
  });
  /** @param {FileList | File[]} files */
  const chosen = (files) => {
    if (files.length > 1) onTrouble("one-file");
    else if (files.length === 1) onFile(files[0]);
    // The same file again is a change too: whoever put a list aside goes on with it.
    input.value = "";
  };
  const zone = h(
    "div",
    { class: "mw-ablage", id: "datei-ablage" },
    input,
    h(
      "label",
      { class: "kern-btn kern-btn--secondary", for: "datei-auswahl" },
      h("span", { class: "kern-label" }, t(TEXTS, "choose")),
    ),
    small(t(TEXTS, "drop")),
    h("p", { class: "kern-hint", id: "datei-grenzen" }, t(TEXTS, "limits")),
  );
  listenForDrops(zone, chosen);
  return [
    heading(2, t(TEXTS, `title.${kind}`), { tabindex: "-1", id: "datei-titel" }),
    paragraph(t(TEXTS, `lead.${kind}`)),
    h("p", { class: "kern-body", id: "datei-bleibt" }, t(TEXTS, "stays")),
    zone,
  ];
}

/** @param {HTMLElement} zone @param {(files: FileList | File[]) => void} chosen */
function listenForDrops(zone, chosen) {
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("mw-ablage--darueber");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("mw-ablage--darueber"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("mw-ablage--darueber");
    chosen(event.dataTransfer?.files ?? []);
  });
}

/**
 * How much of a file is read, and a way to stop.
 *
 * @param {() => void} onCancel
 * @returns {{element: HTMLElement, show: (done: number, total: number) => void}}
 */
export function progress(onCancel) {
  const bar = h("progress", { max: "100", value: "0", id: "datei-fortschritt" });
  const said = h("p", { class: "kern-body kern-body--small", id: "datei-stand" });
  const element = h(
    "div",
    { class: "kern-progress" },
    h("label", { class: "kern-label", for: "datei-fortschritt" }, t(TEXTS, "reading")),
    bar,
    said,
    button(t(TEXTS, "cancel"), { onclick: onCancel, id: "datei-abbrechen" }),
  );
  return {
    element,
    show: (done, total) => {
      const percent = Math.floor((done / total) * 100);
      bar.value = percent;
      said.textContent = t(TEXTS, "reading.part", { percent });
    },
  };
}

/** What is wrong with a file, in a sentence that says what to do. @param {unknown} trouble */
export function refusal(trouble) {
  const code = trouble instanceof Unreadable ? trouble.code : "failure";
  const key = `unreadable.${code}`;
  const known = key in TEXTS[language()] ? key : "unreadable.failure";
  const element = notice("danger", t(TEXTS, "unreadable.title"), t(TEXTS, known));
  element.setAttribute("role", "alert");
  element.setAttribute("tabindex", "-1");
  element.dataset.code = code;
  return element;
}
