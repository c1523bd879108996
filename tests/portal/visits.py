# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Somebody at a browser: reads labels and headings, fills in, presses, and looks at what comes.

Everything is found by the words that people see, so a label that nobody can see is not found.
"""

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.browser import Page, a_page
from tests.portal.html import shown
from tests.trace import Trace, traced

WIDE: Final = 1280
NARROW: Final = 320
SCREENSHOTS: Final = os.environ.get("MELDEWEG_SCREENSHOTS", "")
"""A folder: then every step of a journey leaves a picture of each width there."""
MODES: Final = (("dark", False), ("light", True))
"""Colours that somebody prefers beside light ones, and whether the system forces its own."""
# What a person perceives: neither hidden, nor in a part that is closed.
_TOOLS: Final = """
window.seh = {
  da: (e) => !!e && e.checkVisibility({visibilityProperty: true}),
  text: (e) => (e.textContent || "").replace(/\\s+/g, " ").trim(),
  alle: (auswahl) => [...document.querySelectorAll(auswahl)].filter(window.seh.da),
  feld: (name) => {
    const felder = [...document.querySelectorAll("input, select, textarea")];
    const heisst = (e) => [...(e.labels || [])].map((l) => window.seh.text(l));
    const gleich = felder.filter((e) => heisst(e).includes(name));
    const beginnt = felder.filter((e) => heisst(e).some((l) => l.startsWith(name)));
    const gefunden = gleich.length ? gleich : beginnt;
    return gefunden.find((e) => window.seh.da(e.labels[0])) ?? null;
  },
  knopf: (name) => {
    const alle = window.seh.alle("button, a[href], summary, [role=button]");
    const heisst = (e) => e.getAttribute("aria-label") || window.seh.text(e);
    return alle.find((e) => heisst(e) === name) ?? alle.find((e) => heisst(e).startsWith(name))
      ?? null;
  },
};0"""


@dataclass
class Visit:
    """One person at one browser."""

    page: Page
    url: str
    trace: Trace
    name: str = "besuch"
    width: int = WIDE
    seen: dict[str, str] = field(default_factory=dict)
    """Rendered pages by the step at which they were seen."""
    found: list[str] = field(default_factory=list)
    """What axe-core objected to, at which step and in which colours."""
    stops: int = 0
    """Keys that were pressed beside those that write something."""

    def go(self, path: str) -> None:
        """Open a page of the portal and wait until it can be used."""
        self.page.open(path if path.startswith("http") else self.url + path, width=self.width)
        self.ready()

    def ready(self) -> None:
        """Wait until the script of the page has done what it does at the beginning."""
        self.page.wait_for(
            "document.body.dataset.page + (document.readyState == 'complete')", "true"
        )
        self.page.wait_for("'bereit' in document.body.dataset", "true")

    def js(self, expression: str) -> Any:
        """Return what an expression is worth, with the tools above at hand."""
        self.page.evaluate(_TOOLS)
        return self.page.evaluate(expression)

    def sees(self, text: str) -> bool:
        """Say whether these words can be read on the page now."""
        return text in self.text

    def await_text(self, text: str) -> None:
        """Wait until these words can be read."""
        words = "document.body.innerText.replace(/\\s+/g, ' ')"
        self.page.wait_for(
            f"({words}.includes({json.dumps(text)}) ? 'zu lesen' : {words})", "zu lesen"
        )

    def await_gone(self, text: str) -> None:
        """Wait until these words can no longer be read."""
        words = "document.body.innerText.replace(/\\s+/g, ' ')"
        self.page.wait_for(f"({words}.includes({json.dumps(text)}) ? 'da' : 'fort')", "fort")

    def await_path(self, path: str) -> None:
        """Wait until a page at this path is there and can be used."""
        self.page.wait_for("location.pathname + location.search", path)
        self.ready()

    @property
    def text(self) -> str:
        """Return all that can be read, with one blank between two words."""
        return " ".join(str(self.page.evaluate("document.body.innerText")).split())

    @property
    def heading(self) -> str:
        return str(self.js("(seh.alle('h1')[0] && seh.text(seh.alle('h1')[0])) || ''"))

    def has_field(self, label: str) -> bool:
        return bool(self.js(f"!!seh.feld({json.dumps(label)})"))

    def has_button(self, name: str) -> bool:
        return bool(self.js(f"!!seh.knopf({json.dumps(name)})"))

    def fill(self, label: str, text: str) -> None:
        """Write into the field with this label, in the place of what stands there."""
        assert self.js(
            f"(() => {{ const e = seh.feld({json.dumps(label)}); if (!e) return false;"
            " e.focus(); e.select && e.select(); return document.activeElement === e; })()"
        ), f"no field {label!r}: {self.labels()}"
        self.page.type(text)

    def fill_in(self, field: str, text: str) -> None:
        """Write into the field with this id, in the place of what stands there."""
        id_ = json.dumps(field)
        there = f"(() => {{ const e = document.getElementById({id_}); if (!seh.da(e)) return false;"
        done = self.js(f"{there} e.focus(); e.select(); return document.activeElement === e; }})()")
        assert done, f"no field {field!r} on {self.heading!r}: {self.labels()}"
        self.page.type(text)

    def tick(self, field: str) -> None:
        """Click the button or box with this id."""
        assert self.js(f"!!document.getElementById({json.dumps(field)})"), field
        self.js(f"document.getElementById({json.dumps(field)}).click();0")

    def onward(self) -> None:
        """Press the one button that leads on, and wait for the next page."""
        before = self.heading
        self.press("Weiter")
        self.await_other_heading(before)

    def await_other_heading(self, before: str) -> None:
        """Wait until the page bears another heading, and fail with what it objects to."""
        old = json.dumps(before)
        heading = "(window.seh && seh.alle('h1')[0] ? seh.text(seh.alle('h1')[0]) : '')"
        wrong = "document.querySelector('[role=alert]')"
        came = f"({heading} && {heading} !== {old} ? 'weiter' : {wrong} ? 'fehler' : 'lädt')"
        answer = self.page.wait_for(f"/weiter|fehler/.test({came}) ? 'da ' + {came} : ''", "da")
        if answer != "da weiter":
            raise AssertionError(f"{before}: {self.errors()}")

    def choose(self, label: str) -> None:
        """Click a radio button, a box, or an entry of a list."""
        done = self.js(f"""(() => {{
            const e = seh.feld({json.dumps(label)});
            if (e) {{ e.click(); return true; }}
            for (const s of document.querySelectorAll("select")) {{
              const o = [...s.options].find((o) => seh.text(o) === {json.dumps(label)});
              if (o) {{ s.value = o.value; s.dispatchEvent(new Event("input", {{bubbles: true}}));
                s.dispatchEvent(new Event("change", {{bubbles: true}})); return true; }}
            }}
            return false; }})()""")
        assert done, f"nothing to choose {label!r}: {self.labels()}"

    def press(self, name: str) -> None:
        """Click a button or a link; waits until it is there."""
        self.page.evaluate(_TOOLS)
        wanted = json.dumps(name)
        there = f"(window.seh ? (seh.knopf({wanted}) ? 'da' : document.title) : 'lädt')"
        try:
            self.page.wait_for(there, "da")
        except AssertionError:
            raise AssertionError(f"no button {name!r}: {self.buttons()}") from None
        self.js(f"seh.knopf({wanted}).click();0")

    def labels(self) -> list[str]:
        """Return what can be filled in or chosen here."""
        found: list[str] = self.js("seh.alle('label, legend').map(seh.text)")
        return found

    def buttons(self) -> list[str]:
        """Return what can be pressed here."""
        found: list[str] = self.js("seh.alle('button, a[href], summary').map(seh.text)")
        return found

    def errors(self) -> list[str]:
        """Return what the summary of errors lists."""
        found: list[str] = self.js("seh.alle('[role=alert] a').map(seh.text)")
        return found

    # -- keys alone -------------------------------------------------------------------------

    def hit(self, key: str, times: int = 1) -> None:
        """Press a key, and count it."""
        for _ in range(times):
            self.page.hit(key)
            self.stops += 1

    def tab_to(self, wanted: str, *, most: int = 60) -> None:
        """Press the tab key until the focus is at a field or a button with these words."""
        focused = """(() => { const e = document.activeElement; if (!e) return '';
            const l = [...(e.labels || [])].map(seh.text).join(' | ');
            return l || e.getAttribute('aria-label') || seh.text(e); })()"""
        passed = []
        for _ in range(most):
            self.hit("Tab")
            at = str(self.js(focused))
            if at.startswith(wanted):
                return
            passed.append(at[:40])
        raise AssertionError(f"{wanted!r} does not get the focus: {passed}")

    # -- looking ----------------------------------------------------------------------------

    def look(self, step: str, *, axe: bool = True) -> None:
        """Keep the page for the checks of the end, and take its pictures where they are wanted."""
        self.seen[f"{self.name} {step}"] = shown(self.page)
        if axe:
            self._axe(step)
            for scheme, forced in MODES:
                self.page.prefer(scheme, forced=forced)
                where = f"{step} ({scheme}{', forced' if forced else ''})"
                self._axe(where, "color-contrast")
            self.page.prefer("light")
        self.page.resize(NARROW)
        over = self.page.overflow(NARROW)
        if over:
            self.found.append(f"{self.name} {step}: {over} pixels wider than a phone")
        self._picture(step, NARROW)
        self.page.resize(self.width)
        self._picture(step, self.width)

    def _axe(self, where: str, *rules: str) -> None:
        self.found.extend(f"{self.name} {where}: {each}" for each in self.page.axe(*rules))

    def _picture(self, step: str, width: int) -> None:
        if not SCREENSHOTS:
            return
        folder = Path(SCREENSHOTS)
        folder.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"[^a-z0-9]+", "-", f"{self.name} {step}".lower()).strip("-")
        self.page.screenshot(folder / f"{name}-{width}.png")

    @property
    def violations(self) -> list[str]:
        """Return what broke the page's own policy."""
        return [said for said in self.page.objections if "Policy" in said or "TrustedType" in said]


@contextmanager
def visiting(profile: Path, url: str, name: str, *, prf: bool = True) -> Iterator[Visit]:
    """Sit down at a browser with a passkey device; the block ends the browser."""
    profile.mkdir(parents=True, exist_ok=True)
    with a_page(profile) as page:
        page.give_authenticator(prf=prf)
        yield Visit(page, url, traced(page), name)
