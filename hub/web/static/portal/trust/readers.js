// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * May these keys read what is addressed to a unit?
 *
 * The portal proposes to whom a message is sealed. Whether each of them is a key of the addressed
 * desk, or of somebody who stands in for it as both have signed, is decided here, before anything
 * is sealed.
 */

import { parseReaderKey } from "../../sl1/index.js";
import { isValidAt } from "./document.js";
import { doubting, sure } from "./doubt.js";
import { organisationOf } from "./entry.js";

/**
 * @typedef {import("./directory.js").Directory} Directory
 * @typedef {import("./entry.js").ReadingKey} ReadingKey
 * @typedef {{kid: string, classes: readonly string[], rel: "now" | "escalation"}} Proposed
 * @typedef {Proposed & {pub: string, unit: string}} Reader
 */

/** § 65 SGB VIII: what was entrusted to one house is read by nobody who stands in for it. */
const ENTRUSTED = "anvertraut";
/** What can be planned waits for the office, so no other organisation needs to read it. */
const PLANNED = "planbar";
const MOST = 8;

/** @param {ReadingKey} key @param {number} at */
const holds = (key, at) => isValidAt(key, at) && !key.revoked;

/**
 * Return the readers with their public keys out of the verified directory, to be sealed to.
 *
 * @param {string} unit
 * @param {readonly Proposed[]} readers as the portal proposes them
 * @param {Directory} directory
 * @param {number} at
 * @param {{urgency?: string, classes?: readonly string[]}} [about] the classes of the schema
 * @returns {Promise<Reader[]>}
 */
export async function checkReaders(unit, readers, directory, at, about = {}) {
  sure(directory.isActive(unit), "unit-unknown");
  sure(Array.isArray(readers) && readers.length >= 1 && readers.length <= MOST, "readers-number");
  const kids = readers.map((reader) => reader.kid);
  sure(new Set(kids).size === kids.length, "readers-number");
  const checked = readers.map((reader) => checkReader(unit, reader, directory, at, about));
  // One reader can always open the whole, and it is the one to whom the law addresses it.
  sure(
    checked.some((each) => each.unit === unit && isWhole(each, about.classes)),
    "reader-missing",
  );
  await Promise.all(checked.map(checkKey));
  return checked;
}

/** @param {Reader} reader @param {readonly string[] | undefined} classes */
function isWhole({ rel, classes: own }, classes) {
  return rel === "now" && (classes ?? []).every((name) => own.includes(name));
}

/**
 * @param {string} unit
 * @param {Proposed} reader
 * @param {Directory} directory
 * @param {number} at
 * @param {{urgency?: string, classes?: readonly string[]}} about
 * @returns {Reader}
 */
function checkReader(unit, { kid, classes, rel }, directory, at, { urgency, classes: all }) {
  sure(["now", "escalation"].includes(rel) && Array.isArray(classes), "reader-form");
  sure(classes.length > 0 && (!all || classes.every((name) => all.includes(name))), "reader-form");
  const { owner, key } = ownerOf(unit, kid, directory, at);
  if (organisationOf(owner) !== organisationOf(unit)) {
    sure(!classes.includes(ENTRUSTED), "reader-entrusted");
    sure(urgency !== PLANNED, "reader-planned");
  }
  return { kid, pub: key.pub, classes: [...classes].sort(), rel, unit: owner };
}

/**
 * Find whose key it is, or tell in which way it is nobody's who may read.
 *
 * @param {string} unit
 * @param {string} kid
 * @param {Directory} directory
 * @param {number} at
 */
function ownerOf(unit, kid, directory, at) {
  const deputies = directory.deputies(unit, at);
  for (const owner of [unit, ...deputies]) {
    const key = directory.readingKey(owner, kid);
    if (!key) continue;
    sure(key.use === "desk", "reader-person");
    sure(holds(key, at), "reader-ended");
    return { owner, key };
  }
  const elsewhere = [...directory.units.keys()].some((other) => directory.readingKey(other, kid));
  sure(!elsewhere, "reader-unnamed");
  sure(false, "reader-unknown");
}

/** Its id follows from the key itself, and the key is one (SL1 § 2). @param {{kid: string, pub: string}} key */
async function checkKey({ kid, pub }) {
  const parsed = await doubting("reader-key", () => parseReaderKey(pub));
  sure(parsed.kid === kid, "reader-key");
}

/**
 * Return the key of one person, for what only this person may read.
 *
 * @param {string} unit
 * @param {string} kid
 * @param {Directory} directory
 * @param {number} at
 * @returns {Promise<ReadingKey>}
 */
export async function checkPersonReader(unit, kid, directory, at) {
  const key = directory.readingKey(unit, kid);
  sure(key, "reader-unknown");
  sure(key.use === "person", "reader-desk");
  sure(holds(key, at), "reader-ended");
  await checkKey(key);
  return key;
}

/**
 * Return the key of a colleague, before a desk key or a draft is sealed to it: it stands in the own
 * house's signed entry, where nobody can put another in its place unseen.
 */
export const checkColleague = checkPersonReader;
