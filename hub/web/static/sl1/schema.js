// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * Which schemas can be sealed, and what follows from them? (SL1 § 3)
 *
 * The form of a message is public, so a schema has to fix it: which places there are and how long
 * each may be. Everything that would let the form depend on the content is refused.
 */

import { isReadAlike } from "./pattern.js";
import { digest, isObject, jcs, jcsText, utf8 } from "./canonical.js";
import { must } from "./refusal.js";
import { isPlainText } from "./text.js";

/**
 * @typedef {{[keyword: string]: any}} Keywords
 * @typedef {object} Leaf
 * @property {"leaf"} kind
 * @property {string} pointer
 * @property {string} class
 * @property {number} max longest value in bytes of its canonical text
 * @property {number} L bytes that are sealed
 * @property {number} N characters of the sealed leaf
 * @property {Keywords} rule what the schema says of its value
 * @typedef {object} Branch
 * @property {"object"} kind
 * @property {Map<string, Node>} members
 * @property {Set<string>} required
 * @typedef {object} List
 * @property {"array"} kind
 * @property {Node[]} slots
 * @property {number} minItems
 * @typedef {Leaf | Branch | List} Node
 * @typedef {object} Derived
 * @property {string} digest
 * @property {Branch} root
 * @property {Leaf[]} leaves in the order in which the schema names them
 * @property {string[]} classes ascending
 * @property {Keywords} sealed the sealed schema
 * @property {number} bodyBytes length of every sealed body
 */

const CODE = "schema-not-sealable";
const DIALECT = "https://json-schema.org/draft/2020-12/schema";
const DEPTH = 8;
const POINTER = 128;
const LEAVES = 160;
const CLASSES = 8;
const BODY_BYTES = 163_840;
const REFERENCES = 7;

const ANNOTATIONS = ["title", "description", "$comment", "x-class"];
const AT_ROOT = ["$schema", "$id", "$defs"];
/** @type {Readonly<Record<string, readonly string[]>>} */
const KEYWORDS = {
  object: ["properties", "required", "additionalProperties"],
  array: ["items", "minItems", "maxItems"],
  string: ["enum", "const", "maxLength", "x-bytes-per-char", "minLength", "pattern", "format"],
  integer: ["enum", "const", "minimum", "maximum"],
  boolean: ["const"],
};

const isText = (/** @type {any} */ v) => typeof v === "string";
const isCount = (/** @type {any} */ v) => Number.isSafeInteger(v) && v >= 0;
const isNumber = (/** @type {any} */ v) => typeof v === "number";
/**
 * What the meta-schema of 2020-12 asks of a keyword's value.
 *
 * @type {Record<string, (v: any) => boolean>}
 */
const META = {
  title: isText,
  description: isText,
  $comment: isText,
  format: isText,
  $schema: (v) => v === DIALECT,
  $id: (v) => isText(v) && /^[^#]*#?$/.test(v),
  $defs: isObject,
  properties: isObject,
  required: (v) => Array.isArray(v) && v.every(isText) && new Set(v).size === v.length,
  enum: (v) => Array.isArray(v) && v.length > 0,
  minItems: isCount,
  maxItems: isCount,
  minLength: isCount,
  maxLength: isCount,
  minimum: isNumber,
  maximum: isNumber,
  pattern: isPattern,
  "x-class": (v) => isText(v) && /^[a-z][a-z0-9-]{0,15}$/.test(v),
};

/** Anchored, and free of what engines read differently. @param {any} v */
function isPattern(v) {
  // An anchor after an odd number of backslashes is the character itself.
  if (!isText(v) || !/^\^/.test(v) || !/(^|[^\\])(\\\\)*\$$/.test(v)) return false;
  if (/\(\?(?!:)/.test(v) || /\\[A-Za-z0-9]/.test(v) || !isReadAlike(v)) return false;
  try {
    return Boolean(new RegExp(v, "u"));
  } catch {
    return false;
  }
}

/** @param {string} at @param {string | number} name */
const under = (at, name) => `${at}/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`;

/** One walk over one schema; the derived nodes and everything that is counted. */
class Walk {
  /** @param {Keywords} schema */
  constructor(schema) {
    this.definitions = Object.hasOwn(schema, "$defs") ? schema.$defs : {};
    /** @type {Leaf[]} */
    this.leaves = [];
  }

  /**
   * @param {any} written the schema as it stands at `at`
   * @param {string} at its place in the document
   * @param {{pointer: string, class: string, depth: number, allowed?: string[]}} place in the tree
   * @returns {Node}
   */
  node(written, at, { pointer, class: above, depth, allowed = [] }) {
    must(depth <= DEPTH && pointer.length <= POINTER, CODE, [at]);
    const { schema, at: here } = this.resolve(written, at);
    checkKeywords(schema, here, allowed);
    const place = { pointer, class: schema["x-class"] ?? above, depth: depth + 1 };
    if (schema.type === "object") return this.branch(schema, here, place);
    if (schema.type === "array") return this.list(schema, here, place);
    return this.leaf(schema, here, place);
  }

  /**
   * Replace references; what stands beside one wins.
   *
   * @param {any} written
   * @param {string} at
   */
  resolve(written, at) {
    let schema = written;
    for (let hops = 0; ; hops += 1) {
      must(isObject(schema) && hops <= REFERENCES, CODE, [at]);
      if (!Object.hasOwn(schema, "$ref")) return { schema, at };
      const { $ref: reference, ...beside } = schema;
      must(
        Object.keys(beside).every((name) => ANNOTATIONS.includes(name)),
        CODE,
        [at],
      );
      checkMeta(beside, at);
      const name = /^#\/\$defs\/([A-Za-z][A-Za-z0-9_-]*)$/.exec(reference)?.[1];
      const known = name !== undefined && Object.hasOwn(this.definitions, name);
      must(isText(reference) && known, CODE, [under(at, "$ref")]);
      at = under("/$defs", /** @type {string} */ (name));
      const target = this.definitions[/** @type {string} */ (name)];
      must(isObject(target), CODE, [at]);
      schema = { ...target, ...beside };
    }
  }

  /**
   * @param {Keywords} schema
   * @param {string} at
   * @param {{pointer: string, class: string, depth: number}} place
   * @returns {Branch}
   */
  branch(schema, at, place) {
    must(schema.additionalProperties === false && isObject(schema.properties), CODE, [at]);
    const names = Object.keys(schema.properties);
    must(names.length > 0, CODE, [at]);
    must(
      names.every((name) => /^[a-z][A-Za-z0-9_]{0,39}$/.test(name)),
      CODE,
      [`${at}/properties`],
    );
    const member = (/** @type {string} */ name) =>
      this.node(schema.properties[name], `${at}/properties/${name}`, {
        ...place,
        pointer: `${place.pointer}/${name}`,
      });
    return {
      kind: "object",
      members: new Map(names.map((name) => [name, member(name)])),
      required: new Set(schema.required ?? []),
    };
  }

  /**
   * @param {Keywords} schema
   * @param {string} at
   * @param {{pointer: string, class: string, depth: number}} place
   * @returns {List}
   */
  list(schema, at, place) {
    const { maxItems, minItems = 0 } = schema;
    must(maxItems >= 1 && maxItems <= 16 && Object.hasOwn(schema, "items"), CODE, [at]);
    const slot = (/** @type {number} */ i) => {
      const pointer = `${place.pointer}/${i}`;
      const node = this.node(schema.items, `${at}/items`, { ...place, pointer });
      must(node.kind !== "array", CODE, [`${at}/items`]);
      return node;
    };
    return { kind: "array", slots: Array.from({ length: maxItems }, (_, i) => slot(i)), minItems };
  }

  /**
   * @param {Keywords} rule
   * @param {string} at
   * @param {{pointer: string, class: string}} place
   * @returns {Leaf}
   */
  leaf(rule, at, { pointer, class: name }) {
    checkRule(rule, at);
    const max = longest(rule);
    const L = 32 * Math.ceil((30 + pointer.length + Math.max(4, max)) / 32);
    const N = 81 + Math.ceil((4 * L) / 3);
    /** @type {Leaf} */
    const leaf = { kind: "leaf", pointer, class: name, max, L, N, rule };
    must(this.leaves.push(leaf) <= LEAVES, CODE, [""]);
    return leaf;
  }
}

/** @param {Keywords} schema @param {string} at */
function checkMeta(schema, at) {
  for (const [name, value] of Object.entries(schema)) {
    must(!Object.hasOwn(META, name) || META[name](value), CODE, [under(at, name)]);
  }
}

/** @param {Keywords} schema @param {string} at @param {string[]} allowed */
function checkKeywords(schema, at, allowed) {
  const { type } = schema;
  must(isText(type) && Object.hasOwn(KEYWORDS, type), CODE, [at]);
  const known = ["type", ...ANNOTATIONS, ...KEYWORDS[type], ...allowed];
  // The place of an unknown keyword is its parent: its name could be anything.
  must(
    Object.keys(schema).every((name) => known.includes(name)),
    CODE,
    [at],
  );
  checkMeta(schema, at);
}

/** A leaf is bounded in exactly one way. @param {Keywords} rule @param {string} at */
function checkRule(rule, at) {
  const has = (/** @type {string} */ name) => Object.hasOwn(rule, name);
  const bounds = rule.type === "integer" ? ["minimum", "maximum"] : ["maxLength"];
  const lists = Number(has("enum")) + Number(has("const"));
  if (lists > 0) {
    must(lists === 1 && ![...bounds, "x-bytes-per-char"].some(has), CODE, [at]);
    must(
      listed(rule).every((value) => isOfType(rule.type, value)),
      CODE,
      [at],
    );
    must(
      listed(rule).every((value) => !isText(value) || isPlainText(value)),
      CODE,
      [at],
    );
    return;
  }
  if (rule.type === "boolean") return;
  must(bounds.every(has), CODE, [at]);
  if (rule.type === "integer") return;
  const { "x-bytes-per-char": bytes = 4 } = rule;
  must(rule.maxLength >= 1 && rule.maxLength <= 4000, CODE, [at]);
  must(Number.isSafeInteger(bytes) && bytes >= 1 && bytes <= 4, CODE, [at]);
}

/** @param {Keywords} rule @returns {any[]} */
export const listed = (rule) => (Object.hasOwn(rule, "const") ? [rule.const] : (rule.enum ?? []));

/** @param {string} type @param {unknown} value */
export const isOfType = (type, value) =>
  type === "integer" ? Number.isSafeInteger(value) : typeof value === type;

/** Bytes that a value takes in canonical text. @param {unknown} value */
export const spelledBytes = (value) => jcs(value, CODE).length;

/** @param {Keywords} rule */
function longest(rule) {
  const { "x-bytes-per-char": bytes = 4 } = rule;
  const values = listed(rule);
  if (values.length) return Math.max(...values.map(spelledBytes));
  if (rule.type === "boolean") return 5;
  if (rule.type === "integer") return Math.max(...[rule.minimum, rule.maximum].map(spelledBytes));
  return 2 + bytes * rule.maxLength;
}

/** The header of a sealed leaf, {"alg":"dir","enc":"A256GCM"}, as it stands in front of each. */
export const LEAF_HEADER = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0";

/** Last characters of b64 of L bytes, whose unused bits are zero; by L mod 3. */
const LAST = ["", "[AQgw]", "[AEIMQUYcgkosw048]"];

/** @param {Node} node @returns {Keywords} */
function sealedSchema(node) {
  if (node.kind === "leaf") {
    const form = "\\.\\.[A-Za-z0-9_-]{16}\\.[A-Za-z0-9_-]+";
    const pattern = `^${LEAF_HEADER}${form}${LAST[node.L % 3]}\\.[A-Za-z0-9_-]{21}[AQgw]$`;
    return { type: "string", minLength: node.N, maxLength: node.N, pattern };
  }
  if (node.kind === "array") {
    const slots = node.slots.map(sealedSchema);
    return { type: "array", prefixItems: slots, minItems: slots.length, maxItems: slots.length };
  }
  const members = [...node.members].map(([name, member]) => [name, sealedSchema(member)]);
  return {
    type: "object",
    properties: Object.fromEntries(members),
    required: [...node.members.keys()].sort(),
    additionalProperties: false,
  };
}

/**
 * Put something in the place of each leaf; the shape of every tree and of every body.
 *
 * @template T
 * @param {Node} node
 * @param {(leaf: Leaf) => T} value
 * @returns {any}
 */
export function grow(node, value) {
  if (node.kind === "leaf") return value(node);
  if (node.kind === "array") return node.slots.map((slot) => grow(slot, value));
  return Object.fromEntries([...node.members].map(([name, member]) => [name, grow(member, value)]));
}

/**
 * Check a plain schema against the profile, and derive its leaves and its sealed form.
 *
 * @param {unknown} schema
 * @returns {Promise<Readonly<Derived>>}
 */
export async function derive(schema) {
  must(isObject(schema), CODE, [""]);
  const plain = /** @type {Keywords} */ (schema);
  const text = jcsText(plain, CODE);
  must(plain.type === "object" && !Object.hasOwn(plain, "$ref"), CODE, [""]);
  checkMeta(plain, "");
  checkDefinitions(plain);
  const walk = new Walk(plain);
  const place = { pointer: "", class: "main", depth: 0, allowed: AT_ROOT };
  const root = /** @type {Branch} */ (walk.node(plain, "", place));
  const classes = [...new Set(walk.leaves.map((leaf) => leaf.class))].sort();
  must(classes.length <= CLASSES, CODE, [""]);
  const bodyBytes = jcs(grow(root, (leaf) => "A".repeat(leaf.N))).length;
  must(bodyBytes <= BODY_BYTES, CODE, [""]);
  const sealed = sealedSchema(root);
  return Object.freeze({
    digest: await digest(utf8(text)),
    root,
    leaves: walk.leaves,
    classes,
    sealed,
    bodyBytes,
  });
}

/** Definitions that nothing refers to are held to the profile as well. @param {Keywords} schema */
function checkDefinitions(schema) {
  for (const [name, definition] of Object.entries(schema.$defs ?? {})) {
    must(/^[A-Za-z][A-Za-z0-9_-]*$/.test(name), CODE, ["/$defs"]);
    const place = { pointer: "", class: "main", depth: 0 };
    new Walk(schema).node(definition, `/$defs/${name}`, place);
  }
}
