# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A founded hub with enrolled units, ready to be served as a process."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from hub.client import Agency, Hub
from hub.main.assembly import create_hub
from hub.main.folder import DataDir
from hub.protocols.catalogue import Catalogue
from tests.databases import a_data_dir
from tests.faults.disk import Disk
from tests.faults.hub import HubProcess, a_hub, steady_port
from tests.world import HUB_ID, NETWORK, running

SCHOOLS: Final = ("schule:999001", "schule:999002", "schule:999003")
OFFICES: Final = ("jugendamt:05170032", "jugendamt:05170000")
NOTICES: Final = ("schule-mitteilung/1.0.0",)


@dataclass(frozen=True)
class Place:
    """Where a hub and its participants lie; nothing runs there by itself."""

    home: Path
    data: DataDir
    port: int
    folders: Mapping[str, Path]
    catalogue: Catalogue
    vkey: str
    """Key of the log, as the participants have pinned it."""

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @contextmanager
    def hub(self, **other: Any) -> Iterator[HubProcess]:
        """Give the hub of this place, not started; on another port it keeps its name."""
        usual = {
            "data": self.data.path,
            "port": self.port,
            "url": self.url,
            "log": self.home / "hub.log",
            "database_url": self.data.url,
        }
        with a_hub(**(usual | other)) as hub:
            yield hub

    def disk(self) -> Disk:
        """Return a disk that can go wrong under the database of this place."""
        return Disk.build(self.home / "disk", below=self.data.database)

    def moved(self, data: Path, *, of: Path | None = None) -> "Place":
        """Copy the data directory, or another, and return the place with the copy."""
        shutil.copytree(of or self.data.path, data, ignore=shutil.ignore_patterns("*.sock"))
        return replace(self, data=DataDir(data))

    def line(self, unit: str, **more: Any) -> Hub:
        """Return a line of a unit to the hub; to be used as ``async with``."""
        return Hub(self.url, Agency.load(self.folders[unit]), catalogue=self.catalogue, **more)


def found(home: Path) -> Place:
    """Found a hub in which three schools and two Jugendaemter take part; then it is down."""
    data = a_data_dir(home / "hub")
    create_hub(data, HUB_ID, (NETWORK,))
    port = steady_port()
    with running(data, port, home) as world:
        for organisation in (*SCHOOLS, *OFFICES):
            world.join(organisation, protocols=NOTICES)
        return Place(home, data, port, dict(world.folders), world.catalogue, world.node.log.vkey)
