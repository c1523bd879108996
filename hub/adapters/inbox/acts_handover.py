# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""At the end of a shift somebody takes over what is open: all of it or some, by name.

Where the other side waits to hear who has it (a crisis service, the Jugendamt that has told this
one, whoever hands over a child), that is said as well, with the person named.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, cast
from uuid import UUID

from sqlalchemy import Connection

from hub.adapters.connector.house import House
from hub.adapters.connector.rows import Row
from hub.adapters.inbox.acts import By
from hub.adapters.inbox.acts_doing import Done, Wanted, do
from hub.adapters.inbox.acts_next import TAKES_OVER
from hub.adapters.inbox.acts_preset import preset
from hub.adapters.inbox.acts_said import matter_of
from hub.adapters.inbox.acts_saying import Written
from hub.adapters.inbox.shelves import Wanted as OnShelf
from hub.adapters.inbox.waiting import Waiting, listed
from hub.errors import ContentInvalid, Refusal
from hub.forms.form import fields_of_step
from hub.model.json import JsonObject
from hub.protocols.catalogue import Catalogue
from hub.sealing.content import check_content

MOST: Final = 200
"""Matters that are handed over at a time."""
TELEPHONE: Final = "02"
"""Code of the list kontaktkanal; a mobile number begins with 01 and has its own."""
MOBILE: Final = "03"


@dataclass(frozen=True)
class OpenMatter:
    """Something open, by its first line in the list."""

    line: Waiting
    says: bool
    """The other side is told who takes it over."""

    @property
    def row(self) -> Row:
        return self.line.row


def open_matters(
    connection: Connection, person: str, unit: str, catalogue: Catalogue
) -> tuple[OpenMatter, ...]:
    """Return what is open and not with this person, a matter once, in the order of the list."""
    lines: dict[str, Waiting] = {}
    page, pages = 1, 1
    while page <= pages and len(lines) < MOST:
        found = listed(connection, OnShelf("offen", person, page), catalogue)
        for line in found.lines:
            if line.assigned is None or line.assigned.person != person:
                lines.setdefault(line.row.conversation, line)
        page, pages = page + 1, found.pages
    return tuple(
        OpenMatter(each, _says(connection, each.row, unit, catalogue)) for each in lines.values()
    )


async def take_over(
    vorgang: str, matters: Iterable[OpenMatter], by: By, telephone: str, house: House
) -> list[Done]:
    """Take matters over by name, durably, and keep what the other side is told of it.

    What cannot be taken over any more is left as it is; the list says how it stands.
    """
    done: list[Done] = []
    for matter in matters:
        for wanted in _wanted(vorgang, matter, by, telephone, house):
            with suppress(Refusal):
                done.append(await do(wanted, by, matter.row, house))
    return done


def _wanted(
    vorgang: str, matter: OpenMatter, by: By, telephone: str, house: House
) -> Iterator[Wanted]:
    row = matter.row
    yield Wanted(derived(vorgang, f"{row.id} hier"), "uebernahme")
    content = said_of(row, by, telephone, house) if matter.says else None
    if content is not None:
        written = Written(content, urgency=_urgency(row, house)).as_json()
        yield Wanted(derived(vorgang, f"{row.id} dort"), "schritt", TAKES_OVER, written)


def said_of(row: Row, by: By, telephone: str, house: House) -> JsonObject | None:
    """Return what the other side is told; None where that takes more than name and number."""
    catalogue = house.hub.catalogue
    step = catalogue.known(row.protocol).step(TAKES_OVER)
    if step is None:
        return None
    asked = {str(each["name"]) for each in fields_of_step(catalogue, step)}
    known = preset(step, by.name, by.role, house.second)
    named = cast("JsonObject", known["uebernommen_von"])
    channel = MOBILE if telephone.startswith(("01", "+491")) else TELEPHONE
    contact: JsonObject = {"kanal": channel, "kennung": telephone}
    whole: JsonObject = {**known, "uebernommen_von": {**named, "kontakt": contact}}
    content = {name: said for name, said in whole.items() if name in asked}
    try:
        check_content(catalogue.schemas.by_name(step.schema_name), content)
    except ContentInvalid:
        return None
    return content


def derived(vorgang: str, about: str) -> str:
    """Return the id of one of several acts of one page: sent twice, it is the same."""
    made = sha256(f"{vorgang} {about}".encode()).digest()[:16]
    return str(UUID(bytes=made, version=4))


def _says(connection: Connection, row: Row, unit: str, catalogue: Catalogue) -> bool:
    protocol = catalogue.known(row.protocol)
    if protocol.step(TAKES_OVER) is None:
        return False
    matter = matter_of(connection, row.conversation, unit)
    return TAKES_OVER in {step.id for step in matter.allowed(protocol)}


def _urgency(row: Row, house: House) -> str | None:
    step = house.hub.catalogue.known(row.protocol).step(TAKES_OVER)
    return row.urgency if step is not None and row.urgency in step.urgencies else None
