// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * Does the portal or the hub take back what this browser was shown before?
 *
 * A signature tells who said it, not that nothing newer was said since. A root key, once seen, has
 * to stay; a list or an entry that goes back, or two of one version, are not believed.
 */

import { b64 } from "../../sl1/index.js";
import { sure } from "./doubt.js";

/** @typedef {import("../vault/shelf.js").Shelf} Shelf */

/** Seconds by which an older list may come after a newer one, asked for by another window. */
const OVERTAKEN = 60;

/** Checkpoints of one log that are remembered; older ones come back as proofs of old receipts. */
const CHECKPOINTS = 64;

/** @param {string} hub @param {string} what @param {string} [of] */
const place = (hub, what, of = "") => `seen ${hub} ${what} ${of}`;

/**
 * Refuse a list that is older than one that was shown.
 *
 * Nothing can have been shown in the future: what a clock that went ahead left behind counts as
 * shown just now. Otherwise every list would be refused until the right clock had come that far.
 *
 * @param {Shelf} shelf
 * @param {string} hub
 * @param {number} issuedAt
 * @param {number} now
 */
export const checkListFollows = (shelf, hub, issuedAt, now) =>
  shelf.revise(place(hub, "list"), (kept) => {
    const newest = Math.min(kept ?? 0, now);
    sure(issuedAt >= newest - OVERTAKEN, "list-older");
    return Math.max(newest, issuedAt);
  });

/**
 * Refuse another root key than the one seen first, a version that was replaced, and a second entry
 * of the same version.
 *
 * @param {Shelf} shelf
 * @param {string} hub
 * @param {{organisation: string, version: number, root: string, digest: string}} entry
 */
export const checkEntryFollows = (shelf, hub, { organisation, version, root, digest }) =>
  shelf.revise(place(hub, "entry", organisation), (kept) => {
    // A root key that changes is a new organisation under an old name.
    sure(!kept || kept.root === root, "root-changed");
    sure(!kept || version >= kept.version, "entry-older");
    sure(!kept || version > kept.version || digest === kept.digest, "entry-forked");
    return { root, version, digest };
  });

/**
 * Refuse a log that has two faces: at one size it has one root, whoever is asked and whenever.
 *
 * That a larger one begins with a smaller one takes hashes that no page is given; the SDK of the
 * portal holds that, and every witness of the log.
 *
 * @param {Shelf} shelf
 * @param {string} hub
 * @param {{size: number, root: Uint8Array}} checkpoint
 */
export const checkLogFollows = (shelf, hub, { size, root }) =>
  shelf.revise(place(hub, "log"), (kept = []) => {
    const same = kept.find((/** @type {any} */ each) => each.size === size);
    sure(!same || same.root === b64(root), "log-forked");
    return same ? kept : [...kept, { size, root: b64(root) }].slice(-CHECKPOINTS);
  });
