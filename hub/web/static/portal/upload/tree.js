// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * How does a tree (JSON, XML) become a table? The part that stands for a child is a row, and the way
 * to each value in it is the name of a column.
 */

import { meant, namesIn, plainName } from "./recognise.js";
import { TABLE } from "./table.js";
import { must } from "./unreadable.js";

/**
 * @typedef {string | Map<string, any[]>} Node a value, or its members, each perhaps several times
 * @typedef {import("./recognise.js").Column} Column
 */

const FOREIGN = new Set(TABLE.foreign);

/** @param {string} text @returns {Node[]} */
export function nodesOfJson(text) {
  must(!isTooDeep(text), "too-deep");
  try {
    return counted(JSON.parse(text));
  } catch (trouble) {
    must(!(trouble instanceof SyntaxError), "json");
    throw trouble;
  }
}

/** Deep nesting is found before it is parsed. @param {string} text */
function isTooDeep(text) {
  let [depth, isQuoted] = [0, false];
  // Sign by sign: an expression begins again at every quote of a text that does not end.
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign === '"') isQuoted = !isQuoted;
    else if (isQuoted) at += sign === "\\" ? 1 : 0;
    else if (sign === "[" || sign === "{") depth++;
    else if (sign === "]" || sign === "}") depth--;
    if (depth > TABLE.limits.depth) return true;
  }
  return false;
}

/** @param {unknown} value @param {{left: number}} budget @returns {Node[]} */
function counted(value, budget = { left: TABLE.limits.nodes }) {
  must(--budget.left >= 0, "too-large");
  if (Array.isArray(value)) return value.flatMap((each) => counted(each, budget));
  if (value === null || value === undefined) return [];
  if (typeof value === "boolean") return [value ? "ja" : "nein"];
  if (typeof value !== "object") return [String(value)];
  const members = Object.entries(value).map(([name, each]) => [name, counted(each, budget)]);
  return [new Map(/** @type {[string, Node[]][]} */ (members))];
}

/** @param {import("./xml.js").Element} element @returns {Node[]} */
export function nodesOfXml(element) {
  const text = element.text.trim();
  /** @type {Map<string, Node[]>} */
  const members = new Map();
  for (const child of element.children) {
    const known = members.get(child.name);
    if (known) known.push(...nodesOfXml(child));
    else members.set(child.name, nodesOfXml(child));
  }
  for (const [name, value] of element.attributes) {
    if (name !== "xmlns" && !members.has(name)) members.set(name, [value]);
  }
  if (members.size === 0) return text ? [text] : [];
  if (text) members.set("", [text]);
  return [members];
}

/**
 * Return the table: columns in the order in which they appear, a row for each record.
 *
 * @param {Node[]} roots
 * @returns {{columns: Column[], rows: string[][]}}
 */
export function tableOf(roots) {
  const records = recordsOf(roots);
  must(records.length <= TABLE.limits.rows, "too-many-rows");
  /** @type {Map<string, {index: number, path: string[]}>} */
  const columns = new Map();
  const rows = records.map((record) => {
    /** @type {string[]} */
    const row = [];
    for (const [path, value] of valuesOf(record, [])) {
      const name = path.join("/");
      if (!columns.has(name)) columns.set(name, { index: columns.size, path });
      must(columns.size <= TABLE.limits.columns, "too-many-columns");
      must(value.length <= TABLE.limits.cell || !meant({ name, path }), "too-long-cell");
      row[columns.get(name)?.index ?? 0] = value;
    }
    return row;
  });
  return {
    columns: [...columns].map(([name, { path }]) => ({ name, path })),
    rows: rows.map((row) => Array.from({ length: columns.size }, (_, index) => row[index] ?? "")),
  };
}

/** @param {Node[]} roots @returns {Map<string, Node[]>[]} */
function recordsOf(roots) {
  for (const name of TABLE.records) {
    const found = roots.flatMap((root) => namedIn(root, name));
    if (found.length > 0) return found;
  }
  const branches = roots.filter(isBranch);
  return branches.length === 1 && !isRecord(branches[0]) ? listIn(branches[0]) : branches;
}

/** The outermost parts of this name, but not those of somebody else. @param {Node} node @param {string} name @returns {Map<string, Node[]>[]} */
function namedIn(node, name) {
  if (!isBranch(node)) return [];
  return [...node].flatMap(([key, nodes]) => {
    if (plainName(key) === name) return nodes.filter(isBranch);
    return FOREIGN.has(plainName(key)) ? [] : nodes.flatMap((each) => namedIn(each, name));
  });
}

/** The longest list beneath a part that says nothing of a child itself. @param {Map<string, Node[]>} node */
function listIn(node) {
  /** @type {Map<string, Node[]>[]} */
  let longest = [node];
  for (const nodes of node.values()) {
    const branches = nodes.filter(isBranch);
    const found = branches.length === 1 && !isRecord(branches[0]) ? listIn(branches[0]) : branches;
    if (found.length > 0 && (longest[0] === node || found.length > longest.length)) longest = found;
  }
  return longest;
}

/** @param {Node} node @returns {node is Map<string, Node[]>} */
const isBranch = (node) => node instanceof Map;

/** @param {Map<string, Node[]>} node */
const isRecord = (node) => namesIn([...node.keys()]) > 0;

/** @param {Node} node @param {string[]} path @returns {Generator<[string[], string]>} */
function* valuesOf(node, path) {
  if (!isBranch(node)) {
    yield [path, node.trim()];
    return;
  }
  for (const [name, nodes] of node) {
    for (const [index, each] of nodes.entries()) {
      const step = name === "" ? path : [...path, name];
      yield* valuesOf(each, index === 0 ? step : [...step, String(index + 1)]);
    }
  }
}
