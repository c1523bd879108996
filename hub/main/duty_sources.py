# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where do rosters come from: a hub's database, a hub's signed directory, or proposals?"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from hub.directory.duty import Known
from hub.directory.network import NetworkInvalid, load_network
from hub.main.folder import DataDir
from hub.main.options import hub_in, place
from hub.main.output import fail, system_text
from hub.model.ids import organisation_of
from hub.model.network import ListedOrganisation, ListedUnit, Network
from hub.schemas import SPECS

PROPOSED: Final = "Aus Netzdateien vorgeschlagen, von niemandem unterschrieben."
SIGNED: Final = "Aus dem Verzeichnis des Hubs, von den Stellen unterschrieben."


class Proposed:
    """What network files propose, as if everybody had signed it already."""

    def __init__(self, networks: Iterable[Network]) -> None:
        listed = [each for network in networks for each in network.participants]
        self._organisations: dict[str, ListedOrganisation] = {each.id: each for each in listed}
        self._units = {unit.id: unit for each in listed for unit in each.units}

    @property
    def units(self) -> Sequence[ListedUnit]:
        return tuple(self._units.values())

    def unit(self, party: str) -> ListedUnit | None:
        return self._units.get(party)

    def is_active(self, unit: str) -> bool:
        return unit in self._units

    def organisation(self, party: str) -> ListedOrganisation | None:
        return self._organisations.get(organisation_of(party))


@dataclass(frozen=True)
class Source:
    """What is known, and who says so."""

    directory: Known
    said_by: str


def source(
    unit: str,
    day: date,
    *,
    agency: Path | None,
    network: Sequence[Path],
    hub: tuple[Path | None, str | None],
) -> Source:
    """Return the rosters that the options ask for; without any, those of a hub that is here.

    Where there is none, those of the networks for demonstration, with their days counted from
    ``day``.
    """
    if agency is not None:
        from hub.main.telling import told  # noqa: PLC0415  only where a hub is asked

        return Source(told(lambda: asyncio.run(_fetched(unit, agency))), SIGNED)
    if network:
        return Source(_proposed(network, day), PROPOSED)
    if any(hub) or place().is_there:
        return Source(_stored(hub_in(*hub)), SIGNED)
    return Source(_proposed(sorted((SPECS / "networks").glob("*.yaml")), day), PROPOSED)


def _proposed(files: Iterable[Path], day: date) -> Known:
    try:
        return Proposed([load_network(path, day) for path in files])
    except NetworkInvalid as invalid:
        raise fail(str(invalid)) from None
    except OSError as trouble:
        raise fail(system_text(trouble)) from None


def _stored(data: DataDir) -> Known:
    from hub.enrol.snapshot import read_directory  # noqa: PLC0415  only where a database is read
    from hub.store.engine import open_database  # noqa: PLC0415

    database = open_database(data.place)
    try:
        with database.reading.connect() as connection:
            return read_directory(connection)
    finally:
        database.dispose()


async def _fetched(unit: str, folder: Path) -> Known:
    """Return the verified directory with this unit and its neighbours.

    Nobody is told which unit is meant: whoever answers sees entries of a Kreis being fetched.
    """
    from hub.client import Agency, Hub  # noqa: PLC0415  only where a hub is asked

    agency = Agency.load(folder)
    async with Hub(agency.hub.url, agency) as hub:
        view = await hub.directory_with(unit)
        return (await hub.directory_with(unit, *view.near(unit))).participants
