// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** How long does somebody wait in the browser until a notice is ready to be confirmed? */

import * as sl1 from "../hub/web/static/sl1/index.js";

/**
 * Prepare so many times; returns milliseconds of each.
 *
 * What a page does while somebody reads is by itself: learn the form as it comes, check the keys as
 * the office is chosen.
 */
async function measure({ schema, content, claims, readers, runs }) {
  const times = { learn: [], seal: [] };
  const begun = performance.now();
  const derived = await sl1.derive(schema);
  await Promise.all(readers.map(({ pub }) => sl1.parseReaderKey(pub)));
  times.learn.push(performance.now() - begun);
  for (let run = 0; run < runs; run += 1) {
    const start = performance.now();
    const { payload, body, keys } = await sl1.prepare(derived, content, claims, readers);
    const sent = JSON.stringify({ payload, body, keys });
    times.seal.push(performance.now() - start);
    if (keys.length !== readers.length || sent.length < 1000) throw new Error("nothing was sealed");
  }
  return times;
}

let said;
try {
  said = await measure(await (await fetch("/question")).json());
} catch (error) {
  said = { error: String(error) };
}
await fetch("/times", { method: "POST", body: JSON.stringify(said) });
