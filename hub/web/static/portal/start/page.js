// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** The start page: fetched, shown, and kept up to date without taking anybody's place from them. */

import { button, notice, paragraph, titleBadge } from "../common/alerts.js";
import { ask, me } from "../common/api.js";
import { announce, one } from "../common/dom.js";
import { offlineNotice } from "../common/offline.js";
import { BACK } from "../common/session.js";
import { closedNotice } from "../common/session_closed.js";
import { myVault } from "../common/session_vault.js";
import { t } from "../common/texts.js";
import { stateWord } from "../inbox/states.js";
import { askToDelete } from "./confirming.js";
import { seatOffices } from "./seat.js";
import { newsSince, sorted } from "./sorting.js";
import { swap } from "./swap.js";
import { TEXTS } from "./texts.js";
import { Titles } from "./titles.js";
import { startPage } from "./view.js";

/** Milliseconds between two looks at what is new. */
const EVERY = 30_000;
const QUIET = { headers: { "x-still": "1" } };

const state = {
  /** @type {any} */ said: null,
  /** @type {any} */ inbox: null,
  /** @type {any} */ vault: null,
  /** @type {any[]} */ offices: [],
  /** @type {HTMLElement[]} */ warnings: [],
  titles: new Titles(),
  isSilent: false,
  drawn: "",
};

export async function start() {
  document.addEventListener(BACK, refresh);
  document.addEventListener("visibilitychange", () => document.hidden || refresh());
  setInterval(() => document.hidden || refresh(), EVERY);
  try {
    state.said = await me();
    state.vault = await myVault(state.said);
    state.inbox = await ask("GET", "/portal/api/eingang");
    await show();
  } catch (trouble) {
    if (!(/** @type {any} */ (trouble).isStranger)) await showFailure();
    return;
  }
  state.offices = await seatOffices(state.said);
  await watch();
}

/** Say where a key of the house or the hub is another than its people know. */
async function watch() {
  if (state.vault) {
    const { watchNotices } = await import("../house/watch.js");
    state.warnings = await watchNotices(state.said, state.vault, watch);
  }
  await show();
}

/** Look for news; whoever is reading does not notice, but for what has come. */
async function refresh() {
  if (!state.inbox) return;
  const before = state.inbox;
  try {
    state.inbox = await ask("GET", "/portal/api/eingang", undefined, QUIET);
    state.isSilent = false;
  } catch (trouble) {
    if (/** @type {any} */ (trouble).isStranger) return;
    state.isSilent = true;
  }
  await show();
  tellNews(newsSince(before, state.inbox));
}

/** @param {{letters: number, filings: any[]}} news */
function tellNews({ letters, filings }) {
  const said = [];
  if (letters === 1) said.push(t(TEXTS, "said.letters.one"));
  if (letters > 1) said.push(t(TEXTS, "said.letters.many", { n: letters }));
  for (const filing of filings) said.push(t(TEXTS, "said.state", { state: stateWord(filing) }));
  if (said.length > 0) announce(said.join(" "));
}

/** Draw anew where something is other than before. */
async function show() {
  const { said, inbox, vault, titles, offices, warnings, isSilent } = state;
  if (vault) await titles.learn(inbox, said, vault);
  titleBadge(sorted(inbox, said).unread);
  const drawn = JSON.stringify([{ ...inbox, now: 0 }, offices, isSilent, Boolean(vault), titles.known.size, warnings.map((each) => each.textContent)]);
  if (drawn === state.drawn) return;
  state.drawn = drawn;
  const isOffline = isSilent || !inbox.reachable;
  const parts = {
    offline: isOffline ? await offlineNotice(isSilent ? "portal" : "hub") : null,
    warnings,
    closed: vault && said.vault?.person_kid ? null : await closedNotice(said, opened),
    offices,
    onDelete,
  };
  swap(one("#start"), startPage(inbox, { now: inbox.now, titles, me: said }, parts));
}

/** @param {any} vault */
async function opened(vault) {
  state.vault = vault;
  await show();
  await watch();
}

/** @param {any} draft @param {string} title */
async function onDelete(draft, title) {
  if (!(await askToDelete(title))) return;
  try {
    const headers = { "if-match": `"${draft.version}"` };
    await ask("DELETE", `/portal/api/entwuerfe/${draft.id}`, undefined, { headers });
    announce(t(TEXTS, "draft.gone"));
  } catch {
    announce(t(TEXTS, "draft.kept"));
  }
  await refresh();
}

/** Nothing was loaded: then at least whom one can ring. */
async function showFailure() {
  const again = button(t(TEXTS, "again"), { onclick: () => location.reload() });
  swap(one("#start"), [
    notice("warning", t(TEXTS, "failed"), paragraph(again)),
    await offlineNotice("portal"),
  ]);
}
