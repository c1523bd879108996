// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * Where in a text may somebody be named who should not be?
 *
 * A hint shows a place and offers words instead; a person decides, and nothing is ever changed by
 * itself. In a consultation nobody may be recognised; elsewhere it is only about further persons,
 * since whoever a notice is about stands in it by name.
 */

import { h } from "../common/dom.js";
import { t } from "../common/texts.js";
import { toContent } from "./content.js";
import { fieldIdOf, fieldMap, get, labelOf, pageOf, put, templateOf } from "./fields.js";
import { findIdentifiers, outermost, texts } from "./identifiers.js";
import { TEXTS } from "./texts.js";

/**
 * @typedef {object} TextHint
 * @property {string} id the same for the same word at the same place
 * @property {string} pointer
 * @property {string} fieldId
 * @property {string | null} page
 * @property {string} label
 * @property {string} kind of `identifiers.js`, or `dritte`
 * @property {number} start in code points
 * @property {number} end
 * @property {string} word
 * @property {string} text
 * @property {string[]} replacements what may stand there instead; "" strikes it
 */

/** Members that name whom a message is about, or who writes it. */
const NAMES = new Set(["familienname", "vorname", "rufname"]);
/** @type {Record<string, string[]>} */
const INSTEAD = {
  name: ["das Kind", "die Mutter", "der Vater", "ein Nachbar"],
  schule: ["die Schule"],
  anschrift: ["die Wohnung"],
  ort: ["im Ort"],
};

/**
 * Return what to look at again, in the order of reading.
 *
 * @param {import("./fields.js").Description} description
 * @param {import("./fields.js").Values} values
 * @returns {Promise<TextHint[]>}
 */
export async function findHints(description, values) {
  const content = toContent(description, values);
  const found = description.scanned ? findIdentifiers(content) : furtherPersons(description, content);
  return found.map((hint) => shown(description, content, hint));
}

/** @param {import("./fields.js").Description} description @param {any} content */
function furtherPersons(description, content) {
  const known = namesIn(content);
  const fields = fieldMap(description);
  return [...texts(content)]
    .filter(([pointer]) => fields.get(templateOf(pointer))?.chars === "text")
    .flatMap(([pointer, text]) =>
      outermost(text)
        .filter(([first, last, kind]) => kind === "name" && !isKnown(text.slice(first, last), known))
        .map(([first, last]) => ({
          pointer,
          kind: "dritte",
          start: [...text.slice(0, first)].length,
          end: [...text.slice(0, last)].length,
          text: "",
        })),
    );
}

/** Names that stand in fields of their own. @param {any} part @returns {Set<string>} */
function namesIn(part) {
  const found = [...texts(part)].filter(([pointer]) => NAMES.has(pointer.split("/").at(-1) ?? ""));
  return new Set(found.flatMap(([, name]) => name.toLowerCase().split(/[\s-]+/)));
}

/**
 * Mia, Mias and Frau Erfunden-Beispiel are the child and its mother.
 *
 * @param {string} word
 * @param {Set<string>} known
 */
const isKnown = (word, known) =>
  word
    .toLowerCase()
    .split(/[\s-]+/)
    .every((part) => known.has(part) || (part.endsWith("s") && known.has(part.slice(0, -1))));

/**
 * @param {import("./fields.js").Description} description
 * @param {any} content
 * @param {import("./identifiers.js").Hint} hint
 * @returns {TextHint}
 */
function shown(description, content, hint) {
  const { pointer, kind, start, end } = hint;
  const word = [...get(content, pointer)].slice(start, end).join("");
  const isFurther = kind === "dritte";
  return {
    id: `${pointer}:${start}:${word}`,
    pointer,
    fieldId: fieldIdOf(pointer),
    page: pageOf(description, pointer)?.id ?? null,
    label: labelOf(description, pointer),
    kind,
    start,
    end,
    word,
    text: isFurther
      ? `${t(TEXTS, "person", { word })} ${t(TEXTS, "personAdvice")}`
      : `‚${word}‘: ${hint.text}`,
    replacements: isFurther ? [t(TEXTS, "pupil"), t(TEXTS, "other")] : [...(INSTEAD[kind] ?? []), ""],
  };
}

/**
 * Return values in which other words stand at the place of a hint.
 *
 * @param {import("./fields.js").Values} values
 * @param {TextHint} hint
 * @param {string} replacement
 */
export function applyHint(values, { pointer, start, end, word }, replacement) {
  const points = [...String(get(values, pointer) ?? "").normalize("NFC")];
  // Somebody may have typed on since; then nothing is put into the wrong place.
  if (points.slice(start, end).join("") !== word) return values;
  const after = points.slice(end).join("");
  const kept = replacement === "" ? after.replace(/^ /, "") : after;
  return put(values, pointer, points.slice(0, start).join("") + replacement + kept);
}

/**
 * Show hints with what can be done about each.
 *
 * @param {TextHint[]} hints
 * @param {{replace(hint: TextHint, text: string): void, keep(hint: TextHint): void}} on
 * @returns {HTMLElement}
 */
export function renderHints(hints, on) {
  return h(
    "section",
    { class: "form-hints", "aria-labelledby": "form-hints-title" },
    h("h2", { class: "kern-heading-medium", id: "form-hints-title", tabindex: "-1" }, t(TEXTS, "hintsTitle")),
    h("p", { class: "kern-body" }, t(TEXTS, "hintsText")),
    h("ul", { class: "form-hints__list" }, hints.map((hint) => item(hint, on))),
  );
}

/**
 * @param {TextHint} hint
 * @param {{replace(hint: TextHint, text: string): void, keep(hint: TextHint): void}} on
 */
function item(hint, on) {
  const choose = (/** @type {string} */ text) =>
    button(text ? t(TEXTS, "replace", { text }) : t(TEXTS, "strike"), () => on.replace(hint, text));
  return h(
    "li",
    { class: "form-hints__item", dataset: { hint: hint.id } },
    h(
      "p",
      { class: "kern-body kern-body--muted" },
      t(TEXTS, "at", { label: hint.label, start: hint.start + 1 }),
    ),
    h("p", { class: "kern-body" }, hint.text),
    h(
      "div",
      { class: "form-hints__choices" },
      hint.replacements.map(choose),
      button(t(TEXTS, "keep"), () => on.keep(hint)),
    ),
  );
}

/** @param {string} label @param {() => void} onclick */
const button = (label, onclick) =>
  h(
    "button",
    { type: "button", class: "kern-btn kern-btn--secondary", onclick },
    h("span", { class: "kern-label" }, label),
  );
