// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Which of the answers of a youth office counts now? A corrected one replaces the one before whole. */

/** The three facts that § 64 Abs. 4 SGB VIII allows to be told, in the order of the law. */
export const FACTS = ["anhaltspunkte_bestaetigt", "taetig_geworden", "noch_taetig"];

const FEEDBACK = new Set(["rueckmeldung", "rueckmeldung-berichtigung"]);

/** @param {any} letter */
export const isFeedback = ({ step }) => FEEDBACK.has(step);

/** Whether a letter asks something that is to be answered. @param {any} letter */
export const isQuestion = ({ step }) => step === "rueckfrage" || step === "frage";

/**
 * Say of each answer whether it counts or was corrected. Of several, the one that came last counts;
 * without a correction there is nothing to say.
 *
 * @param {any[]} letters of one conversation
 * @returns {Map<string, "current" | "corrected">} by id of the letter
 */
export function standing(letters) {
  const answers = letters
    .filter(isFeedback)
    .sort((one, other) => one.received_at - other.received_at);
  if (answers.length < 2) return new Map();
  const last = answers.at(-1);
  return new Map(answers.map((each) => [each.id, each === last ? "current" : "corrected"]));
}
