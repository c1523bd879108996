// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * What is wrong with one value, and which sentence says so?
 *
 * Each kind of field has its own check; what is left open is the same for all.
 */

import { t } from "../common/texts.js";
import { firstOdd, firstOutside, firstUnseen } from "./characters.js";
import { tidy } from "./content.js";
import { isEmpty, isUnfinished } from "./fields.js";
import { today } from "./input.js";
import { TEXTS } from "./texts.js";

/** @typedef {import("./fields.js").Field} Field */
/** @typedef {[string, {[name: string]: string | number}] | null} Fault key of a text, and its values */

/** Questions that are answered by choosing. */
const CHOSEN = new Set(["choice", "yes-no", "several"]);

/**
 * Return the fault of one value, or null.
 *
 * @param {Field} field
 * @param {any} value
 * @param {boolean} isNecessary
 * @param {Date} now
 * @returns {Fault}
 */
export function checkField(field, value, isNecessary, now) {
  if (isEmpty(value) || (typeof value === "string" && tidy(value) === "")) {
    if (!isNecessary) return null;
    if (field.kind === "confirm") return ["missingConfirm", {}];
    return [CHOSEN.has(field.kind) ? "missingChoice" : "missing", {}];
  }
  const check = CHECKS[field.kind];
  return check ? check(field, value, now) : null;
}

/** @param {Field} field @param {any} value */
const isOffered = (field, value) => (field.choices ?? []).some((choice) => choice.value === value);

/** @type {Record<string, (field: Field, value: any, now: Date) => Fault>} */
const CHECKS = {
  line: checkText,
  paragraph: checkText,
  choice: (field, value) => (isOffered(field, value) ? null : ["noChoice", {}]),
  several: checkSeveral,
  number: checkNumber,
  date: checkDate,
  moment: checkMoment,
  birth: checkBirth,
};

/** @param {Field} field @param {any} value @returns {Fault} */
function checkText(field, value) {
  const text = tidy(String(value));
  const { min = 0, max = Infinity, bytes = 4, pattern, chars } = field;
  const count = [...text].length;
  if (count > max) return ["tooLong", { count, max }];
  const unseen = firstUnseen(text);
  if (unseen) return ["unseen", { place: unseen.place }];
  const odd = chars === "name" || chars === "place" ? firstOdd(text, chars) : null;
  if (odd) return [chars === "name" ? "oddName" : "oddPlace", asSaid(odd)];
  if (pattern && !new RegExp(pattern, "u").test(text)) return checkPattern(field, text, pattern);
  if (count < min) return ["tooShort", { count, min }];
  const weight = spelled(text) - (2 + bytes * max);
  return weight > 0 ? ["tooHeavy", { count: Math.ceil(weight / bytes) }] : null;
}

/** @param {{text: string, place: number}} odd */
const asSaid = ({ text, place }) => ({ text, place });

/** @param {Field} field @param {string} text @param {string} pattern @returns {Fault} */
function checkPattern(field, text, pattern) {
  const odd = firstOutside(text, pattern);
  return odd ? ["oddPlain", asSaid(odd)] : ["form", { hint: field.hint }];
}

/** Bytes of a text in canonical JSON, which is what is sealed. @param {string} text */
const spelled = (text) => new TextEncoder().encode(JSON.stringify(text)).length;

/** @param {Field} field @param {any} value @returns {Fault} */
function checkSeveral(field, value) {
  const count = value.length;
  const { min = 0, max = Infinity } = field;
  if (count < min) return ["tooFew", { min }];
  if (count > max) return ["tooMany", { max, count }];
  return value.every((/** @type {any} */ each) => isOffered(field, each)) ? null : ["noChoice", {}];
}

/** @param {Field} field @param {any} value @returns {Fault} */
function checkNumber({ min = 0, max = 0 }, value) {
  return Number.isSafeInteger(value) && value >= min && value <= max ? null : ["noNumber", { min, max }];
}

/** @param {Field} field @param {any} value @param {Date} now @returns {Fault} */
function checkDate(field, value, now) {
  if (isUnfinished(value)) return checkParts(value._, ["tag", "monat", "jahr"]) ?? ["noDate", {}];
  return field.past && value > today(now) ? ["future", {}] : null;
}

/** @param {Field} field @param {any} value @param {Date} now @returns {Fault} */
function checkMoment(field, value, now) {
  if (isUnfinished(value)) {
    return checkParts(value._, ["tag", "monat", "jahr", "uhr"]) ?? ["noMoment", {}];
  }
  return field.past && Date.parse(value) > now.getTime() + LEEWAY ? ["future", {}] : null;
}

/** Clocks of a house may be a few minutes off. */
const LEEWAY = 300_000;
/** @type {Record<string, string>} */
const PARTS = { tag: "day", monat: "month", jahr: "year", uhr: "clock" };

/** @param {{[name: string]: string}} typed @param {string[]} names @returns {Fault} */
function checkParts(typed, names) {
  const open = names.filter((name) => !typed[name]);
  if (!open.length) return null;
  return ["partDate", { parts: open.map((name) => t(TEXTS, PARTS[name])).join(", ") }];
}

/** @param {Field} field @param {any} value @param {Date} now @returns {Fault} */
function checkBirth({ min = 0, max = 0 }, value, now) {
  if (isUnfinished(value)) return ["noBirth", {}];
  const { jahr: year, monat: month, tag: day } = value;
  if (year === undefined) return ["birthYear", {}];
  if (year < min || year > max) return ["birthRange", { min, max }];
  if (day !== undefined && month === undefined) return ["birthMonth", {}];
  const two = (/** @type {number} */ part) => String(part).padStart(2, "0");
  const last = new Date(Date.UTC(year, month ?? 12, 0)).getUTCDate();
  if (month !== undefined && (month < 1 || month > 12)) return ["noBirth", {}];
  if (day !== undefined && (day < 1 || day > last)) return ["noBirth", {}];
  return `${year}-${two(month ?? 1)}-${two(day ?? 1)}` > today(now) ? ["future", {}] : null;
}
