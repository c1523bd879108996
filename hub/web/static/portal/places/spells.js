// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * From which day to which does the answer for one municipality stay the same? Rows of the Land end,
 * offices end before their rows do, and networks speak of other days than the Land.
 */

import { NEVER, nextDay, organisationOf } from "./tables.js";

/**
 * @typedef {import("./tables.js").Assignment} Assignment
 * @typedef {{kind: string, municipality: {ags: string, name: string}, unit: string, valid_from: string, valid_until: string | null, basis: string, source: string, confidence: string}} Responsibility
 * @typedef {object} Spell
 * @property {string} first
 * @property {string} last
 * @property {Assignment | null} row the Land's; null where only a network speaks, or otherwise
 * @property {Responsibility | null} network
 * @property {string} before office whose successor the row names
 * @property {string} against office that the Land names where the network names another
 */

/** @param {string} kind @param {string} ags */
export const keyOf = (kind, ags) => `${kind} ${ags}`;

/**
 * Return the spells of each municipality in the order in which they count: networks first.
 *
 * @param {Iterable<Assignment>} rows
 * @param {Map<string, import("./tables.js").ListedOffice>} offices
 * @param {Iterable<Responsibility>} networks
 * @returns {Map<string, Spell[]>}
 */
export function spells(rows, offices, networks) {
  const land = new Map();
  for (const row of rows) push(land, keyOf(row.kind, row.ags), ofRow(row, offices));
  const said = new Map();
  for (const network of networks) {
    const key = keyOf(network.kind, network.municipality.ags);
    const last = network.valid_until ?? NEVER;
    const alone = spell(network.valid_from, last, { network });
    push(said, key, [...beside(alone, land.get(key) ?? []), alone]);
  }
  const keys = new Set([...land.keys(), ...said.keys()]);
  return new Map([...keys].map((key) => [key, [...(said.get(key) ?? []), ...(land.get(key) ?? [])]]));
}

/** @param {string} first @param {string} last @param {Partial<Spell>} more @returns {Spell} */
function spell(first, last, more) {
  return { first, last, row: null, network: null, before: "", against: "", ...more };
}

/** Cut a row where its office ends and another succeeds it. */
function ofRow(/** @type {Assignment} */ row, /** @type {Map<string, any>} */ offices) {
  const found = [];
  const seen = new Set([row.organisation]);
  const last = row.until || NEVER;
  let first = row.from;
  let before = "";
  for (;;) {
    const office = offices.get(row.organisation);
    const end = office.until || last;
    if (first <= end) found.push(spell(first, end < last ? end : last, { row, before }));
    if (end >= last || !office.successor || seen.has(office.successor)) return found;
    seen.add(office.successor);
    const after = nextDay(end);
    if (after > first) first = after;
    before = row.organisation;
    row = { ...row, organisation: office.successor };
  }
}

/** Cut what a network says where the Land's answer changes, be it the same office or not. */
function beside(/** @type {Spell} */ said, /** @type {Spell[]} */ land) {
  const found = [];
  for (const each of land) {
    const first = said.first > each.first ? said.first : each.first;
    const last = said.last < each.last ? said.last : each.last;
    if (!said.network || !each.row || first > last) continue;
    const named = each.row.organisation;
    const same = organisationOf(said.network.unit) === named;
    const more = same ? { row: each.row, before: each.before } : { against: named };
    found.push(spell(first, last, { network: said.network, ...more }));
  }
  return found;
}

/** @param {Map<string, any[]>} lists @param {string} key @param {any[]} items */
function push(lists, key, items) {
  const known = lists.get(key);
  if (known) known.push(...items);
  else lists.set(key, [...items]);
}
