// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

// A log of others, written from RFC 6962 and the texts of C2SP alone, by the recursions as they
// stand there. It shares nothing with the hub whose witness it asks.
//
//   node log.mjs ORIGIN SEED-IN-HEX SIZE...
//
// It prints one JSON object: its key, and of each size the request with which it asks a witness to
// go on from the size before, and one that tells another history.

import { createHash, createPrivateKey, createPublicKey, sign } from "node:crypto";

const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");
const SPKI_HEAD = 12;

const sha256 = (...parts) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

// The largest power of two smaller than n.
function split(n) {
  let k = 1;
  while (2 * k < n) k *= 2;
  return k;
}

function treeHash(leaves) {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return sha256(Buffer.from([0]), leaves[0]);
  const k = split(leaves.length);
  return sha256(Buffer.from([1]), treeHash(leaves.slice(0, k)), treeHash(leaves.slice(k)));
}

function subproof(m, leaves, whole) {
  if (m === leaves.length) return whole ? [] : [treeHash(leaves)];
  const k = split(leaves.length);
  if (m <= k) return [...subproof(m, leaves.slice(0, k), whole), treeHash(leaves.slice(k))];
  return [...subproof(m - k, leaves.slice(k), false), treeHash(leaves.slice(0, k))];
}

const [origin, seed, ...numbers] = process.argv.slice(2);
const der = Buffer.concat([PKCS8, Buffer.from(seed, "hex")]);
const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
const raw = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(SPKI_HEAD);
const material = Buffer.concat([Buffer.from([1]), raw]);
const id = sha256(`${origin}\n`, material).subarray(0, 4);

function checkpoint(leaves) {
  const text = `${origin}\n${leaves.length}\n${treeHash(leaves).toString("base64")}\n`;
  const line = Buffer.concat([id, sign(null, Buffer.from(text), key)]).toString("base64");
  return `${text}\n\u2014 ${origin} ${line}\n`;
}

function request(old, leaves) {
  const proof = old === 0 ? [] : subproof(old, leaves, true);
  const lines = [`old ${old}`, ...proof.map((hash) => hash.toString("base64"))];
  return `${lines.join("\n")}\n\n${checkpoint(leaves)}`;
}

const history = (word, size) =>
  Array.from({ length: size }, (_, index) => Buffer.from(`${word} ${index}`));

const requests = [];
let old = 0;
for (const size of numbers.map(Number)) {
  const [honest, forked] = ["so", "anders"].map((word) => request(old, history(word, size)));
  requests.push({ size, honest, forked });
  old = size;
}
const vkey = `${origin}+${id.toString("hex")}+${material.toString("base64")}`;
process.stdout.write(`${JSON.stringify({ vkey, requests })}\n`);
