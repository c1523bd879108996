# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables of people: who was named, how they come in, and what was done about them.

Nothing that would let somebody in is kept: of a session and of a code only the digest, of a passkey
only its public half. Which units there are is known to whoever opens the file, not to these tables.
"""

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    event,
)

METADATA: Final = MetaData()
NUMBER: Final[Any] = BigInteger().with_variant(Integer(), "sqlite")


def _text(name: str, *more: Any, **said: Any) -> Column[str]:
    return Column(name, Text, *more, **{"nullable": False} | said)


def _second(name: str, **said: Any) -> Column[int]:
    return Column(name, NUMBER, **{"nullable": False} | said)


def _person(**said: Any) -> Column[str]:
    return _text("person", ForeignKey("person.id"), **said)


person: Final = Table(
    "person",
    METADATA,
    _text("id", primary_key=True),
    _text("name"),
    _text("mail", nullable=True),
    _second("created_at"),
)

person_grant: Final = Table(
    "person_grant",
    METADATA,
    _text("id", primary_key=True),
    _person(),
    _text("unit"),
    _text("role"),
    _second("granted_at"),
    _second("until", nullable=True),
    _text("granted_by"),
    _second("revoked_at", nullable=True),
    Index("person_grant_person", "person"),
    Index("person_grant_unit", "unit"),
)

sign_in_code: Final = Table(
    "sign_in_code",
    METADATA,
    _text("digest", primary_key=True),
    _person(),
    _text("unit"),
    _text("made_by"),
    _second("made_at"),
    _second("expires_at"),
    Index("sign_in_code_person", "person"),
)

passkey: Final = Table(
    "passkey",
    METADATA,
    _text("id", primary_key=True),
    _person(),
    Column("public_key", LargeBinary, nullable=False),
    _second("count"),
    _text("label"),
    Column("has_prf", Boolean, nullable=False),
    _second("created_at"),
    _second("used_at"),
    Index("passkey_person", "person"),
)

session: Final = Table(
    "session",
    METADATA,
    _text("digest", primary_key=True),
    _person(),
    _text("unit"),
    _text("opened_by"),
    _text("device"),
    _text("passkey"),
    _second("proved_at", nullable=True),
    _second("auth_time", nullable=True),
    _text("acr", nullable=True),
    _text("id_token", nullable=True),
    _second("created_at"),
    _second("seen_at"),
    _second("ends_at"),
    Index("session_person", "person"),
)

identity: Final = Table(
    "identity",
    METADATA,
    _text("iss", primary_key=True),
    _text("sub", primary_key=True),
    _person(),
    _second("linked_at"),
)

sign_in_flow: Final = Table(
    "sign_in_flow",
    METADATA,
    _text("digest", primary_key=True),
    _text("browser"),
    _text("nonce"),
    _text("verifier"),
    _text("code"),
    _text("session"),
    _text("before"),
    _text("onward"),
    _second("started_at"),
    _second("expires_at"),
)

used_question: Final = Table(
    "used_question",
    METADATA,
    _text("digest", primary_key=True),
    _second("expires_at"),
)

year_key: Final = Table(
    "year_key",
    METADATA,
    _text("unit", primary_key=True),
    Column("year", NUMBER, primary_key=True),
    Column("key", LargeBinary, nullable=False),
)

house_act: Final = Table(
    "house_act",
    METADATA,
    _text("id", primary_key=True),
    _text("unit"),
    _text("word"),
    _text("by"),
    _text("about"),
    _second("at"),
    Index("house_act_unit", "unit", "at"),
)
"""Rows are inserted and, once they are old, deleted; the database refuses to change one."""


@event.listens_for(house_act, "after_create")
def _refuse_changes(_: Table, connection: Connection, **__: Any) -> None:
    connection.exec_driver_sql(
        "CREATE TRIGGER house_act_no_update BEFORE UPDATE ON house_act "
        "BEGIN SELECT RAISE(ABORT, 'house_act: insert only'); END"
    )
