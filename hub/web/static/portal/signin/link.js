// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * What does a one-time link lead to? To a passkey, to an account elsewhere, or into the account that
 * somebody has already.
 *
 * The code stands behind `#`, which no browser sends; it is read once and taken out of the address.
 */

import { button, link, paragraph } from "../common/alerts.js";
import { ask } from "../common/api.js";
import { fill, h, one } from "../common/dom.js";
import { t } from "../common/texts.js";
import { asking, deviceName, go, PATH, say, send, tried } from "./asking.js";
import { hasPasskeys, makePasskey } from "./passkey.js";
import { TEXTS } from "./texts.js";

const keys = () => import("./keys.js");

export async function start() {
  addEventListener("hashchange", () => location.hash && begin());
  await begin();
  // Whoever shut a page without signing out has left an open vault behind on this device.
  keys().then(({ forgetSession }) => forgetSession());
}

async function begin() {
  const code = new URLSearchParams(location.hash.slice(1)).get("code") ?? "";
  history.replaceState(null, "", location.pathname + location.search);
  if (!code) return used();
  for (const other of document.querySelectorAll("a[hreflang]")) {
    /** @type {HTMLAnchorElement} */ (other).hash = `code=${encodeURIComponent(code)}`;
  }
  try {
    welcome(code, await send("/einmal/frage", { code }));
  } catch (trouble) {
    if (/** @type {any} */ (trouble).code === "token-invalid") used();
    else say(asking(trouble));
  }
}

/** @param {string} code @param {any} known */
function welcome(code, { name, may_enter: mayEnter, joins, provider }) {
  fill(one("h1"), t(TEXTS, "welcome"), " ", h("span", { class: "mw-fremd" }, name));
  fill(
    one("#anmeldung"),
    paragraph(t(TEXTS, joins ? "welcome.joins" : mayEnter ? "welcome.enter" : "welcome.make")),
    h("div", { class: "mw-knoepfe" }, ways(code, { mayEnter, joins, provider })),
    h("p", { class: "kern-body kern-body--muted" }, t(TEXTS, "welcome.once")),
  );
  if (!hasPasskeys() && !provider && !mayEnter) say("no-passkeys");
}

/** @param {string} code @param {{mayEnter: boolean, joins: boolean, provider: string}} given */
const ways = (code, { mayEnter, joins, provider }) => [
  joins && way("join", "beitreten", "primary", () => joined(code)),
  mayEnter && way("enter", "demo-eintreten", "primary", () => entered(code)),
  way("make", "passkey-einrichten", mayEnter || joins ? "secondary" : "primary", () => made(code)),
  provider && way("provider.bind", "anbieter-anmelden", "secondary", () => bound(code), { name: provider }),
];

/**
 * @param {string} key
 * @param {string} id
 * @param {"primary" | "secondary"} kind
 * @param {() => Promise<void>} work
 * @param {{[name: string]: string}} [values]
 */
const way = (key, id, kind, work, values = {}) =>
  button(t(TEXTS, key, values), { id, kind, onclick: () => tried(work) });

function used() {
  fill(one("h1"), t(TEXTS, "used"));
  document.title = `${t(TEXTS, "used")} – Meldeweg`;
  fill(
    one("#anmeldung"),
    paragraph(t(TEXTS, "used.what")),
    paragraph(link(PATH, t(TEXTS, "used.sign-in"))),
  );
}

/** @param {string} code */
async function made(code) {
  say("asking");
  const { extension, couldDerive } = await keys();
  const asked = await send("/passkey/neu", { code });
  const { credential, shown: answer } = await makePasskey(asked, extension());
  const said = { code, credential, label: deviceName(), prf: couldDerive(answer) };
  go(await send("/passkey", said));
}

/** @param {string} code */
async function entered(code) {
  say("entering");
  go(await send("/einmal", { code }));
}

/** @param {string} code */
async function bound(code) {
  say("entering");
  go(await send("/oidc", { code }));
}

/** @param {string} code */
async function joined(code) {
  const { unit } = await ask("POST", "/portal/api/konto/beitritt", { code });
  await ask("POST", "/portal/api/haus/wechsel", { unit });
  location.assign("/portal/einrichten");
}
