# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does the log lie in the database? Rows are added; only bodies ever go (``prune_order``).

A text key has no row number beside it (``WITHOUT ROWID``): a second key would be a second way for
``INSERT OR REPLACE`` to put a row in the place of another.
"""

from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    Table,
    Text,
)
from sqlalchemy.dialects import postgresql
from sqlmodel import Field, SQLModel

_STRICT = {"sqlite_strict": True}
_NO_ROWID = {"sqlite_strict": True, "sqlite_with_rowid": False}
# SQLite knows its row number by the type INTEGER alone.
NUMBER = BigInteger().with_variant(Integer(), "sqlite")
# In the order of its bytes, as in SQLite, whatever the language of the database.
TEXT = Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def _key(*constraints: Any, kind: Any = TEXT) -> Any:
    return Field(
        sa_column=Column(kind, *constraints, primary_key=True, nullable=False, autoincrement=False)
    )


def _value(*constraints: Any, kind: Any = TEXT, **more: Any) -> Any:
    return Field(sa_column=Column(kind, *constraints, nullable=False, **more))


class AuditEvent(SQLModel, table=True):
    """That something happened. Message and entry point at each other, or neither is committed."""

    __tablename__ = "audit_event"
    __table_args__: ClassVar = (
        CheckConstraint(
            "(kind = 'message.accepted') = (message_id IS NOT NULL)", name="accepted_has_message"
        ),
        _NO_ROWID,
    )

    id: str = _key()
    message_id: str | None = Field(
        sa_column=Column(
            TEXT,
            ForeignKey(
                "message.id",
                name="audit_event_message",
                deferrable=True,
                initially="DEFERRED",
                use_alter=True,
            ),
            nullable=True,
            unique=True,
        )
    )
    kind: str = _value()


class AuditBody(SQLModel, table=True):
    """The bytes of an entry, in a table of their own so that pruning changes no row."""

    __tablename__ = "audit_body"
    __table_args__: ClassVar = (_NO_ROWID,)

    event_id: str = _key(ForeignKey("audit_event.id"))
    body: bytes = _value(kind=LargeBinary)


class AuditLeaf(SQLModel, table=True):
    """The place of an entry in the tree; stays for ever."""

    __tablename__ = "audit_leaf"
    __table_args__: ClassVar = (_STRICT,)

    idx: int = _key(kind=NUMBER)
    event_id: str = _value(ForeignKey("audit_event.id"), unique=True)
    leaf_hash: bytes = _value(kind=LargeBinary)


class TileRow(SQLModel, table=True):
    """A full tile. Partial ones are derived, so that no row ever changes."""

    __tablename__ = "tile"
    __table_args__: ClassVar = (_NO_ROWID,)

    level: int = _key(kind=NUMBER)
    n: int = _key(kind=NUMBER)
    hashes: bytes = _value(kind=LargeBinary)


class CheckpointRow(SQLModel, table=True):
    """A signed checkpoint, one for each group that was committed."""

    __tablename__ = "checkpoint"
    __table_args__: ClassVar = (_STRICT,)

    size: int = _key(kind=NUMBER)
    note: str = _value()


class CosignatureRow(SQLModel, table=True):
    """What a witness said of a checkpoint: its signature line."""

    __tablename__ = "cosignature"
    __table_args__: ClassVar = (_NO_ROWID,)

    size: int = _key(ForeignKey("checkpoint.size"), kind=NUMBER)
    witness: str = _key()
    line: str = _value()


class PruneOrder(SQLModel, table=True):
    """Which bodies may go; the entry ``log.pruned`` of this id holds the digest of the range."""

    __tablename__ = "prune_order"
    __table_args__: ClassVar = (
        CheckConstraint("0 <= first_idx AND first_idx <= last_idx", name="range_is_one"),
        CheckConstraint("least >= 0", name="least_is_a_number"),
        _NO_ROWID,
    )

    event_id: str = _key(ForeignKey("audit_event.id"))
    first_idx: int = _value(kind=NUMBER)
    last_idx: int = _value(kind=NUMBER)
    least: int = _value(kind=NUMBER)
    """Witnesses that must have cosigned a checkpoint behind the order; 0 without a policy."""


class PruneDueRow(SQLModel, table=True):
    """An order that is yet to be carried out, and how far that has come.

    It proves nothing and is no part of the log: what may go, the database asks the order.
    """

    __tablename__ = "prune_due"
    __table_args__: ClassVar = (_NO_ROWID,)

    event_id: str = _key(ForeignKey("prune_order.event_id"))
    next_idx: int = _value(kind=NUMBER)


class ConversationEntry(SQLModel, table=True):
    """By which key an entry is found that no receipt leads to; goes with the conversation.

    It proves nothing: what is there, the tags in the entries say, to whoever has the key.
    """

    __tablename__ = "conversation_entry"
    __table_args__: ClassVar = (_NO_ROWID,)

    key_id: str = _key()
    event_id: str = _key(ForeignKey("audit_event.id"))


def _table(row: type[SQLModel]) -> Table:
    table: Table = row.__table__  # type: ignore[attr-defined]
    return table


audit_event = _table(AuditEvent)
audit_body = _table(AuditBody)
audit_leaf = _table(AuditLeaf)
tile = _table(TileRow)
checkpoint = _table(CheckpointRow)
cosignature = _table(CosignatureRow)
prune_order = _table(PruneOrder)
prune_due = _table(PruneDueRow)
conversation_entry = _table(ConversationEntry)
TABLES = (audit_event, audit_body, audit_leaf, tile, checkpoint, cosignature, prune_order)
