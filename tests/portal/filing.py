# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A school that files through a portal, for tests that need no browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from deploy.demo.portal_client import Person, Wish
from tests.portal.world import PortalWorld
from tests.world import RHEINBERG, SCHOOL, example

PROTOCOL: Final = "schule-mitteilung/1.1.0"
EVERY: Final = ("verfassen", "freigeben", "lesen", "verwalten")


def a_notice(urgency: str = "unverzueglich", **more: Any) -> Wish:
    """Return a notice about an invented child to the Jugendamt of its home."""
    content = example("schule-mitteilung", "mitteilung")
    return Wish(PROTOCOL, "mitteilung", RHEINBERG, urgency, content, **more)


@contextmanager
def somebody(
    portal: PortalWorld, name: str, *roles: str, unit: str = SCHOOL, mail: str | None = None
) -> Iterator[Person]:
    """Return somebody who came in by a link and has their keys; the first one founds the house."""
    with Person(portal.url, portal.desk.catalogue) as person:
        person.enter(portal.link(name, *(roles or EVERY), unit=unit, mail=mail))
        person.set_up()
        if portal.house(unit).state != "aktiv":
            portal.confirm(unit)
        person.refresh()
        yield person
