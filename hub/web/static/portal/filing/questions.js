// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** The pages of the form: one topic each, as the procedure's schema has them. */

import { small } from "../common/alerts.js";
import { fill, h } from "../common/dom.js";
import { checkPage } from "../form/checks.js";
import { all } from "../form/fields.js";
import { applyHint, findHints, renderHints } from "../form/hints.js";
import { mergePage, readPage, renderPage } from "../form/render.js";
import { say } from "./parts.js";
import { titleOf } from "./state.js";
import { taking } from "./taking.js";

/** @param {any} flow @param {any[]} errors @param {string} pageId @returns {any} */
export function questions(flow, errors, pageId) {
  const { description, state } = flow;
  const page = description.pages.find((/** @type {any} */ each) => each.id === pageId);
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
      asked,
      takesFromFile(flow, page) && taking(flow),
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
  const found = await findHints(description, state.values);
  const open = found.filter((hint) => hint.page === page.id && !state.kept.includes(hint.id));
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
const takesFromFile = ({ description, state }, page) =>
  description.opens &&
  !state.thread &&
  [...all(page.fields)].some((field) => field.pointer === "/kind/name/familienname");
