// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * An answer: nothing of this file is taken over.
 *
 * It carries a code, for which `texts.js` has a sentence that says what to do, and never anything
 * that stood in the file.
 */
export class Unreadable extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code);
    this.name = "Unreadable";
    this.code = code;
  }
}

/**
 * Refuse the file unless it holds.
 *
 * @param {unknown} holds
 * @param {string} code
 */
export function must(holds, code) {
  if (!holds) throw new Unreadable(code);
}
