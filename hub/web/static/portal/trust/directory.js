// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * Whose key is whose, and which of them hold at a second, as this browser has verified it?
 *
 * Keys and units count only once a person has compared the fingerprint of the root key (`valid`),
 * and go on counting while an organisation is suspended: what it signed before is still read. Keys
 * that the operator revoked have their end in the list.
 */

import { common, touches } from "./days.js";
import { isValidAt } from "./document.js";
import { organisationOf } from "./entry.js";

/**
 * @typedef {import("./entry.js").Entry} Entry
 * @typedef {import("./entry.js").Line} Line
 * @typedef {import("./entry.js").ReadingKey} ReadingKey
 * @typedef {import("./entry.js").SigningKey} SigningKey
 * @typedef {import("./entry.js").Unit} Unit
 * @typedef {import("./list.js").List} List
 */

/** Seconds that the clocks of a sender and of the hub may differ. */
const CLOCKS = 60;
const DAY = 86_400;
const WEEK = 7 * DAY;
const CONFIRMED = ["valid", "suspended"];

/** @param {{valid_from: string, valid_until: string}} of_ @returns {import("./days.js").Term} */
const termOf = ({ valid_from: from, valid_until: until }) => ({ from, until });

/**
 * The keys that hold by our clock and by one that is a little off; where there are no others, those
 * that are about to change.
 *
 * @template {SigningKey | ReadingKey} K
 * @param {readonly K[]} keys
 * @param {number} at
 * @returns {K[]}
 */
export function surelyValid(keys, at) {
  const valid = keys.filter((key) => isValidAt(key, at) && !key.revoked);
  const staying = valid.filter((key) => isValidAt(key, at + CLOCKS));
  const left = staying.length ? staying : valid;
  const settled = left.filter((key) => isValidAt(key, at - CLOCKS));
  return settled.length ? settled : left;
}

/** All that was verified at one moment; the next moment has its own. */
export class Directory {
  /**
   * @param {List} list
   * @param {readonly Entry[]} entries
   */
  constructor(list, entries) {
    this.list = list;
    /** @type {Map<string, Entry>} */
    this.entries = new Map(entries.map((entry) => [entry.organisation, entry]));
    /** @type {Map<string, Unit>} */
    this.units = new Map(
      entries
        .filter(({ organisation }) => CONFIRMED.includes(this.status(organisation) ?? ""))
        .flatMap((entry) => this.#unitsOf(entry))
        .map((unit) => [unit.id, unit]),
    );
  }

  get networks() {
    return this.list.networks;
  }

  get adoptions() {
    return this.list.adoptions;
  }

  /** @param {string} party */
  status(party) {
    return this.list.participants.get(organisationOf(party))?.status;
  }

  /** @param {string} party @returns {Unit | undefined} */
  unit(party) {
    return this.units.get(party);
  }

  /** @param {string} party */
  isActive(party) {
    return this.units.has(party) && this.status(party) === "valid";
  }

  /** Name of the organisation. @param {string} party */
  name(party) {
    return this.list.participants.get(organisationOf(party))?.name;
  }

  /** Name of a unit with that of its organisation, where they differ. @param {string} unit @returns {string} */
  fullName(unit) {
    const [own, organisation] = [this.unit(unit)?.name, this.name(unit)];
    if (!own || !organisation || own === organisation) return own ?? organisation ?? unit;
    return `${organisation}, ${own}`;
  }

  /** @param {string} unit @returns {readonly string[]} */
  roles(unit) {
    return this.unit(unit)?.roles ?? [];
  }

  /** Who has taken the place of an organisation, once that day has come. @param {string} party @param {number} at */
  succession(party, at) {
    const said = this.list.participants.get(organisationOf(party))?.succession;
    return said && said.since <= at ? said : undefined;
  }

  /** The keys to seal to: of the desk, never a person's. @param {string} unit @param {number} at */
  deskKeys(unit, at) {
    const keys = this.unit(unit)?.reading ?? [];
    return surelyValid(
      keys.filter((key) => key.use === "desk"),
      at,
    );
  }

  /** @param {string} unit @param {string} kid @returns {ReadingKey | undefined} */
  readingKey(unit, kid) {
    return this.unit(unit)?.reading.find((key) => key.kid === kid);
  }

  /** @param {string} unit @param {string} kid @returns {SigningKey | undefined} */
  signingKey(unit, kid) {
    return this.unit(unit)?.signing.find((key) => key.kid === kid);
  }

  /** The signing keys of a unit as SL1 takes them. @param {string} unit */
  signatories(unit) {
    const keys = this.unit(unit)?.signing ?? [];
    return keys.map(({ jwk, not_before: notBefore, not_after: until }) => ({
      iss: unit,
      jwk,
      notBefore,
      notAfter: until ?? undefined,
    }));
  }

  /**
   * The other units that may read what is addressed to one: named by its roster for now or within a
   * day, taking part, and, where they are of another organisation, with that one's own consent.
   *
   * @param {string} unit
   * @param {number} at
   * @returns {Set<string>}
   */
  deputies(unit, at) {
    const named = this.#named(unit, at, at + DAY);
    return new Set(named.filter((other) => other !== unit && this.isActive(other)));
  }

  /**
   * Tells whether a roster names a unit about this time, so that it may have signed for it.
   *
   * About: clocks differ, and whoever signs at the end of a shift is heard a little later.
   *
   * @param {string} other
   * @param {string} unit
   * @param {number} at
   */
  isNamed(other, unit, at) {
    return other === unit || this.#named(unit, at - WEEK, at + WEEK).includes(other);
  }

  /**
   * The units that a roster names for an instant between two seconds, with the consent it needs.
   *
   * @param {string} unit
   * @param {number} begins
   * @param {number} ends
   * @returns {string[]}
   */
  #named(unit, begins, ends) {
    const { roster } = this.unit(unit) ?? {};
    if (!roster) return [];
    const counts = (/** @type {Line & {unit: string}} */ line) => {
      const own = common(termOf(line), termOf(roster));
      const consents = this.#consents(line.unit, unit);
      const terms = consents ? consents.map((each) => common(own, termOf(each))) : [own];
      return terms.some((term) => touches(term, begins, ends));
    };
    const lines = /** @type {(Line & {unit: string})[]} */ (
      roster.lines.filter((line) => line.unit && this.units.has(line.unit))
    );
    return lines.filter(counts).map((line) => line.unit);
  }

  /**
   * For which terms a unit says itself that it stands in; null where nobody has to say it, because
   * both are of one organisation.
   *
   * @param {string} reader
   * @param {string} unit
   */
  #consents(reader, unit) {
    const own = organisationOf(unit);
    if (organisationOf(reader) === own) return null;
    return (this.unit(reader)?.serves ?? []).filter((each) => each.organisation === own);
  }

  /** The units of an entry, whose keys end where the operator ended them. @param {Entry} entry */
  #unitsOf({ organisation, units }) {
    const revoked = this.list.participants.get(organisation)?.revoked ?? [];
    const ends = new Map(revoked.map((each) => [each.kid, each]));
    /** @template {SigningKey | ReadingKey} K @param {K} key @returns {K} */
    const ended = (key) => {
      const end = ends.get(key.kid);
      if (!end) return key;
      const until = Math.min(key.not_after ?? Infinity, end.at);
      return { ...key, not_after: until, revoked: key.revoked ?? end.reason };
    };
    return units.map((unit) => ({
      ...unit,
      signing: unit.signing.map(ended),
      reading: unit.reading.map(ended),
    }));
  }
}
