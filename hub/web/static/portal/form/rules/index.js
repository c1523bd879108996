// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** What does the law ask for that no JSON schema can say? All rules, by name. */

import { RULES as GEMEINSAM } from "./gemeinsam.js";
import { RULES as JGG } from "./jgg.js";
import { RULES as KKG } from "./kkg.js";
import { RULES as LANDESRECHT } from "./landesrecht.js";
import { RULES as SGB10 } from "./sgb10.js";
import { RULES as SGB8 } from "./sgb8.js";

/** @typedef {import("./rule.js").Saying} Saying */

/** @type {Readonly<Record<string, import("./rule.js").Check>>} */
export const RULES = Object.freeze({ ...GEMEINSAM, ...KKG, ...SGB8, ...SGB10, ...JGG, ...LANDESRECHT });

/**
 * Return the named rules that are broken, each with its places.
 *
 * A name that is not known here is a rule newer than this program, so nothing can be sent with it.
 *
 * @param {string[]} names
 * @param {Saying} saying
 */
export const brokenRules = (names, saying) =>
  names
    .map((rule) => ({ rule, pointers: known(rule)(saying) }))
    .filter(({ pointers }) => pointers.length > 0);

/** @param {string} name */
function known(name) {
  if (!Object.hasOwn(RULES, name)) throw new Error(`no rule ${name}`);
  return RULES[name];
}
