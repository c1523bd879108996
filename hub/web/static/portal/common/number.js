// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * Which number can two people tell each other on the telephone? The end of the long one, so that
 * whoever has the message finds it, with whatever software.
 *
 * @param {string} id of a message
 */
export const shortNumber = (id) => id.slice(-8).toUpperCase().replace(/^(....)/, "$1-");
