// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** What can somebody still do with an own filing: correct, take back, withdraw, keep the proof? */

import { button, buttonLink } from "../common/alerts.js";
import { ask } from "../common/api.js";
import { h } from "../common/dom.js";
import { t } from "../common/texts.js";
import { TEXTS } from "./texts.js";

const ANSWERS = new Set(["antwort"]);
const HANDED_OVER = new Set(["zugestellt", "bestaetigt"]);
const ACCEPTED = new Set(["angenommen", ...HANDED_OVER, "zurueckgezogen", "nicht-verwertbar", "nicht-zugestellt"]);

/** @param {any} filing @param {any} thread @param {any} seen */
export function actsPart(filing, thread, seen) {
  const found = [...(filing.mine ? writing(filing, thread, seen) : []), ...keeping(filing)];
  return found.length > 0 && h("p", { class: "mw-tun" }, found);
}

/** What can be said in the matter, but for what concerns one message or answers one. @param {any} thread @param {any} seen */
export const nextSteps = ({ cnv, allowed }, { stepTitle, corrects, me }) =>
  me.roles.includes("verfassen")
    ? allowed
        .filter((/** @type {string} */ step) => corrects(step).length === 0 && !ANSWERS.has(step))
        .map((/** @type {string} */ step) =>
          buttonLink(t(TEXTS, "do.step", { step: stepTitle(step) }), pathTo(cnv, step), { symbol: "edit" }),
        )
    : [];

/** @param {any} filing @param {any} thread @param {any} seen */
function writing(filing, { cnv, allowed, filings }, { withdraw, corrects, takesBack, stepTitle }) {
  const canWithdraw = filing.state === "angenommen";
  const isOpen = HANDED_OVER.has(filing.state) && !isTakenBack(filing, filings, takesBack);
  const about = allowed.filter((/** @type {string} */ step) => isOpen && corrects(step).includes(filing.step));
  return [
    canWithdraw &&
      button(t(TEXTS, "do.zurueckziehen"), {
        dataset: { key: `withdraw-${filing.id}`, zurueckziehen: filing.id },
        onclick: () => withdraw(filing),
      }),
    ...about.map((/** @type {string} */ step) =>
      buttonLink(wordOf(step, stepTitle), pathTo(cnv, step, filing.id), {
        symbol: "edit",
        "aria-describedby": `titel-${filing.id}`,
        dataset: { key: `${step}-${filing.id}` },
      }),
    ),
  ].filter(Boolean);
}

/** What the button says; of a step that has no word here, its name. @param {string} step @param {(step: string) => string} title */
const wordOf = (step, title) =>
  TEXTS.de[`do.${step}`] ? t(TEXTS, `do.${step}`) : t(TEXTS, "do.step", { step: title(step) });

/** Whether its content was taken back: nothing corrects it after that. @param {any} filing @param {any[]} filings @param {(step: string) => boolean} takesBack */
export const isTakenBack = ({ id }, filings, takesBack) =>
  filings.some(({ about, step, state }) => about === id && takesBack(step) && ACCEPTED.has(state));

/** Where an answer begins, or what concerns one message. @param {string} cnv @param {string} step @param {string} [cau] */
export function pathTo(cnv, step, cau) {
  const said = new URLSearchParams({ antwort: cnv, schritt: step, ...(cau ? { cau } : {}) });
  return `/portal/mitteilung?${said}`;
}

/** @param {any} filing */
function keeping({ id, state }) {
  if (!ACCEPTED.has(state)) return [];
  const path = `/portal/api/mitteilungen/${encodeURIComponent(id)}`;
  return [
    buttonLink(t(TEXTS, "get.receipt"), `${path}/quittung.pdf`, {
      kind: "tertiary",
      symbol: "download",
      download: true,
    }),
    button(t(TEXTS, "get.proof"), {
      kind: "tertiary",
      symbol: "download",
      title: t(TEXTS, "get.proof.hint"),
      dataset: { key: `proof-${id}` },
      onclick: () => saveProof(id, path),
    }),
  ];
}

/** Save what proves that the hub accepted it: receipt, log entry, and its place in the log. @param {string} id @param {string} path */
async function saveProof(id, path) {
  const { answer } = await ask("GET", path);
  const content = new Blob([JSON.stringify(answer)], { type: "application/json" });
  const address = URL.createObjectURL(content);
  h("a", { href: address, download: `nachweis-${id}.json` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
