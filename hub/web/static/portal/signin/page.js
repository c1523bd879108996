// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** The way in for whoever has been here before: a passkey, or an account elsewhere. */

import { button, buttonLink } from "../common/alerts.js";
import { me } from "../common/api.js";
import { fill, one } from "../common/dom.js";
import { t } from "../common/texts.js";
import { go, PATH, say, send, tried } from "./asking.js";
import { hasPasskeys, showPasskey } from "./passkey.js";
import { TEXTS } from "./texts.js";

/** Loaded beside the page, so that the page is there before the cryptography is. */
const keys = () => import("./keys.js");

export function start() {
  const place = one("#anmeldung");
  const { anbieter, weiter } = place.dataset;
  fill(place, ...ways(weiter, anbieter));
  if (!hasPasskeys() && !anbieter) say("no-passkeys");
  // Whoever shut a page without signing out has left an open vault behind on this device.
  keys().then(({ forgetSession }) => forgetSession());
}

/** @param {string} onward @param {string} anbieter */
function ways(onward, anbieter) {
  const show = button(t(TEXTS, "show"), {
    id: "passkey-anmelden",
    kind: "primary",
    onclick: () => tried(() => shown(onward)),
  });
  const query = `?weiter=${encodeURIComponent(onward)}`;
  return [
    show,
    anbieter &&
      buttonLink(t(TEXTS, "provider", { name: anbieter }), `${PATH}/oidc${query}`, { id: "anbieter-anmelden" }),
  ];
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
