# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How is the own office called, and who is on duty beside it? Known also while the hub is away."""

import asyncio
import json
from collections.abc import MutableMapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Final

from hub import clock
from hub.adapters.connector.house import House
from hub.client import Refused, Unreachable, Untrustworthy
from hub.directory.participants import Directory
from hub.errors import Failure, Refusal
from hub.model.ids import organisation_of
from hub.model.participant import Unit
from hub.model.roster import Line

FILE: Final = "amt.json"
AGAIN: Final = 30.0
"""Seconds until the hub is asked again, where it did not answer."""
RENEWED: Final = 3600.0
"""Seconds until it is asked whether the roster has changed. Vorgabe des Projekts."""
_TROUBLES: Final = (Unreachable, Refused, Untrustworthy, Refusal, Failure, OSError)


@dataclass(frozen=True)
class Office:
    """What the frame of every page says of an office; public, as its organisation signed it."""

    name: str
    neighbour: str = ""
    """Who is called where this one does not act."""
    telephone: str = ""


class Called:
    """Learns of one office what the directory says, and keeps it beside the connector's state."""

    def __init__(self, house: House, offices: MutableMapping[str, Office]) -> None:
        self._house = house
        self._offices = offices
        self._file = house.state / FILE
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Ask now and then, until ``stop``; what was known before counts meanwhile."""
        with suppress(OSError, ValueError, TypeError):
            self._offices[self._house.agency.id] = Office(**json.loads(self._file.read_bytes()))
        while not self._stopping.is_set():
            pause = RENEWED if await self._ask() else AGAIN
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._stopping.wait()

    def stop(self) -> None:
        """Ask no more."""
        self._stopping.set()

    async def _ask(self) -> bool:
        agency = self._house.agency
        try:
            view = await self._house.hub.directory_with(agency.id)
            unit = view.unit(agency.id)
            said = _office(unit, view.participants)
            self._offices[agency.id] = said
            text = json.dumps(asdict(said), ensure_ascii=False)
            await asyncio.to_thread(self._file.write_text, text, "utf-8")
        except _TROUBLES:
            return False
        return True


def _office(unit: Unit, directory: Directory) -> Office:
    name, beside = _named(unit.name, unit.id, directory), _neighbour(unit)
    if beside is None:
        return Office(name)
    return Office(name, _named(beside.name, beside.unit or unit.id, directory), beside.telephone)


def _named(name: str, unit: str, directory: Directory) -> str:
    """Return a name with that of its organisation before it: „Bereitschaft“ alone tells nothing."""
    organisation = directory.organisation(organisation_of(unit))
    return name if organisation is None else f"{organisation.name}, {name}"


def _neighbour(unit: Unit) -> Line | None:
    """Return whom the own roster names first beside the unit itself."""
    if unit.roster is None:
        return None
    today = clock.today()
    others = [
        line
        for line in unit.roster.lines
        if line.unit != unit.id and line.valid_from <= today <= line.valid_until
    ]
    return min(others, key=lambda line: line.order, default=None)
