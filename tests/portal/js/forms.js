// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** For tests in Python: what does a form make of contents, and what does it find wrong with them? */

import { stdin, stdout } from "node:process";
import { checkAll } from "../../../hub/web/static/portal/form/checks.js";
import { fromContent, toContent } from "../../../hub/web/static/portal/form/content.js";
import { reviewRows } from "../../../hub/web/static/portal/form/review.js";

globalThis.document = { documentElement: { lang: "de" } };

let typed = "";
for await (const chunk of stdin.setEncoding("utf-8")) typed += chunk;
const { forms, asked } = JSON.parse(typed);

const answers = [];
for (const { form, content } of asked) answers.push(await answer(forms[form], content));
stdout.write(JSON.stringify(answers));

async function answer(description, content) {
  const values = fromContent(description, content);
  const fill = { personKey: content.rueckmeldung_an ?? null };
  const made = toContent(description, values, fill);
  return {
    content: made,
    errors: await leastErrors(description, values, fill),
    rows: reviewRows(description, made).map(({ pointer }) => pointer),
  };
}

/** The errors under the basis and urgency that have the fewest. */
async function leastErrors(description, values, fill) {
  let least = null;
  for (const basis of description.bases.map(({ code }) => code)) {
    for (const { value: urgency } of description.urgencies) {
      const found = await checkAll(description, values, { basis, urgency, fill, now: new Date("2027-01-01") });
      if (least === null || found.length < least.length) least = found;
    }
  }
  return least;
}
