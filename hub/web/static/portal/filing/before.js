// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** „Bevor Sie anfangen“: telephone first, who is on duty, what it takes, what leaves the house. */

import { heading, notice, paragraph, small, telephone } from "../common/alerts.js";
import { fill, h } from "../common/dom.js";
import { dayOf, officeFor, PlaceUnknown } from "../places/index.js";
import { officeFacts, say } from "./parts.js";

/** @param {any} flow @returns {any} */
export function before(flow) {
  const near = h("div", { class: "mw-stelle-vorab" });
  showNear(flow, near);
  return {
    heading: say("before.title"),
    body: [
      notice("warning", say("before.ring.title"), say("before.ring")),
      paragraph(say("before.hours")),
      near,
      heading(2, say("before.needs")),
      bullets("time", "child", "seen", "told"),
      small(say("before.keys")),
      heading(2, say("before.leaves")),
      ["sealed", "seen", "review"].map((key) => paragraph(say(`before.leaves.${key}`))),
    ],
    submit: async () => [],
  };
}

/** @param {...string} keys */
const bullets = (...keys) =>
  h(
    "ul",
    { class: "kern-list kern-list--bullet" },
    keys.map((key) => h("li", {}, say(`before.needs.${key}`))),
  );

/** The office of the own seat, as the likeliest one; which it is, the child's place decides. */
async function showNear(/** @type {any} */ flow, /** @type {HTMLElement} */ place) {
  const { me, offices, now } = flow;
  if (!me.seat_ags) return;
  try {
    const { land } = await offices.land();
    const office = officeFor(land, ["jugendamt"], me.seat_ags, dayOf(now()));
    const name = say("before.seat", { place: office.municipality, name: office.name });
    fill(place, paragraph(name), office.telephone && paragraph(say("office.telephone"), " ", telephone(office.telephone)));
    if (!office.takesPart) return;
    fill(place, paragraph(name), ...officeFacts(await offices.of(office.id, {})));
  } catch (trouble) {
    if (!(trouble instanceof PlaceUnknown)) fill(place, small(say("office.unknown")));
  }
}

