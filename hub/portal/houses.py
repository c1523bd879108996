# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which houses file through this portal? The operator adds them; their people make the keys.

The folder of a house holds what signs for it and nothing that opens. So the portal can sign a
notice that a person has confirmed, fetch what is addressed to the house, and read neither.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx2
from sqlalchemy import Connection

from hub.client.agency import PinnedHub
from hub.client.asking import get_json
from hub.client.enrolment import found
from hub.errors import NotFound
from hub.model.ids import organisation_of
from hub.portal.books.people_houses import BEGUN, StoredHouse, add_house, read_house
from hub.portal.desk import Desk
from hub.trust.keys import PrivateSigningKey

CODE: Final = "einmalcode"
"""File with the hub's one-time code, until the entry was handed in with it."""


@dataclass(frozen=True)
class Joining:
    """An organisation that is to file through this portal."""

    organisation: str
    url: str
    """Of the hub."""
    code: str = ""
    """The hub's one-time code; it can be handed over later."""
    seat_ags: str | None = None
    log_key: str | None = None


def add_houses(desk: Desk, joining: Joining) -> tuple[StoredHouse, ...]:
    """Make the folder of an organisation with the keys that sign, and a house of each unit.

    Broken off, it goes on with the same keys when it is repeated. Waits for the hub, so it is for
    a thread that may.
    """
    organisation = organisation_of(joining.organisation)
    folder = organisation_folder(desk, organisation)
    if not (folder / "organisation.json").exists():
        found(folder, organisation, joining.url, joining.log_key)
    proposal = _proposal(folder, organisation)
    if joining.code:
        keep_code(folder, joining.code)
    fingerprint = PrivateSigningKey.load(folder / "root.pem").kid
    houses = tuple(
        StoredHouse(
            unit=unit["id"],
            name=unit["name"],
            state=BEGUN,
            four_eyes=False,
            seat_ags=joining.seat_ags,
            fingerprint=fingerprint,
            problem="",
            created_at=desk.second,
        )
        for unit in proposal["units"]
    )
    return desk.books.write_now(lambda connection: _added(connection, houses))


def keep_code(folder: Path, code: str) -> None:
    """Keep the hub's one-time code until the first person of the house has made its keys."""
    path = folder / CODE
    path.touch(mode=0o600)
    path.write_text(code.strip(), encoding="ascii")


def organisation_folder(desk: Desk, organisation: str) -> Path:
    return desk.folder / organisation.replace(":", "-")


def known_house(connection: Connection, unit: str) -> StoredHouse:
    """Return a house; raises ``NotFound`` where there is none of this name."""
    house = read_house(connection, unit)
    if house is None:
        raise NotFound
    return house


def _added(connection: Connection, houses: tuple[StoredHouse, ...]) -> tuple[StoredHouse, ...]:
    for house in houses:
        if read_house(connection, house.unit) is None:
            add_house(connection, house)
    return tuple(known_house(connection, house.unit) for house in houses)


def _proposal(folder: Path, organisation: str) -> dict[str, Any]:
    said = json.loads((folder / "organisation.json").read_bytes())
    hub = PinnedHub.of(said["hub"]["url"], said["hub"])
    with httpx2.Client(timeout=30) as client:
        known: dict[str, Any] = get_json(client, f"{hub.url}/v1/directory/{organisation}")
    proposal: dict[str, Any] = known["proposal"]
    return proposal
