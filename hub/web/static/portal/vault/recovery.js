// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * How does a house come to its letters again when nobody can open its vault any more?
 *
 * The head keeps one file offline. It says in German what it is, so that whoever finds it in a safe
 * in five years knows, and it checks itself, so that a mistyped copy is noticed.
 */

import { Refusal, digest, jcs, b64, isB64, readerFromSeed, unb64 } from "../../sl1/index.js";

const CODE = "recovery-invalid";
const TITLE = "Meldeweg – Wiederherstellungsdatei";
const CHECK = 12;

/**
 * @typedef {object} Recovery
 * @property {string} unit
 * @property {string} kid
 * @property {Uint8Array<ArrayBuffer>} seed
 */

/** @param {string} unit @param {string} kid @param {string} secret */
const checkOf = async (unit, kid, secret) =>
  (await digest(jcs(["meldeweg", "portal", "recovery", unit, kid, secret]))).slice(0, CHECK);

/**
 * Write the file of the key `leitung`.
 *
 * @param {Recovery & {unitName: string, day: string}} of_
 * @returns {Promise<string>}
 */
export async function writeRecovery({ unit, unitName, kid, seed, day }) {
  const secret = b64(seed);
  const lines = [
    TITLE,
    "",
    "Diese Datei öffnet jede Mitteilung, die an diese Stelle gerichtet ist.",
    "Drucken Sie sie aus, oder speichern Sie sie auf einem Datenträger, der in keinem",
    "Rechner steckt, und legen Sie beides verschlossen ab. Versenden Sie sie nie.",
    "Sie wird gebraucht, wenn niemand in Ihrem Haus mehr Zugang hat.",
    "",
    `Name: ${unitName.replace(/\s+/g, " ")}`,
    `Stelle: ${unit}`,
    `Angelegt: ${day}`,
    `Schlüssel: ${kid}`,
    `Geheimnis: ${secret}`,
    `Prüfsumme: ${await checkOf(unit, kid, secret)}`,
    "",
  ];
  return lines.join("\n");
}

/**
 * Read a recovery file; spaces and line ends may have changed on the way over paper.
 *
 * @param {string} text
 * @returns {Promise<Recovery & {pub: string}>}
 */
export async function readRecovery(text) {
  const said = membersOf(text);
  const [unit, kid, secret] = ["Stelle", "Schlüssel", "Geheimnis"].map((name) => said.get(name));
  const whole = unit && kid && secret && isB64(secret, 32);
  if (!whole || (await checkOf(unit, kid, secret)) !== said.get("Prüfsumme")) {
    throw new Refusal(CODE);
  }
  const seed = unb64(secret, CODE);
  const own = await readerFromSeed(seed);
  if (own.kid !== kid) throw new Refusal(CODE);
  return { unit, kid, pub: own.pub, seed };
}

/** @param {string} text @returns {Map<string, string>} */
function membersOf(text) {
  const found = new Map();
  for (const line of text.normalize("NFC").replace(/^\uFEFF/, "").split(/\r?\n|\r/)) {
    const [, name, value] = /^\s*([A-Za-zÄÖÜäöüß]+):\s*(.*?)\s*$/.exec(line) ?? [];
    if (!name) continue;
    // The same member twice would be two files in one.
    if (found.has(name)) throw new Refusal(CODE);
    found.set(name, name === "Name" ? value : value.replace(/\s+/g, ""));
  }
  return found;
}
