# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who is to hear that something waits for them at the portal?

That a mail is owed stands in the books together with what it is about; sending it comes later.
"""

from collections.abc import Iterable

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from hub.people.books.people import read_person
from hub.people.colleagues import colleagues
from hub.portal.books.mail_letters import StoredLetter
from hub.portal.books.mail_notices import Kind, StoredNotice, add_notices
from hub.portal.roles import MANAGES, READS, ROLES


def tell_readers(connection: Connection, letter: StoredLetter, second: int) -> None:
    """Tell those who can open a letter: the person it is for, else those who read for the house."""
    persons = [letter.person] if letter.person is not None else []
    if letter.person is None:
        known = colleagues(connection, ROLES, letter.unit, second)
        persons = [each.person for each in known if READS in each.roles]
    _tell(connection, persons, "brief", second)


def tell_filer(connection: Connection, person: str, second: int) -> None:
    """Tell somebody that there is something new about a message that they have filed."""
    _tell(connection, [person], "mitteilung", second)


def tell_author(connection: Connection, person: str, second: int) -> None:
    """Tell somebody that a draft of theirs will end."""
    _tell(connection, [person], "entwurf", second)


def tell_managing(connection: Connection, unit: str, second: int, *, but: str = "") -> None:
    """Tell everybody who manages a house that something was done about who comes in, or how."""
    known = colleagues(connection, ROLES, unit, second)
    managing = [each.person for each in known if MANAGES in each.roles and each.person != but]
    _tell(connection, managing, "haus", second)


def _tell(connection: Connection, persons: Iterable[str], kind: Kind, second: int) -> None:
    known = (read_person(connection, person) for person in persons)
    add_notices(
        connection,
        (
            StoredNotice(str(uuid7()), each.mail, kind, second, second, 0)
            for each in known
            if each is not None and each.mail
        ),
    )
