// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * Whom can one ring on the day on which nothing answers? The offices and duty numbers that this
 * browser saw last, with the time at which it saw them.
 */

import { me } from "./api.js";
import { h } from "./dom.js";
import { notice, paragraph, telephone } from "./alerts.js";
import { myShelf } from "./session_vault.js";
import { TEXTS } from "./offline_texts.js";
import { moment, t } from "./texts.js";

/**
 * @typedef {object} KnownOffice
 * @property {string} unit
 * @property {string} name
 * @property {string} telephone
 * @property {{name: string, telephone: string}[]} duty who is asked outside office hours, in turn
 * @property {number} seen second
 */

const PLACE = "offices";
const MOST = 6;

/**
 * Keep what one learned about an office.
 *
 * @param {{unit: string, name: string, telephone?: string | null, duty?: {turns: any[]} | null}} office
 * @param {number} [now] the portal's time
 */
export async function rememberOffice(office, now) {
  if (!office.telephone) return;
  const shelf = await myShelf();
  const second = now ?? (await me()).now;
  await shelf.revise(PLACE, (kept) => withOffice(kept ?? [], office, second));
}

/**
 * The newest first, each once, and of one of which nothing new is known about duty what was known.
 *
 * @param {KnownOffice[]} kept
 * @param {any} office
 * @param {number} now
 * @returns {KnownOffice[]}
 */
export function withOffice(kept, { unit, name, telephone: number, duty }, now) {
  const before = kept.find((each) => each.unit === unit);
  const turns = duty?.turns.map((each) => ({ name: each.name, telephone: each.telephone }));
  const known = { unit, name, telephone: number, duty: turns ?? before?.duty ?? [], seen: now };
  return [known, ...kept.filter((each) => each.unit !== unit)].slice(0, MOST);
}

/** @returns {Promise<KnownOffice[]>} */
export const knownOffices = async () => (await (await myShelf()).get(PLACE)) ?? [];

/**
 * What to do while the hub (or the portal itself) does not answer.
 *
 * @param {"hub" | "portal"} which
 */
export async function offlineNotice(which = "hub") {
  const offices = await knownOffices();
  return h(
    "div",
    { role: "status" },
    notice(
      "warning",
      t(TEXTS, `${which}.title`),
      t(TEXTS, `${which}.means`),
      t(TEXTS, "drafts"),
      offices.length > 0 && officeList(offices),
      paragraph(t(TEXTS, "danger"), " ", telephone("110"), "."),
    ),
  );
}

/** Names and numbers, one line for each. @param {KnownOffice[]} offices */
export const officeList = (offices) =>
  h(
    "ul",
    { class: "mw-nummern" },
    offices.map((office) =>
      h(
        "li",
        { class: "kern-body" },
        h("span", { class: "mw-stelle" }, office.name),
        " ",
        telephone(office.telephone),
        office.duty.map(dutyLine),
        h("span", { class: "mw-stand" }, t(TEXTS, "seen", { time: moment(office.seen) })),
      ),
    ),
  );

/** @param {{name: string, telephone: string}} turn */
const dutyLine = ({ name, telephone: number }) =>
  h("span", { class: "mw-dienst" }, t(TEXTS, "duty", { name }), " ", telephone(number));
