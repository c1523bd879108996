# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who may sign in, with which roles, one-time codes and passkeys?"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from hub.store.people_tables import PasskeyRow, PersonRow, RoleGrantRow, SignInCodeRow

person: Any = PersonRow.__table__  # type: ignore[attr-defined]
role_grant: Any = RoleGrantRow.__table__  # type: ignore[attr-defined]
sign_in_code: Any = SignInCodeRow.__table__  # type: ignore[attr-defined]
passkey: Any = PasskeyRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class StoredPerson:
    """Somebody who may sign in."""

    id: str
    name: str
    created_at: int


@dataclass(frozen=True)
class StoredGrant:
    """A role for one organisation, as it was given and perhaps taken back."""

    id: str
    person: str
    role: str
    organisation: str
    granted_at: int
    until: int | None
    audit_id: str
    revoked_at: int | None = None
    revoked_audit_id: str | None = None

    def counts_at(self, second: int) -> bool:
        """Tell whether the role is held at this second."""
        return self.revoked_at is None and (self.until is None or second <= self.until)


@dataclass(frozen=True)
class StoredPasskey:
    """The public half of a passkey."""

    id: str
    person: str
    public_key: bytes
    count: int
    created_at: int


def add_person(connection: Connection, stored: StoredPerson) -> None:
    connection.execute(insert(person).values(**vars(stored)))


def read_person(connection: Connection, person_id: str) -> StoredPerson | None:
    row = connection.execute(select(person).where(person.c.id == person_id)).first()
    return None if row is None else StoredPerson(**row._asdict())


def rename_person(connection: Connection, person_id: str, name: str) -> None:
    """Put right by which name somebody is known."""
    connection.execute(update(person).where(person.c.id == person_id).values(name=name))


def read_people(connection: Connection) -> tuple[StoredPerson, ...]:
    """Return everybody, in the order in which they came."""
    rows = connection.execute(select(person).order_by(person.c.id))
    return tuple(StoredPerson(**row._asdict()) for row in rows)


def add_grant(connection: Connection, stored: StoredGrant) -> None:
    connection.execute(insert(role_grant).values(**vars(stored)))


def read_grants(connection: Connection, person_id: str | None = None) -> tuple[StoredGrant, ...]:
    """Return the grants of one person, or all of them, oldest first."""
    query = select(role_grant).order_by(role_grant.c.id)
    if person_id is not None:
        query = query.where(role_grant.c.person == person_id)
    return tuple(StoredGrant(**row._asdict()) for row in connection.execute(query))


def end_grant(connection: Connection, grant_id: str, second: int, audit_id: str) -> None:
    """Enter that a role was taken back, and under which entry of the log."""
    connection.execute(
        update(role_grant)
        .where(role_grant.c.id == grant_id)
        .values(revoked_at=second, revoked_audit_id=audit_id)
    )


def put_code(connection: Connection, digest: str, person_id: str, expires_at: int) -> None:
    """Keep the digest of a new one-time code; every older one of this person ends with it."""
    connection.execute(delete(sign_in_code).where(sign_in_code.c.person == person_id))
    values = {"digest": digest, "person": person_id, "expires_at": expires_at}
    connection.execute(insert(sign_in_code).values(**values))


def person_of_code(connection: Connection, digest: str, second: int) -> str | None:
    """Return whose one-time code this is, if it can still be used."""
    row = connection.execute(
        select(sign_in_code.c.person).where(
            sign_in_code.c.digest == digest, sign_in_code.c.expires_at >= second
        )
    ).first()
    return None if row is None else str(row[0])


def use_code(connection: Connection, digest: str, second: int) -> str | None:
    """Use a one-time code up and return whose it was; of two that try, one is given nothing."""
    whose = person_of_code(connection, digest, second)
    used = connection.execute(delete(sign_in_code).where(sign_in_code.c.digest == digest))
    return whose if used.rowcount == 1 else None


def add_passkey(connection: Connection, stored: StoredPasskey) -> None:
    connection.execute(insert(passkey).values(**vars(stored)))


def read_passkey(connection: Connection, credential: str) -> StoredPasskey | None:
    row = connection.execute(select(passkey).where(passkey.c.id == credential)).first()
    return None if row is None else StoredPasskey(**row._asdict())


def passkeys_of(connection: Connection, person_id: str) -> tuple[str, ...]:
    """Return the ids of somebody's passkeys."""
    rows = connection.execute(select(passkey.c.id).where(passkey.c.person == person_id))
    return tuple(str(row[0]) for row in rows)


def count_passkey(connection: Connection, credential: str, count: int) -> None:
    connection.execute(update(passkey).where(passkey.c.id == credential).values(count=count))


def remove_passkeys(connection: Connection, person_id: str) -> None:
    """Forget somebody's passkeys; the next one-time code leads to a new one."""
    connection.execute(delete(passkey).where(passkey.c.person == person_id))
