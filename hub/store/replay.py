# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What may be used once: proofs of possession and client assertions."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, delete, insert

from hub.errors import TokenInvalid
from hub.store.prepared import Prepared, PreparedRows
from hub.store.tables import ReplayRow

replay: Any = ReplayRow.__table__  # type: ignore[attr-defined]
# Without an error of the database: on PostgreSQL that would end the whole transaction.
_ADD: Final = Prepared(insert(replay), tail="ON CONFLICT DO NOTHING")
_ADD_ALL: Final = PreparedRows(replay, tail="ON CONFLICT DO NOTHING RETURNING issuer, jti")
MARGIN: Final = 3600 + 300
"""Seconds that an id is kept beyond its end: a clock that is set back by an hour, as summer time
does it, must not bring back what was used in that hour."""


def add_used(connection: Connection, issuer: str, jti: str, expires_at: int) -> None:
    """Enter an id as used; refuses one that was used before (RFC 9449 § 11.1, RFC 7523 § 3)."""
    values = {"issuer": issuer, "jti": jti, "expires_at": expires_at}
    if _ADD.run(connection, values) != 1:
        raise TokenInvalid


def add_all_used(connection: Connection, proofs: Sequence[tuple[str, str, int]]) -> list[bool]:
    """Enter many ids as used; returns for each whether it was not used before.

    Where one comes twice among them, the first has used it.
    """
    rows = [
        {"issuer": issuer, "jti": jti, "expires_at": expires_at}
        for issuer, jti, expires_at in proofs
    ]
    fresh = {tuple(row) for row in _ADD_ALL.run(connection, rows)}
    answers = []
    for issuer, jti, _ in proofs:
        answers.append((issuer, jti) in fresh)
        fresh.discard((issuer, jti))
    return answers


def remove_expired(connection: Connection, now: int) -> None:
    """Forget ids whose tokens would be refused for their age, also by a clock set back an hour."""
    connection.execute(delete(replay).where(replay.c.expires_at < now - MARGIN))
