// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Rules of the law of North Rhine-Westphalia: what comes before a child is fetched to school. */

import { at } from "./rule.js";

/** @type {import("./rule.js").Check} */
function fetchedWithoutWarning({ content }) {
  if (at(content, "massnahme", "art") !== "zufuehrung") return [];
  if (at(content, "mahnung", "schriftlich") !== true) return ["/mahnung/schriftlich"];
  const [warned, from] = [at(content, "mahnung", "am"), at(content, "massnahme", "ab")];
  // Dates are written year first, so they sort as they follow each other.
  const inTime = typeof warned === "string" && (typeof from !== "string" || warned < from);
  return inTime ? [] : ["/mahnung/am"];
}

/** @type {Record<string, import("./rule.js").Check>} */
export const RULES = { "zufuehrung-nur-nach-mahnung": fetchedWithoutWarning };
