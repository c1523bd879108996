// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * With whom does this house talk in a matter? The portal says it; what was signed decides it.
 *
 * One of three things has to say the same: a letter in the matter that the partner signed, a notice
 * of this house that the hub accepted as the first of it, or the receipt by which the addressee of
 * that one passed it on.
 */

import { MESSAGE_TYP } from "../../sl1/envelope.js";
import { checkClaims, parseJws, parseMessage, Refusal, utf8, verifySignature } from "../../sl1/index.js";
import { Untrustworthy } from "./doubt.js";

/**
 * @typedef {import("./directory.js").Directory} Directory
 * @typedef {import("./trust.js").Trust} Trust
 * @typedef {object} Matter
 * @property {string} cnv
 * @property {string} partner whom the portal names
 * @property {string} unit own
 */

/**
 * Tell whether the partner has signed this letter to the own unit in this matter.
 *
 * @param {Matter} matter
 * @param {string} raw
 * @param {Directory} directory
 * @param {Trust} trust
 */
export const isByPartner = (matter, raw, directory, trust) =>
  holding(async () => {
    const { env } = parseMessage(utf8(raw), { delivered: true });
    const jws = await parseJws(env, MESSAGE_TYP);
    const { claims } = jws;
    await verifySignature(jws, directory.signatories(matter.partner));
    checkClaims(claims);
    const mine = claims.aud === matter.unit && claims.hub === trust.hub.id;
    return claims.iss === matter.partner && claims.cnv === matter.cnv && mine;
  });

/**
 * Tell whether the hub accepted the first notice of this matter for the partner, or its addressee
 * has passed it on to the partner.
 *
 * @param {Matter} matter
 * @param {{env: string, answer: any, heard?: string[]}} said the filing with the id of the matter
 * @param {Directory} directory
 * @param {Trust} trust
 */
export const isFiledWith = ({ cnv, partner, unit }, { env, answer, heard = [] }, directory, trust) =>
  holding(async () => {
    const { claims, digest: envDigest } = await parseJws(env, MESSAGE_TYP);
    checkClaims(claims);
    const sent = { iss: unit, id: cnv, envDigest };
    await trust.accepted(answer, sent);
    if (claims.jti !== cnv || claims.iss !== unit) return false;
    if (claims.aud === partner) return true;
    const { iss, aud, readers } = claims;
    for (const jws of heard) {
      const receipt = await trust.receipt(jws, directory);
      trust.about(receipt, sent);
      trust.speaker(receipt, { iss, aud, readers }, directory);
      if (receipt.word === "passed-on" && receipt.members.to === partner) return true;
    }
    return false;
  });

/** Whatever does not hold shows nothing. @param {() => Promise<boolean>} work */
async function holding(work) {
  try {
    return await work();
  } catch (trouble) {
    if (trouble instanceof Untrustworthy || trouble instanceof Refusal) return false;
    throw trouble;
  }
}
