# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who is to be let in, and as what?"""

from typing import Final

from uuid_utils.compat import uuid7

from hub.errors import NotPermitted
from hub.people.books.people import StoredPerson, add_person
from hub.people.change import Change
from hub.people.grants import Naming, give_roles

LONGEST_NAME: Final = 120


def name_person(change: Change, naming: Naming) -> str:
    """Enter somebody with roles at one unit; returns the id. How they come in says a code."""
    name = naming.name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise NotPermitted("A name is a line of text.", pointers=("/name",))
    person = StoredPerson(str(uuid7()), name, checked_mail(naming.mail), change.second)
    add_person(change.connection, person)
    give_roles(change, person.id, naming)
    return person.id


def checked_mail(mail: str | None) -> str | None:
    """Return an address in its plain form, or None for none; refuses what is no address."""
    given = (mail or "").strip()
    if not given:
        return None
    name, at, host = given.partition("@")
    is_fit = given.isascii() and given.isprintable() and not set(given) & set(" ,;<>\"'")
    if not (name and at and "." in host and "@" not in host and is_fit) or len(given) > 254:  # noqa: PLR2004  RFC 5321
        raise NotPermitted("That is no mail address.", pointers=("/mail",))
    return given
