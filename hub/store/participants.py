# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Participants, what they say of themselves, and what they adopted."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from hub.errors import IdReused
from hub.store.tables import (
    AdoptionRow,
    DirectoryEntryRow,
    HubKeyRow,
    HubRow,
    ParticipantActRow,
    ParticipantRow,
)

participant: Any = ParticipantRow.__table__  # type: ignore[attr-defined]
participant_act: Any = ParticipantActRow.__table__  # type: ignore[attr-defined]
directory_entry: Any = DirectoryEntryRow.__table__  # type: ignore[attr-defined]
adoption: Any = AdoptionRow.__table__  # type: ignore[attr-defined]
hub_key: Any = HubKeyRow.__table__  # type: ignore[attr-defined]
hub: Any = HubRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class StoredParticipant:
    """An organisation as the hub keeps it; the proposal is JSON text."""

    organisation: str
    name: str
    status: str
    proposal: str
    code_hash: str | None = None
    code_expires_at: int | None = None
    pending: str | None = None
    acts: int = 0


@dataclass(frozen=True)
class StoredAct:
    """What the operator did about an organisation, in the words that the entry commits to."""

    audit_id: str
    organisation: str
    act: str
    statement: str


@dataclass(frozen=True)
class StoredEntry:
    """One signed version of a directory entry."""

    organisation: str
    version: int
    digest: str
    jws: str
    audit_id: str


@dataclass(frozen=True)
class StoredAdoption:
    """A signed adoption of a protocol version."""

    organisation: str
    protocol: str
    digest: str
    jws: str
    audit_id: str


def add_participant(connection: Connection, stored: StoredParticipant) -> None:
    """Enter a proposed organisation; refuses one that is there already."""
    try:
        connection.execute(insert(participant).values(**vars(stored)))
    except IntegrityError:
        raise IdReused from None


def read_participant(connection: Connection, organisation: str) -> StoredParticipant | None:
    row = connection.execute(
        select(participant).where(participant.c.organisation == organisation)
    ).first()
    return None if row is None else _participant(row)


def read_participants(connection: Connection) -> tuple[StoredParticipant, ...]:
    rows = connection.execute(select(participant).order_by(participant.c.organisation))
    return tuple(_participant(row) for row in rows)


def change_participant(connection: Connection, organisation: str, **values: object) -> None:
    connection.execute(
        update(participant).where(participant.c.organisation == organisation).values(**values)
    )


def add_act(connection: Connection, stored: StoredAct) -> None:
    """Enter an act, and count it: what was decided upon the state before is decided anew."""
    connection.execute(insert(participant_act).values(**vars(stored)))
    connection.execute(
        update(participant)
        .where(participant.c.organisation == stored.organisation)
        .values(acts=participant.c.acts + 1)
    )


def read_acts(connection: Connection, organisation: str | None = None) -> tuple[StoredAct, ...]:
    """Return the acts about one organisation, or about all, the oldest first."""
    query = select(participant_act).order_by(participant_act.c.audit_id)
    if organisation is not None:
        query = query.where(participant_act.c.organisation == organisation)
    return tuple(StoredAct(**row._asdict()) for row in connection.execute(query))


def add_entry(connection: Connection, stored: StoredEntry) -> None:
    try:
        connection.execute(insert(directory_entry).values(**vars(stored)))
    except IntegrityError:
        raise IdReused from None


def read_entry(connection: Connection, organisation: str) -> StoredEntry | None:
    """Return the current version of an organisation's entry."""
    row = connection.execute(
        select(directory_entry)
        .where(directory_entry.c.organisation == organisation)
        .order_by(directory_entry.c.version.desc())
        .limit(1)
    ).first()
    return None if row is None else StoredEntry(**row._asdict())


def read_versions(connection: Connection, organisation: str) -> tuple[StoredEntry, ...]:
    """Return every version of one organisation's entry, the oldest first."""
    rows = connection.execute(
        select(directory_entry)
        .where(directory_entry.c.organisation == organisation)
        .order_by(directory_entry.c.version)
    )
    return tuple(StoredEntry(**row._asdict()) for row in rows)


def read_entries(connection: Connection) -> tuple[StoredEntry, ...]:
    """Return every version of every entry, oldest first within an organisation."""
    rows = connection.execute(
        select(directory_entry).order_by(directory_entry.c.organisation, directory_entry.c.version)
    )
    return tuple(StoredEntry(**row._asdict()) for row in rows)


def add_adoption(connection: Connection, stored: StoredAdoption) -> bool:
    """Enter an adoption; returns whether it was new."""
    known = connection.execute(
        select(adoption.c.organisation).where(
            adoption.c.organisation == stored.organisation,
            adoption.c.protocol == stored.protocol,
            adoption.c.digest == stored.digest,
        )
    ).first()
    if known is None:
        connection.execute(insert(adoption).values(**vars(stored)))
    return known is None


def read_adoptions(connection: Connection) -> tuple[StoredAdoption, ...]:
    rows = connection.execute(select(adoption).order_by(adoption.c.organisation))
    return tuple(StoredAdoption(**row._asdict()) for row in rows)


def add_hub(connection: Connection, hub_id: str, now: int) -> None:
    connection.execute(insert(hub).values(id=hub_id, created_at=now))


def read_hub_id(connection: Connection) -> str | None:
    return connection.execute(select(hub.c.id)).scalar()


def add_hub_key(connection: Connection, *, kid: str, use: str, alg: str, jwk: str) -> None:
    connection.execute(insert(hub_key).values(kid=kid, use=use, alg=alg, jwk=jwk))


def replace_hub_key(connection: Connection, *, kid: str, use: str, alg: str, jwk: str) -> None:
    """Put a public key in the place of those of its use; for a use that proves nothing later."""
    connection.execute(delete(hub_key).where(hub_key.c.use == use))
    add_hub_key(connection, kid=kid, use=use, alg=alg, jwk=jwk)


def read_hub_keys(connection: Connection) -> tuple[dict[str, str], ...]:
    rows = connection.execute(select(hub_key).order_by(hub_key.c.use))
    return tuple(row._asdict() for row in rows)


def _participant(row: Row[Any]) -> StoredParticipant:
    return StoredParticipant(**row._asdict())
