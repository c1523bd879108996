// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * The one thing that a page of the inbox cannot do without a script: ask the device for a passkey.
 *
 * A button says by `data-passkey` what it is for: to sign in, to make the first passkey by a one-time
 * code, to make one more, or to show once more who is there.
 */

import { hasPasskeys, makePasskey, NotShown, showPasskey } from "../portal/signin/passkey.js";

const SIGN_IN = "/eingang/anmeldung/passkey";
const ACCOUNT = "/eingang/konto";
/** Whether somebody has signed in with a passkey on this device before; it says nothing of whom. */
const BEFORE = "eingang-passkey";
const TEXTS = {
  asking: "Ihr Gerät fragt jetzt nach dem Passkey.",
  "not-shown": "Es wurde kein Passkey gezeigt. Sie können es noch einmal versuchen.",
  known: "Auf diesem Gerät ist schon ein Passkey für Sie eingerichtet.",
  none: "Dieser Browser kennt keine Passkeys. Bitte nehmen Sie einen aktuellen Browser oder ein anderes Gerät.",
  "token-invalid": "Das hat nicht geklappt. Vielleicht gilt der Passkey hier nicht mehr, oder der Link ist verbraucht.",
  "too-many-requests": "Zu viele Versuche. Bitte warten Sie einen Augenblick.",
  unreachable: "Der Eingang antwortet gerade nicht. Ist es eilig, rufen Sie an.",
  failed: "Das hat gerade nicht geklappt. Versuchen Sie es bitte noch einmal.",
  ready: (/** @type {string} */ name) => `Sie sind angemeldet als ${name}. Prüfen Sie, ob Sie das sind, und senden Sie dann.`,
};

/** What the inbox says no to, by its code. */
class Trouble extends Error {}

const again = /** @type {HTMLFormElement | null} */ (document.querySelector("form#nochmal"));

/** @param {string} path @param {any} said @param {string} [marke] */
async function send(path, said, marke) {
  /** @type {Record<string, string>} */
  const headers = { accept: "application/json", "content-type": "application/json" };
  if (marke) headers["x-marke"] = marke;
  const asked = { method: "POST", headers, body: JSON.stringify(said), credentials: /** @type {const} */ ("same-origin") };
  const answer = await fetch(path, asked).catch(() => {
    throw new Trouble("unreachable");
  });
  const content = answer.status === 204 ? {} : await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Trouble(content.code ?? "failed");
  return content;
}

/** @type {Record<string, (button: HTMLElement) => Promise<void>>} */
const WAYS = {
  async zeigen({ dataset }) {
    const { credential } = await showPasskey(await send(`${SIGN_IN}/frage`, {}), {});
    entered(await send(`${SIGN_IN}/antwort`, { credential, onward: dataset.weiter ?? "" }));
  },

  async anlegen({ dataset: { code } }) {
    const { credential } = await makePasskey(await send(`${SIGN_IN}/neu`, { code }), {});
    entered(await send(SIGN_IN, { code, credential, label: deviceName() }));
  },

  async weiterer({ dataset: { marke } }) {
    if (!(await proved(marke))) return;
    const { credential } = await makePasskey(await send(`${ACCOUNT}/passkey/frage`, {}, marke), {});
    location.assign((await send(`${ACCOUNT}/passkey`, { credential, label: deviceName() }, marke)).to);
  },

  async nachweis({ dataset: { marke } }) {
    if (await proved(marke)) again?.requestSubmit();
  },
};

/** Show once more who is there, where that is wanted; false where the way leads elsewhere. @param {string} [marke] */
async function proved(marke) {
  const wanted = await send(`${ACCOUNT}/nachweis/frage`, {}, marke);
  if (wanted.kind === "oidc") {
    location.assign(`${wanted.url}&weiter=${encodeURIComponent(location.pathname)}`);
    return false;
  }
  if (wanted.kind === "passkey") {
    const { credential } = await showPasskey(wanted.publicKey, {});
    await send(`${ACCOUNT}/nachweis`, { credential }, marke);
  }
  return true;
}

/** Go on; but a form that waits is sent by whoever is signed in now, and only once they say so. */
function entered(/** @type {{to: string, name: string, marke: string}} */ { to, name, marke }) {
  keepThatItWorked();
  if (!again) return location.assign(to);
  const field = /** @type {HTMLInputElement} */ (again.elements.namedItem("marke"));
  field.value = marke;
  for (const button of again.querySelectorAll("[data-passkey]")) button.remove();
  say(TEXTS.ready(name));
  const submit = /** @type {HTMLElement} */ (again.querySelector("button[type=submit]"));
  submit.classList.replace("kern-btn--secondary", "kern-btn--primary");
  submit.focus();
}

const deviceName = () =>
  /** @type {any} */ (navigator).userAgentData?.platform || navigator.platform || "Passkey";

function keepThatItWorked() {
  try {
    localStorage.setItem(BEFORE, "1");
  } catch {
    // Without it there is one tap more.
  }
}

function hasWorkedBefore() {
  try {
    return localStorage.getItem(BEFORE) === "1";
  } catch {
    return false;
  }
}

/** @param {string} text */
function say(text) {
  const place = document.getElementById("meldung");
  if (place) place.textContent = text;
}

/** @param {unknown} trouble */
function wordFor(trouble) {
  if (trouble instanceof NotShown) return trouble.isKnown ? "known" : "not-shown";
  return trouble instanceof Trouble && trouble.message in TEXTS ? trouble.message : "failed";
}

/** @param {HTMLElement} button @param {boolean} [byItself] */
async function press(button, byItself = false) {
  if (button.ariaBusy === "true") return;
  button.ariaBusy = "true";
  say(TEXTS.asking);
  try {
    await WAYS[button.dataset.passkey ?? ""](button);
  } catch (trouble) {
    // What nobody has asked for needs no complaint.
    say(byItself && trouble instanceof NotShown ? "" : /** @type {any} */ (TEXTS)[wordFor(trouble)]);
  } finally {
    button.ariaBusy = null;
  }
}

/** A code in the address stands behind `#`, which no browser sends; it is taken out and asked about. */
function takeCode() {
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-einmal]"));
  const code = new URLSearchParams(location.hash.slice(1)).get("code");
  if (!form || !code) return;
  history.replaceState(null, "", location.pathname);
  /** @type {HTMLInputElement} */ (form.elements.namedItem("code")).value = code;
  form.requestSubmit();
}

for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-passkey]"))) {
  if (hasPasskeys()) {
    button.hidden = false;
    button.addEventListener("click", () => press(button));
  } else {
    say(TEXTS.none);
  }
}
takeCode();
addEventListener("hashchange", takeCode);

// On a device that has been here before, the touch on its sensor is the only one.
const first = /** @type {HTMLElement | null} */ (document.querySelector("[data-passkey][data-gleich]"));
if (first && hasPasskeys() && hasWorkedBefore() && document.visibilityState === "visible") press(first, true);
