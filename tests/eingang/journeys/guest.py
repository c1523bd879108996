# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Somebody at the inbox with a telephone, or with a keyboard alone; and how its pages look to them.

A finger has to find what it touches: within the screen, under nothing else, and large enough. A
keyboard has to be seen where it is.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any, Final

from tests.browser import PATIENCE, a_page
from tests.eingang.journeys.sight import CUT, FOCUS, SMALL, TARGET
from tests.eingang.people import link_for
from tests.eingang.world import Inbox, Visitor
from tests.portal.html import faults, shown
from tests.portal.visits import MODES, NARROW, WIDE, Visit
from tests.trace import traced

HIGH: Final = 640
"""Pixels: a small telephone, in CSS pixels."""
ZOOMED: Final = WIDE // 2
"""Pixels that are left of a usual screen at 200 %."""
FAILED: Final = "Hier ist etwas schiefgegangen"
FINGER: Final = 44
"""Pixels: the least height of what a finger touches (KERN; WCAG 2.5.5)."""


@dataclass
class Guest(Visit):
    """One person at one browser; a page is the server's, so there is nothing else to wait for."""

    taps: int = 0
    unsighted: list[str] = field(default_factory=list)
    """What had to be looked for before it could be touched."""

    def ready(self) -> None:
        self.page.wait_for("document.readyState == 'complete' ? 'da' : '…'", "da")

    def await_text(self, text: str) -> None:
        """Wait until these words can be read, or the page says that it cannot go on."""
        words = "document.body.innerText.replace(/\\s+/g, ' ')"
        there = f"{words}.includes({json.dumps(text)})"
        ended = f"{words}.includes({json.dumps(FAILED)})"
        self.page.wait_for(f"({there} || {ended} ? 'zu lesen' : {words})", "zu lesen")
        assert self.sees(text), self.text

    def arrive(self, part: str) -> None:
        """Wait until a page is there whose address holds this."""
        self.page.wait_for("location.href + (document.readyState == 'complete' ? '' : ' …')", part)
        assert FAILED not in self.text, self.text

    def pick(self, field: str) -> None:
        """Click the button or box with this id, or choose what a list offers first."""
        self.js(f"""(() => {{ const e = document.getElementById({json.dumps(field)});
            if (e.tagName === "SELECT") e.selectedIndex = 1; else e.click(); }})()""")

    def go_until(self, path: str, text: str, *, is_there: bool = True) -> None:
        """Open a page again and again until something can be read on it, or no longer."""
        end = monotonic() + PATIENCE
        while monotonic() < end:
            self.go(path)
            if self.sees(text) is is_there:
                return
        raise AssertionError(f"{text!r}: {self.text}")

    def see_list(self) -> None:
        """Wait until the list of what is waiting is there."""
        self.page.wait_for("!!document.getElementById('liste') && document.readyState", "complete")

    # -- a finger ---------------------------------------------------------------------------

    def be_a_telephone(self) -> None:
        """Be small from now on, and feel fingers."""
        self.width = NARROW
        self._hold()
        self.page.tell("Emulation.setTouchEmulationEnabled", enabled=True, maxTouchPoints=1)

    def be_a_desk(self) -> None:
        """Be a usual screen again."""
        self.width = WIDE
        self.page.tell("Emulation.setTouchEmulationEnabled", enabled=False)
        self.page.resize(WIDE)

    def go(self, path: str) -> None:
        super().go(path)
        if self.width == NARROW:
            self._hold()

    def _hold(self) -> None:
        size = {"width": NARROW, "height": HIGH, "deviceScaleFactor": 2}
        self.page.tell("Emulation.setDeviceMetricsOverride", **size, mobile=True)

    def tap(self, name: str) -> None:
        """Touch a button or a link, and count it."""
        self.js("0")
        wanted = json.dumps(name)
        self.page.wait_for(f"(window.seh && seh.knopf({wanted}) ? 'da' : document.title)", "da")
        at: Any = self.js(TARGET % wanted)
        assert at is not None, f"no button {name!r}: {self.buttons()}"
        assert at["frei"], f"something lies over {name!r}"
        assert at["hoch"] >= 24, f"{name!r} is {at['hoch']} pixels high"
        if not at["gleich"]:
            self.unsighted.append(name)
        point = [{"x": at["x"], "y": at["y"]}]
        self.page.tell("Input.dispatchTouchEvent", type="touchStart", touchPoints=point)
        self.page.tell("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])
        self.taps += 1

    # -- keys alone -------------------------------------------------------------------------

    def tab_to(self, wanted: str, *, most: int = 60) -> None:
        """Press the tab key until the focus is there; it has to be seen all the way."""
        passed: list[str] = []
        for _ in range(most):
            self.hit("Tab")
            at: Any = self.js(FOCUS)
            name = str(at["name"])
            if at["falsch"]:
                self.found.append(f"{self.name} {self.heading}, {name[:40]!r}: {at['falsch']}")
            if name.startswith(wanted):
                return
            passed.append(name[:40])
        raise AssertionError(f"{wanted!r} does not get the focus: {passed}")

    # -- looking ----------------------------------------------------------------------------

    def be(self, somebody: Visitor) -> None:
        """Be somebody else, who has come in already."""
        self.page.forget_cookies()
        self.page.keep_cookie(*somebody.cookie, self.url)

    def look(self, step: str, *, axe: bool = True, colours: bool = True) -> None:
        """Look at the page in all the ways in which people do, and keep it for the end."""
        self.seen[f"{self.name} {step}"] = shown(self.page)
        self._narrow(step)
        self._zoomed(step)
        self.page.resize(WIDE)
        if axe:
            self._axe(step)
        self._picture(step, WIDE)
        if axe and colours:
            self._in_other_colours(step)
        if self.width == NARROW:
            self._hold()

    def _narrow(self, step: str) -> None:
        self.page.resize(NARROW, HIGH)
        if over := self.page.overflow(NARROW):
            self.found.append(f"{self.name} {step}: {over} pixels wider than a telephone")
        small = self.js(SMALL % FINGER)
        self.found.extend(f"{self.name} {step}: too small for a finger: {each}" for each in small)
        self._picture(step, NARROW)

    def _zoomed(self, step: str) -> None:
        """A usual screen at 200 % has half its pixels (WCAG 1.4.4, 1.4.10)."""
        self.page.resize(ZOOMED, HIGH)
        if over := self.page.overflow(ZOOMED):
            self.found.append(f"{self.name} {step}: {over} pixels too wide at 200 %")
        cut = self.js(CUT)
        self.found.extend(f"{self.name} {step}: cut off at 200 %: {each}" for each in cut)

    def _in_other_colours(self, step: str) -> None:
        for scheme, forced in MODES:
            self.page.prefer(scheme, forced=forced)
            where = f"{step} ({scheme}{', forced' if forced else ''})"
            self._axe(where, "color-contrast")
            if scheme == "dark":
                self._dark(step)
        self.page.prefer("light")

    def _dark(self, step: str) -> None:
        self.page.resize(NARROW, HIGH)
        self._picture(f"{step} dunkel", NARROW)
        self.page.resize(WIDE)


@contextmanager
def at_a_browser(profile: Path, url: str, name: str = "dienst") -> Iterator[Guest]:
    """Sit down at a browser with a device for passkeys; the block ends the browser."""
    with a_page(profile) as page:
        page.give_authenticator()
        yield Guest(page, url, traced(page), name)


def arrived(guest: Guest, inbox: Inbox, name: str, *roles: str) -> Guest:
    """Come in by a one-time link, with a new passkey."""
    guest.go(link_for(inbox, name, *roles))
    guest.await_text(f"Willkommen, {name}")
    guest.press("Passkey einrichten und anmelden")
    guest.see_list()
    return guest


def check(guest: Guest, folder: Path) -> None:
    """Hold that every page seen was fit: for everybody, as HTML, and by its own policy."""
    assert guest.found == [], json.dumps(guest.found, indent=1, ensure_ascii=False)
    assert guest.violations == []
    found = faults(guest.seen, folder)
    assert found == [], json.dumps(found, indent=1, ensure_ascii=False)
