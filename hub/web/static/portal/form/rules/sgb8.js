// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Rules of the SGB VIII: what a Jugendamt says, and what it says only in a talk. */

import { talkWithoutTrace } from "./gemeinsam.js";
import { talksLeftOpen } from "./kkg.js";
import { inEvery, isObject, isStated, open } from "./rule.js";

const DAY = 86_400_000;

/** @type {import("./rule.js").Check} */
function planWithoutTalk(saying) {
  const talk = saying.content.gespraech;
  if (saying.content.hilfeplanfall !== true || !isObject(talk)) return [];
  return talk.erfolgt === true ? talkWithoutTrace(saying) : ["/gespraech/erfolgt"];
}

/** @type {import("./rule.js").Check} */
function entrustedInTheOpen({ content }) {
  const isEntrusted = content.teil === "anvertrautes";
  const [needed, foreign] = isEntrusted
    ? ["richtig_anvertraut", "richtig"]
    : ["richtig", "richtig_anvertraut"];
  return [
    ...(isStated(content[needed]) ? [] : [`/${needed}`]),
    ...(isStated(content[foreign]) ? [`/${foreign}`] : []),
  ];
}

/** @type {import("./rule.js").Check} */
function toldOrStillTrying({ content: { information } }) {
  if (!isObject(information)) return [];
  const told = information.betroffene_informiert ?? null;
  if ((told === null) !== (information.nicht_erreicht === true)) {
    return ["/information/betroffene_informiert"];
  }
  return told === "ja" && !isStated(information.zeitpunkt) ? ["/information/zeitpunkt"] : [];
}

/** @type {import("./rule.js").Check} */
function heldTooLong({ content: { freiheitsentziehung: held } }) {
  if (!isObject(held) || held.besteht !== true) return [];
  if (typeof held.seit !== "string") return ["/freiheitsentziehung/seit"];
  if (held.gericht_hat_entschieden === true) return [];
  const isInTime =
    typeof held.endet === "string" &&
    Date.parse(held.endet) >= Date.parse(held.seit) &&
    daysBetween(held.seit, held.endet) <= 1;
  return isInTime ? [] : ["/freiheitsentziehung/endet"];
}

/**
 * Count midnights where it began: an hour past the second one is already too long.
 *
 * @param {string} since
 * @param {string} until
 */
function daysBetween(since, until) {
  const shift = Date.parse(`${since.slice(0, 19)}Z`) - Date.parse(since);
  const day = (/** @type {string} */ moment) => Math.floor((Date.parse(moment) + shift) / DAY);
  return day(until) - day(since);
}

/** @type {Record<string, string[]>} */
const FOREIGN = { uebernahme: ["beendet_um"], ende: ["uebernommen_von", "uebernommen_um"] };

/** @type {Record<string, import("./rule.js").Check>} */
export const RULES = {
  "noch-taetig-nur-nach-taetig-geworden": ({ content }) =>
    content.noch_taetig === true && content.taetig_geworden !== true ? ["/noch_taetig"] : [],
  "einbezogen-oder-warum-nicht": talksLeftOpen,
  "eltern-zuerst-oder-warum-nicht": (saying) =>
    inEvery(saying, "eltern", (parents) => open(parents, parents.versucht === true ? "ergebnis" : "grund")),
  "weitergabe-im-gespraech-oder-mit-grund": talkWithoutTrace,
  "hilfeplanfall-nur-mit-gespraech": planWithoutTalk,
  "anvertrautes-nur-im-eigenen-feld": entrustedInTheOpen,
  "unterrichtet-oder-nicht-erreicht": toldOrStillTrying,
  "widerspruch-mit-zeitpunkt": ({ content: { widerspruch: objection } }) =>
    isObject(objection) && objection.erhoben === true && !isStated(objection.zeitpunkt)
      ? ["/widerspruch/zeitpunkt"]
      : [],
  "freiheitsentziehung-bis-zum-folgetag": heldTooLong,
  "stand-nur-zum-berichtigten": ({ content }) =>
    (Object.hasOwn(FOREIGN, String(content.berichtigt)) ? FOREIGN[content.berichtigt] : [])
      .filter((name) => Object.hasOwn(content, name))
      .map((name) => `/${name}`),
  "jugendamt-nimmt-nur-zur-kenntnis": ({ content, basis }) =>
    basis === "sgb8-64-1"
      ? [
          ...(content.ergebnis === "zur-kenntnis" ? [] : ["/ergebnis"]),
          ...(Object.hasOwn(content, "am") ? ["/am"] : []),
        ]
      : [],
};
