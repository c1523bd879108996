// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** What is believed of the directory, of receipts and of the log, verified in this browser. */

export { dayOf } from "./days.js";
export { Directory } from "./directory.js";
export { sure, Untrustworthy } from "./doubt.js";
export { organisationOf } from "./entry.js";
export { isByPartner, isFiledWith } from "./partner.js";
export { acceptHub, checkHub, fingerprintOf } from "./pins.js";
export { checkColleague, checkPersonReader, checkReaders } from "./readers.js";
export { texts } from "./texts.js";
export { Trust, trustIn } from "./trust.js";
