// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * What is still missing or not right, in words that name the field?
 *
 * The same three questions as everywhere: does each field hold what it may, does the content fit its
 * schema, do the rules of the law hold? A page asks only the first, so that nobody is told of what
 * comes later.
 */

import { checkContent } from "../../sl1/content.js";
import { derive } from "../../sl1/schema.js";
import { t } from "../common/texts.js";
import { firstOdd, firstOutside, firstUnseen } from "./characters.js";
import { resolved, tidy, toContent } from "./content.js";
import {
  fieldIdOf, get, inside, isEmpty, isNeeded, isShown, isUnfinished, labelOf, pageOf, pointerAt,
} from "./fields.js";
import { today } from "./input.js";
import { brokenRules } from "./rules/index.js";
import { TEXTS } from "./texts.js";

/**
 * @typedef {import("./fields.js").Description} Description
 * @typedef {import("./fields.js").Field} Field
 * @typedef {import("./fields.js").FieldError} FieldError
 * @typedef {import("./fields.js").Page} Page
 * @typedef {import("./fields.js").Values} Values
 * @typedef {object} Circumstances
 * @property {Date} [now]
 * @property {string} [basis] the claim lb
 * @property {string} [urgency]
 * @property {string[]} [speakers] protocol roles of the own unit
 * @property {import("./content.js").Fill} [fill]
 */

/** Questions that are answered by choosing. */
const CHOSEN = new Set(["choice", "yes-no", "several"]);

/**
 * Return what is wrong on one page.
 *
 * @param {Description} description
 * @param {Page} page
 * @param {Values} values
 * @param {Circumstances} [circumstances]
 * @returns {FieldError[]}
 */
export function checkPage(description, page, values, circumstances = {}) {
  const now = circumstances.now ?? new Date();
  /** @type {FieldError[]} */
  const found = [];
  page.fields.forEach((field) => visit(field, []));
  return found;

  /** @param {Field} field @param {number[]} indices */
  function visit(field, indices) {
    if (!isShown(field, values, indices)) return;
    const pointer = pointerAt(field.pointer, indices);
    if (field.kind === "group") inside(field).forEach((inner) => visit(inner, indices));
    else if (field.kind === "list") visitList(field, pointer, indices);
    else note(pointer, checkField(field, get(values, pointer), isNeeded(field, values, indices), now));
  }

  /** @param {Field} field @param {string} pointer @param {number[]} indices */
  function visitList(field, pointer, indices) {
    const said = get(values, pointer);
    const entries = Array.isArray(said) ? said : [];
    const least = isNeeded(field, values, indices) || entries.length ? (field.min ?? 0) : 0;
    for (let i = 0; i < Math.max(entries.length, least); i += 1) {
      if (i < least && isEmpty(entries[i])) visitEmpty(field, pointer, [...indices, i]);
      else inside(field).forEach((inner) => visit(inner, [...indices, i]));
    }
  }

  /** An entry that has to be there shows its questions, so they are what is missing. @param {Field} field @param {string} pointer @param {number[]} indices */
  function visitEmpty(field, pointer, indices) {
    const needed = inside(field).filter((inner) => inner.required || field.item);
    if (!needed.length) note(pointer, ["missingEntry", {}]);
    for (const inner of needed) note(pointerAt(inner.pointer, indices), checkField(inner, undefined, true, now));
  }

  /** @param {string} pointer @param {Fault} fault */
  function note(pointer, fault) {
    if (fault) found.push(errorAt(description, pointer, fault));
  }
}

/** @typedef {[string, {[name: string]: string | number}] | null} Fault key of a text, and its values */

/**
 * @param {Description} description
 * @param {string} pointer
 * @param {NonNullable<Fault>} fault
 * @returns {FieldError}
 */
function errorAt(description, pointer, [key, said]) {
  const message = t(TEXTS, key, { label: labelOf(description, pointer), ...said });
  return { pointer, fieldId: fieldIdOf(pointer), page: pageOf(description, pointer)?.id ?? null, message };
}

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

/** @type {Record<string, (field: Field, value: any, now: Date) => Fault>} */
const CHECKS = {
  line: checkText,
  paragraph: checkText,
  choice: ({ choices = [] }, value) => (choices.some((each) => each.value === value) ? null : ["noChoice", {}]),
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
  const { min = 0, max = Infinity, choices = [] } = field;
  if (count < min) return ["tooFew", { min }];
  if (count > max) return ["tooMany", { max, count }];
  return value.every((/** @type {any} */ each) => choices.some((c) => c.value === each)) ? null : ["noChoice", {}];
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

/**
 * Return everything that keeps a form from being sent: fields, schema, rules; each place once.
 *
 * @param {Description} description
 * @param {Values} values
 * @param {Circumstances} [circumstances]
 * @returns {Promise<FieldError[]>}
 */
export async function checkAll(description, values, circumstances = {}) {
  const found = description.pages.flatMap((/** @type {Page} */ page) =>
    checkPage(description, page, values, circumstances),
  );
  const content = toContent(description, values, circumstances.fill);
  const noted = new Set(found.map((/** @type {FieldError} */ error) => error.pointer));
  const add = (/** @type {FieldError} */ error) => {
    if (!noted.has(error.pointer)) found.push(error);
    noted.add(error.pointer);
  };
  // What a rule says is clearer than what a schema says, so it comes first.
  checkRules(description, content, circumstances).forEach(add);
  if (found.length === 0) (await checkSchema(description, content)).forEach(add);
  return inOrder(description, found);
}

/**
 * Return the rules of the law that a content breaks, each at its places.
 *
 * @param {Description} description
 * @param {{[member: string]: any}} content
 * @param {Circumstances} circumstances
 * @returns {FieldError[]}
 */
function checkRules(description, content, { basis = "", urgency = "", speakers = [] }) {
  const says = new Map(description.rules.map((/** @type {any} */ rule) => [rule.id, rule]));
  const saying = { content, basis, urgency, speakers: new Set(speakers) };
  return brokenRules([...says.keys()], saying).flatMap(({ rule, pointers }) =>
    pointers.map((pointer) => {
      const { citation, says: sentence } = says.get(rule);
      const message = citation ? `${sentence} (${citation})` : sentence;
      const page = pageOf(description, pointer)?.id ?? null;
      return { pointer, fieldId: fieldIdOf(pointer), page, message, rule };
    }),
  );
}

/** @param {Description} description @param {{[member: string]: any}} content */
async function checkSchema(description, content) {
  try {
    checkContent(await derive(description.schema), content);
    return [];
  } catch (refusal) {
    const { pointers } = /** @type {{pointers?: string[]}} */ (refusal);
    if (!pointers) throw refusal;
    return pointers
      .flatMap((pointer) => missingBelow(description, content, pointer))
      .map((pointer) => errorAt(description, pointer, ["schema", {}]));
  }
}

/** Name what is missing in an object that lacks something, since only we know its members. @param {Description} description @param {any} content @param {string} pointer */
function missingBelow(description, content, pointer) {
  const said = get(content, pointer);
  const schema = schemaAt(resolved(description.schema), pointer);
  const open = (schema?.required ?? []).filter((/** @type {string} */ name) => !Object.hasOwn(said ?? {}, name));
  return open.length ? open.map((/** @type {string} */ name) => `${pointer}/${name}`) : [pointer];
}

/** @param {any} schema @param {string} pointer */
function schemaAt(schema, pointer) {
  return pointer
    .split("/")
    .slice(1)
    .reduce((part, name) => (/^\d+$/.test(name) ? part?.items : part?.properties?.[name]), schema);
}

/** Sort as the pages stand. @param {Description} description @param {FieldError[]} errors */
function inOrder(description, errors) {
  const places = description.pages.map((/** @type {Page} */ page) => page.id);
  const rank = (/** @type {FieldError} */ { page }) => (page === null ? places.length : places.indexOf(page));
  return [...errors].sort((one, other) => rank(one) - rank(other));
}
