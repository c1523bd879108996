// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * „Wo lebt das Kind?“ – and which office that makes responsible. The whole table is here, so the
 * place is never sent; only of the office that follows from it are hours and keys asked for.
 */

import { button, notice, paragraph, small } from "../common/alerts.js";
import { announce, fill, h } from "../common/dom.js";
import { offlineNotice } from "../common/offline.js";
import {
  addressable, dayOf, isByPlace, officeFor, organisationOf, otherOfSeat, PlaceUnknown,
} from "../places/index.js";
import { chosenIn, choice, fold, line, officeFacts, say, wrong } from "./parts.js";

const FIELD = "ort";
const WHICH = "gemeinde";
const UNIT = "stelle";
const WHY = "grund";
const REASONS = ["aufenthalt-jetzt", "laufender-fall", "vereinbarung", "auf-bitte-der-stelle", "notfall"];

/** @param {any} flow @param {any[]} errors @returns {Promise<any>} */
export async function place(flow, errors) {
  const roles = flow.description.roles_to.map((/** @type {any} */ role) => role.id);
  let known;
  try {
    known = await flow.offices.land();
  } catch (trouble) {
    if (/** @type {any} */ (trouble).isStranger) throw trouble;
    return { heading: say("place.title"), body: [await offlineNotice()], onward: null };
  }
  const about = { flow, roles, ...known, errors };
  if (!isByPlace(known.land, roles)) return byName(about);
  return flow.state.place && errors.length === 0 ? withOffice(about) : byPlace(about);
}

/** The question itself. @param {any} about @returns {any} */
function byPlace({ flow, land, errors }) {
  const { state } = flow;
  const error = errors.find((/** @type {any} */ each) => [FIELD, WHICH].includes(each.fieldId));
  const found = h("div", { class: "mw-fund" });
  const proposed = error?.candidates ?? [];
  fill(found, proposed.length > 0 && candidates(proposed));
  const typed = errors.typed ?? state.place?.name ?? "";
  return {
    heading: say("place.title"),
    body: [
      line({
        id: FIELD,
        label: say("place.label"),
        hint: say("place.hint"),
        value: typed,
        error: error?.message,
        autocomplete: "off",
        spellcheck: "false",
        oninput: (/** @type {any} */ event) => propose(land, event.target.value, found),
      }),
      found,
    ],
    submit: async (/** @type {any} */ root) => {
      const text = root.querySelector(`#${FIELD}`).value;
      const answer = decide(land, text, chosenIn(root, WHICH));
      if (answer.error) return Object.assign([answer.error], { typed: text });
      flow.state.place = answer.place;
      flow.state.to = null;
      await flow.changed();
      // The same step again, now with the office that follows from the place.
      return "again";
    },
  };
}

/** Show while somebody types what may be meant. @param {any} land @param {string} text @param {HTMLElement} found */
function propose(land, text, found) {
  const proposed = proposals(land, text);
  fill(found, proposed.length > 0 && candidates(proposed));
  if (proposed.length === 1) announce(say("place.found.one"));
  else if (proposed.length > 1) announce(say("place.found", { count: proposed.length }));
}

/** @param {any} land @param {string} text @returns {any[]} */
export function proposals(land, text) {
  if (/^\s*[0-9]{5}\s*$/.test(text)) {
    try {
      return land.byPostcode(text.trim());
    } catch {
      return [];
    }
  }
  return text.trim().length < 2 ? [] : land.search(text);
}

/**
 * Decide which municipality is meant; asks rather than guesses.
 *
 * @param {any} land
 * @param {string} text
 * @param {string | null} chosen AGS of a proposal
 * @returns {{place?: {ags: string, name: string}, error?: any}}
 */
export function decide(land, text, chosen) {
  const proposed = proposals(land, text);
  const picked = proposed.find((each) => each.ags === chosen);
  if (picked) return { place: placeOf(picked) };
  if (text.trim() === "") return { error: wrong(FIELD, say("place.missing")) };
  try {
    if (!/^\s*[0-9]+\s*$/.test(text)) return { place: placeOf(land.municipality(text)) };
    const [only, ...others] = land.byPostcode(text.trim());
    if (others.length === 0) return { place: placeOf(only) };
  } catch (trouble) {
    if (!(trouble instanceof PlaceUnknown)) throw trouble;
    if (trouble.word === "no-place" && proposed.length === 1) return { place: placeOf(proposed[0]) };
    return { error: asked(land, trouble, proposed) };
  }
  return { error: { ...wrong(WHICH, say("place.choose")), candidates: proposed } };
}

/** @param {any} land @param {PlaceUnknown} trouble @param {any[]} proposed */
function asked(land, trouble, proposed) {
  const meant = trouble.allowed.map((label) => land.municipalities.labelled(label)).filter(Boolean);
  const several = meant.length > 0 ? meant : proposed;
  if (several.length > 0) return { ...wrong(WHICH, say("place.choose")), candidates: several };
  /** @type {{[word: string]: string}} */
  const texts = { "postcode-form": "place.plz.form", "postcode-unknown": "place.plz" };
  return wrong(FIELD, say(texts[trouble.word] ?? "place.none"));
}

/** @param {any} found */
const placeOf = ({ ags, name }) => ({ ags, name });

/** @param {any[]} proposed */
const candidates = (proposed) =>
  choice({
    name: WHICH,
    legend: say("place.which"),
    choices: proposed.map(({ ags, name, kreis }) => ({
      value: ags,
      label: kreis && kreis !== "kreisfrei" ? `${name} (${kreis})` : name,
    })),
  });

/** The office that follows from the place, with its numbers. @param {any} about @returns {any} */
function withOffice({ flow, roles, land, list, errors }) {
  const { state, me } = flow;
  const day = dayOf(flow.now());
  let office;
  try {
    office = officeFor(land, roles, state.place.ags, day);
  } catch (trouble) {
    if (!(trouble instanceof PlaceUnknown)) throw trouble;
    return { heading: say("place.title"), body: [notice("warning", say("place.no-office")), changeButton(flow)], onward: null };
  }
  const deviation = state.to?.deviation;
  const facts = h("div", {}, small(say("office.asking")));
  const addressed = deviation ? state.to.unit : office.id;
  if (office.takesPart || deviation) showFacts(flow, addressed, facts);
  else fill(facts);
  const others = addressable(land, list, roles, me.unit).filter(
    (each) => organisationOf(each.id) !== office.organisation,
  );
  return {
    heading: say("office.title", { name: office.name }),
    body: [
      h("p", { class: "kern-body", lang: "de" }, office.reason),
      seatWarning(land, roles, { seat: me.seat_ags, office, day }),
      !office.takesPart && notice("warning", say("office.absent")),
      facts,
      changeButton(flow),
      others.length > 0 && otherOffice(others, state, errors),
    ],
    onward: office.takesPart || others.length > 0 ? undefined : null,
    submit: async (/** @type {any} */ root) => {
      const elsewhere = deviationIn(root, others, office);
      if (elsewhere === "incomplete") return [wrong(UNIT, say("office.other.missing"))];
      if (!elsewhere && !office.takesPart) return [wrong(UNIT, say("office.absent"))];
      state.to = elsewhere ?? addresseeOf(office);
      await flow.changed();
      return [];
    },
  };
}

/** @param {any} office */
const addresseeOf = ({ id, name, telephone = "", reason = "" }) => ({
  unit: id, name, telephone, reason, deviation: null,
});

/** @param {any} flow */
const changeButton = (flow) =>
  button(say("place.change"), {
    kind: "tertiary",
    onclick: async () => {
      flow.state.place = null;
      flow.state.to = null;
      await flow.changed();
      await flow.show(flow.state.at);
    },
  });

/** @param {any} land @param {string[]} roles @param {any} about */
function seatWarning(land, roles, about) {
  const other = otherOfSeat(land, roles, about);
  if (!other) return null;
  return notice("info", say("office.seat.title"), say("office.seat", { seat: other.municipality, other: other.name }));
}

/** @param {any[]} others @param {any} state @param {any[]} errors */
function otherOffice(others, state, errors) {
  const { deviation } = state.to ?? {};
  const open = fold(
    say("office.other"),
    choice({
      name: UNIT,
      legend: say("addressee.legend"),
      choices: others.map(({ id, name }) => ({ value: id, label: name })),
      chosen: deviation ? state.to.unit : null,
      error: errors[0]?.message,
    }),
    choice({
      name: WHY,
      legend: say("office.other.why"),
      choices: REASONS.map((reason) => ({ value: reason, label: say(`reason.${reason}`) })),
      chosen: deviation?.reason ?? null,
    }),
    small(say("office.other.kept")),
  );
  if (deviation || errors.length > 0) open.setAttribute("open", "");
  return open;
}

/** @param {any} root @param {any[]} others @param {any} office */
function deviationIn(root, others, office) {
  const unit = chosenIn(root, UNIT);
  const reason = chosenIn(root, WHY);
  if (!unit && !reason) return null;
  const other = others.find(({ id }) => id === unit);
  if (!other || !reason) return "incomplete";
  const responsible = office.organisation;
  return { ...addresseeOf(other), reason: office.reason, deviation: { responsible, reason } };
}

/** @param {any} flow @param {string} unit @param {HTMLElement} facts */
async function showFacts(flow, unit, facts) {
  const { form, urgency } = flow.state;
  try {
    fill(facts, officeFacts(await flow.offices.of(unit, { form, urgency })));
  } catch (trouble) {
    const { code, problem } = /** @type {any} */ (trouble);
    fill(facts, code === "no-duty-desk" ? paragraph(problem.detail) : small(say("office.unknown")));
  }
}

/** For those who are found by no place: a Beratungsstelle, an Ordnungsamt. @param {any} about @returns {any} */
function byName({ flow, roles, land, list, errors }) {
  const units = addressable(land, list, roles, flow.me.unit);
  return {
    heading: say("addressee.title"),
    body: units.length
      ? choice({
          name: UNIT,
          legend: say("addressee.legend"),
          choices: units.map(({ id, name }) => ({ value: id, label: name })),
          chosen: flow.state.to?.unit,
          error: errors[0]?.message,
        })
      : notice("warning", say("addressee.none")),
    onward: units.length ? undefined : null,
    submit: async (/** @type {HTMLElement} */ root) => {
      const chosen = units.find(({ id }) => id === chosenIn(root, UNIT));
      if (!chosen) return [wrong(UNIT, say("addressee.missing"))];
      flow.state.to = addresseeOf(chosen);
      await flow.changed();
      return [];
    },
  };
}

