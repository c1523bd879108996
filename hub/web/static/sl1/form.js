// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Has a message the form that its schema fixes? Nothing is opened for it. (SL1 § 7, steps 6, 7) */

import { ascends, digest, hasExactly, isB64, isObject, jcs } from "./canonical.js";
import { must } from "./refusal.js";
import { wrapBytes } from "./reader.js";

/**
 * @typedef {import("./schema.js").Derived} Derived
 * @typedef {import("./schema.js").Node} Node
 * @typedef {import("./envelope.js").Claims} Claims
 * @typedef {import("./envelope.js").ReaderClaim} ReaderClaim
 * @typedef {import("./envelope.js").WrappedKey} WrappedKey
 */

/**
 * @param {Derived} schema
 * @param {Claims} claims
 * @param {any} body
 */
export async function checkForm(schema, claims, body) {
  must(claims.schema === schema.digest, "schema-unknown", ["/schema"]);
  const places = strangePlaces(schema.root, schema.sealed, body, "");
  must(places.length === 0, "scope-exceeded", places);
  must(claims.body === (await digest(jcs(body))), "body-mismatch");
  must(claims._sd.length === schema.leaves.length, "commitments-invalid", ["/_sd"]);
  must(ascends(claims._sd), "commitments-invalid", ["/_sd"]);
  must(hasExactly(claims.commit, ...schema.classes), "commitments-invalid", ["/commit"]);
  checkReaders(schema, claims.readers);
}

/**
 * @param {Derived} schema
 * @param {readonly ReaderClaim[]} readers
 */
export function checkReaders(schema, readers) {
  must(ascends(readers.map((reader) => reader.kid)), "readers-invalid", ["/readers"]);
  const all = readers.some((r) => r.rel === "now" && r.classes.length === schema.classes.length);
  const known = readers.every((r) => r.classes.every((name) => schema.classes.includes(name)));
  must(all && known, "readers-invalid", ["/readers"]);
}

/**
 * Check the wrapped key that belongs to a reader.
 *
 * @param {ReaderClaim} reader
 * @param {WrappedKey | undefined} key
 */
export async function checkWrap(reader, key) {
  const fits = key?.kid === reader.kid && isB64(key.wrap, wrapBytes(reader.classes.length));
  must(fits && (await digest(key.wrap)) === reader.wrap, "readers-invalid", ["/keys"]);
}

/**
 * List where a body differs from the sealed schema. The place of an unknown member is its parent.
 *
 * @param {Node} node
 * @param {import("./schema.js").Keywords} sealed
 * @param {any} body
 * @param {string} at
 * @returns {string[]}
 */
function strangePlaces(node, sealed, body, at) {
  if (node.kind === "leaf") {
    const fits = typeof body === "string" && body.length === node.N;
    return fits && new RegExp(sealed.pattern, "u").test(body) ? [] : [at];
  }
  if (node.kind === "array") {
    if (!Array.isArray(body) || body.length !== node.slots.length) return [at];
    return body.flatMap((item, i) =>
      strangePlaces(node.slots[i], sealed.prefixItems[i], item, `${at}/${i}`),
    );
  }
  if (!isObject(body)) return [at];
  const names = [...node.members.keys()];
  const inside = names
    .filter((name) => Object.hasOwn(body, name))
    .flatMap((name) => {
      const member = /** @type {Node} */ (node.members.get(name));
      return strangePlaces(member, sealed.properties[name], body[name], `${at}/${name}`);
    });
  return hasExactly(body, ...names) ? inside : [at, ...inside];
}
