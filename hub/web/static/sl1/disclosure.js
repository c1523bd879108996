// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** How is one field shown to somebody who must not see the others? (SL1 § 9; RFC 9901) */

import { digest, unb64 } from "./canonical.js";
import { MESSAGE_TYP, checkClaims, parseJws, verifySignature } from "./envelope.js";
import { parseDisclosure } from "./leaf.js";
import { must } from "./refusal.js";

/**
 * An SD-JWT without key binding.
 *
 * @param {string} env
 * @param {readonly string[]} disclosures
 */
export const present = (env, disclosures) => [env, ...disclosures, ""].join("~");

/**
 * Return what was said at each disclosed place. Null proves that nothing was stated.
 *
 * A disclosure that the envelope does not know is refused, where many libraries drop it silently.
 *
 * @param {string} presentation
 * @param {readonly import("./envelope.js").Signatory[]} signatories valid when it was accepted
 */
export async function verifyPresentation(presentation, signatories) {
  const [env, ...rest] = presentation.split("~");
  must(rest.pop() === "", "envelope-invalid");
  const jws = await parseJws(env, MESSAGE_TYP);
  await verifySignature(jws, signatories);
  checkClaims(jws.claims);
  /** @type {import("./content.js").Tree} */
  const values = new Map();
  for (const disclosure of rest) {
    must(jws.claims._sd.includes(await digest(disclosure)), "leaf-mismatch");
    const { pointer, value } = parseDisclosure(unb64(disclosure, "leaf-malformed"));
    must(!values.has(pointer), "leaf-malformed");
    values.set(pointer, value);
  }
  return { claims: jws.claims, envDigest: jws.digest, values };
}
