// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** How is a part of the page replaced while somebody uses it? The focus and what is folded out stay. */

import { all, fill } from "../common/dom.js";

/**
 * Put new content in; what has the same `data-key` (or the same address) takes over the focus and
 * whether it is folded out.
 *
 * @param {HTMLElement} place
 * @param {any[]} content
 */
export function swap(place, content) {
  const focused = place.contains(document.activeElement) ? keyOf(document.activeElement) : null;
  const folded = new Map(all("details[data-key]", place).map((each) => [each.dataset.key, each.open]));
  fill(place, content);
  for (const each of all("details[data-key]", place)) {
    each.open = folded.get(each.dataset.key) ?? each.open;
  }
  if (!focused) return;
  const next = all("a, button, summary", place).find((each) => keyOf(each) === focused);
  next?.focus({ preventScroll: true });
}

/** @param {any} element */
function keyOf(element) {
  const key = element.dataset?.key ?? element.parentElement?.dataset?.key;
  return key ?? element.getAttribute("href");
}
