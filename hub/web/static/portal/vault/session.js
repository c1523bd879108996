// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * How does the vault stay open from page to page, and no longer than the session?
 *
 * What is kept lies sealed under a key that follows from the token of the session, and the token is
 * kept nowhere: only a page to which the portal tells it again opens what a page before it left. A
 * tab that was shut without signing out leaves nothing behind that could be used.
 */

import { utf8 } from "../../sl1/index.js";
import { derivedKey, hkdfKey, label, openBytes } from "./cipher.js";
import { vaultOf } from "./vault.js";

/**
 * @typedef {import("./shelf.js").Shelf} Shelf
 * @typedef {import("./vault.js").Vault} Vault
 */

const PLACE = "vault";

/** @param {string} mark what only a page of the session knows */
const keyOf = async (mark) => derivedKey(await hkdfKey(utf8(mark)), label("vault", "session"));

/** @param {string} person */
const about = (person) => label("vault", "session", person);

/**
 * @param {Shelf} shelf
 * @param {Vault} vault
 * @param {{mark: string, until: number}} session its mark, and the second at which it ends
 */
export async function keepVault(shelf, { person, sealUnder }, { mark, until }) {
  const sealed = await sealUnder(await keyOf(mark), about(person));
  await shelf.put(PLACE, { sealed, until });
}

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
  try {
    if (now < kept.until) {
      return await vaultOf(person, await openBytes(await keyOf(mark), kept.sealed, about(person)));
    }
  } catch {
    // Another person's, or of a session before this one: neither opens.
  }
  await shelf.remove(PLACE);
  return null;
}

/** At sign-out, and as soon as a page learns that the session is over. @param {Shelf} shelf */
export const forgetVault = (shelf) => shelf.remove(PLACE);
