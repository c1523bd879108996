// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * Is this still the hub at which the house was when the person began here?
 *
 * Everything that is believed follows from the keys of the hub, and it is the portal that names
 * them. So a person takes their fingerprint down at the beginning, sealed into one box with the own
 * key, and this browser remembers it as well. Like the SDK, a browser knows no successor: keys that
 * are others count only once the person has compared their fingerprint with the operator of the hub.
 */

import { digest, jcs, kidOf } from "../../sl1/index.js";
import { sure } from "./doubt.js";

/**
 * @typedef {import("./list.js").PinnedHub} PinnedHub
 * @typedef {import("../vault/shelf.js").Shelf} Shelf
 * @typedef {{person: string, unit: string}} Whose
 */

/** @param {Whose} whose */
const place = ({ person, unit }) => `hub ${person} ${unit}`;

/**
 * What stands for a hub and its keys: computed from the keys themselves, not from their names.
 *
 * @param {PinnedHub} hub
 */
export const fingerprintOf = async ({ id, log, receipt_key: key }) =>
  digest(jcs(["meldeweg", "hub", id, log, await kidOf(key.jwk)]));

/**
 * Refuse a hub that is not the one that was taken down.
 *
 * @param {Shelf} shelf
 * @param {Whose} whose
 * @param {PinnedHub} hub
 * @param {string | null} taken the fingerprint out of the vault; null where that is closed
 */
export async function checkHub(shelf, whose, hub, taken) {
  const shown = await fingerprintOf(hub);
  const kept = await shelf.get(place(whose));
  // What a person has compared on this device counts over what was taken down before.
  if (kept !== undefined) sure(kept === shown, "hub-changed");
  else if (taken !== null) {
    sure(taken === shown, "hub-changed");
    await shelf.put(place(whose), shown);
  }
}

/**
 * Remember that a person has compared these keys with the operator of the hub.
 *
 * @param {Shelf} shelf
 * @param {Whose} whose
 * @param {PinnedHub} hub
 */
export const acceptHub = async (shelf, whose, hub) =>
  shelf.put(place(whose), await fingerprintOf(hub));
