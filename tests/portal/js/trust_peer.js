// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * What the browser believes, asked line by line: one line of JSON in, one line of JSON out.
 *
 * A doubt is an answer, `{"code"}` with its reason; anything else that goes wrong ends the program,
 * because then the test has found a bug.
 */

import { createInterface } from "node:readline";

import { unb64 } from "../../../hub/web/static/sl1/index.js";
import { Directory } from "../../../hub/web/static/portal/trust/directory.js";
import * as trust from "../../../hub/web/static/portal/trust/index.js";
import { isPublicKey } from "../../../hub/web/static/portal/trust/points.js";
import * as vaults from "../../../hub/web/static/portal/vault/index.js";

/** What was asked about is looked at by one browser after another; `before` by this one earlier. */
async function directoryOf({ hub, before = [], list, organisations, now }) {
  const own = trust.trustIn(hub, vaults.memoryShelf());
  for (const earlier of before) {
    await own.directory(earlier.list, earlier.organisations, earlier.now);
  }
  return { own, directory: await own.directory(list, organisations, now) };
}

const OPERATIONS = {
  async directory(question) {
    const { directory } = await directoryOf(question);
    return { units: [...directory.units.keys()], issued: directory.list.issuedAt };
  },
  async readers({ unit, readers, at, about, ...question }) {
    const { directory } = await directoryOf(question);
    return { readers: await trust.checkReaders(unit, readers, directory, at, about) };
  },
  async person({ unit, kid, at, ...question }) {
    const { directory } = await directoryOf(question);
    return { pub: (await trust.checkPersonReader(unit, kid, directory, at)).pub };
  },
  async accepted({ hub, answer, sent }) {
    const own = trust.trustIn(hub, vaults.memoryShelf());
    const { receipt, index } = await own.accepted(answer, sent);
    return { word: receipt.word, due: receipt.members.due, index };
  },
  async answer({ hub, answer }) {
    const own = trust.trustIn(hub, vaults.memoryShelf());
    const { receipt, index } = await own.proven(answer);
    return { digest: receipt.digest, index };
  },
  async heard({ receipt: jws, claims, ...question }) {
    const { own, directory } = await directoryOf(question);
    const receipt = await own.receipt(jws, directory);
    own.speaker(receipt, claims, directory);
    return { word: receipt.word, iss: receipt.iss, env: receipt.env, members: receipt.members };
  },
  async receipt({ hub, receipt: jws }) {
    const own = trust.trustIn(hub, vaults.memoryShelf());
    const { word, members, prv } = await own.receipt(jws);
    return { word, members, prv };
  },
  /** Of entries that are taken for verified: who stands in, and which keys are sealed to. */
  async duty({ participants, entries, asked }) {
    const list = { participants: new Map(participants.map((each) => [each.organisation, each])) };
    const directory = new Directory(list, entries);
    const said = asked.map(([unit, at]) => ({
      deputies: [...directory.deputies(unit, at)].sort(),
      named: [...directory.units.keys()].filter((other) => directory.isNamed(other, unit, at)).sort(),
      desk: directory.deskKeys(unit, at).map((key) => key.kid),
    }));
    return { said };
  },
  async keys({ keys }) {
    return { good: keys.map((key) => isPublicKey(key)) };
  },
  async share({ seed, kid, unit, pub }) {
    return { share: await vaults.shareDesk({ seed: unb64(seed, "peer"), kid, unit }, pub) };
  },
};

async function answer({ op, ...question }) {
  try {
    return await OPERATIONS[op](question);
  } catch (error) {
    if (!(error instanceof trust.Untrustworthy)) throw error;
    return { code: error.reason, pointers: [] };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line)))}\n`);
}
