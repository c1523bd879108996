# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Under which name does anybody outside know that somebody did something?"""

import hmac
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from hub.clock import BERLIN
from hub.people.books.year_keys import make_year_secret
from hub.sealing.canonical import b64

PSEUDONYM: Final = 16
"""Bytes of the name under which a log knows a person, for one unit and one year."""


def pid(connection: Connection, unit: str, person: str, second: int) -> str:
    """Return the name of a person towards the hub: another at each unit and in each year.

    Only the unit can tell who it is, as long as it keeps the secret of that year.
    """
    return pseudonym(make_year_secret(connection, unit, year_of(second)), person)


def pseudonym(secret: bytes, person: str) -> str:
    """Return the name of a person under a secret; without that nobody gets back to them."""
    return b64(hmac.digest(secret, person.encode(), "sha256")[:PSEUDONYM])


def year_of(second: float) -> int:
    return datetime.fromtimestamp(second, BERLIN).year
