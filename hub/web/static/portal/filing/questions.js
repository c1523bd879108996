// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** The pages of the form: one topic each, as the procedure's schema has them. */

import { button, small } from "../common/alerts.js";
import { fill, h } from "../common/dom.js";
import { fromContent } from "../form/content.js";
import { checkPage } from "../form/checks.js";
import { applyHint, findHints, renderHints } from "../form/hints.js";
import { mergePage, readPage, renderPage } from "../form/render.js";
import { say } from "./parts.js";
import { titleOf } from "./state.js";

/** @param {any} flow @param {any[]} errors @param {string} pageId @returns {any} */
export function questions(flow, errors, pageId) {
  const { description, state } = flow;
  const page = description.pages.find((/** @type {any} */ each) => each.id === pageId);
  const upload = h("div", {});
  const found = h("div", { class: "mw-hinweise" });
  const asked = renderPage(description, page, state.values, errors, {
    change: () => keep(flow, page, asked),
  });
  // What was typed without leaving the field is kept as well: a browser may be gone in a moment.
  asked.addEventListener("input", () => keepSoon(flow, page, asked));
  return {
    heading: page.title,
    body: [
      page.hint && small(page.hint),
      page.optional && small(say("page.optional")),
      offersUpload(flow, page) && uploadButton(flow, upload),
      upload,
      asked,
      hasLongText(page) && small(say("page.attachments")),
      found,
    ],
    leave: () => keep(flow, page, asked),
    submit: async () => {
      await keep(flow, page, asked);
      const wrongs = checkPage(description, page, state.values, { now: new Date(flow.now() * 1000) });
      if (wrongs.length > 0) return wrongs;
      return (await showHints(flow, page)) ? "stay" : [];
    },
  };
}

/** @param {any} flow @param {any} page @param {HTMLElement} asked */
async function keep(flow, page, asked) {
  clearTimeout(waiting);
  const { state, description } = flow;
  state.values = mergePage(state.values, page, readPage(description, page, asked));
  state.title = titleOf(description, state.values);
  await flow.changed();
}

/** @type {any} */
let waiting;
/** Keep what is being typed, a moment after the last key. @param {any} flow @param {any} page @param {HTMLElement} asked */
function keepSoon(flow, page, asked) {
  clearTimeout(waiting);
  waiting = setTimeout(() => asked.isConnected && keep(flow, page, asked), 400);
}

/**
 * Show what may name somebody, once for each place: whoever leaves it so has looked.
 *
 * @param {any} flow
 * @param {any} page
 * @returns {Promise<boolean>} whether there is something to look at
 */
async function showHints(flow, page) {
  const { description, state } = flow;
  const all = await findHints(description, state.values);
  const open = all.filter((hint) => hint.page === page.id && !state.kept.includes(hint.id));
  if (open.length === 0) return false;
  // What was wrong before is not wrong any more, and says so by being gone.
  await flow.anew();
  const next = async () => {
    await flow.changed();
    flow.open = null;
    if (!(await showHints(flow, page))) await flow.onward();
  };
  const shown = renderHints(open, {
    replace: (hint, text) =>
      flow.guarded(() => {
        state.values = applyHint(state.values, hint, text);
        return next();
      }),
    keep: (hint) =>
      flow.guarded(() => {
        state.kept.push(hint.id);
        return next();
      }),
  });
  fill(flow.place.querySelector(".mw-hinweise"), shown);
  shown.setAttribute("tabindex", "-1");
  shown.focus();
  return true;
}

/** @param {any} page */
const hasLongText = (page) => JSON.stringify(page).includes('"kind":"paragraph"');

/** Whether master data of a person are asked for here. @param {any} flow @param {any} page */
const offersUpload = ({ description, state }, page) =>
  description.opens && !state.thread && pointersOf([page]).includes("/kind/name/familienname");

/** @param {any} flow @param {HTMLElement} place */
const uploadButton = (flow, place) =>
  button(say("page.upload"), {
    kind: "tertiary",
    symbol: "drive-folder-upload",
    onclick: async () => {
      const { offerUpload } = await import("../upload/view.js");
      const { asContent } = await import("../upload/index.js");
      offerUpload(place, {
        kind: "kind",
        fields: pointersOf(flow.description.pages),
        onTaken: async (/** @type {any} */ taken) => {
          const { description, state } = flow;
          state.values = merged(state.values, fromContent(description, asContent(taken)));
          await flow.changed();
          await flow.anew();
        },
      });
    },
  });

/** All fields of some pages, by pointer. @param {any[]} parts @returns {string[]} */
export function pointersOf(parts) {
  return parts.flatMap((part) => [
    ...(part.pointer ? [part.pointer] : []),
    ...(part.kind === "birth" ? (part.parts ?? []).map((/** @type {string} */ each) => `${part.pointer}/${each}`) : []),
    ...pointersOf([...(part.fields ?? []), ...(part.item ? [part.item] : [])]),
  ]);
}

/** What is new over what is there; lists are taken as they come. @param {any} old @param {any} young @returns {any} */
export function merged(old, young) {
  const both = [old, young].every((each) => each && typeof each === "object" && !Array.isArray(each));
  if (!both) return young === undefined ? old : young;
  const names = [...new Set([...Object.keys(old), ...Object.keys(young)])];
  return Object.fromEntries(names.map((name) => [name, merged(old[name], young[name])]));
}
