# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How people come to the portal in a browser: by a link, with a passkey, into their house."""

import re
from collections.abc import Callable
from pathlib import Path

from tests.portal.html import faults
from tests.portal.visits import Visit
from tests.portal.world import PortalWorld

Look = Callable[[str], None]
_LINK = re.compile(r"http://localhost:\d+/portal/anmeldung/einmal#code=[\w-]+")


def unseen(_: str) -> None:
    """Take no pictures: the same steps were looked at elsewhere."""


def arrive(visit: Visit, link: str, look: Look = unseen) -> None:
    """Come with a one-time link, make a passkey and the keys."""
    visit.go(link)
    look("1 einladung")
    visit.press("Passkey einrichten")
    visit.await_path("/portal/einrichten")
    look("2 schlüssel")
    visit.press("Schlüssel anlegen")


def arrive_first(
    visit: Visit, portal: PortalWorld, folder: Path, name: str, look: Look = unseen
) -> Path:
    """Come as the first of a house; returns the recovery file that was put down."""
    arrive(visit, portal.link(name), look)
    visit.await_text("Wiederherstellungsdatei")
    look("3 wiederherstellung")
    folder.mkdir(exist_ok=True)
    visit.page.download_to(folder)
    visit.press("Datei herunterladen")
    visit.await_text("heruntergeladen")
    visit.press("Fertig")
    visit.await_text("Alles ist eingerichtet")
    look("4 fertig")
    portal.confirm()
    [file] = folder.glob("wiederherstellung*")
    return file


def arrive_later(visit: Visit, link: str, look: Look = unseen) -> None:
    """Come as a colleague of somebody who is there already."""
    arrive(visit, link, look)
    visit.await_text("Alles ist eingerichtet")
    look("3 fertig")


def invited(visit: Visit, name: str, *roles: str) -> str:
    """Invite somebody on the page of the house; returns the link that is shown once."""
    visit.go("/portal/haus")
    visit.fill("Name", name)
    for role in roles:
        visit.choose(f"{role}:")
    visit.press("Link machen")
    visit.await_text("Er wird nur jetzt gezeigt")
    everything = (
        "document.body.innerText + "
        "[...document.querySelectorAll('input, textarea')].map((e) => e.value).join(' ')"
    )
    found = _LINK.search(str(visit.page.evaluate(everything)))
    assert found is not None
    return found[0]


def check(folder: Path, *visits: Visit) -> None:
    """Hold that all pages seen were fit: for everybody's eyes, as HTML, and by their own policy."""
    for visit in visits:
        assert visit.found == []
        assert visit.violations == []
        if visit.seen:
            assert faults(visit.seen, folder) == []
