// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** One matter: what was filed and what became of it, what came back, what can be done. */

import { button, heading, notice, paragraph, small, titleBadge } from "../common/alerts.js";
import { ask, me } from "../common/api.js";
import { announce, h, one } from "../common/dom.js";
import { offlineNotice } from "../common/offline.js";
import { BACK } from "../common/session.js";
import { closedNotice } from "../common/session_closed.js";
import { myVault } from "../common/session_vault.js";
import { t } from "../common/texts.js";
import { swap } from "../start/swap.js";
import { ringLines } from "../start/rows.js";
import { Titles } from "../start/titles.js";
import { nextSteps } from "./acts.js";
import { coursePart } from "./course.js";
import { lettersPart } from "./letters.js";
import { TEXTS } from "./texts.js";
import { said } from "./times.js";
import { askToWithdraw } from "./withdrawing.js";

const EVERY = 30_000;
const QUIET = { headers: { "x-still": "1" } };

const state = {
  cnv: "",
  /** @type {any} */ me: null,
  /** @type {any} */ vault: null,
  /** @type {any} */ thread: null,
  /** @type {Map<string, any>} */ steps: new Map(),
  titles: new Titles(),
  shown: { read: new Map(), faults: new Map(), busy: new Set() },
  began: 0,
  drawn: "",
};

export async function start() {
  state.cnv = location.pathname.split("/").pop() ?? "";
  document.addEventListener(BACK, () => refresh());
  document.addEventListener("visibilitychange", () => document.hidden || refresh());
  setInterval(() => document.hidden || refresh(), EVERY);
  try {
    state.me = await me();
    state.began = Date.now();
    state.vault = await myVault(state.me);
    state.thread = await fetchThread();
    await learnSteps();
    await show();
    goToLetter();
  } catch (trouble) {
    await showFailure(/** @type {any} */ (trouble));
  }
}

/** @param {any} [how] */
const fetchThread = (how) => ask("GET", `/portal/api/vorgaenge/${state.cnv}`, undefined, how);

/** What the steps are called that can be said here. */
async function learnSteps() {
  const { forms } = await ask("GET", "/portal/api/formulare");
  const [protocol, version] = state.thread.protocol.split("/");
  for (const form of forms) {
    if (form.protocol === protocol && form.version === version) state.steps.set(form.step, form);
  }
}

async function refresh() {
  if (!state.thread) return;
  try {
    state.thread = await fetchThread(QUIET);
    await show();
  } catch {
    // What is on the page stays; the frame tells where the session is over.
  }
}

/** The portal's time now. */
const now = () => state.me.now + Math.floor((Date.now() - state.began) / 1000);

async function show() {
  const { thread, titles, vault, shown } = state;
  if (vault) await titles.learn({ filings: thread.filings, drafts: [] }, state.me, vault);
  titleBadge(thread.letters.filter((/** @type {any} */ { state: word, openable }) => word === "neu" && openable).length);
  const faults = [...shown.faults].map(([id, fault]) => [id, fault.code]);
  const parts = [thread, [...shown.read.keys()], faults, [...shown.busy], Boolean(vault)];
  const drawn = JSON.stringify(parts);
  if (drawn === state.drawn) return;
  state.drawn = drawn;
  swap(one("#vorgang"), await page());
}

async function page() {
  const { thread, shown, vault } = state;
  const seen = { me: state.me, now: now(), shown, acts, titleOf, stepTitle, corrects, takesBack, withdraw };
  const steps = nextSteps(thread, seen);
  return [
    heading(1, mainTitle()),
    small(t(TEXTS, "sees")),
    thread.stale && (await offlineNotice()),
    thread.filings.filter((/** @type {any} */ { ring }) => ring).map(ringNotice),
    vault && state.me.vault?.person_kid ? null : await closedNotice(state.me, opened),
    lettersPart(thread, seen),
    steps.length > 0 && h("section", { class: "mw-teil" }, heading(2, t(TEXTS, "do.title")), h("p", { class: "mw-tun" }, steps)),
    thread.filings.length > 0 && coursePart(thread, seen),
  ];
}

function mainTitle() {
  const first = [...state.thread.filings].sort((one, other) => one.made_at - other.made_at)[0];
  return first ? titleOf(first) : t(TEXTS, "title.letter", { name: state.thread.partner_name });
}

/** @param {any} filing */
function titleOf(filing) {
  const known = state.titles.ofFiling(filing);
  if (known) return known;
  const isNamed = TEXTS.de[`step.${filing.step}`] !== undefined;
  const step = state.steps.get(filing.step)?.title ?? t(TEXTS, `step.${isNamed ? filing.step : "other"}`);
  return t(TEXTS, "title.filing", { step, time: said(filing.made_at, now()) });
}

/** @param {string} step */
const stepTitle = (step) => state.steps.get(step)?.title ?? step;

/** The steps of which one corrects messages; none where it says something of its own. @param {string} step @returns {string[]} */
const corrects = (step) => state.steps.get(step)?.corrects ?? [];

/** @param {string} step */
const takesBack = (step) => Boolean(state.steps.get(step)?.withdraws);

/** @param {any} filing */
const ringNotice = ({ ring }) => notice("danger", t(TEXTS, "ring"), ...ringLines(ring));

/** @param {any} vault */
async function opened(vault) {
  state.vault = vault;
  state.shown.faults.clear();
  await show();
}

const acts = {
  /** @param {any} letter */
  async open(letter) {
    const { read, faults, busy } = state.shown;
    if (busy.has(letter.id)) return;
    faults.delete(letter.id);
    busy.add(letter.id);
    await show();
    try {
      const { readLetter } = await import("./reading.js");
      read.set(letter.id, await readLetter(letter, { ...state.me, now: now() }, state.vault));
    } catch (fault) {
      faults.set(letter.id, fault);
    }
    busy.delete(letter.id);
    await refreshed();
  },
  /** @param {any} letter */
  async shut(letter) {
    state.shown.read.delete(letter.id);
    await show();
  },
  /** @param {any} letter */
  async note(letter) {
    try {
      const { acknowledge } = await import("./reading.js");
      await acknowledge(letter);
      announce(t(TEXTS, "letter.noted"));
    } catch {
      announce(t(TEXTS, "do.failed"));
    }
    await refreshed();
  },
};

/** @param {any} filing */
async function withdraw(filing) {
  const said = await askToWithdraw(filing);
  if (!said) return;
  announce(t(TEXTS, said));
  await refreshed();
}

/** Fetch anew, and show in any case what has happened here. */
async function refreshed() {
  await refresh();
  state.drawn = "";
  await show();
}

/** Whoever came for one letter is led to it. */
function goToLetter() {
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

/** @param {any} trouble */
async function showFailure(trouble) {
  if (trouble.isStranger) return;
  const isMissing = trouble.status === 404;
  const again = button(t(TEXTS, "again"), { onclick: () => location.reload() });
  swap(one("#vorgang"), [
    heading(1, t(TEXTS, "title")),
    notice("warning", t(TEXTS, isMissing ? "missing" : "failed"), isMissing ? null : paragraph(again)),
    isMissing ? null : await offlineNotice("portal"),
  ]);
}
