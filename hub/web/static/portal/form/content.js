// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * What exactly is sent of what was typed?
 *
 * Only what the schema names, in its order, without empty members, and nothing that is hidden: an
 * answer that no longer applies does not leave the house because it was typed once.
 */

import { fieldMap, get, holds, indicesOf, isEmpty, isUnfinished, put, templateOf } from "./fields.js";
import { NAMED_IN_ABS_1 } from "./rules/kkg.js";

/**
 * @typedef {import("./fields.js").Description} Description
 * @typedef {import("./fields.js").Values} Values
 * @typedef {import("./fields.js").Field} Field
 * @typedef {{personKey?: string | null, place?: {ags: string, name?: string} | null}} Fill
 * @typedef {{[keyword: string]: any}} Schema
 */

/** @type {WeakMap<object, Schema>} */
const RESOLVED = new WeakMap();

/**
 * Return a bundled schema with every reference replaced; what stands beside one wins.
 *
 * @param {Schema} schema
 * @returns {Schema}
 */
export function resolved(schema) {
  const known = RESOLVED.get(schema);
  if (known) return known;
  const definitions = schema.$defs ?? {};
  /** @param {any} part @returns {any} */
  const walk = (part) => {
    if (Array.isArray(part)) return part.map(walk);
    if (part === null || typeof part !== "object") return part;
    const { $ref: reference, ...beside } = part;
    const whole = reference ? { ...definitions[reference.slice(8)], ...beside } : beside;
    if (whole.$ref) return walk(whole);
    return Object.fromEntries(Object.entries(whole).map(([name, member]) => [name, walk(member)]));
  };
  const { $defs: _, ...root } = schema;
  const found = walk(root);
  RESOLVED.set(schema, found);
  return found;
}

/**
 * Return the content that these values are.
 *
 * @param {Description} description
 * @param {Values} values
 * @param {Fill} [fill] what the browser fills in
 * @returns {{[member: string]: any}}
 */
export function toContent(description, values, fill = {}) {
  const fields = fieldMap(description);
  return object(resolved(description.schema), "", true) ?? {};

  /** @param {Schema} schema @param {string} at @param {boolean} isRequired @returns {any} */
  function part(schema, at, isRequired) {
    const field = fields.get(templateOf(at));
    if (field && !holds(field.when, values, indicesOf(at))) return undefined;
    if (field?.kind === "machine") return filled(field, at);
    if (field?.kind === "birth") return birth(schema, at);
    if (schema.type === "object") return object(schema, at, isRequired);
    if (schema.type === "array") return list(schema, at);
    return leaf(get(values, at));
  }

  /** @param {Schema} schema @param {string} at @param {boolean} isRequired */
  function object(schema, at, isRequired) {
    /** @type {{[member: string]: any}} */
    const made = {};
    for (const [name, member] of Object.entries(schema.properties)) {
      const value = part(member, `${at}/${name}`, schema.required?.includes(name) ?? false);
      if (value !== undefined) made[name] = value;
    }
    return isRequired || !isEmpty(made) ? made : undefined;
  }

  /** @param {Schema} schema @param {string} at */
  function list(schema, at) {
    const said = get(values, at);
    if (!Array.isArray(said)) return undefined;
    const items = said.map((_, i) => part(schema.items, `${at}/${i}`, false));
    const kept = items.filter((item) => item !== undefined);
    return kept.length ? kept : undefined;
  }

  /** @param {Schema} schema @param {string} at */
  function birth(schema, at) {
    return isUnfinished(get(values, at)) ? undefined : object(schema, at, false);
  }

  /** Tells whether whoever writes is one of those who get feedback; to others no key is named. */
  function isHeard() {
    return NAMED_IN_ABS_1.includes(get(values, "/absender/berufsgruppe"));
  }

  /** @param {Field} field @param {string} at */
  function filled(field, at) {
    if (field.fill === "constant") return field.value;
    if (field.fill === "person-key") return isHeard() ? (fill.personKey ?? undefined) : undefined;
    // A place that was chosen for this field wins over the one that decides who is responsible.
    return leaf(get(values, at)) ?? (/\/anschrift\//.test(at) ? fill.place?.ags : undefined);
  }
}

/** @param {any} value */
function leaf(value) {
  if (isEmpty(value) || isUnfinished(value)) return undefined;
  return typeof value === "string" ? tidy(value) || undefined : value;
}

/**
 * Return a text as it is sent: one spelling, one kind of line break, no blanks around.
 *
 * @param {string} text
 */
export const tidy = (text) =>
  text.normalize("NFC").replace(/\r\n?/g, "\n").replace(/\t/g, " ").trim();

/**
 * Return values to go on from a content, for a draft that was passed on or a correction.
 *
 * @param {Description} _description
 * @param {{[member: string]: any}} content
 * @returns {Values}
 */
export const fromContent = (_description, content) => structuredClone(content);

/**
 * Return values in which stands what is known of whoever writes.
 *
 * @param {Description} description
 * @param {{family?: string, telephone?: string}} person
 * @returns {Values}
 */
export function startValues(description, { family, telephone }) {
  /** @type {Values} */
  let values = {};
  for (const field of fieldMap(description).values()) {
    if (field.pointer.includes("*")) continue;
    if (field.fill === "name" && family) values = put(values, field.pointer, family);
    if (field.fill === "telephone" && telephone) {
      values = put(values, field.pointer, telephone);
      const beside = field.pointer.replace(/\/[^/]+$/, "/kanal");
      if (fieldMap(description).has(beside)) values = put(values, beside, channelOf(telephone));
    }
  }
  return values;
}

/** Codes of the list kontaktkanal. @param {string} telephone */
const channelOf = (telephone) =>
  telephone.includes("@") ? "01" : /^(?:\+49|0)[\s/-]?1[5-7]/.test(telephone) ? "03" : "02";

export { fieldIdOf, isShown, pageOf } from "./fields.js";
