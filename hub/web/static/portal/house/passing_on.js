// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * How does a new colleague come to the key of the desk? Whoever has it seals it to them, here.
 *
 * To whom it goes is not believed because the portal says so: the signed directory has to list the
 * colleague's key as one of this house.
 */

import { ask } from "../common/api.js";
import { deskSeed, myVault, openByPasskey, ownKey } from "../common/session_vault.js";
import { trustOf } from "../common/trusted.js";
import { checkColleague } from "../trust/index.js";
import { makeDeskKeys, readRecovery, shareDesk, vouchFor } from "../vault/index.js";
import { isOtherKey, rememberColleague, rememberDeskKey, strangeKeys } from "./known_keys.js";

/**
 * Pass a desk key on to a colleague; refuses one that nobody known has made, and asks about a
 * colleague who has another key than the last time.
 *
 * @param {any} mine
 * @param {{person: string, kid: string, pub: string, key: string}} waiting
 * @param {(kid: string) => Promise<boolean>} asked whether the colleague has said that it is theirs
 */
export async function passOn(mine, waiting, asked) {
  const vault = await openVaultOf(mine);
  const listed = await directoryOf(mine, vault);
  const known = await checkColleague(mine.unit, waiting.kid, listed, mine.now);
  const strange = await strangeKeys(mine, vault, listed);
  if (strange.includes(waiting.key)) throw coded("desk-key-strange");
  if ((await isOtherKey(mine, waiting)) && !(await asked(waiting.kid))) throw coded("colleague-changed");
  const seed = await deskSeed(mine, vault, waiting.key);
  if (!seed) throw coded("no-desk-key");
  const share = await shareDesk({ seed, kid: waiting.key, unit: mine.unit }, known.pub);
  seed.fill(0);
  await ask("PUT", `/portal/api/haus/schluessel/${waiting.key}/${waiting.person}`, { share });
  await rememberColleague(mine, waiting);
}

/**
 * A new everyday key, because somebody has left or nobody has the old one. Where the old one is
 * here, it vouches for the new one, and nobody else has to ask whose it is.
 *
 * @param {any} mine
 */
export async function changeDeskKey(mine) {
  const { dienst } = await makeDeskKeys();
  const desk = { seed: dienst.seed, kid: dienst.kid, unit: mine.unit };
  const share = await shareDesk(desk, await ownPub(mine));
  const old = await presentSeed(mine);
  const vouch = old ? await vouchFor({ seed: old, unit: mine.unit }, dienst.kid) : null;
  await ask("PUT", "/portal/api/haus/schluessel", { use: "dienst", pub: dienst.pub, share, vouch });
  await rememberDeskKey(mine, dienst.kid);
}

/** The desk key of now, or else the one of the head, where it was opened here. @param {any} mine */
async function presentSeed(mine) {
  const vault = await openVaultOf(mine);
  const strange = await strangeKeys(mine, vault, await directoryOf(mine, vault));
  for (const { kid, ended } of mine.house_keys) {
    const seed = ended || strange.includes(kid) ? null : await deskSeed(mine, vault, kid);
    if (seed) return seed;
  }
  return null;
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
    throw coded("recovery-other");
  }
  const share = await shareDesk({ seed, kid, unit }, await ownPub(mine));
  seed.fill(0);
  await ask("PUT", `/portal/api/haus/schluessel/${kid}/${mine.person.id}`, { share });
}

/** Out of the vault: the portal could name a key of its own here. @param {any} mine @returns {Promise<string>} */
async function ownPub(mine) {
  if (!mine.vault?.person_kid) throw coded("no-own-key");
  return (await ownKey(mine, await openVaultOf(mine))).pub;
}

/** @param {any} mine */
const openVaultOf = async (mine) => (await myVault(mine)) ?? openByPasskey(mine);

/** @param {string} code */
const coded = (code) => Object.assign(new Error(code), { code });

/** @param {any} mine @param {any} vault */
async function directoryOf(mine, vault) {
  const trust = await trustOf(mine, vault);
  const said = await ask("GET", `/portal/api/stellen/${encodeURIComponent(mine.unit)}`);
  return trust.directory(said.list, said.organisations, mine.now);
}
