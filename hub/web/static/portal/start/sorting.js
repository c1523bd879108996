// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** What of all that the portal keeps does this person have to know first? Pure, and tested so. */

/**
 * @typedef {any} Filing as `/portal/api/eingang` gives it
 * @typedef {any} Letter
 * @typedef {object} Matter one conversation, as far as own filings belong to it
 * @property {string} cnv
 * @property {Filing} head the one that it is called after
 * @property {Filing[]} later those that followed in it, oldest first
 * @property {Filing} latest whose state is shown
 * @typedef {object} Sorted
 * @property {Filing[]} urgent where somebody is to be rung, or something is to be done again
 * @property {Letter[]} news to be opened, or opened and not noted yet
 * @property {number} unread how many of the news nobody has opened
 * @property {Matter[]} waiting the clock of which still runs
 * @property {Matter[]} confirmed
 * @property {Matter[]} ended
 * @property {any[]} drafts
 * @property {Matter[]} others of the house, filed by colleagues
 * @property {Letter[]} elsewhere answers to a colleague in person, of which one sees only that they exist
 */

const OPEN = new Set(["wartet", "angenommen", "zugestellt"]);
const FAILED = new Set(["nicht-verwertbar", "nicht-zugestellt", "zurueckgewiesen", "abgelaufen"]);
const UNREAD = new Set(["neu", "geoeffnet"]);

/**
 * @param {any} inbox what `/portal/api/eingang` gives
 * @param {any} me
 * @returns {Sorted}
 */
export function sorted(inbox, me) {
  const own = inbox.filings.filter(isOwn);
  const matters = mattersOf(own);
  const news = inbox.letters.filter((/** @type {Letter} */ each) => isNews(each, me));
  return {
    urgent: inbox.filings.filter((/** @type {Filing} */ each) => isUrgent(each, me)),
    news,
    unread: news.filter((/** @type {Letter} */ each) => each.state === "neu").length,
    waiting: matters.filter(({ latest }) => OPEN.has(latest.state)),
    confirmed: matters.filter(({ latest }) => latest.state === "bestaetigt"),
    ended: matters.filter(({ latest }) => hasEnded(latest)),
    drafts: inbox.drafts,
    others: mattersOf(inbox.filings.filter((/** @type {Filing} */ each) => !isOwn(each))),
    elsewhere: inbox.letters.filter((/** @type {Letter} */ each) => isForSomebodyElse(each, me)),
  };
}

/** What one has confirmed, or written for a colleague to confirm. @param {Filing} filing */
const isOwn = ({ mine, written }) => Boolean(mine || written);

/**
 * Whether somebody has to act: own filings, and for whoever reads for the house those of colleagues
 * too, because the colleague may be ill today.
 *
 * @param {Filing} filing
 * @param {any} me
 */
function isUrgent(filing, me) {
  if (!isOwn(filing) && !me.roles.includes("lesen")) return false;
  return Boolean(filing.ring) || (filing.mine && FAILED.has(filing.state));
}

/** @param {Letter} letter @param {any} me */
const isForSomebodyElse = (letter, me) => letter.for !== null && letter.for.id !== me.person.id;

/** @param {Letter} letter @param {any} me */
const isNews = (letter, me) => UNREAD.has(letter.state) && !isForSomebodyElse(letter, me);

/** @param {Filing} filing */
const hasEnded = ({ state }) => state === "zurueckgezogen" || FAILED.has(state);

/**
 * Put filings of one conversation together; the newest conversation first.
 *
 * @param {Filing[]} filings newest first
 * @returns {Matter[]}
 */
export function mattersOf(filings) {
  /** @type {Map<string, Filing[]>} */
  const byConversation = new Map();
  for (const filing of [...filings].sort((one, other) => one.made_at - other.made_at)) {
    const known = byConversation.get(filing.cnv) ?? [];
    byConversation.set(filing.cnv, [...known, filing]);
  }
  const matters = [...byConversation.entries()].map(([cnv, [head, ...later]]) => ({
    cnv,
    head,
    later,
    latest: later.at(-1) ?? head,
  }));
  return matters.sort((one, other) => other.latest.made_at - one.latest.made_at);
}

/**
 * Offices that own filings went to, with the number of each; what one may have to ring.
 *
 * @param {Filing[]} filings
 * @returns {{unit: string, name: string, telephone: string}[]}
 */
export function officesOf(filings) {
  /** @type {Map<string, {unit: string, name: string, telephone: string}>} */
  const found = new Map();
  for (const { to, to_name: name, to_telephone: telephone } of filings) {
    if (telephone && !found.has(to)) found.set(to, { unit: to, name, telephone });
  }
  return [...found.values()].slice(0, 3);
}

/**
 * What came since the page was last looked at: letters, and words about own filings.
 *
 * @param {any} before
 * @param {any} now
 * @returns {{letters: number, filings: any[]}}
 */
export function newsSince(before, now) {
  const known = new Set(before.letters.map((/** @type {Letter} */ each) => each.id));
  const said = new Map(before.filings.map((/** @type {Filing} */ each) => [each.id, tally(each)]));
  return {
    letters: now.letters.filter((/** @type {Letter} */ each) => !known.has(each.id)).length,
    filings: now.filings.filter(
      (/** @type {Filing} */ each) => each.mine && said.get(each.id) !== tally(each),
    ),
  };
}

/** @param {Filing} filing */
const tally = ({ state, marks }) => [state, ...marks].join(" ");
