// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * How does somebody make a passkey, or show one? Question and answer travel as JSON.
 *
 * What the passkey derives stays on this page: it opens the vault, and the portal never gets it.
 */

/**
 * @typedef {object} Answered
 * @property {any} credential as JSON, for the portal
 * @property {any} shown the credential itself, with what was derived
 */

/** Nobody made or showed a passkey: put away, too late, or none is here. */
export class NotShown extends Error {
  /** @param {DOMException} trouble */
  constructor(trouble) {
    super(trouble.name);
    /** There is one already on this device. */
    this.isKnown = trouble.name === "InvalidStateError";
  }
}

/** @param {any} options as the portal says them @param {any} extensions @returns {Promise<Answered>} */
export async function makePasskey(options, extensions) {
  const publicKey = {
    ...options,
    extensions,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: named(options.excludeCredentials),
  };
  const shown = await asked(() => navigator.credentials.create({ publicKey }));
  const { clientDataJSON, attestationObject } = shown.response;
  return answered(shown, {
    clientDataJSON: text(clientDataJSON),
    attestationObject: text(attestationObject),
  });
}

/** @param {any} options as the portal says them @param {any} extensions @returns {Promise<Answered>} */
export async function showPasskey(options, extensions) {
  const publicKey = {
    ...options,
    extensions,
    challenge: bytes(options.challenge),
    allowCredentials: named(options.allowCredentials),
  };
  const shown = await asked(() => navigator.credentials.get({ publicKey }));
  const { clientDataJSON, authenticatorData, signature, userHandle } = shown.response;
  return answered(shown, {
    clientDataJSON: text(clientDataJSON),
    authenticatorData: text(authenticatorData),
    signature: text(signature),
    userHandle: userHandle ? text(userHandle) : null,
  });
}

/** Whether this browser knows passkeys at all. */
export const hasPasskeys = () => Boolean(globalThis.PublicKeyCredential && navigator.credentials);

/** @param {() => Promise<Credential | null>} question @returns {Promise<any>} */
async function asked(question) {
  try {
    return await question();
  } catch (trouble) {
    if (trouble instanceof DOMException) throw new NotShown(trouble);
    throw trouble;
  }
}

/** @param {any} shown @param {any} response @returns {Answered} */
const answered = (shown, response) => ({
  shown,
  credential: { id: shown.id, rawId: shown.id, type: shown.type, response },
});

/** @param {any[] | undefined} list */
const named = (list) => (list ?? []).map((each) => ({ ...each, id: bytes(each.id) }));

/** @param {string} said @returns {Uint8Array<ArrayBuffer>} */
const bytes = (said) =>
  Uint8Array.from(atob(said.replaceAll("-", "+").replaceAll("_", "/")), (each) =>
    each.charCodeAt(0),
  );

/** @param {ArrayBuffer} buffer */
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
