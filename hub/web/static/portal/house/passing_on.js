// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * How does a new colleague come to the key of the desk? Whoever has it seals it to them, here.
 *
 * To whom it goes is not believed because the portal says so: the signed directory has to list the
 * colleague's key as one of this house.
 */

import { ask } from "../common/api.js";
import { deskSeed, myShelf, myVault, openByPasskey, ownKey } from "../common/session_vault.js";
import { checkColleague, trustIn } from "../trust/index.js";
import { makeDeskKeys, readRecovery, shareDesk } from "../vault/index.js";

/** @param {any} mine @param {{person: string, kid: string, pub: string, key: string}} waiting */
export async function passOn(mine, waiting) {
  const listed = await directoryOf(mine);
  const known = await checkColleague(mine.unit, waiting.kid, listed, mine.now);
  const vault = (await myVault(mine)) ?? (await openByPasskey(mine));
  const seed = await deskSeed(mine, vault, waiting.key);
  if (!seed) throw Object.assign(new Error("no share"), { code: "no-desk-key" });
  const share = await shareDesk({ seed, kid: waiting.key, unit: mine.unit }, known.pub);
  seed.fill(0);
  await ask("PUT", `/portal/api/haus/schluessel/${waiting.key}/${waiting.person}`, { share });
}

/** A new everyday key, because somebody has left or nobody has the old one. @param {any} mine */
export async function changeDeskKey(mine) {
  const { dienst } = await makeDeskKeys();
  const desk = { seed: dienst.seed, kid: dienst.kid, unit: mine.unit };
  const share = await shareDesk(desk, await ownPub(mine));
  await ask("PUT", "/portal/api/haus/schluessel", { use: "dienst", pub: dienst.pub, share });
}

/**
 * Open the house's post again by the file of the head: its key is sealed to one's own.
 *
 * @param {any} mine
 * @param {string} text of the file
 */
export async function openByRecovery(mine, text) {
  const { unit, kid, seed } = await readRecovery(text);
  const isOurs = mine.house_keys.some((/** @type {any} */ key) => key.kid === kid);
  if (unit !== mine.unit || !isOurs) {
    throw Object.assign(new Error("another house"), { code: "recovery-other" });
  }
  const share = await shareDesk({ seed, kid, unit }, await ownPub(mine));
  seed.fill(0);
  await ask("PUT", `/portal/api/haus/schluessel/${kid}/${mine.person.id}`, { share });
}

/** Out of the vault: the portal could name a key of its own here. @param {any} mine @returns {Promise<string>} */
async function ownPub(mine) {
  if (!mine.vault?.person_kid) throw Object.assign(new Error("no key"), { code: "no-own-key" });
  const vault = (await myVault(mine)) ?? (await openByPasskey(mine));
  return (await ownKey(mine, vault)).pub;
}

/** @param {any} mine */
async function directoryOf(mine) {
  const trust = trustIn(mine.hub, await myShelf());
  const said = await ask("GET", `/portal/api/stellen/${encodeURIComponent(mine.unit)}`);
  return trust.directory(said.list, said.organisations, mine.now);
}
