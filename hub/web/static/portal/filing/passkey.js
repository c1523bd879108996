// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** How does somebody show a passkey? The question and its answer travel as JSON. */

import { b64, unb64 } from "../../sl1/index.js";

/** Nobody showed a passkey: put away, or too late. */
export class NotShown extends Error {}

/** @param {any} options as the portal says them @returns {Promise<any>} the answer as JSON */
export async function showPasskey(options) {
  const publicKey = {
    ...options,
    challenge: unb64(options.challenge, "challenge"),
    allowCredentials: (options.allowCredentials ?? []).map((/** @type {any} */ each) => ({
      ...each,
      id: unb64(each.id, "credential"),
    })),
  };
  return asJson(await shown(publicKey));
}

/** @param {any} publicKey */
async function shown(publicKey) {
  try {
    return /** @type {any} */ (await navigator.credentials.get({ publicKey }));
  } catch (trouble) {
    if (trouble instanceof DOMException) throw new NotShown(trouble.name);
    throw trouble;
  }
}

/** @param {any} credential */
function asJson({ id, type, response }) {
  const said = (/** @type {ArrayBuffer | null} */ part) => (part ? b64(new Uint8Array(part)) : null);
  return {
    id,
    rawId: id,
    type,
    response: {
      clientDataJSON: said(response.clientDataJSON),
      authenticatorData: said(response.authenticatorData),
      signature: said(response.signature),
      userHandle: said(response.userHandle),
    },
    clientExtensionResults: {},
  };
}
