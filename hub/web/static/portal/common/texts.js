// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** In which language does the page speak? German first; each topic brings its own texts. */

/** @typedef {{de: {[key: string]: string}, en: {[key: string]: string}}} Catalogue */

/** @returns {"de" | "en"} */
export const language = () => (document.documentElement.lang === "en" ? "en" : "de");

/**
 * Return a text with values in it: `t(TEXTS, "saved", {time: "10:42"})` for `"Gespeichert um {time}"`.
 * A text that a language does not have is the German one.
 *
 * @param {Catalogue} catalogue
 * @param {string} key
 * @param {{[name: string]: string | number}} [values]
 */
export function t(catalogue, key, values = {}) {
  const text = catalogue[language()][key] ?? catalogue.de[key];
  if (text === undefined) throw new Error(`no text ${key}`);
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** Day and time as people here read it. @param {number} second */
export function moment(second) {
  const at = new Date(second * 1000);
  return at.toLocaleString(language() === "en" ? "en-GB" : "de-DE", {
    timeZone: "Europe/Berlin",
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  });
}

export const load = () => ({
  unreachable: {
    de: "Das Portal antwortet gerade nicht. Was Sie eingegeben haben, ist noch da.",
    en: "The portal does not answer just now. What you typed is still here.",
  },
});
