// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * What does an organisation say of itself: its units, their keys, who stands in for them?
 *
 * Signed by its root key, named by its digest in the list, and entered in the log: whoever wants to
 * slip in a key has to do so where everybody sees it.
 */

import { isB64, isObject } from "../../sl1/index.js";
import { isDay } from "./days.js";
import { isDigest, isSecond, parsed, verifyDocument } from "./document.js";
import { doubting, sure } from "./doubt.js";
import { verifyLogged } from "./proof.js";
import { checkEntryFollows, checkLogFollows } from "./seen.js";

/**
 * @typedef {import("./document.js").SigningKey} SigningKey
 * @typedef {object} ReadingKey
 * @property {string} kid
 * @property {string} pub
 * @property {"desk" | "person"} use
 * @property {number} not_before
 * @property {number | null} [not_after]
 * @property {string | null} [revoked]
 * @typedef {{organisation: string, valid_from: string, valid_until: string}} Service
 * @typedef {{unit?: string | null, name: string, telephone: string, order: number, valid_from: string, valid_until: string}} Line
 * @typedef {{valid_from: string, valid_until: string, lines: Line[]}} Roster
 * @typedef {object} Unit
 * @property {string} id
 * @property {string} name
 * @property {string[]} roles
 * @property {string} telephone
 * @property {SigningKey[]} signing
 * @property {ReadingKey[]} reading
 * @property {Roster | null} [roster]
 * @property {Service[]} [serves]
 * @typedef {{hub: string, organisation: string, name: string, version: number, root: SigningKey, units: Unit[]}} Entry
 */

const UNITS = 16;
const PUBLIC = 1216;
const READING = ["desk", "person"];

const isText = (/** @type {any} */ v) => typeof v === "string";
const isAbsent = (/** @type {any} */ v) => v === undefined || v === null;
/** @param {any} list @param {(each: any) => boolean} fits */
const isListOf = (list, fits) => Array.isArray(list) && list.every(fits);
/** @param {any} v */
const isTerm = (v) => isObject(v) && isDay(v.valid_from) && isDay(v.valid_until);

/** @param {any} key */
function isKey(key) {
  const whole = isObject(key) && isDigest(key.kid) && isSecond(key.not_before);
  return whole && (isAbsent(key.not_after) || isSecond(key.not_after));
}

/** @param {any} key */
const isReadingKey = (key) => isKey(key) && READING.includes(key.use) && isB64(key.pub, PUBLIC);

/** @param {any} line */
const isLine = (line) => isTerm(line) && (isAbsent(line.unit) || isText(line.unit));

/** @param {any} unit */
function isUnit(unit) {
  if (!isObject(unit) || ![unit.id, unit.name, unit.telephone].every(isText)) return false;
  const keys = isListOf(unit.signing, isKey) && isListOf(unit.reading, isReadingKey);
  const { roster, serves = [] } = unit;
  const duty = isAbsent(roster) || (isTerm(roster) && isListOf(roster.lines, isLine));
  const consent = isListOf(serves, (each) => isTerm(each) && isText(each.organisation));
  return keys && duty && consent && isListOf(unit.roles, isText);
}

/** @type {import("./document.js").DocumentKind} */
const ENTRY = {
  typ: "meldeweg-directory+jwt",
  most: 262_144,
  admits: ({ hub, organisation, name, version, root, units }) =>
    [hub, organisation, name].every(isText) &&
    Number.isSafeInteger(version) &&
    version >= 1 &&
    isKey(root) &&
    isListOf(units, isUnit) &&
    units.length >= 1 &&
    units.length <= UNITS &&
    // A unit belongs to the organisation that signs for it.
    units.every((/** @type {Unit} */ unit) => organisationOf(unit.id) === organisation),
};

/** The organisation that a unit belongs to; an organisation is its own. @param {string} party */
export const organisationOf = (party) => party.split(".")[0];

/**
 * Return an entry, once signature, list, log and what was seen before have held.
 *
 * @param {string} organisation
 * @param {{entry: unknown, logged: unknown, proof: unknown}} said
 * @param {import("./list.js").List} list
 * @param {import("./list.js").PinnedHub} hub
 * @param {import("../vault/shelf.js").Shelf} shelf
 * @returns {Promise<Entry>}
 */
export async function verifyEntry(organisation, said, list, hub, shelf) {
  const { claims, digest } = await doubting("entry-unsigned", () => verifySelf(said?.entry));
  const entry = /** @type {Entry} */ (claims);
  const own = entry.organisation === organisation && entry.hub === hub.id;
  sure(own, "entry-another");
  sure(list.participants.get(organisation)?.entry === digest, "entry-unlisted");
  const shown = { proof: said.proof, entry: said.logged };
  const { entry: logged, checkpoint } = await verifyLogged(shown, digest, hub);
  await checkLogFollows(shelf, hub.id, checkpoint);
  const about = logged.k === "directory.changed" && logged.obj.id === organisation;
  sure(about, "log-about-another");
  const { version, root } = entry;
  await checkEntryFollows(shelf, hub.id, { organisation, version, root: root.kid, digest });
  return entry;
}

/** Its own root key signs it; that it is still the same one is asked later. @param {unknown} jws */
const verifySelf = (jws) => verifyDocument(jws, ENTRY, () => parsed(jws, ENTRY).claims.root);
