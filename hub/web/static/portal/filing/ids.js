// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** What is a message called? UUIDv7, so that ids of one day lie side by side; else UUIDv4. */

/**
 * @param {number} milliseconds since 1970
 * @param {Uint8Array} [random] 16 bytes
 */
export function uuid7(milliseconds, random = crypto.getRandomValues(new Uint8Array(16))) {
  const bytes = Uint8Array.from(random);
  for (let place = 5, rest = milliseconds; place >= 0; place--, rest = Math.floor(rest / 256)) {
    bytes[place] = rest % 256;
  }
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/**
 * The id of a message; one of an exchange that nobody may tie to another tells no time.
 *
 * @param {{unlinked: boolean}} description
 * @param {number} now second
 */
export const messageId = (description, now) =>
  description.unlinked ? crypto.randomUUID() : uuid7(Math.floor(now * 1000));
