// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * Why is it this office, in one German sentence? Word for word what every other program of the
 * network says of it; a test holds both against each other.
 */

import { FREE, german, nextDay, organisationOf } from "./tables.js";

const CHILD =
  "; es entscheidet der Ort des Kindes und nicht der Sitz der Schule oder einer anderen " +
  "mitteilenden Stelle (§ 86 SGB VIII)";
const ABSENT = "; die Stelle nimmt nicht am Meldeweg teil, bitte dort anrufen";
/** @type {{[key: string]: string}} */
const PARTS = { lvr: "im Rheinland", lwl: "in Westfalen-Lippe" };

/**
 * Say who is responsible by the Land's table, and why.
 *
 * @param {{place: any, row: any, office: any, before: any, joined: boolean, grounds: any}} said
 */
export function reason({ place, row, office, before, joined, grounds }) {
  const where = place.kreis === FREE ? place.name : `${place.name} (${place.kreis})`;
  const part = PARTS[row.organisation.split(":")[1]] ?? "in seinem Gebiet";
  const why = grounds[row.basis].replaceAll("{place}", place.name).replaceAll("{land}", part);
  let sentence = `Für ein Kind in ${where} ist „${office.name}“ zuständig, weil ${why}`;
  if (row.kind === "jugendamt") sentence += CHILD;
  if (before?.until) {
    const since = german(nextDay(before.until));
    sentence += `; die Stelle ist seit dem ${since} Nachfolgerin von „${before.name}“`;
  }
  if (row.confidence !== "belegt") sentence += toConfirm(row.kind);
  return `${sentence}${joined ? "" : ABSENT}.`;
}

/** @param {string} kind */
function toConfirm(kind) {
  return kind === "jugendamt"
    ? "; diese Angabe hat der Kreis noch zu bestätigen"
    : "; diese Angabe ist noch zu bestätigen";
}

/** Say it of what a network alone says. @param {any} row @param {{id: string, name: string}} organisation */
export function networkReason(row, organisation) {
  const key = organisationOf(organisation.id).split(":")[1];
  const other = row.kind === "jugendamt" && key !== row.municipality.ags;
  const place = row.municipality.name + (other ? " (ohne eigenes Jugendamt)" : "");
  return (
    `Für ein Kind in ${place} ist „${organisation.name}“ zuständig, denn es entscheidet der ` +
    "Ort des Kindes und nicht der Sitz der Schule oder einer anderen mitteilenden Stelle " +
    `(${row.basis}).`
  );
}

/** The sentence, with more behind it. @param {string} sentence @param {string} more */
export const goesOn = (sentence, more) => `${sentence.replace(/\.$/, "")}; ${more}`;

