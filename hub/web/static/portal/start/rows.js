// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** How does one line of the start page look: a matter, a letter, a draft? */

import { button, buttonLink, link, notice, paragraph, small, status, telephone } from "../common/alerts.js";
import { h } from "../common/dom.js";
import { shortNumber } from "../common/number.js";
import { t } from "../common/texts.js";
import { filingBadges, foremostWord, letterBadge, urgencyBadge } from "../inbox/states.js";
import { said, saidDay, when } from "../inbox/times.js";
import { TEXTS } from "./texts.js";

/**
 * @typedef {object} Seen
 * @property {number} now the portal's time
 * @property {import("./titles.js").Titles} titles
 * @property {any} me
 */

/** States in which somebody at the office still has to confirm. */
const RUNNING = new Set(["angenommen", "zugestellt"]);

/** @param {string} cnv */
export const matterPath = (cnv) => `/portal/vorgang/${encodeURIComponent(cnv)}`;

/** @param {any} filing @param {Seen} seen */
export const titleOf = (filing, { titles, now }) =>
  titles.ofFiling(filing) || t(TEXTS, "filed", { time: said(filing.made_at, now) });

/** Where somebody has to act: whom to ring, or that it has to be looked at. @param {any} filing @param {Seen} seen */
export function urgentRow(filing, seen) {
  const word = [foremostWord(filing), titleOf(filing, seen)].join(" – ");
  const open = paragraph(link(matterPath(filing.cnv), t(TEXTS, "urgent.open")));
  const badges = h("p", { class: "mw-zeichen" }, filingBadges(filing));
  const body = filing.ring ? ringLines(filing.ring) : [t(TEXTS, "urgent.again")];
  return h("li", {}, notice("danger", word, badges, ...body, open));
}

/** @param {{name: string, telephone: string, then: string[]}} ring */
export const ringLines = (ring) => [
  paragraph(
    t(TEXTS, "urgent.ring"),
    " ",
    h("strong", {}, ring.name),
    " ",
    telephone(ring.telephone),
  ),
  ring.then.length > 0 && t(TEXTS, "urgent.then", { then: ring.then.join("; ") }),
];

/** @param {import("./sorting.js").Matter} matter @param {Seen} seen */
export function matterRow({ cnv, head, later }, seen) {
  return row(
    link(matterPath(cnv), titleOf(head, seen)),
    [filingBadges(head)],
    small(t(TEXTS, "to", { name: head.to_name }), " · ", when(head.made_at, seen.now), " · ", numberOf(head)),
    dueLine(head, seen),
    later.map((filing) => [laterLine(filing, seen), dueLine(filing, seen)]),
    passedLine(head),
  );
}

/** What two people can tell each other on the telephone. @param {any} filing */
const numberOf = ({ id }) => t(TEXTS, "number", { number: shortNumber(id) });

/** What followed in the same matter: an answer, a correction. @param {any} filing @param {Seen} seen */
const laterLine = (filing, seen) =>
  h(
    "p",
    { class: "kern-body kern-body--small mw-leise" },
    titleOf(filing, seen),
    " ",
    filingBadges(filing),
  );

/** Which office has taken over, where it is another one now. @param {any} filing */
function passedLine({ events }) {
  const passed = events.filter((/** @type {any} */ { word }) => word === "passed-on").at(-1);
  if (!passed?.name) return null;
  const number = passed.telephone && telephone(passed.telephone);
  return small(t(TEXTS, "passed", { name: passed.name }), " ", number);
}

/** Until when somebody confirms, and what happens otherwise. @param {any} filing @param {Seen} seen */
function dueLine({ state, due, ring, to_telephone: number }, { now }) {
  if (state === "wartet") {
    return small(t(TEXTS, "waiting.hub"), " ", number && telephone(number));
  }
  if (!RUNNING.has(state) || !due || ring || due.overdue <= now) return null;
  return small(t(TEXTS, "waiting.until", { time: said(due.overdue, now) }));
}

/** @param {any} filing @param {Seen} seen by a colleague */
export const colleagueRow = ({ cnv, head, latest }, seen) =>
  row(
    link(matterPath(cnv), t(TEXTS, "filed", { time: said(head.made_at, seen.now) })),
    [filingBadges(latest)],
    small(t(TEXTS, "others.by", { name: head.by.name, time: t(TEXTS, "to", { name: head.to_name }) }), " · ", numberOf(head)),
  );

/** @param {any} letter @param {Seen} seen */
export function letterRow(letter, { now, me }) {
  const isPersonal = letter.for?.id === me.person.id;
  const known = TEXTS.de[`letter.${letter.step}`] ? letter.step : "other";
  return row(
    link(`${matterPath(letter.cnv)}#brief-${letter.id}`, t(TEXTS, `letter.${known}`)),
    [
      letterBadge(letter),
      letter.urgency !== "planbar" && urgencyBadge(letter.urgency),
      isPersonal && status("default", t(TEXTS, "news.personal"), "account-circle"),
    ],
    small(t(TEXTS, "news.from", { name: letter.from_name }), " · ", when(letter.received_at, now)),
    !letter.openable && small(t(TEXTS, "news.closed")),
  );
}

/** That an answer to a colleague has come, and no more. @param {any} letter */
export const elsewhereRow = (letter) =>
  h(
    "li",
    { class: "mw-reihe" },
    small(t(TEXTS, "elsewhere", { name: letter.for.name })),
  );

/**
 * @param {any} draft
 * @param {Seen} seen
 * @param {(draft: any, title: string) => void} onDelete
 */
export function draftRow(draft, { now, titles, me }, onDelete) {
  const title = titles.ofDraft(draft) || t(TEXTS, "draft.untitled", { time: said(draft.changed_at, now) });
  const isHeld = draft.holder.id === me.person.id;
  const action = t(TEXTS, isHeld ? "draft.go" : "draft.look");
  const named = (/** @type {string} */ word) => t(TEXTS, "draft.of", { action: word, title });
  return row(
    title,
    [passedBadge(draft, me)],
    small(when(draft.changed_at, now), " · ", t(TEXTS, "draft.expires", { day: saidDay(draft.expires_at, now) })),
    h(
      "p",
      { class: "mw-tun" },
      buttonLink(action, `/portal/mitteilung?entwurf=${encodeURIComponent(draft.id)}`, {
        "aria-label": named(action),
        dataset: { key: `go-${draft.id}` },
      }),
      draft.may.includes("loeschen") &&
        button(t(TEXTS, "draft.delete"), {
          kind: "tertiary",
          symbol: "delete",
          "aria-label": named(t(TEXTS, "draft.delete")),
          dataset: { key: `delete-${draft.id}` },
          onclick: () => onDelete(draft, title),
        }),
    ),
  );
}

/** @param {any} draft @param {any} me */
function passedBadge({ passed, holder }, me) {
  if (!passed) return null;
  const isHeld = holder.id === me.person.id;
  const text = isHeld
    ? t(TEXTS, "draft.from", { name: passed.from.name })
    : t(TEXTS, "draft.to", { name: holder.name });
  return status("default", text, "account-circle");
}

/** @param {any} title @param {any[]} badges @param {...any} lines */
const row = (title, badges, ...lines) =>
  h(
    "li",
    { class: "mw-reihe" },
    h("h3", { class: "kern-title mw-titel" }, title),
    badges.flat().some(Boolean) && h("p", { class: "mw-zeichen" }, badges),
    lines,
  );
