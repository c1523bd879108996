# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who works at a unit now, and what is somebody called?"""

from dataclasses import dataclass

from sqlalchemy import Connection

from hub.people.books.people import grants_at, names_of, read_person


@dataclass(frozen=True)
class Colleague:
    """Somebody of a unit."""

    person: str
    name: str
    roles: tuple[str, ...]


def colleagues(
    connection: Connection, roles: tuple[str, ...], unit: str, second: int
) -> tuple[Colleague, ...]:
    """Return everybody who holds a role at a unit now, by name; each one's in the order given."""
    held: dict[str, set[str]] = {}
    for grant in grants_at(connection, unit, second):
        held.setdefault(grant.person, set()).add(grant.role)
    names = names_of(connection, tuple(held))
    found = (
        Colleague(person, name, tuple(role for role in roles if role in held[person]))
        for person, name in names.items()
    )
    return tuple(sorted(found, key=lambda each: (each.name.casefold(), each.person)))


def name_of(connection: Connection, person: str) -> str:
    """Return what somebody is called; empty for nobody."""
    found = read_person(connection, person)
    return "" if found is None else found.name
