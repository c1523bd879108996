// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** How long does it take to seal and to open in JavaScript? The same file for Node and browsers. */

import * as sl1 from "../hub/web/static/sl1/index.js";

/** Seal and open so many times; returns milliseconds of each run. */
export async function measure({ schema, content, claims, jwk, readers, seed, expectation, runs }) {
  const derived = await sl1.derive(schema);
  const { kty, crv, x, d } = jwk;
  const key = await crypto.subtle.importKey("jwk", { kty, crv, x, d }, "Ed25519", false, ["sign"]);
  const signer = await sl1.signerOf(key, jwk);
  const own = sl1.unb64(seed, "bench");
  const times = { seal: [], open: [] };
  for (let run = 0; run < runs; run += 1) {
    const begun = performance.now();
    const { raw } = await sl1.seal(derived, content, claims, signer, readers);
    const sealed = performance.now();
    const opened = await sl1.open(raw, [derived], own, expectation);
    times.seal.push(sealed - begun);
    times.open.push(performance.now() - sealed);
    if (JSON.stringify(opened.content) !== JSON.stringify(content)) throw new Error("another content");
  }
  return times;
}
