# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Under which name does the log know somebody who signs in at the hub?

Another one each year. What it is made of is the id of the person, which is random and stands in
one row of the database; with that row goes the way back (§ 76 Abs. 2 BDSG asks for it till then).
"""

import hmac
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from hub.clock import BERLIN
from hub.sealing.canonical import b64
from hub.store.people import read_people

LENGTH: Final = 16


def pid_of(hub_id: str, person: str, second: float) -> str:
    """Return the pseudonym of a person in the year of this second."""
    return _pid(hub_id, person, datetime.fromtimestamp(second, BERLIN).year)


def person_by_pid(
    connection: Connection, hub_id: str, pid: str, years: Iterable[int]
) -> str | None:
    """Return the id of the person who bore a pseudonym in one of these years."""
    people = read_people(connection)
    found = (each.id for year in years for each in people if _pid(hub_id, each.id, year) == pid)
    return next(found, None)


def _pid(hub_id: str, person: str, year: int) -> str:
    said = f"pid\0{hub_id}\0{year}".encode()
    return b64(hmac.digest(person.encode(), said, "sha256")[:LENGTH])
