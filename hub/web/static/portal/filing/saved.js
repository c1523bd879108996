// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Is what I typed safe? One line says it on every step, and asks where two versions exist. */

import { button, link, notice } from "../common/alerts.js";
import { fill, h } from "../common/dom.js";
import { moment } from "../common/texts.js";
import { dayOf, timeOf } from "./clock.js";
import { say } from "./parts.js";

/** The line below the form, and the notice above it. */
export class Saved {
  /** @param {HTMLElement} line @param {HTMLElement} place */
  constructor(line, place) {
    this.line = line;
    this.place = place;
    /** @type {any} */
    this.flow = null;
    this.tell = this.tell.bind(this);
  }

  /** @param {any} flow */
  of(flow) {
    this.flow = flow;
  }

  /** @param {"saved" | "local" | "conflict" | "stranger" | "refused"} what @param {any} [about] */
  tell(what, about) {
    if (what === "saved") {
      const values = { time: timeOf(about.changed_at), day: dayOf(about.expires_at) };
      fill(this.line, say("draft.saved", values));
      fill(this.place);
    } else if (what === "local") {
      fill(this.line, say("draft.local", { time: timeOf(this.flow.now()) }));
    } else if (what === "stranger") {
      fill(this.line, say("draft.stranger"), " ", link(this.flow.signInAddress(), say("draft.signin")));
    } else if (what === "refused") {
      fill(this.line, say("draft.refused", { title: about.problem?.title ?? about.code }));
    } else {
      this.ask(about);
    }
  }

  /** Two versions: a person decides, and until then neither is lost. @param {any} current */
  ask(current) {
    const { keeper } = this.flow;
    const mine = button(say("draft.conflict.mine"), {
      onclick: () => keeper.overwrite(current).then(() => fill(this.place)),
    });
    const theirs = button(say("draft.conflict.theirs"), {
      onclick: async () => {
        fill(this.place);
        await this.flow.resume(await keeper.takeDraft(current));
      },
    });
    fill(
      this.place,
      h(
        "div",
        { role: "alert" },
        notice(
          "warning",
          say("draft.conflict.title"),
          say("draft.conflict", { time: moment(current.changed_at) }),
          h("div", { class: "mw-knoepfe" }, mine, theirs),
        ),
      ),
    );
  }

  /** Nothing to say any more: it was sent. */
  clear() {
    fill(this.line);
    fill(this.place);
  }
}
