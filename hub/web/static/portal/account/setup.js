// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** „Einrichten“: the keys of whoever begins are made in this browser, once. */

import { button, buttonLink, heading, notice, paragraph, small } from "../common/alerts.js";
import { ask, me, Trouble } from "../common/api.js";
import { announce, fill, focusOn, h, one } from "../common/dom.js";
import { t } from "../common/texts.js";
import { grouped } from "./fingerprint.js";
import { TEXTS } from "./setup_texts.js";

/** The cryptography comes when it is needed. */
const making = () => import("./beginning.js");
const opening = () => import("../common/session_vault.js");
let isSaved = false;

export async function start() {
  const place = one("#einrichten");
  try {
    const said = await me();
    if (said.vault?.person_kid) fill(place, ...done(said, false));
    else fill(place, ...invitation(said));
  } catch (trouble) {
    if (trouble instanceof Trouble && trouble.isStranger) location.assign("/portal/anmeldung");
    else fill(place, paragraph(t(TEXTS, "unreachable")));
  }
  making();
}

/** @param {any} said */
function invitation(said) {
  const isFirst = said.house_keys.length === 0 && said.roles.includes("verwalten");
  return [
    paragraph(t(TEXTS, "what")),
    h(
      "ul",
      { class: "kern-list kern-list--bullet" },
      h("li", {}, t(TEXTS, "what.person")),
      h("li", {}, t(TEXTS, "what.drafts")),
      isFirst && h("li", {}, t(TEXTS, "what.desk")),
    ),
    small(t(TEXTS, "who")),
    paragraph(
      button(t(TEXTS, "make"), {
        id: "tresor-einrichten",
        kind: "primary",
        onclick: () => tried(() => make(said)),
      }),
    ),
    h("p", { id: "meldung", class: "kern-body", role: "status" }),
  ];
}

/** @param {any} said */
async function make(said) {
  say("making");
  const { begin, newVault } = await making();
  const given = said.vault ? { vault: await opened(said) } : await newVault(said);
  const begun = await begin(said, given, day(said.now));
  if (begun.recovery) offerRecovery(said, begun);
  else await keep(begun);
}

/** The vault is there already: this is one more house. @param {any} said */
async function opened(said) {
  const { myVault, openByPasskey } = await opening();
  return (await myVault(said)) ?? openByPasskey(said);
}

/** @param {any} said @param {import("./beginning.js").Begun} begun */
function offerRecovery(said, begun) {
  const title = heading(2, t(TEXTS, "recovery"));
  fill(
    one("#einrichten"),
    title,
    paragraph(t(TEXTS, "recovery.what")),
    paragraph(t(TEXTS, "recovery.how")),
    paragraph(
      button(t(TEXTS, "recovery.save"), {
        id: "wiederherstellung-sichern",
        onclick: () => save(said, /** @type {string} */ (begun.recovery)),
      }),
    ),
    paragraph(
      button(t(TEXTS, "finish"), {
        id: "einrichten-fertig",
        kind: "primary",
        onclick: () => tried(() => finish(begun)),
      }),
    ),
    h("p", { id: "meldung", class: "kern-body", role: "status" }),
  );
  focusOn(title);
}

/** @param {any} said @param {string} recovery */
function save(said, recovery) {
  const address = URL.createObjectURL(new Blob([recovery], { type: "text/plain;charset=utf-8" }));
  const link = h("a", {
    href: address,
    download: `wiederherstellung-${said.unit.replace(":", "-")}.txt`,
  });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  isSaved = true;
  say("recovery.saved");
}

/** @param {import("./beginning.js").Begun} begun */
async function finish(begun) {
  if (isSaved) await keep(begun);
  else say("recovery.first");
}

/** @param {import("./beginning.js").Begun} begun */
async function keep({ said, vault }) {
  say("making");
  await ask("PUT", "/portal/api/tresor", said);
  const now = await me(true);
  const { keepOpen } = await making();
  await keepOpen(now, vault);
  const parts = done(now, true);
  fill(one("#einrichten"), ...parts);
  focusOn(one("#einrichten h2"));
  announce(t(TEXTS, "done"));
}

/** @param {any} said @param {boolean} isNew */
function done(said, isNew) {
  const { state, fingerprint } = said.house;
  const waits = state !== "aktiv" && said.roles.includes("verwalten");
  return [
    heading(2, t(TEXTS, isNew ? "done" : "done.before")),
    waits &&
      notice(
        "info",
        t(TEXTS, "waits"),
        t(TEXTS, "waits.how"),
        h("p", { class: "mw-fingerabdruck" }, h("code", {}, grouped(fingerprint))),
      ),
    isNew && said.session.opened_by === "passkey" && paragraph(t(TEXTS, "second")),
    paragraph(
      buttonLink(t(TEXTS, "onward"), "/portal", { id: "weiter", kind: "primary" }),
      " ",
      waits && buttonLink(t(TEXTS, "house"), "/portal/haus"),
    ),
  ];
}

/** @param {number} second */
const day = (second) => new Date(second * 1000).toLocaleDateString("de-DE", { timeZone: "Europe/Berlin" });

/** @param {() => Promise<void>} work */
async function tried(work) {
  try {
    await work();
  } catch (trouble) {
    const { code } = /** @type {any} */ (trouble);
    const isAway = trouble instanceof DOMException || code === "cancelled";
    const isFull = /** @type {any} */ (trouble).problem?.pointers?.includes("/person_pub");
    const known = isFull ? "no-room" : code ?? /** @type {any} */ (trouble).reason;
    say(isAway ? "not-shown" : known in TEXTS.de ? known : "failed");
  }
}

/** @param {string} key */
const say = (key) => {
  const place = one("#meldung");
  if (place) place.textContent = t(TEXTS, key);
};
