// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * An answer: what was sent, or was about to be sent, must not go any further.
 *
 * It carries a code of SL1 § 7 and places, never a value and never the name of an unknown member:
 * the text of an error reaches log files and other people's screens.
 */
export class Refusal extends Error {
  /**
   * @param {string} code
   * @param {readonly string[]} [pointers] JSON pointers (RFC 6901) into what was refused
   */
  constructor(code, pointers = []) {
    super(
      pointers.length ? `${code} at ${pointers.map((p) => JSON.stringify(p)).join(", ")}` : code,
    );
    this.name = "Refusal";
    this.code = code;
    this.pointers = [...pointers];
  }
}

/**
 * Refuse unless it holds.
 *
 * @param {unknown} holds
 * @param {string} code
 * @param {readonly string[]} [pointers]
 */
export function must(holds, code, pointers) {
  if (!holds) throw new Refusal(code, pointers);
}
