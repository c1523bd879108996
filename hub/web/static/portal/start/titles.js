// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** What is each filing and each draft called? Only an open vault can say. */

import { personSeed } from "../common/session_vault.js";
import { openDraft, openNote, openPassed } from "../vault/index.js";

/** @typedef {import("../vault/vault.js").Vault} Vault */

/** Titles by id, of drafts by id and version; kept as long as the page, and nowhere else. */
export class Titles {
  constructor() {
    /** @type {Map<string, string>} */
    this.known = new Map();
  }

  /** @param {any} filing @returns {string} empty where it is not known */
  ofFiling({ id }) {
    return this.known.get(id) ?? "";
  }

  /** @param {any} draft */
  ofDraft(draft) {
    return this.known.get(placeOf(draft)) ?? "";
  }

  /**
   * Open what is not known yet; what does not open keeps its place without a title.
   *
   * @param {any} inbox
   * @param {any} me
   * @param {Vault} vault
   */
  async learn(inbox, me, vault) {
    const filings = inbox.filings
      .filter((/** @type {any} */ { id, note }) => note && !this.known.has(id))
      .map((/** @type {any} */ { id, note }) => this.note(id, () => openNote(vault, id, note)));
    const drafts = inbox.drafts
      .filter((/** @type {any} */ draft) => !this.known.has(placeOf(draft)))
      .map((/** @type {any} */ draft) =>
        this.note(placeOf(draft), () => contentOf(draft, me, vault)),
      );
    await Promise.all([...filings, ...drafts]);
  }

  /** @param {string} place @param {() => Promise<any>} opened */
  async note(place, opened) {
    try {
      const title = (await opened())?.title;
      this.known.set(place, typeof title === "string" ? title : "");
    } catch {
      // Sealed under a vault that is gone, or passed on to a key that was replaced since.
      this.known.set(place, "");
    }
  }
}

/** @param {any} draft */
const placeOf = ({ id, version }) => `${id} ${version}`;

/** @param {any} draft @param {any} me @param {Vault} vault */
async function contentOf({ id, ciphertext, wrap }, me, vault) {
  if (!wrap) return openDraft(vault, id, ciphertext);
  return openPassed(id, { ciphertext, wrap }, await personSeed(me, vault));
}
