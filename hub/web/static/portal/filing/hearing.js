// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * Who hears back where one person writes and another confirms? Feedback is sealed to one of them
 * alone (§ 4 Abs. 4 KKG, „dieser Person“), so who confirms says whose notice it is.
 */

import { notice } from "../common/alerts.js";
import { checkColleague } from "../trust/index.js";
import { choice, say } from "./parts.js";

const NAME = "rueckmeldung";

/**
 * The author of a draft in these hands, with a key that the house's signed entry lists; null where
 * somebody wrote it here, where nobody hears back, or where no key of the author can be verified.
 *
 * @param {any} flow
 * @returns {Promise<{person: string, name: string, kid: string} | null>}
 */
export async function authorOf({ me, draft, description, offices, now }) {
  const from = draft?.passed?.to.id === me.person.id ? draft.passed.from : null;
  const known = from && me.colleagues.find((/** @type {any} */ { person }) => person === from.id);
  if (!known?.kid || !hearsBack(description)) return null;
  try {
    const { directory } = await offices.of(me.unit, { urgency: "planbar" });
    await checkColleague(me.unit, known.kid, directory, now());
    return { person: known.person, name: known.name, kid: known.kid };
  } catch {
    return null;
  }
}

/** Whether feedback is sealed to the person who reports. @param {any} description */
export const hearsBack = ({ machine }) => machine.some((/** @type {any} */ field) => field.fill === "person-key");

/** The key to which feedback will be sealed. @param {any} flow */
export const hearingKey = ({ me, state, author }) =>
  author && hearer({ me, state, author }) === author.person ? author.kid : me.vault?.person_kid;

/** With four eyes somebody else only checks, else somebody wrote it for the colleague. @param {any} about */
const hearer = ({ me, state, author }) => state.hears ?? (me.four_eyes ? author.person : me.person.id);

/** The question, for a draft of a colleague. @param {any} flow */
export function whoHears(flow) {
  const { me, author, description } = flow;
  if (!author) {
    const isForeign = flow.draft?.passed?.to.id === me.person.id && hearsBack(description);
    return isForeign && notice("info", say("hears.title"), say("hears.only-me"));
  }
  return choice({
    name: NAME,
    legend: say("hears.title"),
    choices: [
      { value: author.person, label: author.name },
      { value: me.person.id, label: say("hears.me", { name: me.person.name }), hint: say("hears.means") },
    ],
    chosen: hearer(flow),
    onchoose: (value) =>
      flow.guarded(async () => {
        flow.state.hears = value;
        await flow.changed();
      }),
  });
}
