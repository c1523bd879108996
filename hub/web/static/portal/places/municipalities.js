// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * Which municipality does somebody mean who writes its name? Wesel is a town and a Kreis, and
 * Neuenkirchen is in many places: the answer is one municipality or a list, and never a guess.
 */

import { PlaceUnknown } from "./unknown.js";

/** @typedef {{ags: string, name: string}} Municipality */

export class Municipalities {
  /** @param {Iterable<Municipality>} municipalities @param {Iterable<{key: string, name: string}>} districts */
  constructor(municipalities, districts) {
    /** @type {Map<string, Municipality>} */
    const byAgs = new Map([...municipalities].map((place) => [place.ags, place]));
    this.all = [...byAgs.values()].sort((a, b) => (a.ags < b.ags ? -1 : 1));
    this.exact = new Map([...byAgs, ...this.all.map((place) => pair(labelOf(place), place))]);
    /** @type {Map<string, Set<string>>} */
    this.named = new Map();
    for (const place of this.all) {
      for (const spelling of spellings(place.name)) add(this.named, spelling, labelOf(place));
    }
    /** @type {Map<string, Set<string>>} */
    this.districts = new Map();
    for (const district of districts) this.addDistrict(district);
  }

  /**
   * Return the municipality that is meant, or refuse with the list of those that may be. "Wesel"
   * may mean the town or the Kreis with its seven Jugendaemter; "Stadt Wesel" and the AGS do not.
   *
   * @param {string} text
   * @returns {Municipality}
   */
  find(text) {
    const exact = this.exact.get(text.trim());
    if (exact) return exact;
    const name = fold(text);
    const candidates = new Set(this.named.get(name) ?? []);
    const district = this.districts.get(name);
    if (candidates.size === 1 && !district) {
      return /** @type {Municipality} */ (this.exact.get([...candidates][0]));
    }
    for (const label of district ?? []) candidates.add(label);
    const word = candidates.size ? "ambiguous" : "no-place";
    throw new PlaceUnknown(word, "/municipality", [...candidates].sort());
  }

  /** @param {string} label */
  labelled(label) {
    return /** @type {Municipality} */ (this.exact.get(label));
  }

  /**
   * Return what somebody may mean who has typed so much: names that begin so, then names in which
   * a word does.
   *
   * @param {string} text
   * @param {number} most
   */
  search(text, most) {
    const typed = fold(text).replace(/^(stadt|gemeinde|kreis) /, "");
    if (typed === "") return [];
    const named = this.all.map((place) => ({ place, name: fold(place.name) }));
    const first = named.filter(({ name }) => name.startsWith(typed));
    const then = named.filter(({ name }) => !name.startsWith(typed) && wordBegins(name, typed));
    return [...first, ...then].map(({ place }) => place).slice(0, most);
  }

  /** @param {{key: string, name: string}} district */
  addDistrict({ key, name }) {
    const within = this.all.filter((place) => place.ags.startsWith(key)).map(labelOf);
    // A kreisfreie Stadt is its own district, so its name means the town.
    if (within.every((label) => label.endsWith(`(${key}000)`))) return;
    const folded = fold(name);
    const short = folded.replace(/^kreis /, "").replace(/^staedteregion /, "");
    for (const alias of [folded, short]) this.districts.set(alias, new Set(within));
  }
}

/** @param {Municipality} place */
export const labelOf = (place) => `${place.name} (${place.ags})`;

/** @param {string} label @param {Municipality} place @returns {[string, Municipality]} */
const pair = (label, place) => [label, place];

/** @param {string} name @param {string} typed */
const wordBegins = (name, typed) => new RegExp(`[ (/-]${escaped(typed)}`).test(name);

/** @param {string} text */
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\-]/g, "\\$&");

/** How people write the name: with and without the addition in brackets, and the form. */
function spellings(/** @type {string} */ name) {
  const full = fold(name);
  const short = full.replace(/ \(.*\)$/, "");
  return ["", "stadt ", "gemeinde "].flatMap((form) => [form + full, form + short]);
}

/** @param {string} text */
export function fold(text) {
  const small = text.normalize("NFC").toLowerCase().replaceAll("ß", "ss");
  const plain = small.replaceAll("ä", "ae").replaceAll("ö", "oe").replaceAll("ü", "ue");
  return plain.split(/\s+/).filter(Boolean).join(" ");
}

/** @param {Map<string, Set<string>>} sets @param {string} key @param {string} item */
function add(sets, key, item) {
  const known = sets.get(key);
  if (known) known.add(item);
  else sets.set(key, new Set([item]));
}
