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
import { resolved, toContent } from "./content.js";
import { checkField } from "./faults.js";
import { fieldIdOf, get, inside, isEmpty, isNeeded, isShown, labelOf, pageOf, pointerAt } from "./fields.js";
import { brokenRules } from "./rules/index.js";
import { TEXTS } from "./texts.js";

/**
 * @typedef {import("./fields.js").Description} Description
 * @typedef {import("./fields.js").Field} Field
 * @typedef {import("./fields.js").FieldError} FieldError
 * @typedef {import("./faults.js").Fault} Fault
 * @typedef {import("./fields.js").Page} Page
 * @typedef {import("./fields.js").Values} Values
 * @typedef {object} Circumstances
 * @property {Date} [now]
 * @property {string} [basis] the claim lb
 * @property {string} [urgency]
 * @property {string[]} [speakers] protocol roles of the own unit
 * @property {import("./content.js").Fill} [fill]
 */

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

  /**
   * An entry that has to be there shows its questions, so they are what is missing.
   *
   * @param {Field} field
   * @param {string} pointer
   * @param {number[]} indices
   */
  function visitEmpty(field, pointer, indices) {
    const needed = inside(field).filter((inner) => inner.required || field.item);
    if (!needed.length) note(pointer, ["missingEntry", {}]);
    for (const inner of needed) {
      note(pointerAt(inner.pointer, indices), checkField(inner, undefined, true, now));
    }
  }

  /** @param {string} pointer @param {Fault} fault */
  function note(pointer, fault) {
    if (fault) found.push(errorAt(description, pointer, fault));
  }
}

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

/**
 * Name what is missing in an object that lacks something, since only we know its members.
 *
 * @param {Description} description
 * @param {any} content
 * @param {string} pointer
 */
function missingBelow(description, content, pointer) {
  const said = get(content, pointer);
  const schema = schemaAt(resolved(description.schema), pointer);
  const isMissing = (/** @type {string} */ name) => !Object.hasOwn(said ?? {}, name);
  const open = (schema?.required ?? []).filter(isMissing);
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
