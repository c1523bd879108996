# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Keys that open: their public halves, and what browsers have sealed of the private ones."""

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, delete, insert, select, update

from hub.portal.books.house_tables import house_key, person_key, share, vault_lock

Use = Literal["dienst", "leitung"]


@dataclass(frozen=True)
class StoredLock:
    """The vault key of somebody, wrapped so that one passkey or one device opens it."""

    id: str
    person: str
    kind: str
    name: str
    wrapped: str
    created_at: int


@dataclass(frozen=True)
class StoredPersonKey:
    """The reading key of one person at one house; no hub lets a key stand in two entries."""

    kid: str
    unit: str
    person: str
    pub: str
    sealed_seed: str
    begins: int
    ends: int | None = None
    revoked: str | None = None


@dataclass(frozen=True)
class StoredHouseKey:
    """A reading key of the desk of a house."""

    kid: str
    unit: str
    use: Use
    pub: str
    begins: int
    made_by: str
    ends: int | None = None
    vouch: str = ""
    """What a browser that has the key before sealed about this one; empty where none did."""


@dataclass(frozen=True)
class StoredShare:
    """A desk key, sealed to the key of one person."""

    kid: str
    person_kid: str
    share: str
    made_by: str
    made_at: int


def add_lock(connection: Connection, stored: StoredLock) -> None:
    connection.execute(insert(vault_lock).values(**vars(stored)))


def locks_of(connection: Connection, person: str) -> tuple[StoredLock, ...]:
    rows = connection.execute(
        select(vault_lock)
        .where(vault_lock.c.person == person)
        .order_by(vault_lock.c.created_at, vault_lock.c.id)
    )
    return tuple(StoredLock(**row._asdict()) for row in rows)


def remove_lock(connection: Connection, person: str, name: str) -> None:
    """Forget what one passkey or one device could open."""
    connection.execute(
        delete(vault_lock).where(vault_lock.c.person == person, vault_lock.c.name == name)
    )


def remove_locks(connection: Connection, person: str) -> None:
    connection.execute(delete(vault_lock).where(vault_lock.c.person == person))


def add_person_key(connection: Connection, stored: StoredPersonKey) -> None:
    connection.execute(insert(person_key).values(**vars(stored)))


def read_person_key(connection: Connection, unit: str, person: str) -> StoredPersonKey | None:
    """Return the key that counts for somebody at a house now."""
    keys = _person_keys(connection, person_key.c.unit == unit, person_key.c.person == person)
    return next((each for each in reversed(keys) if each.ends is None), None)


def person_keys_of(connection: Connection, person: str) -> tuple[StoredPersonKey, ...]:
    """Return the keys of somebody at all houses, also those that have ended."""
    return _person_keys(connection, person_key.c.person == person)


def person_keys_at(connection: Connection, unit: str) -> tuple[StoredPersonKey, ...]:
    """Return the keys of everybody at a house, also those that have ended."""
    return _person_keys(connection, person_key.c.unit == unit)


def end_person_key(connection: Connection, kid: str, second: int, reason: str) -> None:
    connection.execute(
        update(person_key).where(person_key.c.kid == kid).values(ends=second, revoked=reason)
    )


def add_house_key(connection: Connection, stored: StoredHouseKey) -> None:
    connection.execute(insert(house_key).values(**vars(stored)))


def house_keys(connection: Connection, unit: str) -> tuple[StoredHouseKey, ...]:
    rows = connection.execute(
        select(house_key)
        .where(house_key.c.unit == unit)
        .order_by(house_key.c.begins, house_key.c.use, house_key.c.kid)
    )
    return tuple(StoredHouseKey(**row._asdict()) for row in rows)


def is_known_key(connection: Connection, kid: str) -> bool:
    """Tell whether a key is, or once was, somebody's or a desk's, at whichever house."""
    of_person = select(person_key.c.kid).where(person_key.c.kid == kid)
    of_house = select(house_key.c.kid).where(house_key.c.kid == kid)
    return connection.execute(of_person.union(of_house)).first() is not None


def end_house_keys(connection: Connection, unit: str, use: Use, second: int) -> None:
    """Let the keys of a use end that count now; what was sealed to them is still to be read."""
    connection.execute(
        update(house_key)
        .where(house_key.c.unit == unit, house_key.c.use == use, house_key.c.ends.is_(None))
        .values(ends=second)
    )


def put_share(connection: Connection, stored: StoredShare) -> None:
    """Keep a share; one that was there before is replaced."""
    remove_share = (share.c.kid == stored.kid) & (share.c.person_kid == stored.person_kid)
    connection.execute(delete(share).where(remove_share))
    connection.execute(insert(share).values(**vars(stored)))


def shares_for(connection: Connection, person_kid: str) -> dict[str, str]:
    """Return what is sealed to one person, by the key id of the desk key."""
    rows = connection.execute(
        select(share.c.kid, share.c.share).where(share.c.person_kid == person_kid)
    )
    return {str(row[0]): str(row[1]) for row in rows}


def remove_shares(connection: Connection, person_kid: str) -> None:
    connection.execute(delete(share).where(share.c.person_kid == person_kid))


def _person_keys(connection: Connection, *which: Any) -> tuple[StoredPersonKey, ...]:
    rows = connection.execute(
        select(person_key).where(*which).order_by(person_key.c.begins, person_key.c.kid)
    )
    return tuple(StoredPersonKey(**row._asdict()) for row in rows)
