// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * Which office is responsible for a child in this municipality, and why? Asked in the browser
 * alone: that a Jugendamt and a family are in contact is itself a secret, so nobody learns of which
 * place the question is. What a network says of a municipality counts before the Land's row.
 */

import { goesOn, networkReason, reason } from "./grounds.js";
import { Municipalities } from "./municipalities.js";
import { keyOf, spells } from "./spells.js";
import { FREE, german, hasEnded, organisationOf, unpack } from "./tables.js";
import { PlaceUnknown } from "./unknown.js";

/**
 * @typedef {object} Office
 * @property {string} id the unit: what a message is addressed to
 * @property {string} organisation
 * @property {string} name
 * @property {string} telephone
 * @property {string} reason one German sentence
 * @property {string} ags
 * @property {string} municipality
 * @property {string} validFrom
 * @property {string} source
 * @property {string} confidence
 * @property {boolean} takesPart where not, nothing can be sent there
 */

export class Land {
  /** @param {any} packed the table of the bundle @param {any[]} [networks] of the signed list */
  constructor(packed, networks = []) {
    this.tables = unpack(packed);
    /** @type {Map<string, any>} */
    this.places = new Map(this.tables.places.map((place) => [place.ags, place]));
    this.rows = networks.flatMap((network) => network.responsibilities);
    const participants = networks.flatMap((network) => network.participants);
    /** @type {Map<string, any>} */
    this.listed = new Map(participants.map((each) => [each.id, each]));
    const units = participants.flatMap((each) => each.units);
    /** @type {Map<string, any>} */
    this.units = new Map(units.map((/** @type {any} */ unit) => [unit.id, unit]));
    checkRows(this.rows, this.units);
    this.spells = spells(this.tables.assignments, this.tables.offices, this.rows);
    this.withRows = new Set([...this.spells.keys()].map((key) => key.split(" ")[1]));
    this.kinds = new Set([...this.spells.keys()].map((key) => key.split(" ")[0]));
    this.municipalities = new Municipalities(
      this.knownPlaces(),
      this.districts(networks.flatMap((network) => network.districts)),
    );
  }

  /** Find a municipality by AGS, an earlier one too, by name or by what a refusal offered. */
  municipality(/** @type {string} */ text) {
    let place = this.places.get(text.trim());
    while (place?.successor && !this.withRows.has(place.ags)) place = this.places.get(place.successor);
    return this.municipalities.find(place ? place.ags : text);
  }

  /** What may be meant by what was typed so far. */
  search(/** @type {string} */ text, most = 8) {
    return this.municipalities.search(text, most).map((place) => ({
      ...place,
      kreis: this.places.get(place.ags)?.kreis ?? "",
    }));
  }

  /** The municipalities of a postcode; refused where it is not listed, none is guessed. */
  byPostcode(/** @type {string} */ plz) {
    if (!/^[0-9]{5}$/.test(plz)) throw new PlaceUnknown("postcode-form", "/plz");
    const rows = this.tables.postcodes.filter((row) => row.plz === plz);
    const found = [...new Set(rows.map((row) => row.ags))].sort();
    const known = found.map((ags) => this.municipalities.exact.get(ags)).filter(Boolean);
    if (known.length === 0) throw new PlaceUnknown("postcode-unknown", "/plz");
    return known;
  }

  /**
   * Return the one office that is responsible for a child in this municipality.
   *
   * @param {string} kind
   * @param {string} ags
   * @param {string} day as `2026-11-22`
   * @returns {Office}
   */
  responsible(kind, ags, day) {
    const known = this.spells.get(keyOf(kind, ags)) ?? [];
    const spell = known.find(({ first, last }) => first <= day && day <= last);
    return spell ? this.answer(spell) : this.ofSuccessor(kind, ags, day);
  }

  /** @param {string} kind @param {string} ags @param {string} day @returns {Office} */
  ofSuccessor(kind, ags, day) {
    const place = this.places.get(ags);
    if (place?.successor && hasEnded(place, day)) {
      const office = this.responsible(kind, place.successor, day);
      const until = german(place.until);
      const earlier = `der Schlüssel ${ags} galt bis zum ${until} für ${place.name}.`;
      return { ...office, reason: goesOn(office.reason, earlier) };
    }
    const pointer = this.spells.has(keyOf(kind, ags)) ? "/on" : this.withRows.has(ags) ? "/kind" : "/ags";
    throw new PlaceUnknown("no-office", pointer);
  }

  /** @param {import("./spells.js").Spell} spell @returns {Office} */
  answer(spell) {
    const { row, network } = spell;
    const place = row && this.places.get(row.ags);
    if (!row || !place) return this.ofNetwork(spell);
    const office = /** @type {any} */ (this.tables.offices.get(row.organisation));
    const unit = this.unitOf(row, network);
    const certain = network ? { ...row, confidence: network.confidence } : row;
    const before = this.tables.offices.get(spell.before);
    const { grounds } = this.tables;
    return {
      id: unit ? unit.id : office.organisation,
      organisation: office.organisation,
      name: unit ? this.nameOf(office, unit) : office.name,
      telephone: unit ? unit.telephone : "",
      reason: reason({ place, row: certain, office, before, joined: Boolean(unit), grounds }),
      ags: place.ags,
      municipality: place.name,
      validFrom: spell.first,
      source: network ? network.source : row.source,
      confidence: certain.confidence,
      takesPart: Boolean(unit),
    };
  }

  /** @param {import("./spells.js").Spell} spell @returns {Office} */
  ofNetwork({ network, against }) {
    const row = /** @type {any} */ (network);
    const unit = this.units.get(row.unit);
    const organisation = this.listed.get(organisationOf(unit.id));
    const why = networkReason(row, organisation);
    const other = this.tables.offices.get(against)?.name ?? against;
    const named = `so sagt es die Netzdatei, die Tabelle des Landes nennt „${other}“.`;
    return {
      id: unit.id,
      organisation: organisation.id,
      name: nameOfUnit(organisation, unit),
      telephone: unit.telephone,
      reason: against ? goesOn(why, named) : why,
      ags: row.municipality.ags,
      municipality: row.municipality.name,
      validFrom: row.valid_from,
      source: row.source,
      confidence: row.confidence,
      takesPart: true,
    };
  }

  /** The unit to address: the one the network names, else the first with the role. */
  unitOf(/** @type {any} */ row, /** @type {any} */ network) {
    const units = this.listed.get(row.organisation)?.units ?? [];
    return units.find((/** @type {any} */ unit) =>
      network ? unit.id === network.unit : unit.roles.includes(row.kind),
    );
  }

  /** @param {any} office @param {any} unit */
  nameOf(office, unit) {
    const { name } = this.listed.get(office.organisation) ?? office;
    return nameOfUnit({ id: office.organisation, name }, unit);
  }

  knownPlaces() {
    const named = new Map(this.rows.map((row) => [row.municipality.ags, row.municipality]));
    for (const { ags, name } of this.places.values()) {
      if (this.withRows.has(ags)) named.set(ags, { ags, name });
    }
    return named.values();
  }

  /** @param {any[]} ofNetworks */
  districts(ofNetworks) {
    const named = new Map(ofNetworks.map((district) => [district.key, district]));
    for (const { ags, kreis, successor } of this.places.values()) {
      const key = ags.slice(0, 5);
      if (kreis !== FREE && !successor && !named.has(key)) named.set(key, { key, name: kreis });
    }
    return named.values();
  }
}

/** @param {{id: string, name: string}} organisation @param {{id: string, name: string}} unit */
function nameOfUnit(organisation, unit) {
  return unit.id === organisation.id ? organisation.name : `${organisation.name}, ${unit.name}`;
}

/** A table in which two offices answer for one day answers for none. @param {any[]} rows @param {Map<string, any>} units */
function checkRows(rows, units) {
  const until = new Map();
  for (const row of [...rows].sort((a, b) => (a.valid_from < b.valid_from ? -1 : 1))) {
    const key = keyOf(row.kind, row.municipality.ags);
    const last = until.get(key);
    if (!units.has(row.unit) || last === null || (last && row.valid_from <= last)) {
      throw new Error("the table of the networks is not sound");
    }
    until.set(key, row.valid_until);
  }
}
