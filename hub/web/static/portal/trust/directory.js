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
 * @typedef {import("./entry.js").ReadingKey} ReadingKey
 * @typedef {import("./entry.js").SigningKey} SigningKey
 * @typedef {import("./entry.js").Unit} Unit
 * @typedef {import("./list.js").List} List
 */

/** Seconds that the clocks of a sender and of the hub may differ. */
const CLOCKS = 60;
const DAY = 86_400;
const CONFIRMED = ["valid", "suspended"];

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
    const { roster } = this.unit(unit) ?? {};
    const named = (roster?.lines ?? []).filter((line) => line.unit && line.unit !== unit);
    const during = (/** @type {{valid_from: string, valid_until: string}} */ each) => ({
      from: each.valid_from,
      until: each.valid_until,
    });
    const counting = named.filter((line) => {
      const own = common(during(line), during(/** @type {any} */ (roster)));
      const terms = this.#consents(/** @type {string} */ (line.unit), unit);
      const agreed = terms ? terms.map((each) => common(own, during(each))) : [own];
      const isThere = this.isActive(/** @type {string} */ (line.unit));
      return isThere && agreed.some((term) => touches(term, at, at + DAY));
    });
    return new Set(counting.map((line) => /** @type {string} */ (line.unit)));
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
