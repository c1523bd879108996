// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * Does this entry stand in the log? (C2SP tlog-proof; RFC 6962, RFC 9162 § 2.1.3.2)
 *
 * The entry that is shown beside the proof is the proven one: whoever keeps the answer reads the
 * one and believes the other.
 */

import { concat, isObject, jcs, parseStrict, sha256 } from "../../sl1/index.js";
import { doubting, sure } from "./doubt.js";
import { isSame, parseVkey, unbase64, verifyCheckpoint } from "./note.js";

/**
 * @typedef {{index: number, hashes: Uint8Array[], checkpoint: string, extra: Uint8Array<ArrayBuffer>}} Proof
 * @typedef {{log: string, id: string}} Log its key as a C2SP vkey, and the id of its hub
 */

const HEADER = "c2sp.org/tlog-proof@v1";
const PATH = 64;
const HASH = 32;
const MALFORMED = "log-malformed";

/** Read a proof in its one spelling. @param {unknown} text @returns {Proof} */
export function parseProof(text) {
  sure(typeof text === "string", MALFORMED);
  const end = text.indexOf("\n\n");
  sure(end > 0, MALFORMED);
  const [header, extra, index, ...path] = text.slice(0, end).split("\n");
  sure(header === HEADER && extra?.startsWith("extra "), MALFORMED);
  const found = /^index (0|[1-9][0-9]{0,15})$/.exec(index ?? "");
  sure(found && path.length < PATH, MALFORMED);
  const hashes = path.map(unbase64);
  const entry = unbase64(extra.slice("extra ".length));
  sure(entry.length > 0 && hashes.every((hash) => hash.length === HASH), MALFORMED);
  return { index: Number(found[1]), hashes, checkpoint: text.slice(end + 2), extra: entry };
}

/** @param {Uint8Array} leaf */
const leafHash = (leaf) => sha256(concat(Uint8Array.of(0), leaf));
/** @param {Uint8Array} left @param {Uint8Array} right */
const innerHash = (left, right) => sha256(concat(Uint8Array.of(1), left, right));

/**
 * Return the root to which a leaf and its siblings lead.
 *
 * Places are numbers and never combined by bits: those would be cut to 32.
 *
 * @param {Uint8Array} leaf
 * @param {number} index
 * @param {number} size
 * @param {readonly Uint8Array[]} hashes
 */
export async function rootOf(leaf, index, size, hashes) {
  sure(index < size && Number.isSafeInteger(size), "log-path");
  let [hash, at, last] = [leaf, index, size - 1];
  for (const sibling of hashes) {
    sure(last > 0, "log-path");
    if (at % 2 === 1 || at === last) {
      hash = await innerHash(sibling, hash);
      while (at % 2 === 0 && at > 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else {
      hash = await innerHash(hash, sibling);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  sure(last === 0, "log-path");
  return hash;
}

/**
 * Verify that an entry about a digest stands in the log; returns it with its index.
 *
 * @param {{proof: unknown, entry: unknown}} shown
 * @param {string} about
 * @param {Log} log
 * @returns {Promise<{index: number, entry: any, checkpoint: import("./note.js").Checkpoint}>}
 */
export async function verifyLogged({ proof: text, entry }, about, log) {
  const proof = parseProof(text);
  const checkpoint = await verifyCheckpoint(
    proof.checkpoint,
    await parseVkey(log.log),
    `${log.id}/log`,
  );
  const leaf = await leafHash(proof.extra);
  const root = await rootOf(leaf, proof.index, checkpoint.size, proof.hashes);
  sure(isSame(root, checkpoint.root), "log-path");
  const shown = await doubting("log-other-entry", () => jcs(entry, "malformed"));
  sure(isSame(shown, proof.extra), "log-other-entry");
  const said = await doubting(MALFORMED, () => parseStrict(proof.extra, "malformed"));
  sure(isObject(said) && said.obj?.d === about && said.out === "ok", "log-about-another");
  return { index: proof.index, entry: said, checkpoint };
}
