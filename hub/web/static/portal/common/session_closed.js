// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** What is said where the vault is closed on this device, and what can be done about it? */

import { button, buttonLink, notice, paragraph } from "./alerts.js";
import { h } from "./dom.js";
import { TEXTS } from "./session_closed_texts.js";
import { canOpen, openByPasskey } from "./session_vault.js";
import { t } from "./texts.js";

/**
 * A notice with the way out: show the passkey once more, set up, or go to the device that knows the
 * key; and who helps where that one is lost.
 *
 * @param {any} me
 * @param {(vault: import("../vault/vault.js").Vault) => void} onOpen
 * @returns {Promise<HTMLElement>}
 */
export async function closedNotice(me, onOpen) {
  if (!me.vault?.person_kid) return unset();
  const way = await canOpen(me);
  return way === "none" ? unknownDevice() : byPasskey(me, onOpen);
}

const unset = () =>
  notice(
    "info",
    t(TEXTS, "vault.unset.title"),
    t(TEXTS, "vault.unset"),
    paragraph(buttonLink(t(TEXTS, "vault.set"), "/portal/einrichten", { kind: "primary" })),
  );

const unknownDevice = () =>
  notice("warning", t(TEXTS, "vault.none.title"), t(TEXTS, "vault.none"), t(TEXTS, "vault.lost"));

/** @param {any} me @param {(vault: any) => void} onOpen */
function byPasskey(me, onOpen) {
  const answer = h("p", { class: "kern-body", role: "status" });
  const open = async () => {
    answer.textContent = "";
    try {
      onOpen(await openByPasskey(me));
    } catch (trouble) {
      const code = /** @type {any} */ (trouble).code ?? "vault-closed";
      answer.textContent = t(TEXTS, `closed.${code}`);
    }
  };
  return notice(
    "info",
    t(TEXTS, "vault.title"),
    t(TEXTS, "vault.passkey"),
    paragraph(
      button(t(TEXTS, "vault.open"), {
        kind: "primary",
        onclick: open,
        id: "tresor-oeffnen",
        dataset: { key: "vault" },
      }),
    ),
    answer,
  );
}
