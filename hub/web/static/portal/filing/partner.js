// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** To whom does an answer go? Only to whom this browser itself can tell it belongs. */

import { isByPartner, isFiledWith, sure } from "../trust/index.js";

/**
 * Refuse a partner whom neither the own note, nor a letter, nor the first notice of the matter shows.
 *
 * The own notes come first: they are here, and nothing has to be fetched.
 *
 * @param {{cnv: string, partner: string, cause?: string | null}} named
 * @param {any} thread as the portal says it
 * @param {{me: any, ask: any, trust: any, offices: any, now: () => number, openNote: (id: string, note: string) => Promise<any>}} known
 */
export async function checkPartner(named, thread, known) {
  const shown =
    (await isNoted(named, thread, known)) ||
    (await isByLetter(named, thread, known)) ||
    (await isByFiling(named, thread, known));
  sure(shown, "partner-unknown");
}

/** @param {any} named @param {any} thread @param {any} known */
async function isNoted({ partner }, { filings }, { openNote }) {
  for (const { id, note } of filings) {
    // Notes of colleagues do not come here, and those of a vault that is gone do not open.
    const said = note && (await openNote(id, note).catch(() => null));
    if (said?.to === partner) return true;
  }
  return false;
}

/** @param {any} named @param {any} thread @param {any} known */
async function isByLetter({ cnv, partner, cause }, { letters }, { me, ask, trust, now }) {
  const theirs = letters.filter((/** @type {any} */ each) => each.from === partner);
  const first = theirs.filter((/** @type {any} */ each) => each.id === cause);
  for (const { id } of new Set([...first, ...theirs])) {
    const given = await found(() => ask("GET", `/portal/api/briefe/${encodeURIComponent(id)}`));
    if (!given?.raw) continue;
    const directory = await trust.directory(given.list, given.organisations, now());
    if (await isByPartner({ cnv, partner, unit: me.unit }, given.raw, directory, trust)) return true;
  }
  return false;
}

/** @param {any} named @param {any} thread @param {any} known */
async function isByFiling({ cnv, partner }, { filings }, { me, ask, trust, offices }) {
  const first = filings.find((/** @type {any} */ each) => each.id === cnv);
  if (!first) return false;
  const said = await found(() => ask("GET", `/portal/api/mitteilungen/${encodeURIComponent(cnv)}`));
  if (!said?.answer) return false;
  const { directory } = await offices.of(first.to, { urgency: "planbar" });
  return isFiledWith({ cnv, partner, unit: me.unit }, said, directory, trust);
}

/** @param {() => Promise<any>} asked */
async function found(asked) {
  try {
    return await asked();
  } catch (trouble) {
    if (/** @type {any} */ (trouble).status === 404) return null;
    throw trouble;
  }
}
