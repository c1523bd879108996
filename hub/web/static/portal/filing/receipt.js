// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** The receipt: number, time, what happens next and whom to ring; or why it still waits. */

import { button, buttonLink, heading, notice, paragraph, small, telephone } from "../common/alerts.js";
import { h } from "../common/dom.js";
import { shortNumber } from "../common/number.js";
import { moment } from "../common/texts.js";
import { reviewRows } from "../form/review.js";
import { download, say } from "./parts.js";
import { addresseeName, tables } from "./review.js";

/**
 * @param {any} flow
 * @param {{receipt: any, index: number, sealed: any, content: any}} about
 * @returns {any}
 */
export function receipt(flow, { receipt: said, index, sealed, content }) {
  const { state } = flow;
  return {
    heading: say("receipt.title"),
    body: [
      h(
        "dl",
        { class: "kern-description-list mw-ueberblick" },
        fact(say("receipt.short"), h("strong", { class: "mw-kennung" }, shortNumber(said.messageId))),
        fact(say("receipt.number"), h("code", { class: "mw-kennung" }, said.messageId)),
        fact(say("receipt.time"), moment(said.iat)),
        fact(say("receipt.to"), addresseeName(flow)),
        fact(say("receipt.proof"), String(index)),
      ),
      small(say("receipt.checked")),
      heading(2, say("receipt.next")),
      next(flow, said.members.due),
      state.to?.telephone && paragraph(say("receipt.ring"), " ", `${state.to.name}, `, telephone(state.to.telephone)),
      h(
        "div",
        { class: "mw-knoepfe" },
        buttonLink(say("receipt.pdf"), `/portal/api/mitteilungen/${said.messageId}/quittung.pdf`, {
          kind: "primary",
          symbol: "download",
          download: `quittung-${said.messageId}.pdf`,
        }),
        content && button(say("receipt.print"), { onclick: () => print() }),
        buttonLink(say("receipt.start"), "/portal"),
      ),
      content && own(flow, { sealed, content, id: said.messageId }),
    ],
  };
}

/** @param {string} key @param {any} value */
const fact = (key, value) =>
  h(
    "div",
    { class: "kern-description-list-item" },
    h("dt", { class: "kern-description-list-item__key" }, key),
    h("dd", { class: "kern-description-list-item__value" }, value),
  );

/** The clocks of this notice, as the hub has signed them. @param {any} flow @param {any} due */
function next({ description }, due = {}) {
  const clocks = ["taken", "acknowledged", "overdue"].filter((name) => due[name]);
  const hears = JSON.stringify(description?.machine ?? []).includes("person-key");
  return h(
    "ol",
    { class: "kern-list kern-list--number" },
    clocks.map((name) => h("li", {}, say(`receipt.${name}`, { time: moment(due[name]) }))),
    h("li", {}, say(hears ? "receipt.feedback" : "receipt.answers")),
  );
}

/** What only this browser still has: the content, to be printed or kept now. */
function own(/** @type {any} */ flow, /** @type {any} */ { sealed, content, id }) {
  const clear = () => download(say("file.clear", { id }), JSON.stringify(content, null, 1));
  return h(
    "section",
    {},
    heading(2, say("receipt.content")),
    small(say("receipt.leave")),
    h(
      "div",
      { class: "mw-knoepfe" },
      sealed && button(say("receipt.bytes"), { symbol: "download", onclick: () => download(say("file.sealed", { id }), sealed.raw) }),
      button(say("receipt.clear"), { symbol: "download", onclick: clear }),
    ),
    h("div", { class: "mw-nur-druck" }, tables(flow, reviewRows(flow.description, content, flow.state.basis), { isFixed: true })),
  );
}

/** The hub does not answer: what that means, and whom to ring. @param {any} flow @param {{until: number, office: any}} about */
export function waiting({ state }, { until, office }) {
  const turns = office?.duty?.turns ?? [];
  const numbers = [state.to, ...turns].filter((each) => each?.telephone);
  return {
    heading: say("wait.title"),
    body: [
      notice("warning", say("wait.hub"), say("wait.means", { time: moment(until) })),
      small(say("wait.draft")),
      paragraph(say("wait.ring")),
      h(
        "ul",
        { class: "kern-list kern-list--bullet" },
        numbers.map((each) => h("li", {}, `${each.name}: `, telephone(each.telephone))),
        h("li", {}, "Polizei: ", telephone("110")),
      ),
      paragraph(buttonLink(say("receipt.start"), "/portal")),
    ],
  };
}
