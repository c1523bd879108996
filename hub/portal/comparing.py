# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Compares each night what the houses of this portal hold with what the hub has."""

from typing import Final

import structlog
from sqlalchemy import Connection

from hub.client.answers import Refused, Unreachable, Untrustworthy
from hub.client.reconciling import differing_days, reconcile_due
from hub.errors import Failure, Refusal
from hub.portal.books.people_houses import WORKS, read_houses
from hub.portal.desk import Desk

_TROUBLES: Final = (Refused, Untrustworthy, Refusal, Failure, OSError, ValueError)
_log: Final = structlog.stdlib.get_logger()


async def turn(desk: Desk) -> None:
    """Compare for each house what is due; one that fails does not stop the others."""
    for unit in await desk.books.read(_working):
        try:
            line = desk.line(unit)
            await reconcile_due(line)
        except Unreachable:
            # The same hub for all of them: the next turn asks again.
            return
        except _TROUBLES as trouble:
            code = getattr(trouble, "code", type(trouble).__name__)
            _log.error("reconciliation.failed", unit=unit, code=code)
        else:
            if days := differing_days(line.agency):
                _log.error("reconciliation.differs", unit=unit, days=len(days))


def _working(connection: Connection) -> tuple[str, ...]:
    return tuple(house.unit for house in read_houses(connection) if house.state == WORKS)
