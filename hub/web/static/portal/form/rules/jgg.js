// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Rules of the JGG: the Jugendgerichtshilfe hears in time, and at once where somebody is held. */

import { isObject, isStated } from "./rule.js";

/** Code of the list strafverfahren-stand; what the police say has no other stage. */
const INVESTIGATION = "ermittlungen";

/** @param {import("./rule.js").Content} content */
const isInvestigation = ({ stand = INVESTIGATION }) => stand === INVESTIGATION;

/** @type {import("./rule.js").Check} */
function interrogationUndated({ content }) {
  const hearing = content.vernehmung;
  if (!isObject(hearing)) return isInvestigation(content) ? ["/vernehmung"] : [];
  const { ladung_am: summons, am: heard } = hearing;
  const needed = hearing.geladen === true ? "ladung_am" : "am";
  if (!isStated(hearing[needed])) return [`/vernehmung/${needed}`];
  // Days of one spelling (RFC 3339) are in order when their texts are.
  const isLate = typeof summons === "string" && typeof heard === "string" && summons > heard;
  return isLate ? ["/vernehmung/ladung_am"] : [];
}

/** @type {Record<string, import("./rule.js").Check>} */
export const RULES = {
  "ladung-oder-vernehmung": interrogationUndated,
  "ohne-ladung-unverzueglich": ({ content, urgency }) =>
    isObject(content.vernehmung) &&
    isInvestigation(content) &&
    content.vernehmung.geladen === false &&
    urgency === "planbar"
      ? ["/vernehmung/geladen"]
      : [],
  "haftsache-ist-sofort": ({ content, urgency }) =>
    content.haft === true && urgency !== "sofort" ? ["/haft"] : [],
};
