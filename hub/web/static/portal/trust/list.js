// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Who takes part, as the hub has signed it? The list is whole, so asking for it says nothing. */

import { isObject } from "../../sl1/index.js";
import { isDigest, isSecond, verifyDocument } from "./document.js";
import { doubting, sure } from "./doubt.js";
import { checkListFollows } from "./seen.js";

/**
 * @typedef {import("./document.js").SigningKey} SigningKey
 * @typedef {{id: string, log: string, receipt_key: SigningKey}} PinnedHub
 * @typedef {{kid: string, at: number, reason: string}} Revocation
 * @typedef {object} Listed what the list says of an organisation
 * @property {string} organisation
 * @property {string} name
 * @property {string} status
 * @property {string | null} entry digest of its current entry
 * @property {{by: string, on: string, since: number}} [succession]
 * @property {Revocation[]} [revoked] keys that the operator ended
 * @typedef {object} List
 * @property {number} issuedAt
 * @property {Map<string, Listed>} participants by organisation
 * @property {{organisation: string, protocol: string, digest: string}[]} adoptions
 * @property {any[]} networks
 */

/** Seconds after which the list is too old to be believed. */
const FRESH = 24 * 3600;

const isText = (/** @type {any} */ v) => typeof v === "string";

/** @param {any} each */
function isListed(each) {
  const whole = isObject(each) && [each.organisation, each.name, each.status].every(isText);
  const { entry = null, succession: next, revoked = [] } = whole ? each : {};
  const follows = next === undefined || (isObject(next) && isText(next.by) && isSecond(next.since));
  const ended = Array.isArray(revoked) && revoked.every(isRevocation);
  return whole && (entry === null || isDigest(entry)) && follows && ended;
}

/** @param {any} each */
const isRevocation = (each) => isObject(each) && isDigest(each.kid) && isSecond(each.at);

/** @type {import("./document.js").DocumentKind} */
const LIST = {
  typ: "meldeweg-directory-list+jwt",
  most: 4_194_304,
  admits: ({ hub, participants, adoptions, networks }) =>
    isText(hub) &&
    [participants, adoptions, networks].every(Array.isArray) &&
    participants.every(isListed) &&
    new Set(participants.map((/** @type {Listed} */ each) => each.organisation)).size ===
      participants.length,
};

/**
 * Return the list, once the hub's key, its age and what was seen before have held.
 *
 * @param {unknown} jws
 * @param {PinnedHub} hub
 * @param {import("../vault/shelf.js").Shelf} shelf
 * @param {number} now
 * @returns {Promise<List>}
 */
export async function verifyList(jws, hub, shelf, now) {
  const { claims } = await doubting("list-unsigned", () =>
    verifyDocument(jws, LIST, () => hub.receipt_key),
  );
  sure(claims.hub === hub.id, "list-other-hub");
  sure(Math.abs(now - claims.iat) <= FRESH, "list-stale");
  await checkListFollows(shelf, hub.id, claims.iat, Math.floor(now));
  const { participants, adoptions, networks } = claims;
  const byName = participants.map((/** @type {Listed} */ each) => [each.organisation, each]);
  return { issuedAt: claims.iat, participants: new Map(byName), adoptions, networks };
}
