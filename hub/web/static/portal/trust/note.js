// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * Who signed this text, and how large does the log say it is? (C2SP signed-note, tlog-checkpoint)
 *
 * Reading is strict: a note has one spelling, so that what two people hold up as the same note is.
 */

import { concat, isSignature, b64, sha256, utf8 } from "../../sl1/index.js";
import { sure } from "./doubt.js";
import { isEdwardsKey } from "./points.js";

/**
 * @typedef {{name: string, id: Uint8Array, key: Uint8Array}} Verifier
 * @typedef {{origin: string, size: number, root: Uint8Array}} Checkpoint
 */

const ED25519 = 1;
const HASH = 32;
const MOST = 65_536;
const MALFORMED = "log-malformed";
const UNSIGNED = "log-unsigned";

/** Read standard base64 in its one spelling. @param {string} text @returns {Uint8Array<ArrayBuffer>} */
export function unbase64(text) {
  sure(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text), MALFORMED);
  const binary = atob(text);
  sure(btoa(binary) === text, MALFORMED);
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/** @param {Uint8Array} a @param {Uint8Array} b */
export const isSame = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);

/** @param {string} name @param {Uint8Array} material beginning with the type */
const keyId = async (name, material) =>
  (await sha256(concat(utf8(`${name}\n`), material))).slice(0, 4);

/** Read the key of a log. @param {string} vkey @returns {Promise<Verifier>} */
export async function parseVkey(vkey) {
  const [, name, id, spelled] =
    /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(String(vkey)) ?? [];
  sure(name !== undefined, "log-key");
  const material = unbase64(spelled);
  sure(material.length === 33 && material[0] === ED25519, "log-key");
  const own = await keyId(name, material);
  const named = Array.from(own, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const key = material.slice(1);
  sure(named === id && isEdwardsKey(key), "log-key");
  return { name, id: own, key };
}

/** @param {string} line @returns {[string, Uint8Array<ArrayBuffer>]} */
function signatureOf(line) {
  const [, name, spelled] = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/.exec(line) ?? [];
  sure(name !== undefined, MALFORMED);
  const blob = unbase64(spelled);
  sure(blob.length > 4, MALFORMED);
  return [name, blob];
}

/** @param {string} source */
function parseNote(source) {
  sure(source.length <= MOST && !/[\u0000-\u0009\u000b-\u001f]/.test(source), MALFORMED);
  const end = source.lastIndexOf("\n\n");
  const [text, lines] = [source.slice(0, end + 1), source.slice(end + 2)];
  sure(end > 0 && lines.endsWith("\n"), MALFORMED);
  const signatures = lines.slice(0, -1).split("\n").map(signatureOf);
  const keys = new Set(signatures.map(([name, blob]) => `${name} ${blob.slice(0, 4)}`));
  sure(keys.size === signatures.length, MALFORMED);
  return { text, signatures };
}

/**
 * Return the checkpoint of a note that this key signed, for this log.
 *
 * @param {string} source
 * @param {Verifier} verifier
 * @param {string} origin
 * @returns {Promise<Checkpoint>}
 */
export async function verifyCheckpoint(source, verifier, origin) {
  const { text, signatures } = parseNote(source);
  const own = signatures.find(
    ([name, blob]) => name === verifier.name && isSame(blob.slice(0, 4), verifier.id),
  );
  sure(own, UNSIGNED);
  const jwk = { kty: "OKP", crv: "Ed25519", x: b64(verifier.key) };
  sure(await isSignature(jwk, own[1].slice(4), utf8(text)), UNSIGNED);
  const checkpoint = parseCheckpoint(text);
  sure(checkpoint.origin === origin, "log-other");
  return checkpoint;
}

/** @param {string} text @returns {Checkpoint} */
function parseCheckpoint(text) {
  const lines = text.split("\n");
  // Extension lines are refused, since nobody would check them.
  sure(lines.length === 4 && lines[3] === "" && lines[0] !== "", MALFORMED);
  sure(/^(?:0|[1-9][0-9]{0,15})$/.test(lines[1]), MALFORMED);
  const root = unbase64(lines[2]);
  sure(root.length === HASH, MALFORMED);
  return { origin: lines[0], size: Number(lines[1]), root };
}
