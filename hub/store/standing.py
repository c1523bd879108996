# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How do organisations stand in this transaction? One small question, for the writer."""

from collections.abc import Collection

from sqlalchemy import Connection, func, select

from hub.model.standing import Standing
from hub.store.participants import directory_entry, participant


def read_standings(connection: Connection, organisations: Collection[str]) -> frozenset[Standing]:
    """Return the standing of those that are known; nothing of the others."""
    version = (
        select(func.coalesce(func.max(directory_entry.c.version), 0))
        .where(directory_entry.c.organisation == participant.c.organisation)
        .scalar_subquery()
    )
    rows = connection.execute(
        select(participant.c.organisation, participant.c.status, version).where(
            participant.c.organisation.in_(organisations)
        )
    )
    return frozenset(Standing(*row) for row in rows)
