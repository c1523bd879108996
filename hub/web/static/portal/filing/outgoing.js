// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * The end of the way: sealed, confirmed, handed in, verified. Whatever breaks in between, the same
 * bytes are sent again, and nothing arrives twice.
 */

import { button, notice, paragraph, small } from "../common/alerts.js";
import { announce, fill, h } from "../common/dom.js";
import { frame } from "./frame.js";
import { messageId } from "./ids.js";
import { NotShown, showPasskey } from "./passkey.js";
import { say } from "./parts.js";
import { receipt, waiting } from "./receipt.js";
import { towards } from "./towards.js";

/** @typedef {typeof import("./sending.js")} Sending sealing is loaded when it is needed */

const LOOK = 2_000;
const WAITS = "wartet";

/** One message on its way out. */
export class Outgoing {
  /** @param {any} flow */
  constructor(flow) {
    this.flow = flow;
    /** @type {any} */ this.made = null;
    this.isDone = false;
  }

  get shelfPlace() {
    return `absendung/${this.flow.me.person.id}/${this.flow.keeper.id}`;
  }

  /**
   * Fetch the part that seals while there is a line: a browser does not fetch a part of a program
   * again that it once did not get.
   */
  fetchAhead() {
    const soon = globalThis.requestIdleCallback ?? ((/** @type {() => void} */ act) => setTimeout(act, 500));
    soon(() => import("./sending.js").catch(() => {}));
  }

  /** Who reads it, asked anew and verified. */
  async office() {
    const { flow } = this;
    const { state, description, offices } = flow;
    const unit = state.thread ? state.thread.partner : state.to.unit;
    if (state.thread) await flow.checkPartner();
    const office = await offices.of(unit, state);
    // Whoever wrote the draft, and whoever kept it, its addressee is called what the directory says.
    const name = office.directory.fullName(unit);
    Object.assign(state.thread ?? state.to, state.thread ? { partner_name: name } : { name });
    const about = { urgency: state.urgency, replyKey: state.thread?.reply_key };
    return { ...office, checked: await offices.readers(office, description, about) };
  }

  /**
   * Seal, unless exactly this was sealed a moment ago.
   *
   * @param {any} content
   */
  async ready(content) {
    const { flow } = this;
    const { FRESH, seal } = await import("./sending.js");
    const mark = JSON.stringify([content, flow.state.urgency, flow.state.basis, flow.state.to?.unit]);
    if (this.made?.mark === mark && flow.now() - this.made.prepared.payload.iat < FRESH) return this.made;
    const office = await this.office();
    const { me, now } = flow;
    const description = towards(flow.description, office.directory.roles(office.unit));
    const prepared = await seal(flow.state, { description, content, readers: office.checked, me, now: now() });
    this.made = { mark, prepared, office, content };
    return this.made;
  }

  /** Seal, ask for the confirmation, hand it in. @param {any} content */
  async send(content) {
    const { flow } = this;
    this.say("sending.sealing");
    const made = await this.ready(content);
    const { confirm, noteOf, requestOf } = await import("./sending.js");
    this.say("sending.confirming");
    const confirmed = await this.confirmed(() => confirm(made.prepared, flow.ask, showPasskey));
    if (!confirmed) return;
    const note = await flow.sealNote(flow.state.id, noteOf(flow.state, made.prepared));
    const more = { confirmation: confirmed, note, draft: flow.keeper.id };
    const request = requestOf(made.prepared, more);
    await flow.shelf.put(this.shelfPlace, { id: flow.state.id, request });
    await this.hand(request, made);
  }

  /** @param {() => Promise<any>} ask */
  async confirmed(ask) {
    try {
      const { confirmation, signIn } = await ask();
      if (!signIn) return confirmation;
      const url = new URL(signIn, location.href);
      url.searchParams.set("weiter", `/portal/mitteilung?entwurf=${this.flow.keeper.id}&senden=1`);
      location.assign(url);
      return null;
    } catch (trouble) {
      if (!(trouble instanceof NotShown)) throw trouble;
      this.tell(notice("info", say("sending.not-shown")));
      return null;
    }
  }

  /** Hand in these bytes, the same ones however often. @param {any} request @param {any} made */
  async hand(request, made) {
    this.say("sending.handing");
    const { id } = this.flow.state;
    try {
      const said = await this.flow.ask("PUT", `/portal/api/mitteilungen/${id}`, request);
      await this.answered(said, made);
    } catch (trouble) {
      await this.failed(/** @type {any} */ (trouble), request, made);
    }
  }

  /** @param {any} said @param {any} made */
  async answered(said, made) {
    const { flow } = this;
    if (said.answer) {
      const { verified } = await import("./sending.js");
      const proven = await verified(made.prepared, said, flow);
      return this.done({ ...proven, content: made.content });
    }
    this.isDone = true;
    frameOf(flow, waiting(flow, { until: said.until, office: made.office }));
    setTimeout(() => this.look(made), LOOK);
  }

  /** Ask whether it has gone out meanwhile. @param {any} made */
  async look(made) {
    const { flow } = this;
    try {
      const said = await flow.ask("GET", `/portal/api/mitteilungen/${flow.state.id}`);
      if (said.answer) return await this.answered(said, made);
      if (said.filing?.problem) return this.refused({ problem: said.filing.problem, code: said.filing.problem.code });
    } catch (trouble) {
      if (/** @type {any} */ (trouble).reason) return this.untrusted(/** @type {any} */ (trouble));
    }
    setTimeout(() => this.look(made), LOOK);
  }

  /** @param {any} proven */
  async done(proven) {
    const { flow } = this;
    this.isDone = true;
    await flow.shelf.remove(this.shelfPlace);
    await flow.keeper.close();
    flow.saved.clear();
    history.replaceState({}, "", "/portal/mitteilung");
    announce("");
    frameOf(flow, receipt(flow, proven));
  }

  /** @param {any} trouble @param {any} request @param {any} made */
  async failed(trouble, request, made) {
    if (trouble.isSilence || trouble.status >= 500) return this.silent(request, made);
    if (trouble.isStranger) throw trouble;
    if (trouble.reason || !trouble.status) return this.untrusted(trouble);
    // Whether these were other bytes of a notice that has arrived, only the portal can say.
    if (trouble.code === "id-reused" && (await this.isThere(made))) return;
    await this.flow.shelf.remove(this.shelfPlace);
    this.made = null;
    await this.refused(trouble);
  }

  /**
   * Show how it stands with what the portal already has under this number.
   *
   * @param {any} made
   * @returns {Promise<boolean>} false where it was refused or has run out
   */
  async isThere(made) {
    const said = await this.flow.ask("GET", `/portal/api/mitteilungen/${this.flow.state.id}`);
    if (!said.answer && said.state !== WAITS) return false;
    await this.answered(said, made);
    return true;
  }

  /** Nobody answered: nothing is known of it, and nothing is lost. @param {any} request @param {any} made */
  silent(request, made) {
    const again = button(say("sending.again"), {
      kind: "primary",
      onclick: () => this.flow.guarded(() => this.hand(request, made)),
    });
    this.tell(notice("warning", say("sending.silence.title"), say("sending.silence"), paragraph(again)));
  }

  /** A definite no: what comes next is another message. @param {any} trouble */
  async refused({ problem = {}, code }) {
    const { flow } = this;
    flow.state.id = messageId(flow.description, flow.now());
    await flow.changed();
    this.isDone = false;
    const isStale = ["reader-key-stale", "issued-outside-window", "conversation-moved-on"].includes(code);
    this.tell(
      notice(
        "danger",
        say("sending.refused"),
        problem.title,
        problem.detail,
        problem.advice,
        isStale && say("sending.stale"),
        small(say("sending.code", { code })),
      ),
    );
  }

  /** @param {any} trouble */
  untrusted(trouble) {
    const reason = trouble.reason ?? trouble.code ?? trouble.message;
    this.tell(notice("danger", say("sending.untrusted.title"), say("sending.untrusted", { reason })));
  }

  /**
   * Hand in once more what was confirmed before the page was gone.
   *
   * @returns {Promise<boolean>} whether something else is shown now
   */
  async repeat() {
    const { flow } = this;
    const pending = await flow.shelf.get(this.shelfPlace);
    if (!pending || pending.id !== flow.state.id) return false;
    const { preparedOf } = await import("./sending.js");
    const made = { prepared: preparedOf(pending), office: null, content: flow.content() };
    try {
      if (await this.isThere(made)) return true;
      // Refused or run out meanwhile: what is sent next is another message.
      flow.state.id = messageId(flow.description, flow.now());
    } catch (trouble) {
      const { status, isSilence } = /** @type {any} */ (trouble);
      if (status !== 404 && !isSilence) throw trouble;
    }
    return false;
  }

  /**
   * Show the receipt of what was sent before the page was gone, where the portal has it.
   *
   * @returns {Promise<boolean>}
   */
  async find() {
    const { flow } = this;
    const pending = await flow.shelf.get(this.shelfPlace);
    if (!pending) return false;
    const { preparedOf } = await import("./sending.js");
    const said = await flow.ask("GET", `/portal/api/mitteilungen/${pending.id}`);
    const { to, to_name: name, to_telephone: telephone } = said.filing;
    Object.assign(flow.state, { id: pending.id, to: { unit: to, name, telephone } });
    await this.answered(said, { prepared: preparedOf(pending), office: null, content: null });
    return true;
  }

  /** @param {string} key */
  say(key) {
    announce(say(key));
    this.tell(small(say(key)));
  }

  /** @param {HTMLElement} what */
  tell(what) {
    const place = this.flow.place.querySelector("#absenden") ?? this.flow.saved.place;
    fill(place, h("div", { role: "alert" }, what));
    place.scrollIntoView({ block: "nearest" });
  }
}

/** @param {any} flow @param {any} step */
const frameOf = (flow, step) =>
  frame(flow.place, { ...step, onward: null }, { act: () => {} });
