// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * What exactly does a receipt say, and who has signed it? (RFC 8417)
 *
 * A receipt is a Security Event Token with one event, whose name ends in the word. Each word has its
 * members and no others: what a receipt cannot say, it cannot give away.
 */

import { ascends } from "../../sl1/canonical.js";
import { isParty, isUuid } from "../../sl1/envelope.js";
import { hasExactly, isObject } from "../../sl1/index.js";
import { isDigest, isSecond, verifyDocument } from "./document.js";
import { doubting, sure } from "./doubt.js";

/**
 * @typedef {import("./document.js").SigningKey} SigningKey
 * @typedef {object} Receipt
 * @property {string} word
 * @property {string} id
 * @property {string} iss
 * @property {string} aud
 * @property {string} messageId
 * @property {number} iat
 * @property {string} env digest of the message's envelope: commits to everything in it (SL1 § 9)
 * @property {string | null} prv digest of the receipt before this one in the same chain
 * @property {{[name: string]: any}} members what this word says beyond that
 * @property {string} jws
 * @property {string} digest
 */

const URN = "urn:meldeweg:receipt:";
const CLASS = /^[a-z][a-z0-9-]{0,15}$/;
const HUB = /^[a-z0-9][a-z0-9.:/-]{2,127}$/;
const POINTER = /^(?:\/(?:[a-z][A-Za-z0-9_-]{0,39}|[0-9]{1,2}))*$/;
const DUE = ["acknowledged", "overdue", "taken"];
const HIDDEN = ["opened", "escalated"];
const REJECTIONS = [
  "wrap-unopenable",
  "secret-mismatch",
  "leaf-unopenable",
  "leaf-mismatch",
  "leaf-malformed",
  "content-invalid",
  "attachment-refused",
  "not-addressed",
];

const isText = (/** @type {any} */ v) => typeof v === "string";
/** @param {any} v */
const isSigner = (v) => isParty(v) || (isText(v) && HUB.test(v));

/** @param {any} v */
const isDue = (v) =>
  isObject(v) &&
  Object.keys(v).length > 0 &&
  Object.entries(v).every(([name, second]) => DUE.includes(name) && isSecond(second));

/** @param {any} v */
const areClasses = (v) =>
  Array.isArray(v) &&
  v.length > 0 &&
  v.length <= 8 &&
  v.every((each) => isText(each) && CLASS.test(each)) &&
  ascends(v);

/** @param {any} v */
const isPointer = (v) => isText(v) && v.length <= 128 && POINTER.test(v);

/** @param {any} v */
const isProblem = (v) =>
  hasExactly(v, "code", "pointers") &&
  REJECTIONS.includes(v.code) &&
  Array.isArray(v.pointers) &&
  v.pointers.length <= 160 &&
  v.pointers.every(isPointer);

/** @param {any} v */
const areProblems = (v) =>
  Array.isArray(v) && v.length > 0 && v.length <= 16 && v.every(isProblem);

/** @type {Readonly<Record<string, Readonly<Record<string, (v: any) => boolean>>>>} */
const SAYS = {
  accepted: { request: isDigest, due: isDue },
  opened: { kid: isDigest, classes: areClasses },
  taken: {},
  acknowledged: { role: isDigest },
  rejected: { problems: areProblems },
  withdrawn: {},
  expired: {},
  overdue: {},
  escalated: {},
  held: {},
  "passed-on": { to: isParty },
  "reader-added": { statement: isDigest },
  erased: {},
};

/** @param {any} events @returns {[string, any] | null} */
function eventOf(events) {
  const [name, ...others] = isObject(events) ? Object.keys(events) : [];
  const word = name?.startsWith(URN) ? name.slice(URN.length) : "";
  const known = others.length === 0 && Object.hasOwn(SAYS, word) && isObject(events[name]);
  return known ? [word, events[name]] : null;
}

/**
 * `accepted` opens the visible chain and so has no `prv`; `opened` and `escalated` may open the
 * hidden one; every other word follows another.
 *
 * @param {string} word
 * @param {any} members
 */
function isEvent(word, members) {
  const follows = Object.hasOwn(members, "prv");
  if (word === "accepted" ? follows : !follows && !HIDDEN.includes(word)) return false;
  const names = ["env", ...(follows ? ["prv"] : []), ...Object.keys(SAYS[word])];
  const digests = isDigest(members.env) && (!follows || isDigest(members.prv));
  const fits = Object.entries(SAYS[word]).every(([name, mayBe]) => mayBe(members[name]));
  return hasExactly(members, ...names) && digests && fits;
}

/** @type {import("./document.js").DocumentKind} */
const RECEIPT = {
  typ: "secevent+jwt",
  most: 65_536,
  admits: (claims) => {
    const event = eventOf(claims.events);
    return (
      hasExactly(claims, "iss", "aud", "jti", "iat", "txn", "events") &&
      [claims.iss, claims.aud].every(isSigner) &&
      [claims.jti, claims.txn].every(isUuid) &&
      event !== null &&
      isEvent(...event)
    );
  },
};

/**
 * Return what a receipt says, once its form and its signature have held.
 *
 * Who may say which word, and whether `prv` is the end of the chain, is for those to decide who
 * know the message.
 *
 * @param {unknown} jws
 * @param {(issuer: string, kid: string) => SigningKey | null | undefined} keyOf
 * @returns {Promise<Receipt>}
 */
export async function verifyReceipt(jws, keyOf) {
  const { claims, digest } = await doubting("receipt-unsigned", () =>
    verifyDocument(jws, RECEIPT, (said, kid) => keyOf(said.iss, kid)),
  );
  const event = eventOf(claims.events);
  sure(event, "receipt-unsigned");
  const [word, { env, prv = null, ...members }] = event;
  const { jti: id, iss, aud, txn: messageId, iat } = claims;
  const own = { word, id, iss, aud, messageId, iat, env, prv, members };
  return { ...own, jws: /** @type {string} */ (jws), digest };
}

/** The kind of the log's entry about a receipt. @param {string} word */
export const kindOf = (word) => (word === "erased" ? "content.erased" : `message.${word}`);
