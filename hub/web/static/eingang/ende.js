// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2
// Takes a notice off the screen once the session has ended: nobody may be sitting before it any more.

const TICK = 5_000;
const MARGIN = 1_000;
const ends = Date.now() + Number(document.body.dataset.endetIn) * 1_000 + MARGIN;

setInterval(look, TICK);
document.addEventListener("visibilitychange", look);
window.addEventListener("pageshow", look);

/** A device that slept has no ticks behind it, so the clock decides and not how often this was asked. */
function look() {
  if (Date.now() < ends) return;
  const [notice] = /^\/eingang\/mitteilung\/[0-9a-f-]{36}/.exec(location.pathname) ?? ["/eingang"];
  location.replace(`/eingang/anmeldung?weiter=${encodeURIComponent(notice)}`);
}
