// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** How does a file come into memory? In slices, so that one sees it move and may stop it. */

import { TABLE } from "./table.js";
import { must } from "./unreadable.js";

const SLICE = 262_144;

/**
 * @typedef {{signal?: AbortSignal, onProgress?: (done: number, total: number) => void}} Watching
 */

/**
 * Read a file whole; what is larger than we take is refused before a byte of it is read.
 *
 * @param {Blob} file
 * @param {Watching} watching
 * @returns {Promise<Uint8Array>}
 */
export async function readSlices(file, { signal, onProgress = () => {} }) {
  must(file.size > 0, "empty");
  must(file.size <= TABLE.limits.bytes, "too-large");
  const bytes = new Uint8Array(file.size);
  for (let at = 0; at < file.size; at += SLICE) {
    signal?.throwIfAborted();
    const slice = await bytesOf(file.slice(at, Math.min(at + SLICE, file.size)));
    // A file that another program shortened meanwhile is not the one that was chosen.
    must(slice.length === Math.min(SLICE, file.size - at), "unreadable");
    bytes.set(slice, at);
    onProgress(at + slice.length, file.size);
  }
  signal?.throwIfAborted();
  return bytes;
}

/** @param {Blob} slice @returns {Promise<Uint8Array>} */
async function bytesOf(slice) {
  try {
    return new Uint8Array(await slice.arrayBuffer());
  } catch {
    must(false, "unreadable");
    return new Uint8Array();
  }
}

/**
 * Whether bytes begin with these.
 *
 * @param {Uint8Array} bytes
 * @param {readonly number[]} start
 */
export const beginsWith = (bytes, start) => start.every((each, index) => bytes[index] === each);
