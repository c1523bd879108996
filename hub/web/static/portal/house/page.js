// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** „Haus“: who works here and as what, who still waits for a key, and does the house take part? */

import { button, heading, notice, paragraph, small, status } from "../common/alerts.js";
import { ask, me, Trouble } from "../common/api.js";
import { prove } from "../common/proof.js";
import { announce, fill, focusOn, h, one } from "../common/dom.js";
import { moment, t } from "../common/texts.js";
import { checkBox, textField } from "../account/fields.js";
import { grouped } from "../account/fingerprint.js";
import { TEXTS } from "./texts.js";

const API = "/portal/api/haus";
const ROLES = ["verfassen", "freigeben", "lesen", "verwalten"];

export async function start() {
  try {
    await show();
  } catch (trouble) {
    const { isStranger, code } = /** @type {any} */ (trouble);
    if (isStranger) location.assign("/portal/anmeldung?weiter=/portal/haus");
    else fill(one("#haus"), notice("warning", t(TEXTS, code === "not-permitted" ? "not-yours" : "failed")));
  }
}

/** @param {string} [said] what has just been done @param {any[]} above */
async function show(said, ...above) {
  const [mine, house] = await Promise.all([me(true), ask("GET", API)]);
  fill(
    one("#haus"),
    h("p", { id: "meldung", class: "kern-body", role: "status" }, said && t(TEXTS, said)),
    h("div", { id: "wache" }),
    above,
    ...standing(house),
    ...waiting(mine),
    ...tight(house),
    ...people(mine, house),
    ...invitation(),
    ...keysOfHouse(mine, house),
    ...rules(house),
    ...protocols(house),
    ...done(house),
  );
  if (said) announce(t(TEXTS, said));
  await watch(mine);
}

/** Say where a key of the house or the hub is another than its people know. @param {any} mine */
async function watch(mine) {
  const [{ watchNotices }, { myVault }] = await Promise.all([
    import("./watch.js"),
    import("../common/session_vault.js"),
  ]);
  fill(one("#wache"), ...(await watchNotices(mine, await myVault(mine), () => show())));
}

/** @param {any} house */
function standing(house) {
  const { state, fingerprint, problem } = house;
  const parts = [heading(2, house.name), paragraph(status(state === "aktiv" ? "success" : "warning", t(TEXTS, `state.${state}`)))];
  if (state !== "aktiv") {
    parts.push(
      paragraph(t(TEXTS, `state.${state}.how`)),
      h("p", { class: "mw-fingerabdruck" }, h("code", {}, grouped(fingerprint))),
    );
  }
  if (problem) parts.push(notice("warning", t(TEXTS, "problem"), t(TEXTS, problemKey(problem))));
  if (state === "einrichtung" && problem) parts.push(codeForm());
  return parts;
}

/** @param {string} problem */
const problemKey = (problem) => (`problem.${problem}` in TEXTS.de ? `problem.${problem}` : "problem.other");

function codeForm() {
  const { field, input } = textField({ id: "einmalcode", label: t(TEXTS, "code"), hint: t(TEXTS, "code.what"), autocomplete: "off" });
  return form("code.keep", [field], async () => {
    await ask("POST", `${API}/einmalcode`, { code: input.value.trim() });
    await show("code.kept");
  });
}

/** Colleagues who are to read for the house, and cannot yet. @param {any} mine */
function waiting(mine) {
  if (mine.waiting_shares.length === 0) return [];
  return [
    notice(
      "info",
      t(TEXTS, "waiting"),
      t(TEXTS, "waiting.what"),
      h(
        "ul",
        { class: "mw-eintraege" },
        mine.waiting_shares.map((/** @type {any} */ each) =>
          h(
            "li",
            { class: "mw-eintrag" },
            button(t(TEXTS, "waiting.pass", { name: each.name }), {
              dataset: { weitergeben: each.person },
              onclick: () =>
                tried(async () => {
                  const [{ passOn }, { askAboutColleague }] = await Promise.all([
                    import("./passing_on.js"),
                    import("./watch.js"),
                  ]);
                  await passOn(mine, each, askAboutColleague(each.name));
                  await show("waiting.passed");
                }),
            }),
          ),
        ),
      ),
    ),
  ];
}

/** Before somebody new is refused a key. @param {any} house */
const tight = ({ room }) =>
  room.is_tight
    ? [notice("warning", t(TEXTS, "room", { left: String(Math.max(0, room.most - room.keys)) }), t(TEXTS, "room.what"))]
    : [];

/** What was done about who comes in, and how. @param {any} house */
const done = ({ acts: last }) => [
  heading(2, t(TEXTS, "acts.last")),
  paragraph(t(TEXTS, last.length > 0 ? "acts.what" : "acts.none")),
  last.length > 0 &&
    h("ul", { class: "mw-eintraege", id: "taten" }, last.map((/** @type {any} */ each) => h("li", { class: "mw-eintrag" }, deed(each), small(moment(each.at), " · ", each.by || t(TEXTS, "acts.operator"))))),
];

/** @param {any} each */
const deed = ({ word, about }) => h("span", {}, t(TEXTS, `act.${word}`, { name: about }));

/** @param {any} mine @param {any} house */
const people = (mine, house) => [
  heading(2, t(TEXTS, "people")),
  h("ul", { class: "mw-eintraege", id: "personen" }, house.people.map((/** @type {any} */ each) => person(mine, each))),
];

/** @param {any} mine @param {any} each */
function person(mine, each) {
  const isMe = each.person === mine.person.id;
  return h(
    "li",
    { class: "mw-eintrag", dataset: { person: each.person } },
    h("h3", { class: "kern-heading-small mw-fremd" }, each.name, isMe && ` (${t(TEXTS, "me")})`),
    small(
      each.roles.map((/** @type {string} */ role) => t(TEXTS, `role.${role}`)).join(", "),
      " · ",
      t(TEXTS, stage(each), { until: each.invited_until ? moment(each.invited_until) : "" }),
    ),
    rolesForm(each),
    !isMe && acts(each),
  );
}

/** @param {any} each */
function stage(each) {
  if (!each.is_in) return each.invited_until ? "stage.invited" : "stage.expired";
  if (!each.has_key) return "stage.no-key";
  return each.needs_desk_key && !each.has_desk_key ? "stage.waits" : "stage.in";
}

/** @param {any} each */
function rolesForm(each) {
  const boxes = ROLES.map((role) =>
    checkBox({ id: `rolle-${role}-${each.person}`, label: t(TEXTS, `role.${role}.what`), value: role, checked: each.roles.includes(role) }),
  );
  return h(
    "details",
    { class: "mw-mehr" },
    h("summary", {}, t(TEXTS, "roles.change", { name: each.name })),
    form("roles.keep", [rolesField(t(TEXTS, "roles.of", { name: each.name }), boxes)], async () => {
      await prove();
      await ask("PUT", `${API}/personen/${each.person}/rollen`, { roles: chosen(boxes) });
      await show("roles.kept");
    }),
  );
}

/** @param {string} legend @param {any[]} boxes */
const rolesField = (legend, boxes) =>
  h(
    "fieldset",
    { class: "kern-fieldset" },
    h("legend", { class: "kern-label" }, legend),
    h("div", { class: "kern-fieldset__body" }, boxes.map(({ field }) => field)),
  );

/** @param {any[]} boxes @returns {string[]} */
const chosen = (boxes) => boxes.filter(({ input }) => input.checked).map(({ input }) => input.value);

/** @param {any} each */
function acts(each) {
  const path = `${API}/personen/${each.person}`;
  const linked = (/** @type {string} */ word) => async () => {
    await prove();
    const said = await ask("POST", `${path}/${word}`, {});
    await show("link.made", letter(said, each.name));
    focusOn(one("#einladung-link-titel"));
  };
  return h(
    "details",
    { class: "mw-mehr" },
    h("summary", {}, t(TEXTS, "acts", { name: each.name })),
    !each.is_in && act("again", each, linked("einladung")),
    each.is_in && [paragraph(t(TEXTS, "recover.what")), act("recover", each, linked("wiederherstellung"))],
    paragraph(t(TEXTS, "remove.what")),
    act("remove", each, async () => {
      await prove();
      await ask("DELETE", path);
      await show("removed");
    }),
  );
}

/** @param {string} key @param {any} each @param {() => Promise<void>} work */
const act = (key, each, work) =>
  paragraph(button(t(TEXTS, key, { name: each.name }), { dataset: { tun: key }, onclick: () => tried(work) }));

function invitation() {
  const name = textField({ id: "name", label: t(TEXTS, "invite.name"), autocomplete: "off" });
  const mail = textField({ id: "mail", label: t(TEXTS, "invite.mail"), hint: t(TEXTS, "invite.mail.what"), type: "email", autocomplete: "off" });
  const boxes = ROLES.map((role) => checkBox({ id: `rolle-${role}`, label: t(TEXTS, `role.${role}.what`), value: role, checked: role === "verfassen" }));
  return [
    heading(2, t(TEXTS, "invite")),
    paragraph(t(TEXTS, "invite.what")),
    form("invite.make", [name.field, mail.field, rolesField(t(TEXTS, "roles"), boxes)], async () => {
      name.fault(name.input.value.trim() ? "" : t(TEXTS, "invite.name.missing"));
      if (!name.input.value.trim()) return;
      await prove();
      const said = await ask("POST", `${API}/personen`, { name: name.input.value.trim(), mail: mail.input.value.trim() || null, roles: chosen(boxes) });
      await show("link.made", letter(said, name.input.value.trim()));
      focusOn(one("#einladung-link-titel"));
    }),
  ];
}

/** The link, shown this once, with a text to send it by. @param {any} said @param {string} name */
const letter = (said, name) =>
  h(
    "section",
    { class: "mw-einmal", "aria-labelledby": "einladung-link-titel" },
    heading(2, t(TEXTS, "link", { name }), { id: "einladung-link-titel" }),
    paragraph(t(TEXTS, "link.what", { until: moment(said.expires_at) })),
    h("label", { class: "kern-label", for: "einladung-text" }, t(TEXTS, "link.text")),
    h("textarea", { id: "einladung-text", class: "kern-form-input__input", rows: 12, readonly: true, value: said.text }),
    h("p", { class: "kern-body" }, t(TEXTS, "link.alone"), " ", h("code", { id: "einladung-link" }, said.link)),
    paragraph(
      button(t(TEXTS, "link.copy"), {
        onclick: () =>
          tried(async () => {
            await navigator.clipboard.writeText(said.text);
            say("link.copied");
          }),
      }),
    ),
  );

/** @param {any} mine @param {any} house */
function keysOfHouse(mine, house) {
  if (house.state !== "aktiv") return [];
  const file = h("input", { id: "wiederherstellung", type: "file", accept: ".txt,text/plain", class: "mw-datei" });
  const open = async () => {
    const chosen = file.files?.[0];
    if (!chosen) return say("recovery.none");
    const { openByRecovery } = await import("./passing_on.js");
    await openByRecovery(mine, await chosen.text());
    await show("recovery.opened");
  };
  const change = async () => {
    const { changeDeskKey } = await import("./passing_on.js");
    await changeDeskKey(mine);
    await show("key.changed");
  };
  return [
    heading(2, t(TEXTS, "keys")),
    h(
      "details",
      { class: "mw-mehr" },
      h("summary", {}, t(TEXTS, "key.change.when")),
      paragraph(t(TEXTS, "key.change.what")),
      paragraph(button(t(TEXTS, "key.change"), { id: "schluessel-wechseln", onclick: () => tried(change) })),
    ),
    h(
      "details",
      { class: "mw-mehr" },
      h("summary", {}, t(TEXTS, "recovery.when")),
      paragraph(t(TEXTS, "recovery.what")),
      form("recovery.open", [h("label", { class: "kern-label", for: "wiederherstellung" }, t(TEXTS, "recovery.file")), file], open),
    ),
  ];
}

/** @param {any} house */
function rules(house) {
  const { field, input } = checkBox({ id: "vier-augen", label: t(TEXTS, "four-eyes"), checked: house.four_eyes });
  return [
    heading(2, t(TEXTS, "rules")),
    form("rules.keep", [field, small(t(TEXTS, "four-eyes.what"))], async () => {
      await prove();
      await ask("PUT", `${API}/regeln`, { four_eyes: input.checked });
      await show("rules.kept");
    }),
  ];
}

/** @param {any} house */
const protocols = (house) => [
  heading(2, t(TEXTS, "protocols")),
  paragraph(t(TEXTS, "protocols.what")),
  h("ul", { class: "mw-eintraege" }, house.protocols.map((/** @type {any} */ each) => protocol(each, house.state))),
];

/** @param {any} each @param {string} state */
const protocol = (each, state) =>
  h(
    "li",
    { class: "mw-eintrag" },
    h("span", {}, each.title, " ", each.adopted && status("success", t(TEXTS, "adopted"))),
    small(each.name, each.status === "entwurf" && ` · ${t(TEXTS, "draft")}`),
    !each.adopted &&
      state === "aktiv" &&
      button(t(TEXTS, "adopt", { title: each.title }), {
        kind: "tertiary",
        onclick: () =>
          tried(async () => {
            await ask("POST", `${API}/verfahren`, { name: each.name, draft: each.status === "entwurf" });
            await show("adopted.now");
          }),
      }),
  );

/** @param {string} key of the button @param {any[]} parts @param {() => Promise<void>} work */
const form = (key, parts, work) =>
  h(
    "form",
    { novalidate: true, onsubmit: (/** @type {Event} */ event) => (event.preventDefault(), tried(work)) },
    parts,
    paragraph(button(t(TEXTS, key), { type: "submit", kind: "primary" })),
  );

/** @param {() => Promise<void>} work */
async function tried(work) {
  try {
    await work();
  } catch (trouble) {
    const code = /** @type {any} */ (trouble).code ?? /** @type {any} */ (trouble).reason;
    const wasNotShown = /** @type {any} */ (trouble).isKnown !== undefined;
    say(wasNotShown ? "not-shown" : code in TEXTS.de ? code : "failed");
    if (trouble instanceof Trouble && trouble.isStranger) location.assign("/portal/anmeldung?weiter=/portal/haus");
  }
}

/** @param {string} key */
const say = (key) => (one("#meldung").textContent = t(TEXTS, key));
