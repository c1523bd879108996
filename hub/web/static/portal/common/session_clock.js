// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** How long does this session still last, and is it time to say so? Pure: every time is given. */

/** Seconds before its end at which somebody is told. */
export const NOTICE = 300;

/**
 * @typedef {object} Times
 * @property {number} now the portal's time
 * @property {number} idleEnds at which the session ends where nobody does anything
 * @property {number} ends at which it ends in any case
 * @typedef {object} Stage
 * @property {"quiet" | "idle" | "ending" | "over"} name
 * @property {number} until the second at which it ends
 * @property {number} minutes left, begun ones counted
 */

/**
 * @param {Times} times
 * @returns {Stage}
 */
export function stageOf({ now, idleEnds, ends }) {
  const until = Math.min(idleEnds, ends);
  const minutes = Math.max(0, Math.ceil((until - now) / 60));
  if (now >= until) return { name: "over", until, minutes };
  // What ends in any case is said first: going on would not help against it.
  if (ends - now <= NOTICE) return { name: "ending", until: ends, minutes };
  return { name: until - now <= NOTICE ? "idle" : "quiet", until, minutes };
}

/** Seconds that somebody has been writing before the portal hears of it. */
const SILENCE = 60;

/**
 * Whether somebody did something on the page after the portal last heard of them: then it is told,
 * and nobody who is writing is asked whether they are there.
 *
 * @param {{doneAt: number, heardAt: number}} seen seconds of the portal's time
 */
export const isWriting = ({ doneAt, heardAt }) => doneAt > heardAt + SILENCE;

/** The portal's time, from what it said once and the time that has passed here. */
export class PortalClock {
  /** @param {number} said the portal's second @param {number} at milliseconds here, at that time */
  constructor(said, at) {
    this.offset = said * 1000 - at;
  }

  /** @param {number} at milliseconds here */
  second(at) {
    return Math.floor((at + this.offset) / 1000);
  }
}
