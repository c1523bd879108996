// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * How are bytes and JSON written, so that there is one spelling of everything? (SL1 § 1)
 *
 * Whatever has a second spelling is refused with the code that the caller names.
 */

import { Refusal, must } from "./refusal.js";

/** @typedef {null | boolean | number | string | Json[] | {[name: string]: Json}} Json */

/** Lists and objects inside one another in strict JSON; no honest message comes near. */
const LEVELS = 16;
/** The same for schemas, which are read, but never received in a message. */
const SCHEMA_LEVELS = 64;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** @param {string} text @returns {Uint8Array<ArrayBuffer>} */
export const utf8 = (text) => encoder.encode(text);

/** @param {...Uint8Array} parts @returns {Uint8Array<ArrayBuffer>} */
export function concat(...parts) {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** @param {Uint8Array} bytes */
export function b64(bytes) {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/**
 * Refuses padding, other characters and trailing bits that are not zero.
 *
 * @param {unknown} text
 * @param {string} code
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function unb64(text, code) {
  must(typeof text === "string" && /^[A-Za-z0-9_-]*$/.test(text) && text.length % 4 !== 1, code);
  const spelled = /** @type {string} */ (text);
  const binary = atob(spelled.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  must(b64(bytes) === spelled, code);
  return bytes;
}

/**
 * Tells whether a text is base64url of so many bytes.
 *
 * @param {unknown} text
 * @param {number} size
 */
export function isB64(text, size) {
  try {
    return unb64(text, "").length === size;
  } catch {
    return false;
  }
}

/**
 * The text of RFC 8785, for the JSON that SL1 knows: integers only, well-formed strings.
 *
 * @param {unknown} value
 * @param {string} code
 * @param {number} [levels]
 * @returns {string}
 */
export function jcsText(value, code, levels = SCHEMA_LEVELS) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    must(Number.isSafeInteger(value), code);
    return String(value);
  }
  if (typeof value === "string") {
    must(value.isWellFormed(), code);
    return JSON.stringify(value);
  }
  must(typeof value === "object" && levels > 0, code);
  const write = (/** @type {unknown} */ inner) => jcsText(inner, code, levels - 1);
  if (Array.isArray(value)) return `[${Array.from(value, write).join(",")}]`;
  const members = /** @type {{[name: string]: unknown}} */ (value);
  // RFC 8785 sorts by UTF-16 code units, which is how JavaScript compares strings.
  const names = Object.keys(members).sort();
  return `{${names.map((name) => `${write(name)}:${write(members[name])}`).join(",")}}`;
}

/** @param {unknown} value @param {string} [code] */
export const jcs = (value, code = "not-canonical") => utf8(jcsText(value, code));

/**
 * Parse bytes that are UTF-8 and equal the canonical text of what they say.
 *
 * Comparing texts is what refuses duplicate names, white space, fractions and needless escapes.
 *
 * @param {Uint8Array} bytes
 * @param {string} code
 * @returns {Json}
 */
export function parseStrict(bytes, code) {
  let text, value;
  try {
    text = decoder.decode(bytes);
    value = JSON.parse(text);
  } catch {
    // The engine's own message quotes what stood there.
    throw new Refusal(code);
  }
  must(jcsText(value, code, LEVELS) === text, code);
  return value;
}

/** @param {unknown} value @returns {value is {[name: string]: any}} */
export const isObject = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Tells whether an object has these members and no others.
 *
 * @param {unknown} value
 * @param {string[]} names
 */
export const hasExactly = (value, ...names) =>
  isObject(value) &&
  Object.keys(value).length === names.length &&
  names.every((name) => Object.hasOwn(value, name));

/** Tells whether texts stand in strictly ascending order. @param {readonly string[]} texts */
export const ascends = (texts) => texts.every((text, i) => i === 0 || texts[i - 1] < text);

/** @param {Uint8Array} bytes */
export const sha256 = async (bytes) =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", /** @type {BufferSource} */ (bytes)));

/** D(x); of a text, of its ASCII bytes. @param {Uint8Array | string} x */
export const digest = async (x) => b64(await sha256(typeof x === "string" ? utf8(x) : x));
