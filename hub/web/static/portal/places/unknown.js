// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Why is there no answer for a place? */

const SAID = {
  "no-office": "Für diese Gemeinde ist an diesem Tag keine solche Stelle verzeichnet.",
  ambiguous: "Der Name ist nicht eindeutig.",
  "no-place": "Diese Gemeinde steht nicht im Netz.",
  "postcode-form": "Eine Postleitzahl hat fünf Ziffern.",
  "postcode-unknown": "Diese Postleitzahl ist nicht verzeichnet. In welcher Gemeinde ist das Kind?",
};

/** No municipality, or none that is certain, or no office for it. */
export class PlaceUnknown extends Error {
  /**
   * @param {keyof typeof SAID} word
   * @param {string} pointer
   * @param {string[]} [allowed] what may be meant
   */
  constructor(word, pointer, allowed = []) {
    super(SAID[word]);
    this.word = word;
    this.pointers = [pointer];
    this.allowed = allowed;
  }
}
