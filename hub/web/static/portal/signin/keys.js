// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** What of the vault does signing in touch? Loaded beside the page; it brings the cryptography. */

import { forgetSession, keepForSession } from "../common/session_vault.js";
import { openVault, passkeyKek, prfExtension, prfOf } from "../vault/index.js";

export { forgetSession };

/** What a passkey is asked to derive, when it is made and when it is shown. */
export const extension = prfExtension;

/** Whether a new passkey says that it can derive. @param {any} shown */
export const couldDerive = (shown) =>
  Boolean(prfOf(shown) || shown.getClientExtensionResults().prf?.enabled);

/**
 * Open the vault by what the passkey derived at sign-in, for as long as the session lasts.
 *
 * Where it derived nothing, or opens no lock, the vault stays closed: a page that needs it says so.
 *
 * @param {any} me
 * @param {any} shown
 */
export async function openVaultWith(me, shown) {
  const derived = prfOf(shown);
  if (!derived || !me.vault) return;
  try {
    const kek = await passkeyKek(derived);
    await keepForSession(me, await openVault(me.person.id, me.vault.locks, "passkey", kek));
  } catch {
    // Its lock may be another passkey's; being signed in does not depend on it.
  }
}
