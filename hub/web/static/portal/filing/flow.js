// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** The way itself: which step is shown, what it changes, and what happens at its end. */

import { notice, small } from "../common/alerts.js";
import { offlineNotice } from "../common/offline.js";
import { BACK } from "../common/session.js";
import { checkAll } from "../form/checks.js";
import { startValues, toContent } from "../form/content.js";
import { focusError, renderErrorSummary } from "../form/render.js";
import { before } from "./before.js";
import { frame } from "./frame.js";
import { authorOf, hearingKey } from "./hearing.js";
import { messageId } from "./ids.js";
import { doubtOf, say } from "./parts.js";
import { place } from "./place.js";
import { questions } from "./questions.js";
import { review } from "./review.js";
import { Outgoing } from "./outgoing.js";
import {
  BASIS, BEFORE, beside, emptyState, givenBasis, givenUrgency, openStep, pageIdOf, PLACE, REVIEW,
  stepsOf, titleOf, TOPIC, URGENCY,
} from "./state.js";
import { basisOf, topic } from "./topic.js";
import { spokenBy } from "./towards.js";
import { basis, urgency } from "./urgency.js";

/** @typedef {import("./state.js").State} State */

/** One filing, from the first question on. */
export class Flow {
  /**
   * @param {any} known who files, whom the page asks, where things are shown
   * @param {(id: string) => import("./keeper.js").Keeper} keeperOf
   * @param {(id: string, note: any) => Promise<string>} sealNote
   */
  constructor(known, keeperOf, sealNote) {
    const { me, ask, now, trust, offices, shelf, saved, place: root, openNote } = known;
    /** @type {any} */ this.me = me;
    /** @type {any} */ this.ask = ask;
    /** @type {() => number} */ this.now = now;
    /** @type {any} */ this.trust = trust;
    /** @type {any} */ this.offices = offices;
    /** @type {(id: string, note: string) => Promise<any>} */ this.openNote = openNote;
    /** With whom, in which matter, it is shown by something signed. */ this.shownPartner = "";
    /** @type {any} */ this.shelf = shelf;
    /** @type {any} */ this.saved = saved;
    /** @type {HTMLElement} */ this.place = root;
    this.keeperOf = keeperOf;
    this.sealNote = sealNote;
    /** @type {State} */ this.state = emptyState();
    /** @type {any} */ this.description = null;
    /** @type {any[]} */ this.forms = [];
    /** @type {any} who wrote what a colleague confirms */ this.author = null;
    /** @type {any} */ this.keeper = null;
    /** @type {any} what the open step wants done before another is shown */ this.open = null;
    this.isBusy = false;
    this.outgoing = new Outgoing(this);
    addEventListener("popstate", (event) => this.wentTo(event.state?.at));
    addEventListener("pagehide", () => this.open?.leave?.());
    document.addEventListener(BACK, () => this.keeper?.flush());
  }

  /** What the portal said of the draft last. */
  get draft() {
    return this.keeper?.draft ?? null;
  }

  /** Whether the draft is in these hands; what was passed on is changed by nobody else. */
  get mayWrite() {
    return !this.draft || this.draft.may.includes("schreiben");
  }

  /** @param {string} id */
  keep(id) {
    this.keeper = this.keeperOf(id);
    return this.keeper;
  }

  /** Go on where a draft was left. @param {State} state @param {boolean} [isBack] from a fresh sign-in */
  async resume(state, isBack = false) {
    this.open = null;
    this.state = { ...emptyState(), ...state };
    if (!this.state.form) {
      const { forms } = await this.ask("GET", "/portal/api/formulare");
      this.forms = forms;
    } else {
      await this.describe();
      this.author = await authorOf(this);
    }
    if (this.keeper && (await this.outgoing.repeat())) return;
    this.outgoing.fetchAhead();
    await this.show(isBack ? REVIEW : openStep(this.state, this.description));
    if (isBack) this.saved.line.replaceChildren(say("sending.fresh"));
  }

  /** Begin with a form that was chosen. @param {any} form */
  async choose(form) {
    const { protocol, version, step } = form;
    const before_ = this.state.form;
    if (before_ && before_.protocol === protocol && before_.version === version && before_.step === step) return;
    this.state.form = { protocol, version, step };
    await this.describe();
    this.state.id = messageId(this.description, this.now());
    this.state.values = this.started();
    this.state.to = null;
    this.state.urgency = givenUrgency(this.description, null);
    this.state.basis = givenBasis(this.description);
    this.named();
    await this.changed();
  }

  /**
   * Begin an answer in a conversation.
   *
   * @param {string} cnv
   * @param {string} step
   * @param {string | null} cause
   */
  async answer(cnv, step, cause) {
    const thread = await this.ask("GET", `/portal/api/vorgaenge/${encodeURIComponent(cnv)}`);
    const { partner, pos, env, protocol, reply_key, allowed, messages } = thread;
    if (!allowed.includes(step)) {
      frame(this.place, { heading: say("answer.title"), body: small(say("answer.moved")), onward: null }, { act: () => {} });
      return;
    }
    const [name, version] = protocol.split("/");
    const kept = { cnv, partner, partner_name: "", pos, env, reply_key, cause, messages: messages.slice(-1) };
    this.state = { ...emptyState(), form: { protocol: name, version, step }, thread: kept };
    await this.describe();
    kept.partner_name = await this.partnerName(thread);
    Object.assign(this.state, {
      id: messageId(this.description, this.now()),
      values: this.started(),
      urgency: givenUrgency(this.description, kept),
      basis: givenBasis(this.description),
    });
    this.named();
    this.outgoing.fetchAhead();
    await this.show(stepsOf(this.state, this.description)[0]);
  }

  /**
   * Refuse to answer somebody whom nothing signed shows as the other side of the matter.
   *
   * @param {any} [said] the matter, where it was asked for a moment ago
   */
  async checkPartner(said) {
    const { thread } = this.state;
    const mark = `${thread.cnv} ${thread.partner}`;
    if (this.shownPartner === mark) return;
    const { checkPartner } = await import("./partner.js");
    const matter = said ?? (await this.ask("GET", `/portal/api/vorgaenge/${encodeURIComponent(thread.cnv)}`));
    await checkPartner(thread, matter, this);
    this.shownPartner = mark;
  }

  /** The partner's name as the signed directory has it. @param {any} said */
  async partnerName(said) {
    await this.checkPartner(said);
    const { form, thread } = this.state;
    const { directory } = await this.offices.of(thread.partner, { urgency: "planbar", form, thread });
    return directory.fullName(thread.partner);
  }

  started() {
    const family = this.me.person.name.trim().split(/\s+/).at(-1);
    return startValues(this.description, { family, telephone: this.me.telephone });
  }

  named() {
    this.state.title = titleOf(this.description, this.state.values);
    this.state.by ??= { id: this.me.person.id, name: this.me.person.name };
  }

  async describe() {
    const { protocol, version, step } = /** @type {any} */ (this.state.form);
    const said = await this.ask("GET", `/portal/api/formulare/${protocol}/${version}/${step}`);
    this.description = spokenBy(said, this.me.protocol_roles);
  }

  /** Keep what was changed; the first change makes the draft. */
  async changed() {
    if (!this.state.form || !this.mayWrite) return;
    if (!this.keeper) {
      this.keep(crypto.randomUUID());
      history.replaceState(history.state, "", `/portal/mitteilung?entwurf=${this.keeper.id}`);
    }
    await this.keeper.change(this.state);
  }

  /** Show a step. @param {string} at @param {any} [errors] @param {{isQuiet?: boolean}} [how] */
  async show(at, errors = [], how = {}) {
    const steps = stepsOf(this.state, this.description);
    await this.open?.leave?.();
    const isNew = at !== this.state.at || history.state?.at !== at;
    this.state.at = at;
    const step = this.addressed(await this.stepFor(at, errors), at === steps[0]);
    this.open = step;
    if (isNew) history[history.state?.at ? "pushState" : "replaceState"]({ at }, "");
    frame(this.place, step, {
      progress: step.isLast ? null : { at: steps.indexOf(at) + 1, all: this.description ? steps.length : null },
      summary: errors.length > 0 ? renderErrorSummary(errors) : null,
      act: (root) => this.guarded(() => this.act(root)),
      back: steps.indexOf(at) > 0 ? () => this.guarded(() => this.show(beside(steps, at, -1))) : null,
      ...how,
    });
  }

  /** An answer says at its beginning to whom it goes. @param {any} step @param {boolean} isFirst */
  addressed(step, isFirst) {
    if (!this.state.thread || !isFirst) return step;
    const to = small(say("answer.to", { name: this.state.thread.partner_name }));
    return { ...step, body: [to, step.body] };
  }

  /** @param {string} at @param {any} errors @returns {Promise<any>} */
  async stepFor(at, errors) {
    if (at === BEFORE) return before(this);
    if (at === TOPIC) return this.topicStep(errors);
    if (at === PLACE) return place(this, errors);
    if (at === URGENCY) return urgency(this, errors);
    if (at === BASIS) return basis(this, errors);
    if (at === REVIEW) return this.reviewStep(errors);
    return questions(this, errors, /** @type {string} */ (pageIdOf(at)));
  }

  /** @param {any[]} errors */
  async topicStep(errors) {
    if (this.forms.length === 0) this.forms = (await this.ask("GET", "/portal/api/formulare")).forms;
    const step = topic(this, errors);
    return this.description ? { ...step, body: [step.body, basisOf(this.description)] } : step;
  }

  /** @param {any[]} errors */
  async reviewStep(errors) {
    let office = null;
    try {
      office = await this.outgoing.office();
    } catch (trouble) {
      const { isStranger, reason } = /** @type {any} */ (trouble);
      if (isStranger) throw trouble;
      const told = reason ? notice("danger", say("failed.title"), doubtOf(reason)) : await offlineNotice();
      this.saved.place.replaceChildren(told);
    }
    return review(this, { content: this.content(), office, errors });
  }

  /** What would be sent now. */
  content() {
    return toContent(this.description, this.state.values, this.filled());
  }

  filled() {
    return { personKey: hearingKey(this), place: this.state.place };
  }

  /** Show the open step again with what is known now, and not with what stands on the page. */
  async anew() {
    this.open = null;
    await this.show(this.state.at);
  }

  /** Do what the main button of the open step says. @param {HTMLElement} root */
  async act(root) {
    const { at } = this.state;
    const said = (await this.open.submit(root)) ?? [];
    if (said === "stay") return;
    if (said === "again") return this.show(at);
    if (said.length > 0) return this.wrong(at, said);
    await this.onward();
  }

  async onward() {
    const steps = stepsOf(this.state, this.description);
    const next = beside(steps, this.state.at, 1);
    if (next === this.state.at) return;
    await this.open?.leave?.();
    this.state.at = next;
    await this.changed();
    await this.show(next);
  }

  /** @param {string} at @param {any} errors */
  async wrong(at, errors) {
    this.open = null;
    await this.show(at, errors);
    if (errors[0]?.candidates) focusError(this.place, errors[0].fieldId);
  }

  /** Send what was reviewed. @param {any} content */
  async send(content) {
    const { basis: lb, urgency: urg } = this.state;
    const about = {
      now: new Date(this.now() * 1000),
      basis: lb,
      urgency: urg,
      speakers: this.me.protocol_roles,
      fill: this.filled(),
    };
    const errors = await checkAll(this.description, this.state.values, about);
    if (errors.length > 0) return this.atTheirPlaces(errors);
    await this.changed();
    await this.keeper.flush();
    await this.outgoing.send(content);
    return "stay";
  }

  /** Lead to the first page on which something is wrong. @param {any[]} errors */
  async atTheirPlaces(errors) {
    const [first] = errors;
    if (first.page === null) return errors;
    const own = errors.filter((each) => each.page === first.page);
    await this.show(`seite:${first.page}`, own);
    return "stay";
  }

  /** @param {any} content */
  ready(content) {
    return this.outgoing.ready(content);
  }

  /** Back and forward of the browser. @param {string | undefined} at */
  async wentTo(at) {
    const steps = stepsOf(this.state, this.description);
    if (at && steps.includes(at) && !this.outgoing.isDone) await this.guarded(() => this.show(at));
  }

  /** Where to sign in again, and come back to this draft. */
  signInAddress() {
    const here = this.keeper ? `/portal/mitteilung?entwurf=${this.keeper.id}` : "/portal/mitteilung";
    return `/portal/anmeldung?weiter=${encodeURIComponent(here)}`;
  }

  /** Do one thing at a time, and say what did not work. @param {() => Promise<any>} act */
  async guarded(act) {
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      await act();
    } catch (trouble) {
      this.troubled(/** @type {any} */ (trouble));
    } finally {
      this.isBusy = false;
    }
  }

  /** @param {any} trouble */
  troubled(trouble) {
    // The frame asks to sign in again; here nothing is lost by waiting.
    if (trouble.isStranger) return this.saved.tell("stranger");
    const { problem, code, reason, message } = trouble;
    this.outgoing.tell(
      notice(
        "danger",
        say("failed.title"),
        problem?.detail || problem?.title || (reason ? doubtOf(reason) : message),
        (code || reason) && small(say("sending.code", { code: code ?? reason })),
      ),
    );
    if (!trouble.status && !reason && !trouble.isSilence) throw trouble;
  }
}
