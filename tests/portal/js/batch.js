// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Answer a batch of questions of tests in Python: which rules does each content break, what hints has it? */

import { stdin, stdout } from "node:process";
import { findIdentifiers } from "../../../hub/web/static/portal/form/identifiers.js";
import { RULES } from "../../../hub/web/static/portal/form/rules/index.js";

let typed = "";
for await (const chunk of stdin.setEncoding("utf-8")) typed += chunk;
const { said = [], slow = [], slowly = 0, hints = [] } = JSON.parse(typed);

const answers = (rule) => (slow.includes(rule) ? said.slice(0, slowly) : said).map(pointersOf(rule));
const pointersOf =
  (rule) =>
  ({ content, basis, urgency, speakers }) =>
    RULES[rule]({ content, basis, urgency, speakers: new Set(speakers) });

stdout.write(
  JSON.stringify({
    rules: Object.fromEntries(Object.keys(RULES).map((rule) => [rule, answers(rule)])),
    hints: hints.map((content) =>
      findIdentifiers(content).map(({ pointer, kind, start, end, text }) => [pointer, kind, start, end, text]),
    ),
  }),
);
