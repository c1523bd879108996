// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** How is a fingerprint shown that somebody reads aloud? In groups of four. */

/** @param {string} fingerprint */
export const grouped = (fingerprint) => fingerprint.match(/.{1,4}/g)?.join(" ") ?? "";
