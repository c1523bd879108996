// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * What is in a ZIP? Its directory is read first, then single files are unpacked by the browser's own
 * inflater and counted while they come out: what a directory says of a size is a claim.
 */

import { TABLE } from "./table.js";
import { must } from "./unreadable.js";

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 65_535;
const MOST_FILES = 2_000;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;
/** An honest worksheet shrinks to a twentieth; a bomb to a thousandth. */
const RATIO = 200;
const SMALL = 1_048_576;

/**
 * @typedef {object} Packed
 * @property {number} method
 * @property {number} packed bytes
 * @property {number} size bytes, as the directory claims
 * @property {number} at where its local header is
 */

/**
 * Return the files of an archive by name.
 *
 * @param {Uint8Array} bytes
 * @returns {Map<string, Packed>}
 */
export function directoryOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endOf(view);
  const count = view.getUint16(end + 10, true);
  must(count > 0 && count <= MOST_FILES, "not-a-workbook");
  const files = new Map();
  let at = view.getUint32(end + 16, true);
  for (let index = 0; index < count; index++) {
    must(at + 46 <= end && view.getUint32(at, true) === ENTRY, "not-a-workbook");
    const [name, packed, next] = entryAt(bytes, view, at);
    // Two files of one name: which of them is read would depend on who reads.
    must(!files.has(name), "not-a-workbook");
    files.set(name, packed);
    at = next;
  }
  return files;
}

/** @param {DataView} view */
function endOf(view) {
  const lowest = Math.max(0, view.byteLength - END_BYTES - LONGEST_COMMENT);
  for (let at = view.byteLength - END_BYTES; at >= lowest; at--) {
    if (view.getUint32(at, true) === END) return at;
  }
  must(false, "not-a-workbook");
  return 0;
}

/**
 * @param {Uint8Array} bytes
 * @param {DataView} view
 * @param {number} at
 * @returns {[string, Packed, number]}
 */
function entryAt(bytes, view, at) {
  const name = view.getUint16(at + 28, true);
  const next = at + 46 + name + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  must(next <= bytes.length, "not-a-workbook");
  must(!(view.getUint16(at + 8, true) & ENCRYPTED), "encrypted");
  const packed = {
    method: view.getUint16(at + 10, true),
    packed: view.getUint32(at + 20, true),
    size: view.getUint32(at + 24, true),
    at: view.getUint32(at + 42, true),
  };
  return [new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + name)), packed, next];
}

/** What may still come out of an archive, over all its files. */
export class Budget {
  #left = TABLE.limits.unpacked;

  /** @param {number} count */
  take(count) {
    this.#left -= count;
    must(this.#left >= 0, "bomb");
  }
}

/**
 * Return the bytes of one file.
 *
 * @param {Uint8Array} bytes
 * @param {Packed} packed
 * @param {Budget} budget
 * @returns {Promise<Uint8Array>}
 */
export async function unpack(bytes, packed, budget) {
  const raw = rawOf(bytes, packed);
  must(packed.size <= SMALL || packed.size <= packed.packed * RATIO, "bomb");
  if (packed.method === STORED) {
    budget.take(raw.length);
    must(raw.length === packed.size, "not-a-workbook");
    return raw;
  }
  must(packed.method === DEFLATED, "not-a-workbook");
  return inflate(raw, packed.size, budget);
}

/** @param {Uint8Array} bytes @param {Packed} packed */
function rawOf(bytes, packed) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  must(packed.at + 30 <= bytes.length, "not-a-workbook");
  must(view.getUint32(packed.at, true) === LOCAL, "not-a-workbook");
  const lengths = view.getUint16(packed.at + 26, true) + view.getUint16(packed.at + 28, true);
  const start = packed.at + 30 + lengths;
  must(start + packed.packed <= bytes.length, "not-a-workbook");
  return bytes.subarray(start, start + packed.packed);
}

/** @param {Uint8Array} raw @param {number} size @param {Budget} budget */
async function inflate(raw, size, budget) {
  const inflated = new Blob([/** @type {BlobPart} */ (raw)])
    .stream()
    .pipeThrough(new DecompressionStream("deflate-raw"))
    .getReader();
  const made = new Uint8Array(Math.min(size, TABLE.limits.unpacked));
  let filled = 0;
  try {
    for (let part = await nextOf(inflated); part; part = await nextOf(inflated)) {
      budget.take(part.length);
      must(filled + part.length <= size, "bomb");
      made.set(part, filled);
      filled += part.length;
    }
  } finally {
    await inflated.cancel().catch(() => {});
  }
  must(filled === size, "not-a-workbook");
  return made;
}

/** @param {ReadableStreamDefaultReader<Uint8Array>} reader @returns {Promise<Uint8Array | undefined>} */
async function nextOf(reader) {
  try {
    return (await reader.read()).value;
  } catch {
    must(false, "not-a-workbook");
    return undefined;
  }
}
