// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Answers all questions of one table at once: JSON in, JSON out. */

import { readFileSync } from "node:fs";

import { Land } from "../../../hub/web/static/portal/places/land.js";
import { PlaceUnknown } from "../../../hub/web/static/portal/places/unknown.js";

const { table, networks, responsible, named, postcodes } = JSON.parse(readFileSync(0, "utf8"));
const land = new Land(table, networks);

const said = {
  municipalities: land.municipalities.all,
  responsible: responsible.map(([kind, ags, day]) => tried(() => land.responsible(kind, ags, day))),
  named: named.map((text) => tried(() => land.municipality(text))),
  postcodes: postcodes.map((plz) => tried(() => land.byPostcode(plz))),
};
process.stdout.write(JSON.stringify(said));

function tried(ask) {
  try {
    return ask();
  } catch (trouble) {
    if (!(trouble instanceof PlaceUnknown)) throw trouble;
    return { refused: trouble.message, pointers: trouble.pointers, allowed: trouble.allowed };
  }
}
