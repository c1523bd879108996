// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * How is nothing that somebody typed lost? Every change is sealed under the own vault and laid on
 * the shelf of this browser at once; a moment later the portal gets the same ciphertext. Whichever
 * of them is newer is opened the next time.
 */

/**
 * @typedef {import("./state.js").State} State
 * @typedef {{ciphertext: string, version: number, dirty: boolean}} Copy
 * @typedef {object} Means
 * @property {(method: string, path: string, body?: any, more?: any) => Promise<any>} ask
 * @property {{get(key: string): Promise<any>, put(key: string, value: any): Promise<void>, remove(key: string): Promise<void>}} shelf
 * @property {(id: string, content: any) => Promise<string>} seal
 * @property {(id: string, ciphertext: string) => Promise<any>} unseal
 * @property {(draft: any) => Promise<any>} openPassed what a colleague passed on
 * @property {string} person
 * @property {(what: "saved" | "local" | "conflict" | "stranger" | "refused", draft?: any) => void} tell
 * @property {number} [delay] milliseconds of quiet before the portal gets a change
 */

const DELAY = 900;
const AGAIN = 8_000;

/** One draft, kept at two places. */
export class Keeper {
  /** @param {string} id @param {Means} means */
  constructor(id, means) {
    this.id = id;
    this.means = means;
    this.version = 0;
    /** @type {any} as the portal said it last */
    this.draft = null;
    /** @type {State | null} */
    this.latest = null;
    this.isClosed = false;
    /** @type {Promise<void>} */
    this.line = Promise.resolve();
    /** @type {any} */
    this.timer = undefined;
  }

  get place() {
    return `entwurf/${this.means.person}/${this.id}`;
  }

  get path() {
    return `/portal/api/entwuerfe/${this.id}`;
  }

  /**
   * Return what the draft holds: the copy of this browser where the portal did not get it any more,
   * else what the portal has. Null where there is no such draft.
   *
   * @returns {Promise<State | null>}
   */
  async open() {
    const copy = /** @type {Copy | undefined} */ (await this.means.shelf.get(this.place));
    const draft = await this.ofPortal();
    if (draft === undefined) return copy ? this.take(copy.version, copy.ciphertext) : null;
    if (draft === null) return copy?.dirty ? this.take(0, copy.ciphertext) : null;
    this.draft = draft;
    if (copy?.dirty && copy.version === draft.version) return this.take(draft.version, copy.ciphertext);
    if (copy?.dirty) this.means.tell("conflict", draft);
    return this.takeDraft(draft);
  }

  /** Take what the portal has, and give up what is here. @param {any} draft */
  async takeDraft(draft) {
    this.draft = draft;
    this.version = draft.version;
    const content = draft.wrap
      ? await this.means.openPassed(draft)
      : await this.means.unseal(this.id, draft.ciphertext);
    if (!draft.wrap) await this.lay(draft.ciphertext, false);
    return content;
  }

  /** Keep a change. @param {State} state */
  async change(state) {
    this.latest = structuredClone(state);
    await this.inLine(async () => {
      if (this.latest) await this.lay(await this.means.seal(this.id, this.latest), true);
    });
    clearTimeout(this.timer);
    if (!this.isClosed) this.timer = setTimeout(() => this.flush(), this.means.delay ?? DELAY);
  }

  /** Give the portal what it does not have yet. */
  async flush() {
    clearTimeout(this.timer);
    if (this.isClosed) return;
    await this.inLine(async () => {
      const copy = /** @type {Copy | undefined} */ (await this.means.shelf.get(this.place));
      if (copy?.dirty) await this.hand(copy.ciphertext);
    });
  }

  /** Write over what somebody else, or this person elsewhere, has changed meanwhile. @param {any} current */
  async overwrite(current) {
    this.version = current.version;
    await this.flush();
  }

  /** Nothing more of it is kept here: it was sent, or somebody deleted it. */
  async close() {
    this.isClosed = true;
    clearTimeout(this.timer);
    await this.inLine(() => this.means.shelf.remove(this.place));
  }

  /** @param {string} ciphertext */
  async hand(ciphertext) {
    const headers = this.version ? { "if-match": `"${this.version}"` } : { "if-none-match": "*" };
    try {
      this.draft = await this.means.ask("PUT", this.path, { ciphertext, wrap: null }, { headers });
      this.version = this.draft.version;
      const copy = await this.means.shelf.get(this.place);
      await this.lay(copy.ciphertext, copy.ciphertext !== ciphertext);
      this.means.tell("saved", this.draft);
    } catch (trouble) {
      this.failed(/** @type {any} */ (trouble));
    }
  }

  /** @param {any} trouble */
  failed(trouble) {
    if (trouble.status === 409 && trouble.problem?.current) {
      this.means.tell("conflict", trouble.problem.current);
    } else if (trouble.isStranger) {
      this.means.tell("stranger");
    } else if (trouble.isSilence || trouble.status >= 500) {
      this.means.tell("local");
      this.timer = setTimeout(() => this.flush(), AGAIN);
    } else if (trouble.status) {
      this.means.tell("refused", trouble);
    } else {
      throw trouble;
    }
  }

  /** Undefined where nobody answers, null where there is none. */
  async ofPortal() {
    try {
      return await this.means.ask("GET", this.path);
    } catch (trouble) {
      const { status, isSilence } = /** @type {any} */ (trouble);
      if (status === 404) return null;
      if (isSilence || status >= 500) return undefined;
      throw trouble;
    }
  }

  /** @param {number} version @param {string} ciphertext */
  async take(version, ciphertext) {
    this.version = version;
    return this.means.unseal(this.id, ciphertext);
  }

  /** @param {string} ciphertext @param {boolean} dirty */
  lay(ciphertext, dirty) {
    return this.means.shelf.put(this.place, { ciphertext, version: this.version, dirty });
  }

  /** One after the other, so that an older state never comes behind a newer one. @param {() => Promise<void>} act */
  inLine(act) {
    const done = this.line.then(act);
    this.line = done.catch(() => {});
    return done;
  }
}
