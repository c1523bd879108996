# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whom can somebody ring who holds the paper form, by the last signed list?"""

import json
from collections.abc import Collection
from typing import Any, NamedTuple

from hub.errors import Failure, Refusal
from hub.portal.books.people_houses import read_houses
from hub.portal.desk import Desk
from hub.portal.offices_shelf import consult
from hub.sealing.canonical import unb64


class Number(NamedTuple):
    """One office and its number."""

    name: str
    telephone: str


async def numbers(roles: Collection[str], desk: Desk) -> tuple[Number, ...]:
    """Return the numbers of all offices with one of these roles; none where no list is known."""
    houses = await desk.books.read(read_houses)
    for house in houses:
        if house.state == "aktiv":
            try:
                known = await consult(desk, house.unit)
            except (Failure, Refusal, FileNotFoundError):
                continue
            return _of_list(known.shelved.listed, roles)
    return ()


def _of_list(jws: str, roles: Collection[str]) -> tuple[Number, ...]:
    # Its signature was verified when it was taken from the shelf or the hub.
    said: dict[str, Any] = json.loads(unb64(jws.split(".")[1]))
    found = {
        Number(_name(organisation, unit), unit["telephone"])
        for network in said["networks"]
        for organisation in network["participants"]
        for unit in organisation["units"]
        if set(unit["roles"]) & set(roles)
    }
    return tuple(sorted(found))


def _name(organisation: dict[str, Any], unit: dict[str, Any]) -> str:
    own = str(organisation["name"])
    return own if unit["id"] == organisation["id"] else f"{own}, {unit['name']}"
