# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does a page look like to a finger, to a keyboard, and at twice its size?

Each is an expression for the browser, with the tools of ``tests/portal/visits.py`` at hand.
"""

from typing import Final

# Where a finger comes down, and whether it meets what it was meant for.
TARGET: Final = """(() => {
  const e = seh.knopf(%s);
  if (!e) return null;
  const sicht = (r) => r.top >= 0 && r.bottom <= innerHeight;
  const gleich = sicht(e.getBoundingClientRect());
  if (!gleich) e.scrollIntoView({block: "center"});
  const r = e.getBoundingClientRect();
  const x = r.left + r.width / 2, y = r.top + r.height / 2;
  const oben = document.elementFromPoint(x, y);
  return {x, y, hoch: r.height, gleich, frei: !!oben && e.contains(oben)};
})()"""
# What has the focus: its name, and what is wrong with how it is seen.
FOCUS: Final = """(async () => {
  for (let vorher = NaN; vorher !== scrollY;) {
    vorher = scrollY;
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  }
  const e = document.activeElement;
  if (!e || e === document.body) return {name: "", falsch: "the focus is nowhere"};
  const name = [...(e.labels || [])].map(seh.text).join(" | ") || e.getAttribute("aria-label")
    || seh.text(e);
  const stellen = [e, ...(e.labels || []), e.parentElement];
  const stil = (s) => s.outlineStyle === "auto" || s.boxShadow !== "none"
    || (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2);
  const zeigt = stellen.some((s) => s && (stil(getComputedStyle(s))
    || stil(getComputedStyle(s, "::before")) || stil(getComputedStyle(s, "::after"))));
  const r = e.getBoundingClientRect();
  const [x, y] = [r.left + Math.min(r.width, innerWidth) / 2, r.top + Math.min(r.height, 20) / 2];
  const oben = document.elementFromPoint(x, y);
  const selbst = oben && (e.contains(oben) || [...(e.labels || [])].some((l) => l.contains(oben))
    || oben.contains(e));
  const falsch = !zeigt ? "the focus is not to be seen"
    : !oben ? "the focus is off the screen" : !selbst ? "something lies over the focus" : "";
  return {name, falsch};
})()"""
# Words that are cut off: what scrolls inside, or ends in dots, though the page is as wide as it is.
CUT: Final = """[...document.querySelectorAll("body *")].filter((e) => {
  if (!seh.da(e) || !e.textContent.trim() || e.closest(".mw-unsichtbar, .mw-sprung")) return false;
  const s = getComputedStyle(e);
  if (s.overflowX === "visible" || s.clipPath !== "none") return false;
  return e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1;
}).map((e) => e.tagName + "." + e.className + ": " + seh.text(e).slice(0, 60))"""
# What is too small for a finger; a link within a sentence is as high as its line.
SMALL: Final = """seh.alle("button, select, nav a, .kern-btn, summary, input:not([type=hidden])")
  .map((e) => (["checkbox", "radio"].includes(e.type) ? e.labels[0] || e : e))
  .filter((e) => seh.da(e) && e.getBoundingClientRect().height < %d - 0.5)
  .map((e) => e.tagName + " " + seh.text(e).slice(0, 40) + " "
    + Math.round(e.getBoundingClientRect().height))"""
