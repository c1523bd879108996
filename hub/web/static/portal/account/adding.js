// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * How does a second passkey come to the first, and to the same vault?
 *
 * The new one gets a lock of its own. The vault key is needed for that, so somebody who has it opens
 * an old lock first; where that does not work, the new passkey signs in and opens nothing.
 */

import { ask, me } from "../common/api.js";
import { prove } from "../common/proof.js";
import { myShelf } from "../common/session_vault.js";
import { makePasskey } from "../signin/passkey.js";
import { addLock, deviceKek, passkeyKek, prfExtension, prfOf } from "../vault/index.js";
import { derivedNow } from "./beginning.js";

const API = "/portal/api/konto/passkeys";

/** @param {any} mine */
export async function addPasskeyTo(mine) {
  await prove();
  const present = await presentLock(mine);
  const asked = await ask("POST", `${API}/frage`, {});
  const { credential, shown } = await makePasskey(asked, prfExtension());
  const derived = prfOf(shown);
  const label = /** @type {any} */ (navigator).userAgentData?.platform || navigator.platform || "Passkey";
  const prf = Boolean(derived || shown.getClientExtensionResults().prf?.enabled);
  await ask("POST", API, { credential, label, prf });
  // The session has gone on under a new secret, and with it its token.
  const now = await me(true);
  if (!present || !prf) return;
  const secret = derived ?? (await derivedNow())?.derived;
  if (!secret) return;
  const next = { kind: /** @type {const} */ ("passkey"), name: credential.id, kek: await passkeyKek(secret) };
  await ask("POST", "/portal/api/tresor/schloesser", await addLock(now.person.id, present, next));
}

/**
 * A lock that can be opened here: by this device, or by the passkey that is shown now.
 *
 * @param {any} mine
 * @returns {Promise<{locks: any[], kind: "device" | "passkey", kek: CryptoKey} | null>}
 */
async function presentLock(mine) {
  const locks = mine.vault?.locks ?? [];
  const has = (/** @type {string} */ kind) => locks.some((/** @type {any} */ each) => each.kind === kind);
  const device = has("device") ? await deviceKek(await myShelf(), mine.person.id) : null;
  if (device) return { locks, kind: "device", kek: device };
  if (!has("passkey")) return null;
  const shown = await derivedNow();
  return shown ? { locks, kind: "passkey", kek: await passkeyKek(shown.derived) } : null;
}
