// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** The page on which somebody files: opens the vault and the draft, then the first step. */

import { button, buttonLink, notice, paragraph, small } from "../common/alerts.js";
import { ask, me } from "../common/api.js";
import { fill, h, one } from "../common/dom.js";
import { offlineNotice, rememberOffice } from "../common/offline.js";
import { canOpen, myShelf, myVault, ownKey, personSeed } from "../common/session_vault.js";
import { trustOf } from "../common/trusted.js";
import { openDraft, openNote, openPassed, sealDraft, sealNote } from "../vault/index.js";
import { clockBy } from "./clock.js";
import { Flow } from "./flow.js";
import { Keeper } from "./keeper.js";
import { Offices } from "./offices.js";
import { doubtOf, say } from "./parts.js";
import { Saved } from "./saved.js";
import { emptyState } from "./state.js";

/** Minutes after which it may as well be the portal that shows what was two days ago. */
const LONG = 48 * 60;

/** Begin. */
export async function start() {
  const place = one("#mitteilung");
  try {
    await begin(place);
  } catch (trouble) {
    await failed(place, /** @type {any} */ (trouble));
  }
}

/** @param {HTMLElement} place */
async function begin(place) {
  const mine = await me();
  const vault = await myVault(mine, { ask: (open) => asked(place, mine, open) });
  if (!vault || !mine.vault?.person_kid) return noVault(place);
  // Feedback will be sealed to this key, so it has to be one that this vault opens.
  await ownKey(mine, vault);
  const { now, wrongBy } = clockBy(mine.now);
  const shelf = await myShelf();
  const trust = await trustOf(mine, vault);
  const offices = new Offices({ ask, trust, now, remember: rememberOffice });
  const saved = new Saved(one("#entwurf-stand"), one("#entwurf-hinweis"));
  const known = { me: mine, ask, now, trust, offices, shelf, saved, place, openNote: (/** @type {string} */ id, /** @type {string} */ note) => openNote(vault, id, note) };
  const means = {
    ask,
    shelf,
    person: mine.person.id,
    seal: (/** @type {string} */ id, /** @type {any} */ content) => sealDraft(vault, id, content),
    unseal: (/** @type {string} */ id, /** @type {string} */ text) => openDraft(vault, id, text),
    openPassed: async (/** @type {any} */ draft) =>
      openPassed(draft.id, draft, await personSeed(mine, vault)),
    tell: saved.tell,
  };
  const sealed = (/** @type {string} */ id, /** @type {any} */ note) => sealNote(vault, id, note);
  const flow = new Flow(known, (id) => new Keeper(id, means), sealed);
  saved.of(flow);
  if (wrongBy !== 0 && !mine.demo) one("#uhr").append(wrongClock(wrongBy));
  await open(flow, new URLSearchParams(location.search));
}

/** Open what the address names: a draft, an answer, or nothing yet. @param {Flow} flow @param {URLSearchParams} asked_ */
async function open(flow, asked_) {
  const draft = asked_.get("entwurf");
  const answered = asked_.get("antwort");
  if (draft) {
    const state = await flow.keep(draft).open();
    if (!state) return (await sentBefore(flow)) || gone(flow.place);
    return flow.resume(state, asked_.has("senden"));
  }
  if (answered) return flow.answer(answered, /** @type {string} */ (asked_.get("schritt")), asked_.get("cau"));
  return flow.resume(emptyState());
}

/** @param {Flow} flow */
async function sentBefore(flow) {
  try {
    return await flow.outgoing.find();
  } catch (trouble) {
    if (/** @type {any} */ (trouble).status === 404) return false;
    throw trouble;
  }
}

/**
 * Ask for the passkey that opens the vault; a browser shows one only after a press.
 *
 * @param {HTMLElement} place
 * @param {any} mine
 * @param {() => Promise<any>} open_
 * @returns {Promise<any>}
 */
async function asked(place, mine, open_) {
  if ((await canOpen(mine)) === "none") return null;
  return new Promise((opened) => {
    const told = h("p", { class: "kern-error", role: "alert" });
    const press = async () => {
      try {
        opened(await open_());
      } catch {
        told.textContent = say("vault.closed");
      }
    };
    const go = button(say("vault.open"), { kind: "primary", onclick: press, id: "tresor-oeffnen" });
    fill(place, heading("vault.title"), paragraph(say("vault.means")), told, paragraph(go));
    go.focus();
  });
}

/** @param {string} key */
const heading = (key) => h("h1", { class: "kern-heading-large", tabindex: "-1" }, say(key));

/** @param {HTMLElement} place */
function noVault(place) {
  const setup = buttonLink(say("vault.setup"), "/portal/konto", { kind: "primary" });
  fill(place, heading("vault.title"), notice("warning", say("vault.title"), say("vault.none")), paragraph(setup));
}

/** @param {HTMLElement} place */
function gone(place) {
  const anew = buttonLink(say("draft.new"), "/portal/mitteilung", { kind: "primary" });
  const home = buttonLink(say("receipt.start"), "/portal");
  fill(place, heading("draft.gone.title"), paragraph(say("draft.gone")), h("div", { class: "mw-knoepfe" }, anew, home));
}

/** @param {HTMLElement} place @param {any} trouble */
async function failed(place, trouble) {
  const again = button(say("failed.again"), { kind: "primary", onclick: () => location.reload() });
  fill(
    place,
    heading("failed.title"),
    trouble.isSilence ? await offlineNotice("portal") : paragraph(say("failed.means")),
    trouble.code && small(say("sending.code", { code: trouble.code })),
    trouble.reason && paragraph(doubtOf(trouble.reason)),
    trouble.reason && small(say("sending.code", { code: trouble.reason })),
    paragraph(again),
  );
  if (!trouble.code && !trouble.reason) throw trouble;
}

/** @param {number} minutes */
const wrongClock = (minutes) =>
  notice(
    "warning",
    say("clock.title"),
    say(minutes > 0 ? "clock.ahead" : "clock.behind", { minutes: Math.abs(minutes) }),
    Math.abs(minutes) > LONG && say("clock.long"),
  );
