// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** SL1 for browsers and Node: seal, verify, open, show one field. Needs WebCrypto and HPKE only. */

export { addReader, verifyAddition } from "./added.js";
export { b64, digest, jcs, parseStrict, unb64 } from "./canonical.js";
export { checkContent, reduce } from "./content.js";
export { present, verifyPresentation } from "./disclosure.js";
export { checkClaims, parseJws, parseMessage, verifySignature } from "./envelope.js";
export { checkForm, checkWrap } from "./form.js";
export { open, verify } from "./open.js";
export { generateReader, parseReaderKey, readerFromSeed, readerJwk } from "./reader.js";
export { Refusal } from "./refusal.js";
export { derive } from "./schema.js";
export { seal } from "./seal.js";
export { generateSigningKey, kidOf, signerOf } from "./signing.js";
