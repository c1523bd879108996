# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What may a unit fetch now: what it was asked first, and what it was asked later?"""

from sqlalchemy import Connection

from hub.store.duty import has_later_turns, later_ids
from hub.store.leases import URGENT_FIRST, waiting_ids


def offered_ids(
    connection: Connection, unit: str, now: int, limit: int, protocols: tuple[str, ...]
) -> tuple[str, ...]:
    """Return ids of messages that ``unit`` may lease now.

    What it was asked later comes first, and of that the urgent first: somebody has waited for it
    already. Most units at most times have none of it.
    """
    first = waiting_ids(connection, unit, now, limit, protocols)
    if not has_later_turns(connection, unit):
        return first
    later: list[str] = []
    for urgency in URGENT_FIRST:
        values = {"unit": unit, "of_urgency": urgency, "now": now, "most": limit}
        later += later_ids(connection, values, protocols)
    return tuple(dict.fromkeys((*later, *first)))[:limit]
