// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** How does a draft come to a colleague, who looks through it and confirms it? Sealed to his key. */

import { button, heading, notice, paragraph, small } from "../common/alerts.js";
import { h } from "../common/dom.js";
import { checkColleague } from "../trust/index.js";
import { isOtherKey, rememberColleague } from "../house/known_keys.js";
import { passDraft } from "../vault/index.js";
import { chosenIn, choice, fold, say } from "./parts.js";

const NAME = "kollege";

/** What the review shows of it: choose a colleague, take back, give back. @param {any} flow */
export function passingOf(flow) {
  const { me, draft } = flow;
  if (draft?.passed) return passed(flow);
  const able = colleaguesOf(me);
  const mustPass = me.four_eyes && !draft?.may.includes("bestaetigen");
  const body = able.length > 0 ? chooser(flow, able) : [small(say("review.pass.nobody"))];
  if (mustPass) return h("section", {}, heading(2, say("review.pass")), paragraph(say("review.pass.four")), body);
  if (able.length === 0 || (draft && !draft.may.includes("weitergeben"))) return null;
  return fold(say("review.pass"), small(say("review.pass.means")), body);
}

/** Those who may confirm, and have a key to which a draft can be sealed. @param {any} me */
export const colleaguesOf = (me) =>
  me.colleagues.filter(
    (/** @type {any} */ each) =>
      each.kid && each.pub && each.person !== me.person.id && each.roles.some((/** @type {string} */ role) => role === "freigeben" || (role === "verfassen" && !me.four_eyes)),
  );

/** @param {any} flow @param {any[]} able */
function chooser(flow, able) {
  const place = h("div", {});
  const choices = able.map(({ person, name }) => ({ value: person, label: name }));
  place.append(choice({ name: NAME, legend: say("review.pass.legend"), choices }));
  const told = h("p", { class: "kern-error", role: "alert" });
  const go = button(say("review.pass.do"), {
    onclick: async () => {
      const to = able.find(({ person }) => person === chosenIn(place, NAME));
      if (!to) return (told.textContent = say("review.pass.missing"));
      return flow.guarded(() => pass(flow, to));
    },
  });
  return [place, told, go];
}

/** @param {any} flow @param {any} to */
async function pass(flow, to) {
  const { state, keeper, ask, me } = flow;
  await flow.changed();
  await keeper.flush();
  // The own house's signed entry says whose key it is; the portal could name another.
  const { directory } = await flow.offices.of(me.unit, { urgency: "planbar" });
  const { pub } = await checkColleague(me.unit, to.kid, directory, flow.now());
  if (await isOtherKey(me, to)) {
    const { askAboutColleague } = await import("../house/watch.js");
    if (!(await askAboutColleague(to.name)(to.kid))) return;
  }
  const sealed = await passDraft(keeper.id, { ...state, by: state.by }, pub);
  const headers = { "if-match": `"${keeper.version}"` };
  keeper.draft = await ask("POST", `${keeper.path}/weitergabe`, { to: to.person, ...sealed }, { headers });
  keeper.version = keeper.draft.version;
  await rememberColleague(me, to);
  await flow.show(state.at);
}

/** @param {any} flow */
function passed(flow) {
  const { draft, me, keeper } = flow;
  const isMine = draft.passed.from.id === me.person.id;
  const back = button(say(isMine ? "review.takeback" : "review.giveback"), {
    onclick: () =>
      flow.guarded(async () => {
        const headers = { "if-match": `"${keeper.version}"` };
        await flow.ask("DELETE", `${keeper.path}/weitergabe`, undefined, { headers });
        if (!isMine) return location.assign("/portal");
        keeper.draft = await flow.ask("GET", keeper.path);
        keeper.version = keeper.draft.version;
        return flow.show(flow.state.at);
      }),
  });
  if (!isMine) return paragraph(back);
  return h(
    "section",
    {},
    notice("success", say("review.passed.title"), say("review.passed", { name: draft.passed.to.name })),
    paragraph(back),
  );
}
