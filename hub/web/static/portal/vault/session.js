// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * How does the vault stay open from page to page, and no longer than the session?
 *
 * What is kept is a key that derives others and shows its bytes to no script. It is bound to the
 * mark of the session, so that whoever signs in next on this device does not find it.
 */

/**
 * @typedef {import("./shelf.js").Shelf} Shelf
 * @typedef {import("./vault.js").Vault} Vault
 */

const PLACE = "vault";

/**
 * @param {Shelf} shelf
 * @param {Vault} vault
 * @param {{mark: string, until: number}} session its mark, and the second at which it ends
 */
export const keepVault = (shelf, { person, secret }, { mark, until }) =>
  shelf.put(PLACE, { person, secret, mark, until });

/**
 * Return the vault that this session opened before; what another one left behind is removed.
 *
 * @param {Shelf} shelf
 * @param {{person: string, mark: string, now: number}} session
 * @returns {Promise<Vault | null>}
 */
export async function resumeVault(shelf, { person, mark, now }) {
  const kept = await shelf.get(PLACE);
  if (!kept) return null;
  if (kept.person === person && kept.mark === mark && now < kept.until) {
    return { person, secret: kept.secret };
  }
  await shelf.remove(PLACE);
  return null;
}

/** At sign-out, and as soon as a page learns that the session is over. @param {Shelf} shelf */
export const forgetVault = (shelf) => shelf.remove(PLACE);
