// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * What does this browser believe of its hub, however it came here? Only what holds under the keys
 * that were pinned when the house joined: the portal is a way, not a witness.
 */

import { Directory } from "./directory.js";
import { sure } from "./doubt.js";
import { verifyEntry } from "./entry.js";
import { verifyList } from "./list.js";
import { verifyLogged } from "./proof.js";
import { kindOf, verifyReceipt } from "./receipts.js";
import { checkLogFollows } from "./seen.js";

/**
 * @typedef {import("../vault/shelf.js").Shelf} Shelf
 * @typedef {import("./list.js").PinnedHub} PinnedHub
 * @typedef {import("./receipts.js").Receipt} Receipt
 * @typedef {{entry: unknown, logged: unknown, proof: unknown}} SaidEntry
 * @typedef {{receipt: unknown, entry: unknown, proof: unknown}} Answer
 * @typedef {object} Sent what is known of an own message
 * @property {string} iss own unit
 * @property {string} id
 * @property {string} envDigest
 * @property {string} [request] digest of the bytes that were sent
 */

/** What a browser knows of one hub. */
export class Trust {
  /**
   * @param {PinnedHub} hub
   * @param {Shelf} shelf
   */
  constructor(hub, shelf) {
    this.hub = hub;
    this.shelf = shelf;
  }

  /**
   * Return the list of all who take part.
   *
   * @param {unknown} jws
   * @param {number} now in seconds
   */
  list(jws, now) {
    return verifyList(jws, this.hub, this.shelf, now);
  }

  /**
   * Return the list with the entries that came beside it.
   *
   * @param {unknown} jws
   * @param {{[organisation: string]: SaidEntry}} organisations
   * @param {number} now in seconds
   */
  async directory(jws, organisations, now) {
    const list = await this.list(jws, now);
    const entries = [];
    for (const [name, said] of Object.entries(organisations)) {
      entries.push(await verifyEntry(name, said, list, this.hub, this.shelf));
    }
    return new Directory(list, entries);
  }

  /**
   * Return what a receipt says, signed by the hub or by a unit whose key it was then.
   *
   * @param {unknown} jws
   * @param {Directory | null} [directory] with the entry of the signer, where that is not the hub
   * @returns {Promise<Receipt>}
   */
  receipt(jws, directory = null) {
    return verifyReceipt(jws, (issuer, kid) =>
      issuer === this.hub.id ? this.hub.receipt_key : directory?.signingKey(issuer, kid),
    );
  }

  /**
   * Return the receipt of a message that was just handed in, with its place in the log.
   *
   * @param {Answer} answer
   * @param {Sent} sent
   * @returns {Promise<{receipt: Receipt, index: number, entry: any}>}
   */
  async accepted(answer, sent) {
    const proven = await this.proven(answer);
    const { receipt } = proven;
    sure(receipt.word === "accepted" && receipt.iss === this.hub.id, "receipt-word");
    this.about(receipt, sent);
    sure(!sent.request || receipt.members.request === sent.request, "receipt-another");
    return proven;
  }

  /**
   * Return a receipt with its place in the log.
   *
   * @param {Answer} answer
   * @param {Directory | null} [directory]
   */
  async proven(answer, directory = null) {
    const receipt = await this.receipt(answer?.receipt, directory);
    const { index, entry, checkpoint } = await verifyLogged(answer, receipt.digest, this.hub);
    await checkLogFollows(this.shelf, this.hub.id, checkpoint);
    const about = entry.k === kindOf(receipt.word) && entry.obj.id === receipt.messageId;
    sure(about, "log-about-another");
    return { receipt, index, entry };
  }

  /**
   * Refuse a receipt about anything but this own message.
   *
   * @param {Receipt} receipt
   * @param {Sent} sent
   */
  about(receipt, { iss, id, envDigest }) {
    const same = receipt.aud === iss && receipt.messageId === id && receipt.env === envDigest;
    sure(same, "receipt-another");
  }

  /**
   * Refuse a receipt by somebody who may not speak about an own message.
   *
   * The hub may, this unit, the addressee, who stands in for it by its roster about that time, and
   * whom it was sealed to: a contract that ends must not silence what was signed before.
   *
   * @param {Receipt} receipt
   * @param {{iss: string, aud: string, readers: readonly {kid: string}[]}} claims of the envelope
   * @param {Directory} directory
   */
  speaker({ iss, iat }, claims, directory) {
    if ([this.hub.id, claims.iss, claims.aud].includes(iss)) return;
    const reads = claims.readers.some(({ kid }) => directory.readingKey(iss, kid));
    sure(reads || directory.isNamed(iss, claims.aud, iat), "receipt-speaker");
  }
}

/**
 * @param {PinnedHub} hub as `/portal/api/ich` names it
 * @param {Shelf} shelf
 */
export const trustIn = (hub, shelf) => new Trust(hub, shelf);
