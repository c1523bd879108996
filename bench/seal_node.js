// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Reads the question from standard input, measures, and writes the times. */

import { readFileSync } from "node:fs";

import { measure } from "./seal.js";

process.stdout.write(JSON.stringify(await measure(JSON.parse(readFileSync(0, "utf8")))));
