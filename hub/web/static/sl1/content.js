// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * Does a content fit its schema, and has it the one spelling that its tree has? (SL1 § 3, § 4)
 *
 * The tree has every place of the schema, whatever the content says; what is absent is null there.
 * No two contents have the same tree, so a written null and an empty optional list are faults.
 */

import { isObject, jcsText } from "./canonical.js";
import { must } from "./refusal.js";
import { isOfType, listed, spelledBytes } from "./schema.js";
import { isPlainText } from "./text.js";

/**
 * @typedef {import("./schema.js").Derived} Derived
 * @typedef {import("./schema.js").Node} Node
 * @typedef {import("./schema.js").Leaf} Leaf
 * @typedef {string | number | boolean} Value
 * @typedef {Map<string, Value | null>} Tree value or null by pointer, for every leaf
 */

const CODE = "content-invalid";

/** Tells whether a leaf may have this value. @param {Leaf} leaf @param {unknown} value */
export function isValue({ rule, max }, value) {
  if (!isOfType(rule.type, value)) return false;
  if (listed(rule).length && !listed(rule).includes(value)) return false;
  if (typeof value === "number") return isInside(rule, value);
  return typeof value !== "string" || (isString(rule, value) && spelledBytes(value) <= max);
}

/** @param {import("./schema.js").Keywords} rule @param {number} value */
const isInside = ({ minimum = -Infinity, maximum = Infinity }, value) =>
  value >= minimum && value <= maximum;

/** @param {import("./schema.js").Keywords} rule @param {string} value */
function isString({ minLength = 0, maxLength = Infinity, pattern }, value) {
  const length = [...value].length;
  const fits = length >= minLength && length <= maxLength && isPlainText(value);
  return fits && (pattern === undefined || new RegExp(pattern, "u").test(value));
}

/**
 * Refuse values that their leaves may not have, wherever something is stated.
 *
 * @param {Derived} schema
 * @param {Tree} values of all leaves or of some
 */
export function checkValues(schema, values) {
  const stated = schema.leaves.filter(({ pointer }) => (values.get(pointer) ?? null) !== null);
  const wrong = stated.filter((leaf) => !isValue(leaf, values.get(leaf.pointer)));
  must(wrong.length === 0, CODE, wrong.map((leaf) => leaf.pointer).sort());
}

/**
 * Return the tree of a content, or refuse it with every place that is at fault.
 *
 * @param {Derived} schema
 * @param {unknown} content
 * @returns {Tree}
 */
export function checkContent(schema, content) {
  jcsText(content, CODE);
  /** @type {Tree} */
  const tree = new Map(schema.leaves.map((leaf) => [leaf.pointer, null]));
  /** @type {Set<string>} */
  const faults = new Set();
  visit(schema.root, content, "");
  must(faults.size === 0, CODE, [...faults].sort());
  return tree;

  /**
   * Tells whether anything is stated at or beneath a place.
   *
   * @param {Node} node
   * @param {any} value
   * @param {string} at
   * @returns {boolean}
   */
  function visit(node, value, at) {
    if (node.kind === "leaf") {
      if (isValue(node, value)) tree.set(at, value);
      else faults.add(at);
      return true;
    }
    if (node.kind === "object" ? !isObject(value) : !Array.isArray(value)) {
      faults.add(at);
      return true;
    }
    return node.kind === "object" ? visitObject(node, value, at) : visitList(node, value, at);
  }

  /**
   * @param {import("./schema.js").Branch} node
   * @param {{[name: string]: any}} value
   * @param {string} at
   */
  function visitObject(node, value, at) {
    let stated = false;
    for (const name of node.required) if (!Object.hasOwn(value, name)) faults.add(at);
    for (const [name, inner] of Object.entries(value)) {
      const member = node.members.get(name);
      const here = `${at}/${name}`;
      if (!member) faults.add(at);
      else if (visit(member, inner, here)) stated = true;
      else if (!node.required.has(name)) faults.add(here);
    }
    return stated;
  }

  /** @param {import("./schema.js").List} node @param {any[]} value @param {string} at */
  function visitList(node, value, at) {
    if (value.length < node.minItems || value.length > node.slots.length) {
      faults.add(at);
      return true;
    }
    const stated = value.map((item, i) => visit(node.slots[i], item, `${at}/${i}`));
    const vacant = stated.indexOf(false);
    const after = stated.indexOf(true, vacant + 1);
    if (vacant >= 0) faults.add(after >= 0 ? `${at}/${after}` : at);
    return stated.includes(true);
  }
}

/**
 * Return the one content that has this tree.
 *
 * @param {Derived} schema
 * @param {Tree} tree
 * @returns {{[name: string]: any}}
 */
export function reduce(schema, tree) {
  return branch(schema.root).value;

  /** @param {Node} node @returns {{value: any, vacant: boolean}} */
  function part(node) {
    if (node.kind === "array") return list(node);
    if (node.kind === "object") return branch(node);
    const value = tree.get(node.pointer) ?? null;
    return { value, vacant: value === null };
  }

  /** @param {import("./schema.js").Branch} node */
  function branch(node) {
    /** @type {[string, any][]} */
    const members = [];
    let vacant = true;
    for (const [name, member] of node.members) {
      const inner = part(member);
      vacant &&= inner.vacant;
      const kept = !inner.vacant || (node.required.has(name) && member.kind !== "leaf");
      if (kept) members.push([name, inner.value]);
    }
    return { value: Object.fromEntries(members), vacant };
  }

  /** @param {import("./schema.js").List} node */
  function list(node) {
    const items = node.slots.map(part);
    const end = items.findIndex((item) => item.vacant);
    const stated = end < 0 ? items : items.slice(0, end);
    // A hole would be lost: the reader would see fewer items than the sender put there.
    must(
      items.slice(stated.length).every((item) => item.vacant),
      CODE,
    );
    return { value: stated.map((item) => item.value), vacant: stated.length === 0 };
  }
}
