// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** What a person and a house keep in the browser, and what opens it. Needs WebCrypto and SL1 only. */

export { isVouched, makeDeskKeys, makePersonKey, openShare, shareDesk, vouchFor } from "./keys.js";
export { deviceKek, passkeyKek, prfExtension, prfOf } from "./locks.js";
export { openPassed, passDraft } from "./passing.js";
export { readRecovery, writeRecovery } from "./recovery.js";
export { forgetVault, keepVault, resumeVault } from "./session.js";
export { memoryShelf, openShelf } from "./shelf.js";
export {
  addLock,
  makeVault,
  openDraft,
  openNote,
  openOrigin,
  openSeed,
  openVault,
  sealDraft,
  sealNote,
  sealSeed,
} from "./vault.js";
