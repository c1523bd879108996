// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Where do the vectors stand, and how is a message in them spelled? */

import { readFileSync } from "node:fs";

import { unb64 } from "../../hub/web/static/sl1/index.js";

const FOLDER = new URL("../../specs/vectors/sl1/", import.meta.url);

/** @param {string} name @returns {any} */
export const vectors = (name) => JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8"));

/** @param {any} vector @returns {Uint8Array} */
export function bytesOf({ message, message_b64: binary, padded_with_spaces_to: length }) {
  if (binary !== undefined) return unb64(binary, "vector");
  const bytes = new TextEncoder().encode(message);
  if (length === undefined) return bytes;
  const padded = new Uint8Array(length).fill(0x20);
  padded.set(bytes);
  return padded;
}

/** @param {{code?: string | null, pointers?: string[]}} expected */
export const refusal =
  ({ code, pointers }) =>
  (/** @type {any} */ error) =>
    error.name === "Refusal" &&
    error.code === code &&
    (pointers === undefined || JSON.stringify(error.pointers) === JSON.stringify(pointers));
