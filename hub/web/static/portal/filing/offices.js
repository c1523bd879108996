// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Who is addressed, who reads it there, and whom does one ring? Verified before it is believed. */

import { checkPersonReader, checkReaders } from "../trust/index.js";
import { openLand } from "../places/index.js";

/** What is known of offices on this page. */
export class Offices {
  /**
   * @param {object} means
   * @param {(method: string, path: string) => Promise<any>} means.ask
   * @param {any} means.trust
   * @param {() => number} means.now
   * @param {(answer: any) => Promise<void>} [means.remember]
   */
  constructor({ ask, trust, now, remember = async () => {} }) {
    this.ask = ask;
    this.trust = trust;
    this.now = now;
    this.remember = remember;
    /** @type {Promise<{land: any, list: any}> | undefined} */
    this.known = undefined;
  }

  /** The tables of the Land with what the signed list says; the whole of it, for every place alike. */
  land() {
    this.known ??= this.fetch();
    this.known.catch(() => (this.known = undefined));
    return this.known;
  }

  async fetch() {
    const { list: jws } = await this.ask("GET", "/portal/api/verzeichnis");
    const list = await this.trust.list(jws, this.now());
    return { list, land: await openLand(list.networks) };
  }

  /**
   * Return hours, duty and readers of a unit, with the directory in which they were verified.
   *
   * @param {string} unit
   * @param {{urgency?: string | null, form?: {protocol: string, version: string, step: string} | null, thread?: {reply_key?: string | null} | null}} about
   */
  async of(unit, { urgency, form, thread }) {
    const asked = new URLSearchParams({ urgency: urgency ?? "unverzueglich" });
    if (form) {
      asked.set("protocol", `${form.protocol}/${form.version}`);
      asked.set("step", form.step);
    }
    if (thread) asked.set("laufend", "true");
    if (thread?.reply_key) asked.set("reader", thread.reply_key);
    const said = await this.ask("GET", `/portal/api/stellen/${encodeURIComponent(unit)}?${asked}`);
    await this.remember(said);
    const directory = await this.trust.directory(said.list, said.organisations, this.now());
    // Whose keys are asked for is known here: of another unit's the portal may have told.
    return { ...said, unit, directory };
  }

  /**
   * Return whom to seal to: each is a key of the addressed unit or of one that its roster names.
   *
   * @param {any} office what `of` returned
   * @param {any} description
   * @param {{urgency: string, replyKey?: string | null}} about
   */
  async readers(office, description, { urgency, replyKey = null }) {
    const { directory, unit } = office;
    const at = this.now();
    if (description.person_only) {
      if (!replyKey) throw new Error("nobody asked for this answer");
      const key = await checkPersonReader(unit, replyKey, directory, at);
      return [{ kid: replyKey, pub: key.pub, classes: description.classes, rel: "now", unit }];
    }
    return checkReaders(unit, office.readers, directory, at, { urgency, classes: description.classes });
  }
}
