# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where does somebody go on who has just come in?"""

from functools import partial
from typing import Final

from sqlalchemy import Connection

from hub.people.books.sessions import read_session
from hub.people.invitations import digest_of
from hub.people.sessions import Opened
from hub.portal.books.people_keys import read_person_key
from hub.portal.desk import Desk
from hub.web.portal.visitor import onward

SET_UP: Final = "/portal/einrichten"


async def where_next(opened: Opened, desk: Desk, wanted: str) -> str:
    """Return where somebody goes on: to set up their key first, where they have none here."""
    has_key = await desk.books.read(partial(_has_key, digest_of(opened.secret)))
    return onward(wanted) if has_key else SET_UP


def _has_key(digest: str, connection: Connection) -> bool:
    session = read_session(connection, digest)
    return (
        session is not None
        and read_person_key(connection, session.unit, session.person) is not None
    )
