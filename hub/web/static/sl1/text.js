// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Controls, joiners and marks that nobody sees, lone surrogates, private use, tags (SL1 § 3). */
const FORBIDDEN = new RegExp(
  "[\\u0000-\\u0009\\u000B-\\u001F\\u007F-\\u009F\\u200B-\\u200F\\u2028-\\u202E\\u2060-\\u206F" +
    "\\uFEFF\\uFFF0-\\uFFFB\\uFFFE\\uFFFF\\uD800-\\uDFFF\\uE000-\\uF8FF\\u{E0000}-\\u{10FFFF}]",
  "u",
);

/**
 * Tells whether a string may stand in a content. What it does not like is refused, never repaired:
 * a repaired string would no longer be what the sender signed.
 *
 * @param {string} text
 */
export const isPlainText = (text) => !FORBIDDEN.test(text) && text.normalize("NFC") === text;
