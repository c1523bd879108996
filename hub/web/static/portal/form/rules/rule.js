// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * How does a rule look around in a content?
 *
 * A rule gets what is said and returns pointers to what breaks it. They name the same places as
 * `hub.protocols.rules`, which the reader's side asks; a test holds both together.
 */

/**
 * @typedef {{[member: string]: any}} Content
 * @typedef {{content: Content, basis: string, urgency: string, speakers: Set<string>}} Saying
 * @typedef {(saying: Saying) => string[]} Check
 */

/** @param {any} value @returns {boolean} */
export const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

/**
 * Tells whether something is stated: an empty text, list or object, 0 and false are not.
 *
 * @param {any} value
 */
export function isStated(value) {
  if (Array.isArray(value)) return value.length > 0;
  if (isObject(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}

/**
 * Yield every object of a content with its pointer, the outer one first.
 *
 * @param {any} part
 * @param {string} [pointer]
 * @returns {Generator<[string, Content]>}
 */
export function* objects(part, pointer = "") {
  if (isObject(part)) {
    yield [pointer, part];
    for (const [name, member] of Object.entries(part)) yield* objects(member, `${pointer}/${name}`);
  } else if (Array.isArray(part)) {
    for (const [index, item] of part.entries()) yield* objects(item, `${pointer}/${index}`);
  }
}

/**
 * Return what stands at a place, or undefined.
 *
 * @param {Content} content
 * @param {...string} path
 * @returns {any}
 */
export function at(content, ...path) {
  /** @type {any} */
  let part = content;
  for (const name of path) part = isObject(part) && Object.hasOwn(part, name) ? part[name] : undefined;
  return part;
}

/**
 * Return what every object that has a certain group breaks in it.
 *
 * @param {Saying} saying
 * @param {string} group
 * @param {(said: Content) => string[]} check names of the members of the group
 */
export const inEvery = (saying, group, check) =>
  [...objects(saying.content)].flatMap(([pointer, part]) =>
    isObject(part[group]) ? check(part[group]).map((name) => `${pointer}/${group}/${name}`) : [],
  );

/** Names of these that are not stated. @param {Content} said @param {...string} names */
export const open = (said, ...names) => names.filter((name) => !isStated(said[name]));
