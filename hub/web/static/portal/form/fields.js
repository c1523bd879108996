// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * Where in a form is a field, and where in what was typed is its value?
 *
 * A description names fields by templates (`/beobachtungen/*` + `/text`), values and errors by
 * pointers (`/beobachtungen/0/text`). Names of members hold neither `~` nor `/`.
 */

/**
 * @typedef {{pointer: string, in?: any[], not_in?: any[]}} Condition
 * @typedef {object} Field
 * @property {string} kind
 * @property {string} pointer template
 * @property {string} name
 * @property {string} label
 * @property {string} hint
 * @property {boolean} required
 * @property {string | null} within template of the group that may be left out as a whole
 * @property {boolean} more
 * @property {boolean} [past] lies not in the future
 * @property {string | null} law
 * @property {string} class
 * @property {string | null} fill
 * @property {Condition | null} when
 * @property {Condition | null} needed_when
 * @property {Field[]} [fields]
 * @property {Field | null} [item]
 * @property {string} [item_label]
 * @property {{value: any, label: string}[]} [choices]
 * @property {boolean} [select]
 * @property {number} [min]
 * @property {number} [max]
 * @property {number} [bytes]
 * @property {string | null} [pattern]
 * @property {"name" | "place" | "text" | "plain"} [chars]
 * @property {string} [input]
 * @property {string | null} [autocomplete]
 * @property {string[]} [parts]
 * @property {any} [value]
 *
 * @typedef {{id: string, title: string, hint: string, optional: boolean, fields: Field[]}} Page
 * @typedef {{[member: string]: any}} Description
 * @typedef {{[member: string]: any}} Values content-like; what is unfinished is `{_: …}`
 * @typedef {{pointer: string, fieldId: string, page: string | null, message: string, rule?: string}} FieldError
 */

/** @type {WeakMap<object, Map<string, Field>>} */
const MAPS = new WeakMap();

/** Return the template of a pointer: places in lists become `*`. @param {string} pointer */
export const templateOf = (pointer) => pointer.replace(/\/\d+(?=\/|$)/g, "/*");

/**
 * Return the pointer of a template with these places in lists.
 *
 * @param {string} template
 * @param {number[]} indices
 */
export function pointerAt(template, indices) {
  let next = 0;
  return template.replace(/\*/g, () => String(indices[next++] ?? 0));
}

/** @param {string} pointer @returns {number[]} */
export const indicesOf = (pointer) =>
  [...pointer.matchAll(/\/(\d+)(?=\/|$)/g)].map((found) => Number(found[1]));

/** Return the id of the element in which a field stands. @param {string} pointer */
export const fieldIdOf = (pointer) => `feld${pointer.replaceAll("/", "-").replaceAll("_", "-")}`;

/** Return what is within a group or one entry of a list. @param {Field} field @returns {Field[]} */
export const inside = (field) => (field.item ? [field.item] : (field.fields ?? []));

/**
 * Return all fields of a form by template, machine fields included.
 *
 * @param {Description} description
 */
export function fieldMap(description) {
  const known = MAPS.get(description);
  if (known) return known;
  /** @type {Map<string, Field>} */
  const found = new Map();
  const take = (/** @type {Field[]} */ fields) => {
    for (const field of fields) {
      found.set(field.pointer, field);
      take(inside(field));
    }
  };
  for (const page of description.pages) take(page.fields);
  take(description.machine);
  MAPS.set(description, found);
  return found;
}

/**
 * Return the page on which a place is asked for; of a place that is not on one, that of the nearest
 * place above or below it.
 *
 * @param {Description} description
 * @param {string} pointer
 * @returns {Page | null}
 */
export function pageOf(description, pointer) {
  const template = templateOf(pointer);
  const has = (/** @type {(at: string) => boolean} */ fits) =>
    description.pages.find((/** @type {Page} */ page) => [...all(page.fields)].some((f) => fits(f.pointer)));
  return (
    has((at) => at === template) ??
    has((at) => template.startsWith(`${at}/`)) ??
    has((at) => at.startsWith(`${template}/`)) ??
    null
  );
}

/** @param {Field[]} fields @returns {Generator<Field>} */
export function* all(fields) {
  for (const field of fields) {
    yield field;
    yield* all(inside(field));
  }
}

/**
 * Return what stands at a place, or undefined.
 *
 * @param {any} values
 * @param {string} pointer
 * @returns {any}
 */
export function get(values, pointer) {
  let part = values;
  for (const name of pointer.split("/").slice(1)) {
    if (part === null || typeof part !== "object" || !Object.hasOwn(part, name)) return undefined;
    part = part[name];
  }
  return part;
}

/**
 * Return values in which something else stands at a place; undefined takes it away.
 *
 * @param {any} values
 * @param {string} pointer
 * @param {any} value
 * @returns {any}
 */
export function put(values, pointer, value) {
  const [name, ...rest] = pointer.split("/").slice(1);
  if (name === undefined) return value;
  const isPlace = /^\d+$/.test(name);
  const isList = Array.isArray(values) || (values === undefined && isPlace);
  const copy = isList ? [...(values ?? [])] : { ...values };
  const inner = rest.length ? put(copy[/** @type {any} */ (name)], `/${rest.join("/")}`, value) : value;
  if (inner === undefined && Array.isArray(copy)) copy.splice(Number(name), 1);
  else if (inner === undefined) delete copy[name];
  else /** @type {any} */ (copy)[name] = inner;
  return copy;
}

/** Tells whether a value was begun and is not one yet. @param {any} value */
export const isUnfinished = (value) =>
  value !== null && typeof value === "object" && !Array.isArray(value) && Object.hasOwn(value, "_");

/** Tells whether nothing is said here. @param {any} value @returns {boolean} */
export function isEmpty(value) {
  if (value === undefined || value === null || value === "") return true;
  if (Array.isArray(value)) return value.every(isEmpty);
  if (isUnfinished(value)) return false;
  return typeof value === "object" && Object.values(value).every(isEmpty);
}

/**
 * Tells whether a condition holds for what was said so far.
 *
 * @param {Condition | null | undefined} condition
 * @param {Values} values
 * @param {number[]} indices
 */
export function holds(condition, values, indices = []) {
  if (!condition) return true;
  const said = get(values, pointerAt(condition.pointer, indices));
  return condition.in ? condition.in.includes(said) : !condition.not_in?.includes(said);
}

/**
 * Tells whether a field is asked for now.
 *
 * @param {Field} field
 * @param {Values} values
 * @param {number[]} [indices]
 */
export const isShown = (field, values, indices = []) => holds(field.when, values, indices);

/**
 * Tells whether a field may not be left open now.
 *
 * @param {Field} field
 * @param {Values} values
 * @param {number[]} [indices]
 */
export function isNeeded(field, values, indices = []) {
  if (field.needed_when && holds(field.needed_when, values, indices)) return true;
  if (!field.required) return false;
  return field.within === null || !isEmpty(get(values, pointerAt(field.within, indices)));
}

/**
 * Return what a place is called, with the entry of a list it is in: `Beobachtung 2: Wer …?`.
 *
 * @param {Description} description
 * @param {string} pointer
 */
export function labelOf(description, pointer) {
  const fields = fieldMap(description);
  const template = templateOf(pointer);
  const own = fields.get(template)?.label ?? description.title;
  const list = /^(.*?)\/(\d+)(?=\/|$)/.exec(pointer);
  const entry = list ? fields.get(templateOf(list[1]))?.item_label : null;
  return list && entry ? `${entry} ${Number(list[2]) + 1}: ${own}` : own;
}
