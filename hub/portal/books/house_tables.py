# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables of houses, and of what only the browsers of their people can open.

Of keys that open there is the public half, and what a browser has sealed.
"""

from typing import Any, Final

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, Text

from hub.people.books.tables import person as somebody
from hub.portal.books.metadata import METADATA

NUMBER: Final[Any] = BigInteger().with_variant(Integer(), "sqlite")


def _text(name: str, *more: Any, **said: Any) -> Column[str]:
    return Column(name, Text, *more, **{"nullable": False} | said)


def _second(name: str, **said: Any) -> Column[int]:
    return Column(name, NUMBER, **{"nullable": False} | said)


def _person(**said: Any) -> Column[str]:
    return _text("person", ForeignKey(somebody.c.id), **said)


def _unit(**said: Any) -> Column[str]:
    return _text("unit", ForeignKey("house.unit"), **said)


house: Final = Table(
    "house",
    METADATA,
    _text("unit", primary_key=True),
    _text("name"),
    _text("state"),
    Column("four_eyes", Boolean, nullable=False),
    _text("seat_ags", nullable=True),
    _text("fingerprint"),
    _text("problem"),
    _second("created_at"),
)

vault_lock: Final = Table(
    "vault_lock",
    METADATA,
    _text("id", primary_key=True),
    _person(),
    _text("kind"),
    _text("name"),
    _text("wrapped"),
    _second("created_at"),
    Index("vault_lock_person", "person"),
)

person_key: Final = Table(
    "person_key",
    METADATA,
    _text("kid", primary_key=True),
    _unit(),
    _person(),
    _text("pub"),
    _text("sealed_seed"),
    _second("begins"),
    _second("ends", nullable=True),
    _text("revoked", nullable=True),
    Index("person_key_unit", "unit", "person"),
)

house_key: Final = Table(
    "house_key",
    METADATA,
    _text("kid", primary_key=True),
    _unit(),
    _text("use"),
    _text("pub"),
    _second("begins"),
    _second("ends", nullable=True),
    _text("made_by"),
    _text("vouch"),
    Index("house_key_unit", "unit"),
)

share: Final = Table(
    "share",
    METADATA,
    _text("kid", ForeignKey("house_key.kid"), primary_key=True),
    _text("person_kid", ForeignKey("person_key.kid"), primary_key=True),
    _text("share"),
    _text("made_by"),
    _second("made_at"),
)
