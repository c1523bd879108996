# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""To which Jugendamt is a notice passed on: the competent one, or another one of the directory?

Asked here alone, of tables and of the verified directory: where a child is never leaves the house
by the question. While the hub is away the directory of before goes on to be used.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from hub import clock
from hub.adapters.connector.house import House
from hub.adapters.inbox.acts_next import JUGENDAMT
from hub.client import Unreachable
from hub.client.directory import DirectoryView
from hub.directory.responsibility import Office
from hub.errors import RecipientUnknown
from hub.model.ids import organisation_of
from hub.model.json import Json

MOST: Final = 12
"""Offices that are proposed for one name of a place."""
_POSTCODE: Final = re.compile(r"[0-9]{5}")
_PLACES: Final = ("aufenthalt", "anschrift")
_KNOWN: Final = ("gemeindeschluessel", "postleitzahl", "ort")


@dataclass(frozen=True)
class Found:
    """The offices for a place."""

    offices: tuple[Office, ...] = ()
    text: str = ""
    """German: what is to be asked, or why there is none."""


async def directory_of(house: House) -> DirectoryView | None:
    """Return the directory with all that take part; None where it was never fetched."""
    try:
        return await house.hub.directory()
    except Unreachable:
        shelved = house.hub.shelved
        return None if shelved is None else house.hub.take_down(shelved)


def place_of(content: Mapping[str, Json]) -> str:
    """Return where the child of a notice is, as a form would ask for it; empty where unknown."""
    child = content.get("kind")
    parts = [child.get(name) for name in _PLACES] if isinstance(child, dict) else []
    known = [part for part in parts if isinstance(part, dict)]
    said = (part.get(name) for name in _KNOWN for part in known)
    return next((str(each) for each in said if each), "")


def offices_for(text: str, view: DirectoryView, unit: str) -> Found:
    """Return the Jugendamt for a postcode, a municipality or its key."""
    land = view.responsibilities
    try:
        if _POSTCODE.fullmatch(text):
            proposal = land.by_postcode(text)
            keys, question = [each.ags for each in proposal.candidates], proposal.question
        else:
            keys, question = [land.municipality(text).ags], ""
    except RecipientUnknown as unknown:
        keys = [land.municipality(each).ags for each in unknown.allowed[:MOST]]
        question = unknown.detail
    offices = tuple(dict.fromkeys(_offices(keys, view)))
    return Found(offices, question or _own(offices, unit))


def units_of(view: DirectoryView, unit: str) -> tuple[tuple[str, str], ...]:
    """Return every other Jugendamt that takes part, by name."""
    found = {
        each.id: name_of(each.id, view)
        for each in view.participants.units
        if JUGENDAMT in view.roles(each.id) and organisation_of(each.id) != organisation_of(unit)
    }
    return tuple(sorted(found.items(), key=lambda each: each[1].casefold()))


def name_of(unit: str, view: DirectoryView) -> str:
    """Return the name of a unit behind that of its organisation."""
    known, body = view.participants.unit(unit), view.participants.organisation(unit)
    names = [each.name for each in (body, known) if each is not None]
    return ", ".join(dict.fromkeys(names)) or unit


def _offices(keys: list[str], view: DirectoryView) -> Iterator[Office]:
    for ags in keys:
        try:
            yield view.responsibilities.responsible(JUGENDAMT, ags, clock.today())
        except RecipientUnknown:
            continue


def _own(offices: tuple[Office, ...], unit: str) -> str:
    if not offices:
        return "Zu diesem Ort ist kein Jugendamt verzeichnet. Bitte wählen Sie es unten."
    if any(each.organisation == organisation_of(unit) for each in offices):
        return "Zuständig ist nach diesem Ort die eigene Stelle."
    return ""
