// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** What can be wrong with what the portal or the hub says? */

import { Refusal } from "../../sl1/index.js";

/**
 * What came back does not hold against what was pinned; nothing of it must be used.
 *
 * It carries a reason out of `texts.js` and never what it was about.
 */
export class Untrustworthy extends Error {
  /** @param {string} reason */
  constructor(reason) {
    super(reason);
    this.name = "Untrustworthy";
    this.reason = reason;
  }
}

/**
 * Doubt unless it holds.
 *
 * @param {unknown} holds
 * @param {string} reason
 * @returns {asserts holds}
 */
export function sure(holds, reason) {
  if (!holds) throw new Untrustworthy(reason);
}

/**
 * Run what refuses, and doubt for this reason where it does.
 *
 * @template T
 * @param {string} reason
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function doubting(reason, work) {
  try {
    return await work();
  } catch (refusal) {
    if (refusal instanceof Refusal) throw new Untrustworthy(reason);
    throw refusal;
  }
}
