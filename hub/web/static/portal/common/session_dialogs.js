// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** How is somebody told that a session ends, or has ended, without losing their place on the page? */

import { button, icon } from "./alerts.js";
import { announce, h, one } from "./dom.js";
import { TEXTS } from "./session_texts.js";
import { language, t } from "./texts.js";

/** @typedef {import("./session_clock.js").Stage} Stage */

const ID = "sitzung-dialog";
/** @type {string} */
let shown = "";

/**
 * @param {Stage} stage
 * @param {() => Promise<void>} stay
 * @param {() => Promise<void>} leave
 */
export function showIdle(stage, stay, leave) {
  const text = t(TEXTS, "idle.text", valuesOf(stage));
  if (shown === "idle") {
    one(`#${ID} [data-text]`).textContent = text;
    return;
  }
  showDialog("idle", t(TEXTS, "idle.title"), text, {
    onCancel: stay,
    actions: [
      button(t(TEXTS, "idle.stay"), { kind: "primary", onclick: stay, autofocus: true }),
      button(t(TEXTS, "signOut"), { onclick: leave }),
    ],
  });
}

/** @param {Stage} stage */
export function showEnding(stage) {
  const values = valuesOf(stage);
  showDialog("ending", t(TEXTS, "ending.title", values), t(TEXTS, "ending.text", values), {
    onCancel: shutDialog,
    actions: [
      button(t(TEXTS, "ending.seen"), { kind: "primary", onclick: shutDialog, autofocus: true }),
    ],
  });
}

/**
 * What stands on the page stays, behind the dialog, until somebody has signed in again.
 *
 * @param {() => Promise<"back" | "still" | "silent">} goOn
 */
export function showOver(goOn) {
  const answer = h("p", { class: "kern-body", role: "status", "data-answer": true });
  const look = async () => {
    const found = await goOn();
    if (found === "back") {
      window.removeEventListener("focus", look);
      shutDialog();
      announce(t(TEXTS, "over.back.said"));
    }
    return found;
  };
  const press = async () => {
    const found = await look();
    if (found !== "back") answer.textContent = t(TEXTS, `over.${found}`);
  };
  // Whoever comes back from the other window has signed in there: no second press is asked for.
  window.addEventListener("focus", look);
  showDialog("over", t(TEXTS, "over.title"), t(TEXTS, "over.text"), {
    onCancel: () => undefined,
    more: answer,
    actions: [
      h(
        "a",
        {
          class: "kern-btn kern-btn--primary",
          href: `/portal/anmeldung?weiter=${encodeURIComponent("/portal")}`,
          target: "_blank",
          rel: "noopener",
          autofocus: true,
        },
        icon("open-in-new"),
        h("span", { class: "kern-label" }, t(TEXTS, "over.signIn")),
      ),
      button(t(TEXTS, "over.back"), { onclick: press }),
    ],
  });
}

/**
 * @param {string} name
 * @param {string} title
 * @param {string} text
 * @param {{onCancel: () => unknown, actions: Node[], more?: Node}} parts
 */
function showDialog(name, title, text, { onCancel, actions, more }) {
  shutDialog();
  const dialog = h(
    "dialog",
    {
      id: ID,
      class: "kern-dialog",
      "aria-labelledby": `${ID}-titel`,
      "aria-describedby": `${ID}-text`,
      oncancel: (/** @type {Event} */ event) => {
        event.preventDefault();
        onCancel();
      },
    },
    h(
      "div",
      { class: "kern-dialog__header" },
      h("h2", { id: `${ID}-titel`, class: "kern-title kern-title--large" }, title),
    ),
    h(
      "div",
      { class: "kern-dialog__body" },
      h("p", { id: `${ID}-text`, class: "kern-body", "data-text": true, role: "timer" }, text),
      more,
    ),
    h("div", { class: "kern-dialog__footer" }, actions),
  );
  document.body.appendChild(dialog);
  shown = name;
  dialog.showModal();
}

/** Close what is open; the focus returns to where it was. */
export function shutDialog() {
  const open = one(`#${ID}`);
  shown = "";
  open?.close();
  open?.remove();
}

/** @param {Stage} stage */
const valuesOf = ({ until, minutes }) => ({
  time: new Date(until * 1000).toLocaleTimeString(language() === "en" ? "en-GB" : "de-DE", {
    timeZone: "Europe/Berlin",
    hour: "2-digit",
    minute: "2-digit",
  }),
  minutes: minutes === 1 ? t(TEXTS, "minute.one") : t(TEXTS, "minute.many", { n: minutes }),
});
