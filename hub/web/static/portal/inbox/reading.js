// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** From the press of „Nachricht öffnen“ to what it says: keys, directory, receipts, in that order. */

import { ask } from "../common/api.js";
import { deskSeed, formerSeeds, personSeed } from "../common/session_vault.js";
import { Unopened, openLetter } from "./opening.js";

/**
 * @typedef {object} Read
 * @property {any} content
 * @property {any} claims
 * @property {any} description of the sender's step
 * @property {string} from name of the sender in the signed directory
 * @property {boolean} isStale whether the directory is not of today
 * @property {any} letter as it stands now
 */

/**
 * Open a letter. The portal is told before anything is shown, and the sender where what came cannot
 * be used; a letter that was opened before is not told again.
 *
 * @param {any} letter
 * @param {any} me
 * @param {any} vault
 * @returns {Promise<Read>}
 */
export async function readLetter(letter, me, vault) {
  if (!vault) throw new Unopened("closed");
  const keys = await keysFor(letter, me, vault);
  if (keys.length === 0) throw new Unopened("no-key");
  const given = await ask("GET", pathOf(letter));
  const description = await describe(letter);
  const directory = await believed(given, me, vault);
  const { hub, unit } = { hub: me.hub.id, unit: me.unit };
  try {
    const opened = await openLetter({
      ...{ letter, raw: given.raw, description, directory, keys, hub, unit, now: me.now },
    });
    const told = await tell(letter, "geoeffnet", { kid: opened.kid, classes: opened.classes });
    const from = directory.fullName(opened.claims.iss);
    return { ...opened, from, description, isStale: given.stale, letter: told ?? letter };
  } catch (trouble) {
    if (trouble instanceof Unopened && trouble.isRejection) await reject(letter, trouble);
    throw trouble;
  }
}

/** Say that somebody has taken note. @param {any} letter */
export const acknowledge = (letter) => ask("POST", `${pathOf(letter)}/bestaetigt`, {});

/** @param {any} letter @param {string} word @param {any} said */
const tell = (letter, word, said) =>
  letter.state === "neu" ? ask("POST", `${pathOf(letter)}/${word}`, said) : null;

/** @param {any} letter @param {Unopened} fault */
async function reject(letter, { code, pointers }) {
  if (letter.state === "neu") {
    await ask("POST", `${pathOf(letter)}/abgelehnt`, { problems: [{ code, pointers }] });
  }
}

/** @param {any} letter */
const pathOf = ({ id }) => `/portal/api/briefe/${encodeURIComponent(id)}`;

/** @param {any} letter */
function describe({ protocol, step }) {
  const [name, version] = protocol.split("/");
  return ask("GET", `/portal/api/formulare/${name}/${version}/${step}`);
}

/** @param {any} given @param {any} me @param {any} vault */
async function believed({ list, organisations }, me, vault) {
  const { trustOf } = await import("../common/trusted.js");
  try {
    return await (await trustOf(me, vault)).directory(list, organisations, me.now);
  } catch (doubt) {
    throw new Unopened("directory", [], doubt);
  }
}

/**
 * The own keys that this letter is sealed to; the desk's only where it is not for one person.
 *
 * @param {any} letter
 * @param {any} me
 * @param {any} vault
 */
async function keysFor(letter, me, vault) {
  const found = await formerSeeds(me, vault);
  if (me.vault?.person_kid) {
    found.unshift({ kid: me.vault.person_kid, seed: await personSeed(me, vault) });
  }
  const wanted = found.filter(({ kid }) => letter.kids.includes(kid));
  if (wanted.length > 0 || letter.for) return wanted;
  for (const kid of letter.kids) {
    const seed = await deskSeed(me, vault, kid);
    if (seed) wanted.push({ kid, seed });
  }
  return wanted;
}
