// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** „Das verlässt Ihr Haus – und warum“: every item, its basis, its reader, its end. */

import { button, heading, notice, paragraph, small } from "../common/alerts.js";
import { h } from "../common/dom.js";
import { reviewRows } from "../form/review.js";
import { dateOf } from "./clock.js";
import { hearsBack, whoHears } from "./hearing.js";
import { download, fold, say } from "./parts.js";
import { passingOf } from "./passing.js";
import { stepOf } from "./state.js";
import { towards } from "./towards.js";

const DAY = 86_400;

/**
 * @param {any} flow
 * @param {{content: any, office: any, errors: any[]}} about
 * @returns {any}
 */
export function review(flow, { content, office, errors }) {
  const description = towards(flow.description, office?.directory.roles(office.unit) ?? []);
  const rows = reviewRows(description, content, flow.state.basis);
  const sends = maySend(flow);
  return {
    heading: say("review.title"),
    body: [
      sends && h("p", { class: "mw-sprungziel" }, h("a", { class: "kern-link mw-sprung", href: "#absenden", onclick: toButton }, say("toSend"))),
      fromColleague(flow),
      sends && whoHears(flow),
      !sends && !flow.draft?.passed && !flow.me.four_eyes && notice("info", say("review.may-not")),
      !flow.me.vault?.person_kid && hearsBack(flow.description) && notice("warning", say("review.no-key")),
      summary(flow, office),
      tables(flow, rows, { isFixed: !flow.mayWrite, days: description.deletion.days }),
      heading(2, say("review.bases")),
      bases(flow.description),
      heading(2, say("review.absent")),
      absent(flow),
      bytes(flow),
      h("div", { id: "absenden", tabindex: "-1" }, errors.length === 0 && sends && how(flow)),
      passingOf(flow),
    ],
    isFinal: true,
    onward: sends ? say("review.send.to", { name: addresseeName(flow) }) : null,
    submit: async () => flow.send(flow.content()),
  };
}

/** Straight to the button, and not to what stands above it. @param {Event} event */
function toButton(event) {
  event.preventDefault();
  /** @type {HTMLElement | null} */ (document.querySelector("[data-weiter]"))?.focus();
}

/** @param {any} flow */
export const addresseeName = ({ state }) => state.to?.name ?? state.thread?.partner_name ?? "";

/** Whether this person may confirm and send; with four eyes not who has written. @param {any} flow */
function maySend({ me, draft }) {
  if (!me.roles.some((/** @type {string} */ role) => ["verfassen", "freigeben"].includes(role))) return false;
  // What somebody has just begun and never left is their own.
  return draft ? draft.may.includes("bestaetigen") : !me.four_eyes;
}

/** @param {any} flow */
function fromColleague({ draft, me }) {
  if (!draft?.passed || draft.passed.to.id !== me.person.id) return null;
  return notice("info", say("review.from.title"), say("review.from", { name: draft.passed.from.name }));
}

/** @param {any} flow */
function how({ me }) {
  const ways = { passkey: "review.send.passkey", oidc: "review.send.oidc", code: "review.send.code" };
  return small(say(ways[/** @type {keyof ways} */ (me.session.opened_by)] ?? ways.passkey));
}

/** To whom, how urgent, under which procedure, who reads it. @param {any} flow @param {any} office */
function summary(flow, office) {
  const { description, state } = flow;
  const urgency = description.urgencies.find((/** @type {any} */ each) => each.value === state.urgency);
  return h(
    "dl",
    { class: "kern-description-list mw-ueberblick" },
    item(say("review.to"), addresseeName(flow)),
    item(say("review.urgency"), urgency?.label ?? state.urgency),
    item(say("review.protocol"), `${description.title} (${description.status_text})`),
    item(say("review.readers"), readers(flow, office)),
  );
}

/** @param {string} key @param {any} value */
const item = (key, value) =>
  h(
    "div",
    { class: "kern-description-list-item" },
    h("dt", { class: "kern-description-list-item__key" }, key),
    h("dd", { class: "kern-description-list-item__value" }, value),
  );

/** @param {any} flow @param {any} office */
function readers(flow, office) {
  const named = (/** @type {string} */ rel) => [
    ...new Set((office?.checked ?? []).filter((/** @type {any} */ each) => each.rel === rel).map((/** @type {any} */ each) => nameOf(office, each.unit))),
  ];
  const now = named("now");
  const later = named("escalation").filter((name) => !now.includes(name));
  const names = now.length > 0 ? now : [addresseeName(flow)];
  return [
    say("review.readers.only", { names: names.join(", ") }),
    later.length > 0 && ` ${say("review.readers.later", { names: later.join(", ") })}`,
  ];
}

/** @param {any} office @param {string} unit */
const nameOf = ({ directory }, unit) => directory.fullName(unit);

/** The items, by the page on which they were asked. @param {any} flow @param {any[]} rows */
export function tables(flow, rows, { isFixed = false, days = flow.description.deletion.days } = {}) {
  const { description } = flow;
  const pages = description.pages.filter((/** @type {any} */ page) => rows.some((row) => row.page === page.id));
  const others = rows.filter((row) => !pages.some((/** @type {any} */ page) => page.id === row.page));
  return [
    ...pages.map((/** @type {any} */ page, /** @type {number} */ place) =>
      table(flow, { page, rows: rows.filter((row) => row.page === page.id), isFixed, days, isFirst: place === 0 }),
    ),
    others.length > 0 && table(flow, { page: null, rows: others, isFixed: true, days, isFirst: false }),
  ];
}

/** @param {any} flow @param {{page: any, rows: any[], isFixed: boolean, days: number, isFirst: boolean}} about */
function table(flow, { page, rows, isFixed, days, isFirst }) {
  const until = say("review.deleted.hub", { day: dateOf(flow.now() + days * DAY) });
  const columns = [say("review.field"), say("review.value"), say("review.basis"), say("review.reader"), say("review.deleted")];
  const title = page?.title ?? say("review.machine");
  return h(
    "div",
    { class: "mw-posten" },
    h(
      "div",
      { class: "mw-posten__kopf" },
      heading(2, title),
      !isFixed &&
        button(say("review.change"), {
          kind: "tertiary",
          "aria-label": say("review.change.of", { title }),
          onclick: () => flow.show(stepOf(page.id)),
        }),
    ),
    h(
      "table",
      { class: "kern-table kern-table--small mw-tabelle" },
      h("caption", { class: "kern-sr-only" }, title),
      h("colgroup", {}, columns.map((_, place) => h("col", { class: `mw-spalte-${place + 1}` }))),
      h("thead", { class: ["kern-table__header", !isFirst && "mw-kopf-gesagt"] }, h("tr", { class: "kern-table__row" }, columns.map((text) => h("th", { scope: "col", class: "kern-table__header" }, text)))),
      h(
        "tbody",
        { class: "kern-table__body" },
        rows.map((row) =>
          h(
            "tr",
            { class: "kern-table__row" },
            h("th", { scope: "row", class: "kern-table__cell" }, [...(row.path ?? []).slice(1), row.label].join(" › ")),
            [row.value, row.basis, row.reader, until].map((text, place) =>
              h("td", { class: "kern-table__cell", dataset: { spalte: columns[place + 1] } }, text),
            ),
          ),
        ),
      ),
    ),
  );
}

/** @param {any} description */
export const bases = (description) =>
  h(
    "ul",
    { class: "kern-list kern-list--bullet" },
    description.bases.map((/** @type {any} */ each) =>
      h(
        "li",
        {},
        h("strong", {}, each.citation),
        `: ${each.meaning} (${say("review.pruefstand", { word: each.pruefstand_text, day: each.stand })})`,
      ),
    ),
  );

/** @param {any} flow */
function absent({ description, state }) {
  return h(
    "ul",
    { class: "kern-list kern-list--bullet" },
    [
      say("review.attachments"),
      state.place && say("review.place"),
      state.to?.deviation && say("review.deviation"),
      ...(description.absent ?? []),
    ]
      .filter(Boolean)
      .map((text) => h("li", {}, text)),
  );
}

/** The exact bytes, sealed and in clear; both are made here. @param {any} flow */
function bytes(flow) {
  const { id } = flow.state;
  return fold(
    say("review.bytes"),
    paragraph(
      button(say("review.bytes.sealed"), {
        symbol: "download",
        onclick: async () => {
          const ready = await flow.ready(flow.content());
          const { payload, body, keys } = ready.prepared;
          download(say("file.sealed", { id }), JSON.stringify({ payload, body, keys }, null, 1));
        },
      }),
    ),
    paragraph(
      button(say("review.bytes.clear"), {
        symbol: "download",
        onclick: () => download(say("file.clear", { id }), JSON.stringify(flow.content(), null, 1)),
      }),
    ),
    small(say("review.bytes.clear.means")),
  );
}
