// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** SL1 for browsers and Node: seal, verify, open, show one field. Needs WebCrypto and HPKE only. */

export { addReader, verifyAddition } from "./added.js";
export {
  b64,
  concat,
  digest,
  hasExactly,
  isB64,
  isObject,
  jcs,
  parseStrict,
  sha256,
  unb64,
  utf8,
} from "./canonical.js";
export { checkContent, reduce } from "./content.js";
export { present, verifyPresentation } from "./disclosure.js";
export { checkClaims, parseJws, parseMessage, verifySignature } from "./envelope.js";
export { checkForm, checkWrap } from "./form.js";
export { open, verify } from "./open.js";
export {
  generateReader,
  openFrom,
  parseReaderKey,
  readerFromSeed,
  readerJwk,
  sealTo,
} from "./reader.js";
export { Refusal } from "./refusal.js";
export { derive } from "./schema.js";
export { finish, prepare, seal } from "./seal.js";
export { algOf, generateSigningKey, isSignature, kidOf, publicJwk, signerOf } from "./signing.js";
