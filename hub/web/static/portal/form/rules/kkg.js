// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Rules of the KKG: talk first, tell those concerned, and feedback for whom the law names. */

import { UNMISTAKABLE, findIdentifiers } from "../identifiers.js";
import { at, isObject, isStated, objects } from "./rule.js";

/** Codes of the list kkg-person for the seven professions of § 4 Abs. 1 KKG. */
export const NAMED_IN_ABS_1 = [
  "heilberuf", "psychologie", "beratung", "suchtberatung",
  "schwangerschaftsberatung", "sozialarbeit", "lehrkraft",
];
const TALKS = ["gespraech_kind", "gespraech_eltern"];

/**
 * Each talk that did not take place and gives no reason; another statute asks too.
 *
 * @type {import("./rule.js").Check}
 */
export const talksLeftOpen = ({ content }) =>
  [...objects(content)].flatMap(([pointer, part]) =>
    TALKS.filter((name) => {
      const talk = part[name];
      return isObject(talk) && talk.erfolgt === false && !isStated(talk.ergebnis);
    }).map((name) => `${pointer}/${name}/ergebnis`),
  );

/** @type {import("./rule.js").Check} */
function dutyOfOthers({ content, basis }) {
  if (basis !== "kkg-4-3-s3") return [];
  return [
    ...(content.dringende_gefahr === true ? [] : ["/dringende_gefahr"]),
    ...(at(content, "absender", "berufsgruppe") === "heilberuf" ? [] : ["/absender/berufsgruppe"]),
  ];
}

/** @type {Record<string, import("./rule.js").Check>} */
export const RULES = {
  "gespraech-oder-warum-nicht": talksLeftOpen,
  "rueckmeldung-nur-fuer-berufe-des-abs-1": ({ content }) =>
    (content.rueckmeldung_an ?? null) === null ||
    NAMED_IN_ABS_1.includes(at(content, "absender", "berufsgruppe"))
      ? []
      : ["/rueckmeldung_an"],
  "dringende-gefahr-unverzueglich": ({ content, urgency }) =>
    content.dringende_gefahr === true && urgency === "planbar" ? ["/dringende_gefahr"] : [],
  "satz-3-nur-heilberuf-bei-dringender-gefahr": dutyOfOthers,
  "ohne-erkennungsmerkmale": ({ content }) => {
    const hints = findIdentifiers(content).filter(({ kind }) => UNMISTAKABLE.has(kind));
    return [...new Set(hints.map(({ pointer }) => pointer))];
  },
  "sperre-und-information-widersprechen": ({ content }) =>
    at(content, "information", "betroffene_informiert") === "ja" &&
    at(content, "informationssperre", "gilt") === true
      ? ["/informationssperre/gilt"]
      : [],
};
