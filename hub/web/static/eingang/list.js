// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2
// Keeps a page fresh that stays open: its clocks, and whether something new is waiting. Without it the page is as
// complete as it was when it came.

const MINUTE = 60;
const DAY = 86_400;
const TICK = 10_000;

const ahead = clockAhead();
tick();
setInterval(tick, TICK);
watchList(document.getElementById("liste"));
offerPrint(document.getElementById("drucken"));

/** Say of each clock how long it still runs, by the clock of the server. */
function tick() {
  for (const each of document.querySelectorAll("[data-frist]")) {
    const left = Number(each.dataset.frist) - Math.floor(Date.now() / 1000) - ahead;
    each.textContent = left > 0 ? `noch ${span(left)}` : `überfällig seit ${span(-left)}`;
    each.classList.toggle("mw-uhr--um", left <= 0);
    each.classList.toggle("mw-uhr--bald", left > 0 && left <= 5 * MINUTE);
  }
}

function span(seconds) {
  const every = Math.max(1, Math.ceil(seconds / MINUTE));
  const [hours, minutes] = [Math.floor(every / 60), every % 60];
  if (!hours) return `${minutes} Min.`;
  if (seconds >= 2 * DAY) return `${Math.floor(seconds / DAY)} Tage`;
  return minutes ? `${hours} Std. ${minutes} Min.` : `${hours} Std.`;
}

/** How many seconds the server is ahead of this device, which may be minutes off. */
function clockAhead() {
  const said = Number(document.querySelector("[data-jetzt]")?.dataset.jetzt ?? Number.NaN);
  return Number.isNaN(said) ? 0 : said - Math.floor(Date.now() / 1000);
}

/** Ask now and then whether the list is still the same; the answer tells nothing else. */
function watchList(list) {
  if (!list) return;
  const { stand, alle, liste, seite } = list.dataset;
  const question = `/eingang/stand?liste=${encodeURIComponent(liste)}&seite=${encodeURIComponent(seite)}`;
  setInterval(async () => {
    if (document.hidden) return;
    const said = await ask(question);
    if (said && said !== stand) show();
  }, Number(alle) * 1000);
  document.addEventListener("visibilitychange", async () => {
    if (document.hidden) return;
    const said = await ask(question);
    if (said && said !== stand) show();
  });
}

/** Nothing prolongs the session: a page that lies open is no sign that somebody sits before it. */
async function ask(question) {
  try {
    const answer = await fetch(question, { headers: { "x-still": "1", accept: "application/json" }, cache: "no-store" });
    return answer.ok ? (await answer.json()).stand : "";
  } catch {
    return "";
  }
}

/** Load the list anew; whoever is just choosing something by keyboard is asked first. */
function show() {
  const at = document.activeElement;
  if (!at || at === document.body) {
    location.reload();
    return;
  }
  const place = document.getElementById("neues");
  if (!place.hidden) return;
  const way = document.createElement("a");
  way.href = location.href;
  way.className = "kern-link";
  way.textContent = "Liste neu laden";
  place.append("Es hat sich etwas geändert. ", way);
  place.hidden = false;
}

function offerPrint(button) {
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
