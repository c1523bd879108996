// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Where are the tables that came with this program? Files of the bundle, each with its digest. */

const FOLDER = "/portal/dateien";
/** @type {Promise<{[name: string]: {file: string, integrity: string}}> | undefined} */
let list;
/** @type {Map<string, Promise<any>>} */
const known = new Map();

/**
 * Return a table by the name it has in the source: `orte.json`. It is fetched once, and refused
 * where its digest is not the published one.
 *
 * @param {string} name
 * @returns {Promise<any>}
 */
export function data(name) {
  if (!known.has(name)) {
    const fetched = get(name);
    known.set(name, fetched);
    fetched.catch(() => known.delete(name));
  }
  return /** @type {Promise<any>} */ (known.get(name));
}

/** @param {string} name */
async function get(name) {
  list ??= fetch(`${FOLDER}/dateien.json`).then((answer) => answer.json());
  const { file, integrity } = (await list)[name];
  const answer = await fetch(`${FOLDER}/${file}`, { integrity });
  if (!answer.ok) throw new Error(`no table ${name}`);
  return answer.json();
}
