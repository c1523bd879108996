// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Is this filing really to be withdrawn? Asked once, and the hub is told. */

import { ask } from "../common/api.js";
import { t } from "../common/texts.js";
import { confirmed } from "../start/confirming.js";
import { TEXTS } from "./texts.js";

/**
 * Return the key of what is to be said about it; null where somebody thought better of it.
 *
 * @param {any} filing
 * @returns {Promise<"do.withdrawn" | "do.taken" | "do.failed" | null>}
 */
export async function askToWithdraw(filing) {
  const isWanted = await confirmed({
    title: t(TEXTS, "do.zurueckziehen.ask"),
    text: t(TEXTS, "do.zurueckziehen.text"),
    keep: t(TEXTS, "do.keep"),
    go: t(TEXTS, "do.zurueckziehen"),
  });
  if (!isWanted) return null;
  try {
    await ask("POST", `/portal/api/mitteilungen/${encodeURIComponent(filing.id)}/zurueckziehen`, {});
    return "do.withdrawn";
  } catch (trouble) {
    return /** @type {any} */ (trouble).code === "already-taken" ? "do.taken" : "do.failed";
  }
}
