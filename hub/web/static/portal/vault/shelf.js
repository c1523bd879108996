// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * Where does this browser keep keys and what it has seen? In IndexedDB, where a key stays without
 * its bytes ever being shown to a script; where a browser keeps nothing, as long as the page lives.
 */

/**
 * @typedef {object} Shelf
 * @property {boolean} lasting whether it is still there when the page is opened again
 * @property {(key: string) => Promise<any>} get undefined where nothing is
 * @property {(key: string, value: any) => Promise<void>} put
 * @property {(key: string) => Promise<void>} remove
 * @property {(key: string, change: (kept: any) => any) => Promise<any>} revise
 *   replaces what is kept by what becomes of it, nobody else writing meanwhile; nothing is written
 *   where `change` throws
 * @property {() => Promise<void>} clear
 */

const DATABASE = "meldeweg-portal";
const STORE = "shelf";

/**
 * A shelf that is gone with the page; a test may take it for one that stays.
 *
 * @param {boolean} [lasting]
 * @returns {Shelf}
 */
export function memoryShelf(lasting = true) {
  /** @type {Map<string, any>} */
  const kept = new Map();
  return {
    lasting,
    get: async (key) => kept.get(key),
    put: async (key, value) => void kept.set(key, value),
    remove: async (key) => void kept.delete(key),
    revise: async (key, change) => {
      const changed = change(kept.get(key));
      kept.set(key, changed);
      return changed;
    },
    clear: async () => kept.clear(),
  };
}

/**
 * Open the shelf of this browser, or one for this page alone where the browser offers none.
 *
 * @param {string} [name]
 * @returns {Promise<Shelf>}
 */
export async function openShelf(name = DATABASE) {
  if (!globalThis.indexedDB) return memoryShelf(false);
  try {
    return shelfIn(await opened(name));
  } catch {
    // A private window of some browsers has the interface and refuses every use of it.
    return memoryShelf(false);
  }
}

/** @param {string} name @returns {Promise<IDBDatabase>} */
function opened(name) {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(name, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
    asked.onblocked = () => reject(new Error("blocked"));
  });
}

/** @param {IDBDatabase} database @returns {Shelf} */
function shelfIn(database) {
  /**
   * @param {IDBTransactionMode} mode
   * @param {(store: IDBObjectStore, done: (value: any) => void) => void} work
   */
  const within = (mode, work) =>
    new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      /** @type {any} */
      let found;
      /** @type {any} */
      let trouble;
      transaction.oncomplete = () => resolve(found);
      transaction.onabort = () => reject(trouble ?? transaction.error);
      try {
        work(transaction.objectStore(STORE), (value) => (found = value));
      } catch (error) {
        trouble = error;
        transaction.abort();
      }
    });
  return {
    lasting: true,
    get: (key) =>
      within("readonly", (store, done) => {
        const asked = store.get(key);
        asked.onsuccess = () => done(asked.result);
      }),
    put: (key, value) => within("readwrite", (store) => store.put(value, key)),
    remove: (key) => within("readwrite", (store) => store.delete(key)),
    revise: (key, change) => revised(database, key, change),
    clear: () => within("readwrite", (store) => store.clear()),
  };
}

/**
 * @param {IDBDatabase} database
 * @param {string} key
 * @param {(kept: any) => any} change
 * @returns {Promise<any>}
 */
function revised(database, key, change) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, "readwrite");
    const store = transaction.objectStore(STORE);
    /** @type {any} */
    let changed;
    /** @type {any} */
    let trouble;
    const asked = store.get(key);
    asked.onsuccess = () => {
      try {
        changed = change(asked.result);
        store.put(changed, key);
      } catch (error) {
        // What was thrown is told once the transaction has ended, so that nothing stays half done.
        trouble = error;
        transaction.abort();
      }
    };
    transaction.oncomplete = () => resolve(changed);
    transaction.onabort = () => reject(trouble ?? transaction.error);
  });
}
