# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""May a year or a month end by this clock? Only where the hub has lived near it for a week.

What goes with a year does not come back: entries, keys, whole conversations. And a month that was
begun too early keeps its key for as long. A clock that leapt ahead is noticed by ``ClockWatch``,
which after some minutes believes it. This asks the log, which no start of the hub forgets: a clock
that leapt has nothing behind it, and a person has a week to see that.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, select

from hub import clock
from hub.audit.tables import audit_event

LIVED: Final = timedelta(days=7)
LATELY: Final = timedelta(days=14)


def may_age(now: float, connection: Connection) -> bool:
    """Return whether the log has an entry of one to two weeks ago; each hour it gets one.

    Where everything is invented somebody puts the clock on purpose, and means it.
    """
    if clock.put_ahead() is not None:
        return True
    entry = audit_event.c.id
    begin, end = _from(now - LATELY.total_seconds()), _from(now - LIVED.total_seconds())
    lived = select(entry).where(entry >= begin, entry < end).limit(1)
    return connection.execute(lived).first() is not None


def _from(second: float) -> str:
    """Return what ids of a second begin with (UUIDv7); none that is older is greater."""
    milliseconds = f"{int(second * 1000):012x}"
    return f"{milliseconds[:8]}-{milliseconds[8:]}"
