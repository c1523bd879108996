// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** „Konto“: where am I signed in, with which passkeys, and where am I told that something came? */

import { button, heading, notice, paragraph, small, status } from "../common/alerts.js";
import { ask, me, Trouble } from "../common/api.js";
import { prove } from "../common/proof.js";
import { announce, fill, h, one } from "../common/dom.js";
import { moment, t } from "../common/texts.js";
import { textField } from "./fields.js";
import { TEXTS } from "./texts.js";

const API = "/portal/api/konto";

export async function start() {
  try {
    await show();
  } catch (trouble) {
    if (trouble instanceof Trouble && trouble.isStranger) location.assign("/portal/anmeldung?weiter=/portal/konto");
    else fill(one("#konto"), notice("warning", t(TEXTS, "failed")));
  }
}

/** @param {string} [said] what has just been done */
async function show(said) {
  const [mine, account] = await Promise.all([me(true), ask("GET", API)]);
  fill(
    one("#konto"),
    h("p", { id: "meldung", class: "kern-body", role: "status" }, said && t(TEXTS, said)),
    ...who(mine),
    ...passkeys(account),
    ...vault(mine),
    ...sessions(account),
    ...mail(account),
  );
  if (said) announce(t(TEXTS, said));
  await showOwnKey(mine);
}

/** What a colleague compares; out of the vault, since the portal could name another. @param {any} mine */
async function showOwnKey(mine) {
  const { myVault, ownKey } = await import("../common/session_vault.js");
  const open = mine.vault?.person_kid ? await myVault(mine) : null;
  if (!open) return;
  const { kid } = await ownKey(mine, open);
  const { readAloud } = await import("../house/watch.js");
  fill(one("#eigener-schluessel"), paragraph(t(TEXTS, "vault.mark"), " ", h("code", {}, readAloud(kid))));
}

/** @param {any} mine */
const who = (mine) => [
  h(
    "dl",
    { class: "kern-description-list" },
    line(t(TEXTS, "name"), mine.person.name),
    line(t(TEXTS, "house"), mine.unit_name),
    line(t(TEXTS, "roles"), mine.roles.map((/** @type {string} */ role) => t(TEXTS, `role.${role}`)).join(", ")),
  ),
];

/** @param {string} key @param {string} value */
const line = (key, value) =>
  h(
    "div",
    { class: "kern-description-list-item" },
    h("dt", { class: "kern-description-list-item__key" }, key),
    h("dd", { class: "kern-description-list-item__value" }, value),
  );

/** @param {any} account */
const passkeys = ({ passkeys: found }) => [
  heading(2, t(TEXTS, "passkeys")),
  paragraph(t(TEXTS, found.length > 1 ? "passkeys.what" : "passkeys.one")),
  h("ul", { class: "mw-eintraege" }, found.map(passkey)),
  paragraph(
    button(t(TEXTS, "passkey.add"), { id: "passkey-hinzufuegen", onclick: () => tried(addPasskey) }),
  ),
];

/** @param {any} known @param {number} _ @param {any[]} all */
const passkey = (known, _, all) =>
  h(
    "li",
    { class: "mw-eintrag" },
    h("span", {}, h("strong", { class: "mw-fremd" }, known.label), " ", status("default", t(TEXTS, known.prf ? "passkey.opens" : "passkey.signs"))),
    small(t(TEXTS, "passkey.used", { made: moment(known.created_at), used: moment(known.used_at) })),
    all.length > 1 &&
      button(t(TEXTS, "passkey.remove", { label: known.label }), {
        kind: "tertiary",
        onclick: () =>
          tried(async () => {
            await prove();
            await ask("DELETE", `${API}/passkeys/${known.id}`);
            await show("passkey.removed");
          }),
      }),
  );

async function addPasskey() {
  say("passkey.asking");
  const { addPasskeyTo } = await import("./adding.js");
  await addPasskeyTo(await me());
  await show("passkey.added");
}

/** @param {any} mine */
const vault = (mine) =>
  mine.vault
    ? [
        heading(2, t(TEXTS, "vault")),
        paragraph(t(TEXTS, "vault.what")),
        h("div", { id: "eigener-schluessel" }),
        h(
          "details",
          { class: "mw-mehr" },
          h("summary", {}, t(TEXTS, "vault.when")),
          paragraph(t(TEXTS, "vault.lost")),
          paragraph(
            button(t(TEXTS, "vault.anew"), {
              id: "tresor-neu",
              onclick: () =>
                tried(async () => {
                  const { beginAnew } = await import("./beginning.js");
                  await beginAnew(mine);
                  await show("vault.done");
                }),
            }),
          ),
        ),
      ]
    : [];

/** @param {any} account */
const sessions = ({ sessions: open }) => [
  heading(2, t(TEXTS, "sessions")),
  paragraph(t(TEXTS, "sessions.what")),
  h("ul", { class: "mw-eintraege" }, open.map(session)),
  open.length > 1 &&
    paragraph(
      button(t(TEXTS, "sessions.end"), {
        id: "sitzungen-beenden",
        onclick: () =>
          tried(async () => {
            await ask("DELETE", `${API}/sitzungen`);
            await show("sessions.ended");
          }),
      }),
    ),
];

/** @param {any} known */
const session = (known) =>
  h(
    "li",
    { class: "mw-eintrag" },
    h("span", {}, h("strong", { class: "mw-fremd" }, known.device), " ", known.here && status("info", t(TEXTS, "session.here"))),
    small(t(TEXTS, "session.since", { since: moment(known.created_at), seen: moment(known.seen_at) })),
    !known.here &&
      button(t(TEXTS, "session.end", { device: known.device }), {
        kind: "tertiary",
        onclick: () =>
          tried(async () => {
            await ask("DELETE", `${API}/sitzungen/${known.id}`);
            await show("session.ended");
          }),
      }),
  );

/** @param {any} account */
function mail(account) {
  const { field, input } = textField({
    id: "mail",
    label: t(TEXTS, "mail"),
    hint: t(TEXTS, "mail.what"),
    type: "email",
    autocomplete: "email",
    value: account.mail ?? "",
  });
  const keep = async () => {
    await ask("PUT", `${API}/mail`, { mail: input.value.trim() || null });
    await show("mail.kept");
  };
  return [
    heading(2, t(TEXTS, "mail.title")),
    h(
      "form",
      { novalidate: true, onsubmit: (/** @type {Event} */ event) => (event.preventDefault(), tried(keep)) },
      field,
      button(t(TEXTS, "mail.keep"), { type: "submit", id: "mail-sichern" }),
    ),
  ];
}

/** @param {() => Promise<void>} work */
async function tried(work) {
  try {
    await work();
  } catch (trouble) {
    // What was removed may have opened this very session.
    if (trouble instanceof Trouble && trouble.isStranger) location.assign("/portal/anmeldung?weiter=/portal/konto");
    const code = trouble instanceof Error && trouble.name === "NotAllowedError" ? "not-shown" : undefined;
    say(code ?? wordFor(/** @type {any} */ (trouble)));
  }
}

/** @param {any} trouble */
const wordFor = (trouble) => {
  if (trouble.isKnown !== undefined) return trouble.isKnown ? "passkey.known" : "not-shown";
  return trouble.code in TEXTS.de ? trouble.code : "failed";
};

/** @param {string} key */
const say = (key) => (one("#meldung").textContent = t(TEXTS, key));
