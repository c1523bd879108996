// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** What do the tables of the Land say, row by row? They come as arrays and become objects here. */

/**
 * @typedef {{ags: string, name: string, kreis: string, from: string, until: string, successor: string}} Place
 * @typedef {{organisation: string, kind: string, name: string, from: string, until: string, successor: string}} ListedOffice
 * @typedef {{kind: string, ags: string, organisation: string, from: string, until: string, basis: string, confidence: string, source: string}} Assignment
 * @typedef {object} Tables
 * @property {Place[]} places
 * @property {Map<string, ListedOffice>} offices by organisation
 * @property {Assignment[]} assignments
 * @property {{plz: string, ags: string}[]} postcodes
 * @property {{[word: string]: string}} grounds why it is this office, by the word in the table
 */

/** Kreis of a town that belongs to none. */
export const FREE = "kreisfrei";
/** Stands for "no end is known". */
export const NEVER = "9999-12-31";

/** @param {any} packed @returns {Tables} */
export function unpack(packed) {
  const places = packed.places.map(placeOf);
  const offices = packed.offices.map(officeOf);
  return {
    places,
    offices: new Map(offices.map((/** @type {ListedOffice} */ each) => [each.organisation, each])),
    assignments: packed.assignments.map((/** @type {any[]} */ row) => assignmentOf(row, packed)),
    postcodes: packed.postcodes.map(([plz, ags]) => ({ plz, ags })),
    grounds: packed.grounds,
  };
}

/** @param {string[]} row @returns {Place} */
function placeOf([ags, name, kreis, from, until, successor]) {
  return { ags, name, kreis, from, until, successor };
}

/** @param {string[]} row @returns {ListedOffice} */
function officeOf([organisation, kind, name, from, until, successor]) {
  return { organisation, kind, name, from, until, successor };
}

/** @param {any[]} row @param {any} packed @returns {Assignment} */
function assignmentOf([kind, ags, organisation, from, until, basis, confidence, source], packed) {
  return { kind, ags, organisation, from, until, basis, confidence, source: packed.sources[source] };
}

/** Whether something has ended before a day. @param {{until: string}} what @param {string} day */
export const hasEnded = (what, day) => what.until !== "" && what.until < day;

/** @param {string} party */
export const organisationOf = (party) => party.split(".")[0];

/** @param {string} party */
export const kindOf = (party) => party.split(":")[0];

/** The day after. @param {string} day as `2026-11-22` */
export function nextDay(day) {
  const [year, month, date] = day.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1, date + 1)).toISOString().slice(0, 10);
}

/** A day as it is written in German. @param {string} day */
export const german = (day) => day.split("-").reverse().join(".");
