// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** How does a letter look: closed, opened, answered, and where it does not open? */

import { button, buttonLink, heading, notice, paragraph, small, status } from "../common/alerts.js";
import { h } from "../common/dom.js";
import { t } from "../common/texts.js";
import { pathTo } from "./acts.js";
import { contentView } from "./content.js";
import { isFeedback, isQuestion, standing } from "./feedback.js";
import { letterBadge, urgencyBadge } from "./states.js";
import { TEXTS } from "./texts.js";
import { said } from "./times.js";

/**
 * @typedef {object} Acts what a press leads to
 * @property {(letter: any) => void} open
 * @property {(letter: any) => void} shut
 * @property {(letter: any) => void} note
 * @typedef {object} Shown what is known of each letter by its id
 * @property {Map<string, import("./reading.js").Read>} read
 * @property {Map<string, any>} faults
 * @property {Set<string>} busy
 */

/** @param {any} thread @param {{me: any, now: number, shown: Shown, acts: Acts}} seen */
export function lettersPart(thread, seen) {
  const letters = [...thread.letters].sort((one, other) => other.received_at - one.received_at);
  const stands = standing(letters);
  return h(
    "section",
    { class: "mw-teil", "aria-labelledby": "briefe" },
    heading(2, t(TEXTS, "letters"), { id: "briefe" }),
    letters.length === 0 && paragraph(t(TEXTS, "letters.none")),
    letters.map((each) => letterCard(each, stands.get(each.id), thread, seen)),
  );
}

/** @param {any} letter @param {"current" | "corrected" | undefined} stand @param {any} thread @param {any} seen */
function letterCard(letter, stand, thread, seen) {
  const { me, now, shown, acts } = seen;
  if (letter.for && letter.for.id !== me.person.id) return foreign(letter, now);
  const read = shown.read.get(letter.id);
  return h(
    "article",
    { class: "mw-brief", id: `brief-${letter.id}`, "aria-labelledby": `titel-${letter.id}` },
    heading(3, nameOf(letter, read), { id: `titel-${letter.id}` }),
    h("p", { class: "mw-zeichen" }, badges(letter, stand)),
    small(t(TEXTS, "letter.from", { name: read?.from ?? letter.from_name, time: said(letter.received_at, now) })),
    stand === "corrected" && small(t(TEXTS, "letter.corrected.hint")),
    read ? opened(letter, read, thread, acts) : closed(letter, shown, acts),
  );
}

/** @param {any} letter @param {import("./reading.js").Read | undefined} read */
function nameOf({ step }, read) {
  if (TEXTS.de[`letter.${step}`]) return t(TEXTS, `letter.${step}`);
  return t(TEXTS, "letter.other", { step: read?.description.title ?? step });
}

/** @param {any} letter @param {"current" | "corrected" | undefined} stand */
const badges = (letter, stand) => [
  letterBadge(letter),
  letter.urgency !== "planbar" && urgencyBadge(letter.urgency),
  stand === "current" && status("success", t(TEXTS, "letter.current")),
  stand === "corrected" && status("default", t(TEXTS, "letter.corrected"), "edit"),
];

/** That it exists is all that a colleague sees. @param {any} letter @param {number} now */
const foreign = (letter, now) =>
  h(
    "article",
    { class: "mw-brief", id: `brief-${letter.id}` },
    paragraph(t(TEXTS, "letter.foreign", { name: letter.for.name })),
    small(said(letter.received_at, now)),
  );

/** @param {any} letter @param {Shown} shown @param {Acts} acts */
function closed(letter, { faults, busy }, acts) {
  if (letter.state === "geloescht") return paragraph(t(TEXTS, "letter.erased"));
  if (letter.state === "abgelehnt") return paragraph(t(TEXTS, "letter.rejected"));
  const fault = faults.get(letter.id);
  return [
    fault && faultNotice(fault),
    h(
      "p",
      { class: "mw-tun" },
      button(t(TEXTS, busy.has(letter.id) ? "letter.opening" : "letter.open"), {
        kind: letter.state === "neu" ? "primary" : "secondary",
        symbol: "mail",
        dataset: { key: `open-${letter.id}`, oeffnen: letter.id },
        "aria-describedby": `titel-${letter.id}`,
        onclick: () => acts.open(letter),
      }),
    ),
  ];
}

const FAULTS = new Map([
  ["no-key", "no-key"],
  ["closed", "closed"],
  ["expired", "expired"],
  ["signature-invalid", "signature"],
  ["directory", "directory"],
  ["another-letter", "another"],
  ["not-addressed", "another"],
  ["unreachable", "silent"],
]);

/** @param {any} fault */
function faultNotice(fault) {
  const code = fault.code ?? "unreadable";
  const said = fault.isRejection ? "broken" : (FAULTS.get(code) ?? "other");
  return h(
    "div",
    { role: "alert" },
    notice(
      "warning",
      t(TEXTS, "unopened.title"),
      t(TEXTS, `unopened.${said}`),
      small(t(TEXTS, "unopened.code", { code })),
    ),
  );
}

/** @param {any} letter @param {import("./reading.js").Read} read @param {any} thread @param {Acts} acts */
function opened(letter, read, thread, acts) {
  return [
    read.isStale && small(t(TEXTS, "letter.stale")),
    contentView(letter, read),
    h("p", { class: "mw-tun" }, replyLink(letter, thread), noteButton(letter, acts), shutButton(letter, acts)),
    letter.state === "geoeffnet" && small(t(TEXTS, "letter.note.hint")),
    letter.state === "bestaetigt" && small(t(TEXTS, "letter.noted")),
  ];
}

/** @param {any} letter @param {any} thread */
function replyLink(letter, { cnv, allowed }) {
  const canReply = isQuestion(letter) && !isFeedback(letter) && allowed.includes("antwort");
  if (!canReply) return null;
  return buttonLink(t(TEXTS, "letter.reply"), pathTo(cnv, "antwort", letter.id), {
    kind: "primary",
    symbol: "edit",
    dataset: { key: `reply-${letter.id}` },
  });
}

/** @param {any} letter @param {Acts} acts */
const noteButton = (letter, acts) =>
  letter.state === "geoeffnet" &&
  button(t(TEXTS, "letter.note"), {
    symbol: "check",
    dataset: { key: `note-${letter.id}`, kenntnis: letter.id },
    onclick: () => acts.note(letter),
  });

/** @param {any} letter @param {Acts} acts */
const shutButton = (letter, acts) =>
  button(t(TEXTS, "letter.shut"), {
    kind: "tertiary",
    dataset: { key: `open-${letter.id}` },
    onclick: () => acts.shut(letter),
  });
