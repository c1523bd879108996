// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Is this really meant? Asked once, in a dialog that the escape key shuts without harm. */

import { button } from "../common/alerts.js";
import { h } from "../common/dom.js";
import { t } from "../common/texts.js";
import { TEXTS } from "./texts.js";

/** @param {string} title of a draft @returns {Promise<boolean>} */
export const askToDelete = (title) =>
  confirmed({
    title: t(TEXTS, "draft.ask"),
    text: t(TEXTS, "draft.ask.text", { title }),
    keep: t(TEXTS, "draft.keep"),
    go: t(TEXTS, "draft.delete"),
  });

/** @param {{title: string, text: string, keep: string, go: string}} said @returns {Promise<boolean>} */
export function confirmed({ title, text, keep, go }) {
  return new Promise((resolve) => {
    const shut = (/** @type {boolean} */ answer) => {
      dialog.close();
      dialog.remove();
      resolve(answer);
    };
    const dialog = h(
      "dialog",
      { class: "kern-dialog", "aria-labelledby": "frage-titel", oncancel: () => shut(false) },
      h(
        "div",
        { class: "kern-dialog__header" },
        h("h2", { id: "frage-titel", class: "kern-title kern-title--large" }, title),
      ),
      h(
        "div",
        { class: "kern-dialog__body" },
        h("p", { class: "kern-body" }, text),
      ),
      h(
        "div",
        { class: "kern-dialog__footer" },
        button(keep, { kind: "primary", onclick: () => shut(false) }),
        button(go, { onclick: () => shut(true), id: "frage-ja" }),
      ),
    );
    document.body.appendChild(dialog);
    dialog.showModal();
  });
}
