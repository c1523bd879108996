// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** How is the start page laid out? What has to be done first stands first; nothing is an empty box. */

import { buttonLink, heading, link, notice, paragraph, small, telephone } from "../common/alerts.js";
import { h } from "../common/dom.js";
import { t } from "../common/texts.js";
import { said } from "../inbox/times.js";
import {
  colleagueRow,
  draftRow,
  elsewhereRow,
  letterRow,
  matterRow,
  urgentRow,
} from "./rows.js";
import { officesOf, sorted } from "./sorting.js";
import { TEXTS } from "./texts.js";

/** More than these of one kind are folded away. */
const SHOWN = 5;
const ROLES = ["verfassen", "freigeben", "lesen", "verwalten"];

/**
 * @typedef {import("./rows.js").Seen} Seen
 * @typedef {object} Parts what the page adds: each may be null
 * @property {Node | null} offline
 * @property {Node[]} warnings of keys that are others than before
 * @property {Node | null} closed why titles are not readable
 * @property {any[]} offices known beside those of own filings
 * @property {(draft: any, title: string) => void} onDelete
 */

/** @param {any} inbox @param {Seen} seen @param {Parts} parts */
export function startPage(inbox, seen, parts) {
  const found = sorted(inbox, seen.me);
  return [
    greeting(seen.me),
    parts.warnings,
    parts.offline,
    urgentPart(found, seen),
    h(
      "div",
      { class: "mw-zwei" },
      newPart(seen.me),
      phonesPart([...parts.offices, ...officesOf(inbox.filings)]),
      h(
        "div",
        {},
        parts.closed,
        sharesPart(seen.me),
        newsPart(found, seen),
        waitingPart(found, seen),
        draftPart(found, seen, parts.onDelete),
        foldedPart("confirmed", found.confirmed.map((each) => matterRow(each, seen)), "confirmed.hint"),
        foldedPart("others", [
          ...found.others.map((each) => colleagueRow(each, seen)),
          ...found.elsewhere.map(elsewhereRow),
        ]),
        foldedPart("ended", found.ended.map((each) => matterRow(each, seen))),
      ),
    ),
    small(t(TEXTS, "stand", { time: said(inbox.now, inbox.now) })),
  ];
}

/** @param {any} me */
function greeting(me) {
  const held = ROLES.filter((role) => me.roles.includes(role));
  const roles = held.map((role) => t(TEXTS, `role.${role}`)).join(", ");
  return h(
    "div",
    { class: "mw-gruss" },
    heading(1, t(TEXTS, "hello", { name: me.person.name })),
    small(t(TEXTS, "house", { house: me.unit_name, roles })),
    small(t(TEXTS, "sees")),
  );
}

/** @param {any} me */
const newPart = (me) =>
  me.roles.includes("verfassen")
    ? h(
        "p",
        { class: "mw-neu" },
        buttonLink(t(TEXTS, "new"), "/portal/mitteilung", {
          kind: "primary",
          symbol: "add",
          dataset: { key: "new" },
        }),
        h("span", { class: "kern-body kern-body--small mw-leise" }, t(TEXTS, "new.hint")),
      )
    : h("p", { class: "mw-neu kern-body" }, t(TEXTS, "new.not"));

/** Colleagues who can read nothing for the house until somebody passes its key on. @param {any} me */
function sharesPart(me) {
  const names = new Set((me.waiting_shares ?? []).map((/** @type {any} */ each) => each.name));
  if (names.size === 0 || !me.roles.includes("verwalten")) return null;
  const waits = names.size === 1 ? "shares.one" : "shares.many";
  return notice(
    "info",
    t(TEXTS, "shares"),
    t(TEXTS, waits, { names: [...names].join(", ") }),
    paragraph(link("/portal/haus", t(TEXTS, "shares.go"))),
  );
}

/** @param {import("./sorting.js").Sorted} found @param {Seen} seen */
const urgentPart = ({ urgent }, seen) =>
  urgent.length > 0 &&
  section("urgent", t(TEXTS, "urgent"), rows(urgent.map((each) => urgentRow(each, seen))));

/** @param {import("./sorting.js").Sorted} found @param {Seen} seen */
const newsPart = ({ news, unread }, seen) =>
  section(
    "news",
    unread > 0 ? t(TEXTS, "news.count", { n: unread }) : t(TEXTS, "news"),
    rows(news.map((each) => letterRow(each, seen))) ?? paragraph(t(TEXTS, "news.none")),
  );

/** @param {import("./sorting.js").Sorted} found @param {Seen} seen */
const waitingPart = ({ waiting }, seen) =>
  section(
    "waiting",
    t(TEXTS, "waiting"),
    rows(waiting.map((each) => matterRow(each, seen))) ?? paragraph(t(TEXTS, "waiting.none")),
  );

/** @param {import("./sorting.js").Sorted} found @param {Seen} seen @param {Parts["onDelete"]} onDelete */
const draftPart = ({ drafts }, seen, onDelete) =>
  (drafts.length > 0 || seen.me.roles.includes("verfassen")) &&
  section(
    "drafts",
    t(TEXTS, "drafts"),
    rows(drafts.map((each) => draftRow(each, seen, onDelete))) ?? paragraph(t(TEXTS, "drafts.none")),
  );

/** @param {string} name @param {Node[]} lines @param {string} [hint] */
function foldedPart(name, lines, hint) {
  if (lines.length === 0) return null;
  return h(
    "details",
    { class: "kern-accordion mw-falten", open: lines.length <= SHOWN, dataset: { key: `fold-${name}` } },
    h(
      "summary",
      { class: "kern-accordion__header" },
      h("span", { class: "kern-title" }, `${t(TEXTS, name)} (${lines.length})`),
    ),
    h(
      "div",
      { class: "kern-accordion__body" },
      hint && small(t(TEXTS, hint)),
      rows(lines),
    ),
  );
}

/** @param {any[]} offices */
function phonesPart(offices) {
  const once = offices.filter((each, i) => offices.findIndex(({ unit }) => unit === each.unit) === i);
  return h(
    "aside",
    { class: "mw-telefon", "aria-labelledby": "telefon" },
    heading(2, t(TEXTS, "phones"), { id: "telefon" }),
    h(
      "dl",
      {},
      h("dt", { class: "kern-body" }, t(TEXTS, "phones.emergency")),
      h("dd", { class: "kern-body" }, telephone("110")),
      once.flatMap(officeLines),
    ),
    once.length === 0 && small(t(TEXTS, "phones.none")),
  );
}

/** @param {any} office */
const officeLines = ({ name, note, telephone: number, hours, duty = [] }) => [
  h("dt", { class: "kern-body" }, name, note && small(note)),
  h("dd", { class: "kern-body" }, telephone(number), hours?.text && small(hours.text)),
  ...duty.flatMap((/** @type {any} */ turn) => [
    h("dt", { class: "kern-body" }, turn.name),
    h("dd", { class: "kern-body" }, telephone(turn.telephone)),
  ]),
];

/** @param {string} name @param {string} title @param {...any} content */
const section = (name, title, ...content) =>
  h(
    "section",
    { class: `mw-teil mw-teil--${name}`, "aria-labelledby": `teil-${name}` },
    heading(2, title, { id: `teil-${name}` }),
    content,
  );

/** @param {Node[]} lines @returns {HTMLElement | null} */
const rows = (lines) => (lines.length > 0 ? h("ul", { class: "mw-reihen" }, lines) : null);
