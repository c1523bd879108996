// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** The way in: a passkey, an account elsewhere, or in a demonstration the link alone. */

import { button, buttonLink } from "../common/alerts.js";
import { ask, me, Trouble } from "../common/api.js";
import { fill, one } from "../common/dom.js";
import { t } from "../common/texts.js";
import { hasPasskeys, makePasskey, NotShown, showPasskey } from "./passkey.js";
import { TEXTS } from "./texts.js";

const PATH = "/portal/anmeldung";
/** Loaded beside the page, so that the page is there before the cryptography is. */
const keys = () => import("./keys.js");

export function start() {
  const place = one("#anmeldung");
  const { code, demo, beitritt, anbieter, weiter } = place.dataset;
  const ways = code
    ? waysIn({ code, isDemo: demo !== undefined, joins: beitritt !== undefined, anbieter })
    : waysBack(weiter, anbieter);
  fill(place, ...ways);
  if (!hasPasskeys() && !anbieter && demo === undefined) say("no-passkeys");
  // Whoever shut a page without signing out has left an open vault behind on this device.
  keys().then(({ forgetSession }) => forgetSession());
}

/** @param {{code: string, isDemo: boolean, joins: boolean, anbieter: string}} given */
function waysIn({ code, isDemo, joins, anbieter }) {
  const make = button(t(TEXTS, "make"), {
    id: "passkey-einrichten",
    kind: isDemo || joins ? "secondary" : "primary",
    onclick: () => tried(() => made(code)),
  });
  const enter = button(t(TEXTS, "enter"), {
    id: "demo-eintreten",
    kind: "primary",
    onclick: () => tried(() => entered(code)),
  });
  const join = button(t(TEXTS, "join"), {
    id: "beitreten",
    kind: "primary",
    onclick: () => tried(() => joined(code)),
  });
  const query = `?code=${encodeURIComponent(code)}`;
  return [joins && join, isDemo && enter, make, anbieter && provider("provider.bind", anbieter, query)];
}

/** @param {string} onward @param {string} anbieter */
function waysBack(onward, anbieter) {
  const show = button(t(TEXTS, "show"), {
    id: "passkey-anmelden",
    kind: "primary",
    onclick: () => tried(() => shown(onward)),
  });
  const query = `?weiter=${encodeURIComponent(onward)}`;
  return [show, anbieter && provider("provider", anbieter, query)];
}

/** @param {string} key @param {string} name @param {string} query */
const provider = (key, name, query) =>
  buttonLink(t(TEXTS, key, { name }), `${PATH}/oidc${query}`, { id: "anbieter-anmelden" });

/** @param {string} code */
async function made(code) {
  say("asking");
  const { extension, couldDerive } = await keys();
  const asked = await send("/passkey/neu", { code });
  const { credential, shown: answer } = await makePasskey(asked, extension());
  const said = { code, credential, label: deviceName(), prf: couldDerive(answer) };
  go(await send("/passkey", said));
}

/** @param {string} onward */
async function shown(onward) {
  say("asking");
  const { extension, openVaultWith } = await keys();
  const asked = await send("/passkey/frage", {});
  const { credential, shown: answer } = await showPasskey(asked, extension());
  say("entering");
  const entered = await send("/passkey/antwort", { credential, onward });
  await openVaultWith(await me(true), answer);
  go(entered);
}

/** @param {string} code */
async function entered(code) {
  say("entering");
  go(await send("/einmal", { code }));
}

/** @param {string} code */
async function joined(code) {
  const { unit } = await ask("POST", "/portal/api/konto/beitritt", { code });
  await ask("POST", "/portal/api/haus/wechsel", { unit });
  location.assign("/portal/einrichten");
}

/** @param {{to: string}} entered */
const go = ({ to }) => location.assign(to);

/** @param {() => Promise<void>} way */
async function tried(way) {
  try {
    await way();
  } catch (trouble) {
    say(wordFor(trouble));
  }
}

/** @param {unknown} trouble */
function wordFor(trouble) {
  if (trouble instanceof NotShown) return trouble.isKnown ? "known" : "not-shown";
  if (!(trouble instanceof Trouble)) return "failed";
  return trouble.code in TEXTS.de ? trouble.code : "failed";
}

/** Ask as somebody who is not signed in: there is no token yet. @param {string} path @param {any} said */
async function send(path, said) {
  let answer;
  try {
    answer = await fetch(`${PATH}${path}`, {
      method: "POST",
      headers: { accept: "application/json", "content-type": "application/json" },
      body: JSON.stringify(said),
      credentials: "same-origin",
    });
  } catch {
    throw new Trouble("unreachable", 0);
  }
  const content = await answer.json();
  if (!answer.ok) throw new Trouble(content.code ?? "failed", answer.status, content);
  return content;
}

/** What the owner will know this device by, in the list of passkeys. */
const deviceName = () =>
  /** @type {any} */ (navigator).userAgentData?.platform || navigator.platform || "Passkey";

/** @param {string} key */
const say = (key) => (one("#meldung").textContent = t(TEXTS, key));
