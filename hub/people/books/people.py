# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who may come in, with which roles, which one-time codes and which passkeys?"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select, update

from hub.people.books.tables import identity, passkey, person, person_grant, sign_in_code


@dataclass(frozen=True)
class StoredPerson:
    """Somebody who was named."""

    id: str
    name: str
    mail: str | None
    created_at: int


@dataclass(frozen=True)
class StoredGrant:
    """A role at one unit, as it was given and perhaps taken back."""

    id: str
    person: str
    unit: str
    role: str
    granted_at: int
    until: int | None
    granted_by: str
    revoked_at: int | None = None

    def counts_at(self, second: int) -> bool:
        return self.revoked_at is None and (self.until is None or second <= self.until)


@dataclass(frozen=True)
class StoredCode:
    """A one-time code, by its digest."""

    digest: str
    person: str
    unit: str
    made_by: str
    made_at: int
    expires_at: int


@dataclass(frozen=True)
class StoredPasskey:
    """The public half of a passkey, and what its owner calls it."""

    id: str
    person: str
    public_key: bytes
    count: int
    label: str
    has_prf: bool
    created_at: int
    used_at: int


def add_person(connection: Connection, stored: StoredPerson) -> None:
    connection.execute(insert(person).values(**vars(stored)))


def read_person(connection: Connection, person_id: str) -> StoredPerson | None:
    row = connection.execute(select(person).where(person.c.id == person_id)).first()
    return None if row is None else StoredPerson(**row._asdict())


def names_of(connection: Connection, persons: Sequence[str]) -> dict[str, str]:
    """Return what these are called, by their ids."""
    rows = connection.execute(select(person.c.id, person.c.name).where(person.c.id.in_(persons)))
    return {str(row.id): str(row.name) for row in rows}


def change_mail(connection: Connection, person_id: str, mail: str | None) -> None:
    connection.execute(update(person).where(person.c.id == person_id).values(mail=mail))


def add_grant(connection: Connection, stored: StoredGrant) -> None:
    connection.execute(insert(person_grant).values(**vars(stored)))


def grants_of(connection: Connection, person_id: str, second: int) -> tuple[StoredGrant, ...]:
    """Return what somebody holds at this second, oldest first."""
    rows = connection.execute(
        select(person_grant)
        .where(person_grant.c.person == person_id, _counting(second))
        .order_by(person_grant.c.granted_at, person_grant.c.id)
    )
    return tuple(StoredGrant(**row._asdict()) for row in rows)


def grants_at(connection: Connection, unit: str, second: int) -> tuple[StoredGrant, ...]:
    """Return what is held at a unit at this second, oldest first."""
    rows = connection.execute(
        select(person_grant)
        .where(person_grant.c.unit == unit, _counting(second))
        .order_by(person_grant.c.granted_at, person_grant.c.id)
    )
    return tuple(StoredGrant(**row._asdict()) for row in rows)


def ever_at(connection: Connection, unit: str) -> frozenset[str]:
    """Return everybody who has, or once had, a role at a unit."""
    rows = connection.execute(select(person_grant.c.person).where(person_grant.c.unit == unit))
    return frozenset(str(row[0]) for row in rows)


def end_grant(connection: Connection, grant_id: str, second: int) -> None:
    connection.execute(
        update(person_grant).where(person_grant.c.id == grant_id).values(revoked_at=second)
    )


def put_code(connection: Connection, stored: StoredCode) -> None:
    """Keep the digest of a new code; every older one of this person ends with it."""
    connection.execute(delete(sign_in_code).where(sign_in_code.c.person == stored.person))
    connection.execute(insert(sign_in_code).values(**vars(stored)))


def read_code(connection: Connection, digest: str, second: int) -> StoredCode | None:
    """Return a code that can still be used."""
    row = connection.execute(
        select(sign_in_code).where(
            sign_in_code.c.digest == digest, sign_in_code.c.expires_at >= second
        )
    ).first()
    return None if row is None else StoredCode(**row._asdict())


def use_code(connection: Connection, digest: str, second: int) -> StoredCode | None:
    """Use a code up and return it; of two that try, one is given nothing."""
    found = read_code(connection, digest, second)
    used = connection.execute(delete(sign_in_code).where(sign_in_code.c.digest == digest))
    return found if used.rowcount == 1 else None


def codes_at(connection: Connection, unit: str, second: int) -> tuple[StoredCode, ...]:
    """Return the codes that a unit has given out and nobody has used."""
    rows = connection.execute(
        select(sign_in_code).where(sign_in_code.c.unit == unit, sign_in_code.c.expires_at >= second)
    )
    return tuple(StoredCode(**row._asdict()) for row in rows)


def remove_codes(connection: Connection, person_id: str) -> None:
    connection.execute(delete(sign_in_code).where(sign_in_code.c.person == person_id))


def add_passkey(connection: Connection, stored: StoredPasskey) -> None:
    connection.execute(insert(passkey).values(**vars(stored)))


def read_passkey(connection: Connection, credential: str) -> StoredPasskey | None:
    row = connection.execute(select(passkey).where(passkey.c.id == credential)).first()
    return None if row is None else StoredPasskey(**row._asdict())


def passkeys_of(connection: Connection, person_id: str) -> tuple[StoredPasskey, ...]:
    """Return somebody's passkeys, oldest first."""
    rows = connection.execute(
        select(passkey)
        .where(passkey.c.person == person_id)
        .order_by(passkey.c.created_at, passkey.c.id)
    )
    return tuple(StoredPasskey(**row._asdict()) for row in rows)


def count_passkey(connection: Connection, credential: str, count: int, second: int) -> None:
    """Enter that a passkey was shown."""
    connection.execute(
        update(passkey).where(passkey.c.id == credential).values(count=count, used_at=second)
    )


def remove_passkey(connection: Connection, credential: str, person_id: str) -> bool:
    """Forget one passkey of this person; of another's it finds none."""
    gone = connection.execute(
        delete(passkey).where(passkey.c.id == credential, passkey.c.person == person_id)
    )
    return bool(gone.rowcount)


def remove_passkeys(connection: Connection, person_id: str) -> None:
    connection.execute(delete(passkey).where(passkey.c.person == person_id))


def link_identity(connection: Connection, iss: str, sub: str, person_id: str, second: int) -> None:
    values = {"iss": iss, "sub": sub, "person": person_id, "linked_at": second}
    connection.execute(insert(identity).values(**values))


def person_of_identity(connection: Connection, iss: str, sub: str) -> str | None:
    """Return who signs in with this account; the key is issuer and subject, never a mail."""
    row = connection.execute(
        select(identity.c.person).where(identity.c.iss == iss, identity.c.sub == sub)
    ).first()
    return None if row is None else str(row[0])


def has_identity(connection: Connection, person_id: str) -> bool:
    query = select(identity.c.sub).where(identity.c.person == person_id).limit(1)
    return connection.execute(query).first() is not None


def remove_identities(connection: Connection, person_id: str) -> None:
    connection.execute(delete(identity).where(identity.c.person == person_id))


def _counting(second: int) -> ColumnElement[bool]:
    is_on = or_(person_grant.c.until.is_(None), person_grant.c.until >= second)
    return and_(person_grant.c.revoked_at.is_(None), is_on)
