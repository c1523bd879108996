# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What may be used once: proofs of possession and client assertions."""

from typing import Any, Final

from sqlalchemy import Connection, delete, insert
from sqlalchemy.exc import IntegrityError

from hub.errors import TokenInvalid
from hub.store.prepared import Prepared
from hub.store.tables import ReplayRow

replay: Any = ReplayRow.__table__  # type: ignore[attr-defined]
_ADD: Final = Prepared(insert(replay))
MARGIN: Final = 300
"""Seconds that an id is kept beyond its end."""


def add_used(connection: Connection, issuer: str, jti: str, expires_at: int) -> None:
    """Enter an id as used; refuses one that was used before (RFC 9449 § 11.1, RFC 7523 § 3)."""
    try:
        _ADD.run(connection, {"issuer": issuer, "jti": jti, "expires_at": expires_at})
    except IntegrityError:
        raise TokenInvalid from None


def remove_expired(connection: Connection, now: int) -> None:
    """Forget ids whose tokens would be refused for their age, also by a clock set back a little."""
    connection.execute(delete(replay).where(replay.c.expires_at < now - MARGIN))
