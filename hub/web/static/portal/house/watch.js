// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * Is the hub still the one that was taken down, and are the house's keys those of its people? Where
 * not, it is said plainly, with what to compare, and a person decides.
 */

import { button, notice, paragraph } from "../common/alerts.js";
import { ask } from "../common/api.js";
import { h } from "../common/dom.js";
import { t } from "../common/texts.js";
import { acceptThisHub, hubFingerprint, trustOf } from "../common/trusted.js";
import { grouped } from "../account/fingerprint.js";
import { confirmed } from "../start/confirming.js";
import { texts as DOUBTS, Untrustworthy } from "../trust/index.js";
import { rememberDeskKey, strangeKeys } from "./known_keys.js";
import { TEXTS } from "./watch_texts.js";

const QUIET = { headers: { "x-still": "1" } };
/** Signs of a kid that people compare: 96 bits, which nobody finds a second key for. */
const READ_ALOUD = 16;

/**
 * What has to be said before anything else; empty where all is as it was, or nothing is known.
 *
 * @param {any} me
 * @param {any} vault
 * @param {() => any} again shows the page anew, once a person has decided
 * @returns {Promise<HTMLElement[]>}
 */
export async function watchNotices(me, vault, again) {
  if (!vault || !me.vault?.person_kid) return [];
  try {
    const trust = await trustOf(me, vault);
    if (me.house.state !== "aktiv") return [];
    const said = await ask("GET", `/portal/api/stellen/${encodeURIComponent(me.unit)}`, undefined, QUIET);
    const directory = await trust.directory(said.list, said.organisations, me.now);
    return (await strangeKeys(me, vault, directory)).map((kid) => strangeKey(me, kid, again));
  } catch (doubt) {
    // Whoever cannot be asked has said nothing wrong.
    if (!(doubt instanceof Untrustworthy)) return [];
    return [doubt.reason === "hub-changed" ? await otherHub(me, again) : doubted(doubt.reason)];
  }
}

/** @param {string} reason */
const doubted = (reason) => alert(notice("danger", t(TEXTS, "doubt"), t(DOUBTS, reason)));

/** @param {any} me @param {() => any} again */
async function otherHub(me, again) {
  const decide = () => decided("hub", () => acceptThisHub(me), again);
  return alert(
    notice(
      "danger",
      t(TEXTS, "hub"),
      t(TEXTS, "hub.what", { hub: me.hub.id }),
      mark(grouped(await hubFingerprint(me))),
      paragraph(button(t(TEXTS, "hub.accept"), { id: "hub-verglichen", onclick: decide })),
    ),
  );
}

/** @param {any} me @param {string} kid @param {() => any} again */
const strangeKey = (me, kid, again) =>
  alert(
    notice(
      "danger",
      t(TEXTS, "key"),
      t(TEXTS, "key.what"),
      mark(readAloud(kid)),
      paragraph(
        button(t(TEXTS, "key.accept"), {
          dataset: { unser: kid },
          onclick: () => decided("key", () => rememberDeskKey(me, kid), again),
        }),
      ),
    ),
  );

/** What of a key people compare. @param {string} kid */
export const readAloud = (kid) => grouped(kid.slice(0, READ_ALOUD));

/**
 * Ask whether a colleague has said that this new key is theirs.
 *
 * @param {string} name
 * @returns {(kid: string) => Promise<boolean>}
 */
export const askAboutColleague = (name) => (kid) =>
  confirmed({
    title: t(TEXTS, "colleague", { name }),
    text: t(TEXTS, "colleague.what", { name, mark: readAloud(kid) }),
    keep: t(TEXTS, "keep"),
    go: t(TEXTS, "colleague.accept"),
  });

/** @param {"hub" | "key"} what @param {() => Promise<any>} accept @param {() => any} again */
async function decided(what, accept, again) {
  const [title, text, go] = [`${what}.sure`, `${what}.sure.what`, `${what}.sure.yes`].map((key) => t(TEXTS, key));
  if (!(await confirmed({ title, text, keep: t(TEXTS, "keep"), go }))) return;
  await accept();
  await again();
}

/** @param {string} text */
const mark = (text) => h("p", { class: "mw-fingerabdruck" }, h("code", {}, text));

/** @param {HTMLElement} what */
const alert = (what) => h("div", { role: "alert" }, what);
