// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * Which characters may stand in names and in places? Code points of DIN 91379:2022-08 in hexadecimal,
 * ranges with a hyphen.
 *
 * Names of people follow data type A (letters and N1), names of places and streets data type B (N2
 * as well). Some letters exist only as a base with marks above or below; those are the sequences.
 */

/** Latin letters. */
export const LETTERS =
  "41-5A 61-7A C0-D6 D8-F6 F8-17E 187-188 18F 197 1A0-1A1 1AF-1B0 1B7 1CD-1DC 1DE-1DF " +
  "1E2-1F0 1F4-1F5 1F8-1FF 212-213 218-21B 21E-21F 227-233 259 268 292 1E02-1E03 1E06-1E07 " +
  "1E0A-1E11 1E17 1E1C-1E2B 1E2F-1E37 1E3A-1E3B 1E40-1E49 1E52-1E5B 1E5E-1E63 1E6A-1E6F " +
  "1E80-1E87 1E8C-1E97 1E9E 1EA0-1EF9";

/** Other characters that names may have (N1). */
export const IN_NAMES =
  "20 27 2C-2E 60 7E A8 B4 B7 2B9-2BA 2BE-2BF 2C8 2CC 2019 2021";

/** Further characters that places may have (N2). */
export const IN_PLACES =
  "21-26 28-2B 2F-40 5B-5F 7B-7D A1-A3 A5 A7 A9-AC AE-B3 B5-B6 B9-BB BF D7 F7 20AC";

/** Marks in their order, a colon, and the bases that may bear them. */
export const SEQUENCES =
  "300:43,46,47,4B,4D,50,53,54,5A,63,66,67,6B,6D,70,73,74,7A 301:4A,6A,FF,12A,12B " +
  "302:44,4B,4C,4D,4E,64,6B,6C,6D,6E " +
  "304:43,46,48,4B,4E,50,53,54,5A,63,66,68,6B,6E,70,73,74,7A,DB,FB,1E32,1E33,1E62,1E63,1E6C,1E6D,1EE4,1EE5 " +
  "306:43,4D,4E,52,5A,63,6D,6E,72,7A,C7,E7 307:4B,55,6B,75 " +
  "308:43,54,5A,63,7A,1EA0,1EA1,1ECC,1ECD,1EE4,1EE5 30B:41,61 30C:4A 30D:113,14D 310:4D,6D " +
  "315:43,4B,50,54,63,6B,70,74,10C,10D 31B:4B,54,6B,74 31B+304:53,73 323:43,50,63,70,10C,10D " +
  "325:4C,52,6C,72 325+304:4C,52,6C,72 326:43,48,4B,4C,4E,63,68,6B,6C,6E,17D,17E " +
  "327:5A,7A,17D,17E 328+306:43,63 331:48,53,73 35F+48:4B 35F+68:4B,6B";
