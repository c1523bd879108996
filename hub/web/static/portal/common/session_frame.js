// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** What does the head of each page say of whoever is signed in? */

import { button, icon } from "./alerts.js";
import { ask, me } from "./api.js";
import { append, h, one } from "./dom.js";
import { TEXTS } from "./session_texts.js";
import { keepForSession, myVault } from "./session_vault.js";
import { t } from "./texts.js";

/**
 * Show who is signed in and for which house, and what can be done about it.
 *
 * @param {any} said
 * @param {() => Promise<void>} signOut
 */
export function showFrame(said, signOut) {
  const place = one(".mw-kopf");
  const house = one("#wo-haus");
  if (house && said.roles.includes("verwalten")) house.hidden = false;
  if (!place || one("#sitzung")) return;
  append(place, [
    h(
      "div",
      { id: "sitzung", class: "mw-sitzung", role: "group", "aria-label": t(TEXTS, "region") },
      h(
        "p",
        { class: "kern-body kern-body--small" },
        t(TEXTS, "who", { name: said.person.name, house: said.unit_name }),
      ),
      said.houses.length > 1 && houseSwitch(said),
      button(t(TEXTS, "signOut"), { kind: "tertiary", symbol: "logout", onclick: signOut }),
      h("p", { id: "sitzung-meldung", class: "kern-body kern-body--small", role: "status" }),
    ),
  ]);
}

/** @param {any} said */
function houseSwitch(said) {
  const choice = h(
    "select",
    { id: "haus-wahl", class: "kern-form-input__select", name: "unit" },
    said.houses.map((/** @type {any} */ { unit, name }) =>
      h("option", { value: unit, selected: unit === said.unit }, name),
    ),
  );
  const go = (/** @type {Event} */ event) => {
    event.preventDefault();
    return switchTo(choice.value, said);
  };
  return h(
    "form",
    { class: "mw-hauswahl", onsubmit: go },
    h("label", { class: "kern-label kern-label--small", for: "haus-wahl" }, t(TEXTS, "house")),
    h("div", { class: "kern-form-input__select-wrapper" }, choice),
    h(
      "button",
      { type: "submit", class: "kern-btn kern-btn--tertiary" },
      icon("autorenew"),
      h("span", { class: "kern-label" }, t(TEXTS, "switch")),
    ),
  );
}

/** Another house is another session; the vault of the person goes with them. @param {string} unit @param {any} said */
async function switchTo(unit, said) {
  if (unit === said.unit) return;
  try {
    const vault = await myVault(said);
    await ask("POST", "/portal/api/haus/wechsel", { unit });
    if (vault) await keepForSession(await me(true), vault);
    location.assign("/portal");
  } catch {
    tell(t(TEXTS, "switch.failed"));
  }
}

/** @param {string} text */
export function tell(text) {
  const place = one("#sitzung-meldung");
  if (place) place.textContent = text;
}
