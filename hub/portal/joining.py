# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does the hub know of each house what its books say? Entries, new keys of persons, protocols.

Whatever a browser has made stands in the books first. From there it comes into the folder of the
house and, signed with its root key, to the hub; a hub that does not answer is asked again later.
"""

import asyncio
import threading
from pathlib import Path
from typing import Any, Final, cast

import httpx2
from sqlalchemy import Connection

from hub.client.agency import Agency
from hub.client.answers import Refused, Unreachable, Untrustworthy
from hub.client.asking import get_json
from hub.client.elsewhere import keys_elsewhere, list_elsewhere
from hub.client.enrolment import PENDING, adopt, hand_in, sign_first
from hub.client.renewal import renew
from hub.directory.kinds import roles_of_kind
from hub.model.participant import Doubt, ReadingKey
from hub.portal.books.people_houses import (
    BEGUN,
    WAITS,
    WORKS,
    State,
    StoredHouse,
    change_house,
    read_houses,
)
from hub.portal.desk import Desk
from hub.portal.houses import CODE, organisation_folder
from hub.portal.offices_shelf import forget
from hub.portal.room import listed_keys
from hub.portal.vault_keys import PublicReadingKey
from hub.sealing.canonical import digest, jcs

NO_CODE: Final = "code-missing"
"""Every key is there, and the one-time code of the hub is not."""
SILENT: Final = "unreachable"
_PUBLISHED: Final = "lesestellen"
_ADOPTED: Final = "verfahren"
_ONE_AT_A_TIME: Final = threading.Lock()


async def turn(desk: Desk) -> None:
    """Bring the hub up to date about every house."""
    houses = await desk.books.read(read_houses)
    for organisation in sorted({house.organisation for house in houses}):
        await settle(desk, organisation)


async def settle(desk: Desk, organisation: str) -> None:
    """Bring the hub up to date about one organisation; what it refuses stands at the house."""
    await asyncio.to_thread(settle_now, desk, organisation)
    for unit in desk.lines:
        if unit.partition(".")[0] == organisation:
            # A colleague's key that was published just now is to be found now.
            forget(desk, unit)


def settle_now(desk: Desk, organisation: str) -> None:
    """Do the same in this thread; two at a time would give two entries one version."""
    with _ONE_AT_A_TIME:
        houses = _houses(desk, organisation)
        before = houses[0].state
        try:
            state, problem = _brought_on(desk, houses)
        except Refused as refused:
            state, problem = before, refused.code
        except (FileNotFoundError, Unreachable, Untrustworthy):
            # Without its folder a house has no line at all; the operator puts it back.
            state, problem = before, SILENT
        if any((each.state, each.problem) != (state, problem) for each in houses):
            desk.books.write_now(lambda connection: _enter(connection, houses, state, problem))


def adopt_protocol(desk: Desk, unit: str, name: str, *, draft: bool = False) -> str:
    """Adopt a version of a protocol in the name of a house; returns its digest."""
    organisation = unit.partition(".")[0]
    adopted = adopt(organisation_folder(desk, organisation), name, desk.catalogue, draft=draft)
    Agency.load(desk.folder_of(unit)).remember(_ADOPTED, **{name: adopted})
    return adopted


def adopted_protocols(desk: Desk, unit: str) -> list[dict[str, Any]]:
    """Return the newest version of what a house of this kind can adopt, and whether it has."""
    known = Agency.load(desk.folder_of(unit)).recall(_ADOPTED)
    mine = roles_of_kind(unit)
    newest = {each.id: each for each in desk.catalogue.all()}
    return [
        {
            "name": each.name,
            "title": each.title,
            "status": each.status,
            "adopted": known.get(each.name) == each.digest,
        }
        for each in newest.values()
        if mine & {role.id for role in each.roles}
    ]


def _brought_on(desk: Desk, houses: tuple[StoredHouse, ...]) -> tuple[State, str]:
    folder = organisation_folder(desk, houses[0].organisation)
    agencies = [Agency.load(desk.folder_of(house.unit)) for house in houses]
    if not all(_listed(desk, agency) for agency in agencies):
        return BEGUN, ""
    if houses[0].state == BEGUN:
        return _handed_in(folder, agencies)
    if houses[0].state == WAITS and _status(agencies[0]) != "valid":
        return WAITS, ""
    marks = [_mark(agency) for agency in agencies]
    if _differ(agencies, marks):
        renew(folder)
        _remember(agencies, marks)
    return WORKS, ""


def _listed(desk: Desk, agency: Agency) -> bool:
    """List in the folder of a house what its books say; False while its desk has no key."""
    keys = desk.books.read_now(lambda connection: listed_keys(connection, agency.id, desk.second))
    list_elsewhere(agency.path, [_as_listed(each) for each in keys])
    return any(each.use == "desk" for each in keys)


def _as_listed(key: PublicReadingKey) -> ReadingKey:
    return ReadingKey(
        kid=key.kid,
        pub=key.pub,
        use=key.use,
        not_before=key.begins,
        not_after=key.ends,
        revoked=cast("Doubt | None", key.revoked),
    )


def _handed_in(folder: Path, agencies: list[Agency]) -> tuple[State, str]:
    """Hand the first entry in, with what lies in the folders now."""
    code = folder / CODE
    if not code.exists():
        # An answer may have been lost; the hub then has the entry, and the code is used.
        return (WAITS, "") if _status(agencies[0]) == "enrolled" else (BEGUN, NO_CODE)
    marks = [_mark(agency) for agency in agencies]
    if not (folder / PENDING).exists() or _differ(agencies, marks):
        sign_first(folder)
        _remember(agencies, marks)
    hand_in(folder, code.read_text("ascii").strip())
    code.unlink()
    return WAITS, ""


def _status(agency: Agency) -> str:
    with httpx2.Client(timeout=30) as client:
        known = get_json(client, f"{agency.hub.url}/v1/directory/{agency.organisation}")
    return str(known.get("status", ""))


def _differ(agencies: list[Agency], marks: list[str]) -> bool:
    return [agency.recall(_PUBLISHED).get("mark") for agency in agencies] != marks


def _remember(agencies: list[Agency], marks: list[str]) -> None:
    for agency, mark in zip(agencies, marks, strict=True):
        agency.remember(_PUBLISHED, mark=mark)


def _mark(agency: Agency) -> str:
    """Return a mark that changes with whatever is listed."""
    keys = keys_elsewhere(agency.path)
    return digest(jcs([each.model_dump(mode="json", exclude_none=True) for each in keys]))


def _houses(desk: Desk, organisation: str) -> tuple[StoredHouse, ...]:
    found = desk.books.read_now(read_houses)
    return tuple(house for house in found if house.organisation == organisation)


def _enter(
    connection: Connection, houses: tuple[StoredHouse, ...], state: State, problem: str
) -> None:
    for house in houses:
        change_house(connection, house.unit, state=state, problem=problem)
