// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** @type {import("./texts.js").Catalogue} */
export const TEXTS = {
  de: {
    "hub.title": "Der Hub antwortet gerade nicht",
    "hub.means":
      "Der Hub vermittelt zwischen den Stellen. Was Sie jetzt absenden, bewahrt das Portal auf und " +
      "sendet es, sobald er wieder antwortet. Ist es eilig, rufen Sie bitte an.",
    "portal.title": "Das Portal antwortet gerade nicht",
    "portal.means":
      "Sie sehen, was zuletzt bekannt war. Wir versuchen es weiter. Ist es eilig, rufen Sie bitte an.",
    drafts: "Ihre Entwürfe bleiben erhalten.",
    danger: "Bei akuter Gefahr:",
    seen: "Stand: {time}",
    duty: "Bereitschaft {name}:",
  },
  en: {
    "hub.title": "The hub does not answer just now",
    "hub.means":
      "What you send now is kept and passed to it as soon as it answers again. " +
      "If it is urgent, please call.",
    "portal.title": "The portal does not answer just now",
    "portal.means": "You see what was known last. We keep trying. If it is urgent, please call.",
    drafts: "Your drafts are kept.",
    danger: "In immediate danger:",
    seen: "As of {time}",
    duty: "On duty, {name}:",
  },
};
