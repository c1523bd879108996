// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * Which rows of this file were taken over already? So that a list that was put aside can be picked
 * again and goes on where it stopped.
 *
 * Kept are numbers of rows and a time, under a name that says nothing: the digest of the file under
 * a key that cannot leave this device. Nothing of the content, not even the name of the file.
 */

const DATABASE = "meldeweg-dateien";
const STORE = "reihen";
const KEY = "schluessel";
/** Milliseconds; as long as a draft lives. Vorgabe des Projekts. */
const KEPT = 7 * 86_400_000;

/**
 * @typedef {object} Memory
 * @property {(digest: Uint8Array) => Promise<number[]>} rowsOf
 * @property {(digest: Uint8Array, rows: number[]) => Promise<void>} keep
 */

/** Rows as long as the page is open. @returns {Memory} */
export function shortMemory() {
  /** @type {Map<string, number[]>} */
  const kept = new Map();
  return {
    rowsOf: async (digest) => kept.get(digest.join()) ?? [],
    keep: async (digest, rows) => void kept.set(digest.join(), rows),
  };
}

/** Rows on this device; where it keeps nothing, as long as the page is open. @returns {Promise<Memory>} */
export async function memoryOfDevice() {
  try {
    const database = await opened();
    const key = await keyIn(database);
    return { rowsOf: rowsIn(database, key), keep: keepIn(database, key) };
  } catch {
    return shortMemory();
  }
}

/** @returns {Promise<IDBDatabase>} */
function opened() {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return asked(request);
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const asked = (request) =>
  new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });

/** @param {IDBDatabase} database @param {IDBTransactionMode} mode */
const storeOf = (database, mode) => database.transaction(STORE, mode).objectStore(STORE);

/** @param {IDBDatabase} database @returns {Promise<CryptoKey>} */
async function keyIn(database) {
  const known = await asked(storeOf(database, "readonly").get(KEY));
  if (known) return known;
  const made = await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  await asked(storeOf(database, "readwrite").put(made, KEY));
  return /** @type {CryptoKey} */ (made);
}

/** @param {CryptoKey} key @param {Uint8Array} digest */
async function nameOf(key, digest) {
  const mac = await crypto.subtle.sign("HMAC", key, /** @type {BufferSource} */ (digest));
  return [...new Uint8Array(mac)].map((each) => each.toString(16).padStart(2, "0")).join("");
}

/** @param {IDBDatabase} database @param {CryptoKey} key @returns {Memory["rowsOf"]} */
const rowsIn = (database, key) => async (digest) => {
  const kept = await asked(storeOf(database, "readonly").get(await nameOf(key, digest)));
  return kept && Date.now() - kept.at < KEPT ? kept.rows : [];
};

/** @param {IDBDatabase} database @param {CryptoKey} key @returns {Memory["keep"]} */
const keepIn = (database, key) => async (digest, rows) => {
  const name = await nameOf(key, digest);
  const store = storeOf(database, "readwrite");
  await forgetOld(store);
  await asked(store.put({ rows, at: Date.now() }, name));
};

/** @param {IDBObjectStore} store */
async function forgetOld(store) {
  const [names, values] = await Promise.all([asked(store.getAllKeys()), asked(store.getAll())]);
  names.forEach((name, index) => {
    if (name !== KEY && Date.now() - values[index].at >= KEPT) store.delete(name);
  });
}
