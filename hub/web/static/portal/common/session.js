// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * Who is signed in, for which house, and for how long? What the frame shows of it on every page.
 *
 * Nobody who writes is interrupted: what is done on the page prolongs the session. A session that is
 * over changes nothing on the page; one signs in beside it and goes on.
 */

import { ask, me } from "./api.js";
import { PortalClock, isWriting, stageOf } from "./session_clock.js";
import { showEnding, showIdle, showOver, shutDialog } from "./session_dialogs.js";
import { showFrame, tell } from "./session_frame.js";
import { TEXTS } from "./session_texts.js";
import { forgetSession } from "./session_vault.js";
import { t } from "./texts.js";

/** Milliseconds between two looks at the clock; a device that slept looks at once when it wakes. */
const LOOK = 15_000;
const QUIET = { headers: { "x-still": "1" } };
const SIGNS = ["keydown", "pointerdown", "input"];
/** Dispatched on the document when somebody has signed in again: whoever was refused may try anew. */
export const BACK = "portal:back";
/** Dispatched by whoever was answered that one has to sign in. */
export const STRANGER = "portal:stranger";

const state = {
  /** @type {any} */ said: null,
  clock: new PortalClock(0, 0),
  /** Milliseconds at which something was done on this page. */
  lastDone: 0,
  /** Seconds for which a session stays without anything being done. */
  idle: 0,
  isEndingTold: false,
  isOver: false,
  isAsking: false,
};
const others = globalThis.BroadcastChannel ? new BroadcastChannel("meldeweg-portal") : null;

/** Begin to watch; the frame calls this once on each page of somebody signed in. */
export async function watchSession() {
  for (const sign of SIGNS) {
    document.addEventListener(sign, () => (state.lastDone = Date.now()), { passive: true });
  }
  document.addEventListener(STRANGER, doubt);
  others?.addEventListener("message", doubt);
  for (const [target, event] of [[document, "visibilitychange"], [window, "pageshow"]]) {
    /** @type {EventTarget} */ (target).addEventListener(/** @type {string} */ (event), () => look());
  }
  setInterval(look, LOOK);
  await hearOf(() => me());
  if (!state.said) return;
  state.idle = state.said.session.idle_ends_at - state.said.now;
  showFrame(state.said, signOut);
}

/** @param {() => Promise<any>} asked */
async function hearOf(asked) {
  try {
    heard(await asked());
    return true;
  } catch (trouble) {
    if (/** @type {any} */ (trouble).isStranger) isOver();
    return false;
  }
}

/** @param {any} said */
function heard(said) {
  state.said = said;
  state.clock = new PortalClock(said.now, Date.now());
}

function stage() {
  const { session } = state.said;
  const now = state.clock.second(Date.now());
  return stageOf({ now, idleEnds: session.idle_ends_at, ends: session.ends_at });
}

/** Look at the clock, and say what is to be said. */
async function look() {
  if (document.visibilityState === "hidden" || state.isAsking) return;
  if (!state.said || state.isOver) return;
  state.isAsking = true;
  try {
    await act();
  } finally {
    state.isAsking = false;
  }
}

async function act() {
  if (isWriting(seen())) return prolong();
  if (stage().name === "quiet") return;
  // Another window may have prolonged it meanwhile; asking this way does not.
  if (!(await learn())) return;
  const now = stage();
  if (now.name === "over") isOver();
  else if (now.name === "quiet") shutDialog();
  else if (now.name === "ending") tellEnding(now);
  else showIdle(now, prolong, signOut);
}

/** A refusal may be about something else, a passkey that was not the right one: so it is asked. */
async function doubt() {
  if (state.isAsking || state.isOver) return;
  state.isAsking = true;
  await learn();
  state.isAsking = false;
}

/** Ask how long it still lasts without prolonging it. */
const learn = () => hearOf(() => ask("GET", "/portal/api/ich", undefined, QUIET));

async function prolong() {
  if (await hearOf(() => me(true))) shutDialog();
}

/** When something was done here, and when the portal last heard of it. */
function seen() {
  const heardAt = state.said.session.idle_ends_at - state.idle;
  return { doneAt: state.clock.second(state.lastDone), heardAt };
}

/** @param {import("./session_clock.js").Stage} now */
function tellEnding(now) {
  if (state.isEndingTold) return;
  state.isEndingTold = true;
  showEnding(now);
}

/** The session is over: its keys go from this device, and the page stays as it is. */
async function isOver() {
  if (state.isOver) return;
  state.isOver = true;
  await forgetSession();
  showOver(goOn);
}

/** @returns {Promise<"back" | "still" | "silent">} */
async function goOn() {
  try {
    const before = state.said;
    const said = await me(true);
    if (before && before.person.id !== said.person.id) location.assign("/portal");
    heard(said);
    Object.assign(state, { isOver: false, isEndingTold: false });
    document.dispatchEvent(new Event(BACK));
    return "back";
  } catch (trouble) {
    return /** @type {any} */ (trouble).isStranger ? "still" : "silent";
  }
}

/** Sign out here: first the keys go, then the portal and the other windows are told. */
export async function signOut() {
  await forgetSession();
  try {
    await ask("POST", "/portal/anmeldung/abmelden", {});
  } catch (trouble) {
    if (!(/** @type {any} */ (trouble).isStranger)) return tell(t(TEXTS, "signOut.failed"));
  }
  others?.postMessage("over");
  location.assign("/portal/anmeldung");
}
