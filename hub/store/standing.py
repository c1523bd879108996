# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How do organisations stand in this transaction? One small question, for the writer."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection, bindparam, func, select

from hub.model.standing import Standing
from hub.store.participants import directory_entry, participant
from hub.store.prepared import Prepared

_VERSION = (
    select(func.coalesce(func.max(directory_entry.c.version), 0))
    .where(directory_entry.c.organisation == participant.c.organisation)
    .scalar_subquery()
)
_STANDING: Final = Prepared(
    select(participant.c.organisation, participant.c.status, _VERSION).where(
        participant.c.organisation == bindparam("of")
    )
)


def read_standings(connection: Connection, organisations: Collection[str]) -> frozenset[Standing]:
    """Return the standing of those that are known; nothing of the others."""
    rows = (_STANDING.first(connection, {"of": each}) for each in organisations)
    return frozenset(Standing(*row) for row in rows if row is not None)
