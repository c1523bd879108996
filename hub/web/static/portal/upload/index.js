// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Files from the school's own program, read in the browser: what fits is kept, the rest is named. */

export {
  headerOf,
  plainName,
  fieldsOf,
  assign,
  choices,
  droppedOf,
  recognise,
  targetOf,
} from "./recognise.js";
export { openSheet } from "./sheet.js";
export { asContent, previewOf, takeOver } from "./take.js";
export { Unreadable } from "./unreadable.js";
