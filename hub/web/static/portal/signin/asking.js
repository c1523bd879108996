// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** How does a page ask the portal for somebody who is not signed in yet, and say what became of it? */

import { Trouble } from "../common/api.js";
import { one } from "../common/dom.js";
import { t } from "../common/texts.js";
import { NotShown } from "./passkey.js";
import { TEXTS } from "./texts.js";

export const PATH = "/portal/anmeldung";

/** There is no token yet. @param {string} path @param {any} said */
export async function send(path, said) {
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

/** @param {{to: string}} entered */
export const go = ({ to }) => location.assign(to);

/** @param {() => Promise<void>} way */
export async function tried(way) {
  try {
    await way();
  } catch (trouble) {
    say(asking(trouble));
  }
}

/** The word for what went wrong while asking. @param {unknown} trouble */
export function asking(trouble) {
  if (trouble instanceof NotShown) return trouble.isKnown ? "known" : "not-shown";
  if (!(trouble instanceof Trouble)) return "failed";
  return trouble.code in TEXTS.de ? trouble.code : "failed";
}

/** What the owner will know this device by, in the list of passkeys. */
export const deviceName = () =>
  /** @type {any} */ (navigator).userAgentData?.platform || navigator.platform || "Passkey";

/** @param {string} key */
export const say = (key) => (one("#meldung").textContent = t(TEXTS, key));
