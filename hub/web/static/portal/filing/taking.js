// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** How do master data come out of a file: one pupil into this form, or of a list one draft each? */

import { button, link, small } from "../common/alerts.js";
import { append, fill, h } from "../common/dom.js";
import { fieldMap } from "../form/fields.js";
import { fromContent } from "../form/content.js";
import { messageId } from "./ids.js";
import { say } from "./parts.js";
import { PLACE, titleOf } from "./state.js";

/** Absences are planned work for many at once; whatever cannot wait is written one by one. */
const LISTED = new Set(["schulabsentismus"]);

/** The buttons, and the place where a file is read. @param {any} flow */
export function taking(flow) {
  const place = h("div", {});
  const offer = (/** @type {string} */ key, /** @type {() => any} */ about) =>
    button(say(key), {
      kind: "tertiary",
      symbol: "drive-folder-upload",
      onclick: () => flow.guarded(() => read(flow, place, about())),
    });
  return [
    small(say("page.upload.means")),
    offer("page.upload", () => one(flow)),
    LISTED.has(flow.description.protocol) && offer("topic.list", () => many(flow, place)),
    place,
  ];
}

/** @param {any} flow @param {HTMLElement} place @param {any} about */
async function read(flow, place, about) {
  const { offerUpload } = await import("../upload/view.js");
  offerUpload(place, { fields: fieldMap(flow.description).keys(), ...about });
}

/** One pupil, into the form that is open. @param {any} flow */
const one = (flow) => ({
  kind: "kind",
  onTaken: async (/** @type {any} */ taken) => {
    await flow.open?.leave?.();
    flow.state.values = await filled(flow.description, flow.state.values, taken);
    flow.named();
    await flow.changed();
    await flow.anew();
  },
});

/** A list: each row its own draft, kept before the next one is taken. @param {any} flow @param {HTMLElement} place */
function many(flow, place) {
  const told = h("ul", { class: "kern-list kern-list--bullet" });
  const done = h("div", { role: "status" }, small(say("topic.list.means")), told);
  place.after(done);
  return {
    kind: "liste",
    onTaken: async (/** @type {any} */ taken, /** @type {any} */ { number, of }) => {
      const { description, state } = flow;
      const values = await filled(description, flow.started(), taken);
      const title = titleOf(description, values);
      const id = messageId(description, flow.now());
      const keeper = flow.keeperOf(crypto.randomUUID());
      // Where each child lives is asked for each: not all of a class live in one town.
      await keeper.change({ ...state, id, title, values, place: null, to: null, kept: [], at: PLACE });
      await keeper.flush();
      if (!keeper.draft) throw new Error("the draft was not kept");
      append(told, [h("li", {}, link(`/portal/mitteilung?entwurf=${keeper.id}`, say("topic.list.taken", { number, of })))]);
    },
    onClosed: () => fill(place),
  };
}

/** @param {any} description @param {any} values @param {any} taken flat, pointer by pointer */
async function filled(description, values, taken) {
  const { asContent } = await import("../upload/index.js");
  return merged(values, fromContent(description, asContent(taken)));
}

/** What is new over what is there; lists are taken as they come. @param {any} old @param {any} young @returns {any} */
export function merged(old, young) {
  const both = [old, young].every((each) => each && typeof each === "object" && !Array.isArray(each));
  if (!both) return young === undefined ? old : young;
  const names = [...new Set([...Object.keys(old), ...Object.keys(young)])];
  return Object.fromEntries(names.map((name) => [name, merged(old[name], young[name])]));
}
