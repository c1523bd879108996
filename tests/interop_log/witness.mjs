// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

// A witness of logs, written from the texts of C2SP alone (tlog-witness, tlog-cosignature,
// tlog-checkpoint, signed-note), so that it shares nothing with the hub that it watches.
//
//   node witness.mjs NAME SEED-IN-HEX STATE-FILE VKEY...
//
// It listens on a free port of 127.0.0.1 and says "PORT VKEY" on its first line.

import { createHash, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { createServer } from "node:http";

const DASH = "\u2014 ";
const HASH = 32;
const MOST_PROOF_LINES = 63;
const MOST_BYTES = 65536;
const LOG_SIGNATURE = 1;
const COSIGNATURE = 4;
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");
const SPKI = Buffer.from("302a300506032b6570032100", "hex");

class Refused extends Error {
  constructor(status, text, type = "text/plain; charset=utf-8") {
    super(text);
    this.status = status;
    this.type = type;
  }
}

const sha256 = (...parts) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

const demand = (holds, status, text) => {
  if (!holds) throw new Refused(status, `${text}\n`);
};

// Buffer.from forgives a lot; what comes back must be what went in.
function base64(text) {
  const bytes = Buffer.from(text, "base64");
  demand(text !== "" && bytes.toString("base64") === text, 400, "not base64");
  return bytes;
}

function decimal(text) {
  demand(/^(0|[1-9][0-9]{0,18})$/.test(text), 400, "not a decimal number");
  return BigInt(text);
}

// --- Notes ---

const keyId = (name, type, key) => sha256(`${name}\n`, Buffer.from([type]), key).subarray(0, 4);

function readVkey(text) {
  const [name, id, material] = splitVkey(text);
  const bytes = base64(material);
  const [type, raw] = [bytes[0], bytes.subarray(1)];
  demand(type === LOG_SIGNATURE && raw.length === HASH, 400, "not an Ed25519 key of a log");
  demand(keyId(name, type, raw).toString("hex") === id, 400, "the id is not that of the key");
  const key = createPublicKey({ key: Buffer.concat([SPKI, raw]), format: "der", type: "spki" });
  return { name, id: Buffer.from(id, "hex"), key };
}

// The base64 of a key may itself have a plus.
function splitVkey(text) {
  const first = text.indexOf("+");
  const second = text.indexOf("+", first + 1);
  return [text.slice(0, first), text.slice(first + 1, second), text.slice(second + 1)];
}

function readNote(note) {
  const end = note.lastIndexOf("\n\n");
  demand(end >= 0 && note.endsWith("\n"), 400, "not a signed note");
  // eslint-disable-next-line no-control-regex
  demand(!/[\u0000-\u0009\u000b-\u001f]/.test(note), 400, "a control character in a note");
  const text = note.slice(0, end + 1);
  const signatures = note.slice(end + 2, -1).split("\n").map(readSignature);
  return { text, signatures };
}

function readSignature(line) {
  const parts = line.slice(DASH.length).split(" ");
  demand(line.startsWith(DASH) && parts.length === 2 && parts[0] !== "", 400, "not a signature");
  const bytes = base64(parts[1]);
  demand(bytes.length > 4, 400, "not a signature");
  return { line, name: parts[0], id: bytes.subarray(0, 4), signature: bytes.subarray(4) };
}

function readCheckpoint(text) {
  const [origin, size, root, ...rest] = text.split("\n");
  demand(rest.length >= 1 && origin !== "", 400, "not a checkpoint");
  demand(rest.slice(0, -1).every((line) => line !== ""), 400, "an empty extension line");
  const hash = base64(root);
  demand(hash.length === HASH, 400, "not a root");
  return { origin, size: decimal(size), root: hash };
}

// --- Trees (RFC 6962, section 2.1.2; verified as RFC 9162, section 2.1.4.2, has it) ---

const inner = (left, right) => sha256(Buffer.from([1]), left, right);

function growsFrom(old, oldRoot, size, root, proof) {
  if (old === 0n) return proof.length === 0 && (size > 0n || root.equals(sha256()));
  if (old === size) return proof.length === 0 && oldRoot.equals(root);
  const path = (old & (old - 1n)) === 0n ? [oldRoot, ...proof] : [...proof];
  if (path.length === 0) return false;
  let [node, last] = [old - 1n, size - 1n];
  while (node & 1n) [node, last] = [node >> 1n, last >> 1n];
  let [before, after] = [path[0], path[0]];
  for (const hash of path.slice(1)) {
    if (last === 0n) return false;
    if (node & 1n || node === last) {
      [before, after] = [inner(hash, before), inner(hash, after)];
      while (node !== 0n && !(node & 1n)) [node, last] = [node >> 1n, last >> 1n];
    } else {
      after = inner(after, hash);
    }
    [node, last] = [node >> 1n, last >> 1n];
  }
  return last === 0n && before.equals(oldRoot) && after.equals(root);
}

// --- What was cosigned last ---

class State {
  constructor(path) {
    this.path = path;
    const kept = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
    this.logs = kept.logs ?? {};
    this.evidence = kept.evidence ?? [];
  }

  // On the disk before anybody is told.
  write() {
    const unfinished = `${this.path}.new`;
    const file = openSync(unfinished, "w", 0o600);
    writeSync(file, JSON.stringify({ logs: this.logs, evidence: this.evidence }));
    fsyncSync(file);
    closeSync(file);
    renameSync(unfinished, this.path);
  }
}

class Witness {
  constructor(name, seed, state, logs) {
    const der = Buffer.concat([PKCS8, seed]);
    this.name = name;
    this.key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
    const spki = createPublicKey(this.key).export({ format: "der", type: "spki" });
    const raw = spki.subarray(SPKI.length);
    this.id = keyId(name, COSIGNATURE, raw);
    const material = Buffer.concat([Buffer.from([COSIGNATURE]), raw]).toString("base64");
    this.vkey = `${name}+${this.id.toString("hex")}+${material}`;
    this.state = state;
    this.logs = logs;
  }

  // Nothing here waits, so that no second request comes between the look and the entry.
  add(body) {
    const { old, proof, note } = readRequest(body);
    const { text, signatures } = readNote(note);
    const { origin, size, root } = readCheckpoint(text);
    const keys = this.logs.filter((log) => log.name === origin);
    demand(keys.length > 0, 404, "a log that is unknown here");
    const lines = this.trusted(keys, text, signatures);
    demand(old <= size, 400, "the old size is larger than the checkpoint's");
    const kept = this.state.logs[origin] ?? { size: "0", root: sha256().toString("base64"), note: "" };
    if (BigInt(kept.size) !== old) {
      throw new Refused(409, `${kept.size}\n`, "text/x.tlog.size");
    }
    if (!growsFrom(old, Buffer.from(kept.root, "base64"), size, root, proof)) {
      this.state.evidence.push({ origin, kept: kept.note, offered: note, old: old.toString() });
      this.state.write();
      throw new Refused(422, "the log does not go on from what was cosigned\n");
    }
    const line = this.cosign(text);
    const whole = `${text}\n${lines.join("\n")}\n${line}`;
    this.state.logs[origin] = { size: size.toString(), root: root.toString("base64"), note: whole };
    this.state.write();
    return line;
  }

  trusted(keys, text, signatures) {
    const lines = [];
    for (const each of signatures) {
      const log = keys.find((key) => key.name === each.name && key.id.equals(each.id));
      if (log === undefined) continue;
      demand(verify(null, Buffer.from(text), log.key, each.signature), 403, "a signature is wrong");
      lines.push(each.line);
    }
    demand(lines.length > 0, 403, "no signature of a trusted key");
    return lines;
  }

  cosign(text) {
    const now = BigInt(Math.floor(Date.now() / 1000));
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(now);
    const signature = sign(null, Buffer.from(`cosignature/v1\ntime ${now}\n${text}`), this.key);
    const bytes = Buffer.concat([this.id, time, signature]);
    return `${DASH}${this.name} ${bytes.toString("base64")}\n`;
  }

  latest(hash) {
    const found = Object.entries(this.state.logs).find(
      ([origin]) => sha256(origin).toString("hex") === hash,
    );
    demand(found !== undefined, 404, "never cosigned");
    return found[1].note;
  }
}

function readRequest(body) {
  const end = body.indexOf("\n\n");
  demand(end >= 0, 400, "not a request");
  const [first, ...lines] = body.slice(0, end).split("\n");
  demand(first.startsWith("old "), 400, "without an old size");
  demand(lines.length <= MOST_PROOF_LINES, 400, "too long a proof");
  const proof = lines.map(base64);
  demand(proof.every((hash) => hash.length === HASH), 400, "not a hash");
  return { old: decimal(first.slice("old ".length)), proof, note: body.slice(end + 2) };
}

// --- HTTP ---

function answer(witness, request, body) {
  const latest = /^\/([0-9a-f]{64})\/checkpoint$/.exec(request.url);
  if (latest !== null && request.method === "GET") return witness.latest(latest[1]);
  if (request.url === "/evidence" && request.method === "GET") {
    return JSON.stringify(witness.state.evidence);
  }
  demand(request.url === "/add-checkpoint", 404, "nothing here");
  demand(request.method === "POST", 405, "POST alone");
  const text = body.toString("utf8");
  demand(Buffer.from(text).equals(body), 400, "not UTF-8");
  return witness.add(text);
}

function serve(witness) {
  const server = createServer((request, response) => {
    const chunks = [];
    let bytes = 0;
    request.on("data", (chunk) => {
      bytes += chunk.length;
      if (bytes <= MOST_BYTES) chunks.push(chunk);
    });
    request.on("end", () => {
      const send = (status, type, text) => {
        response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(text) });
        response.end(text);
      };
      try {
        demand(bytes <= MOST_BYTES, 413, "too large");
        send(200, "text/plain; charset=utf-8", answer(witness, request, Buffer.concat(chunks)));
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        send(error.status, error.type, error.message);
      }
    });
  });
  server.listen(0, "127.0.0.1", () => {
    process.stdout.write(`${server.address().port} ${witness.vkey}\n`);
  });
}

const [name, seed, path, ...vkeys] = process.argv.slice(2);
serve(new Witness(name, Buffer.from(seed, "hex"), new State(path), vkeys.map(readVkey)));
