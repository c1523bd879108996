# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How many keys can an organisation's entry in the directory still take?

An entry has a largest size, and each person's key is some two kilobytes of it; those that ended
stand there too, as long as something that was sealed to them can arrive. So a large house hears
that it becomes tight before somebody new is refused.
"""

from typing import Any, Final

from sqlalchemy import Connection

from hub.client.entry import ENDED
from hub.errors import NotPermitted
from hub.portal.books.mail_filings import has_filed_between
from hub.portal.books.people_houses import read_houses
from hub.portal.vault_keys import PublicReadingKey, public_keys
from hub.trust.kinds import DIRECTORY_ENTRY

KEY_BYTES: Final = 2_400
"""Of a signed entry, for one reading key with its end."""
REST_BYTES: Final = 24_576
"""For all that stands in it beside reading keys."""
MOST: Final = (DIRECTORY_ENTRY.max_bytes - REST_BYTES) // KEY_BYTES
FEW: Final = 10
"""With fewer places left, whoever manages a house is told."""


def listed_keys(connection: Connection, unit: str, second: int) -> tuple[PublicReadingKey, ...]:
    """Return the reading keys of a house to which something can arrive; the desk's come first."""
    keys = public_keys(connection, unit)
    return tuple(key for key in keys if _can_be_reached(connection, unit, key, second))


def room(connection: Connection, unit: str, second: int) -> dict[str, Any]:
    """Return how many keys the entry lists, how many it can, and whether that is tight."""
    used = _used(connection, unit, second)
    return {"keys": used, "most": MOST, "is_tight": MOST - used < FEW}


def check_room(connection: Connection, unit: str, second: int) -> None:
    """Refuse one more person's key where the entry is full."""
    if _used(connection, unit, second) >= MOST:
        raise NotPermitted(
            "Im Verzeichnis ist für dieses Haus kein Platz mehr. Wer das Haus verwaltet, sieht "
            "auf der Seite „Haus“, was zu tun ist.",
            pointers=("/person_pub",),
        )


def _can_be_reached(connection: Connection, unit: str, key: PublicReadingKey, second: int) -> bool:
    """Tell whether anything can still come that this key opens.

    Only answers are sealed to a person's key, and only to what that person has filed with it; the
    longest of them are under way for sixty days.
    """
    if key.ends is None:
        return True
    if key.ends <= second - ENDED:
        return False
    return key.use == "desk" or has_filed_between(
        connection, unit, key.person, key.begins, key.ends
    )


def _used(connection: Connection, unit: str, second: int) -> int:
    organisation = unit.partition(".")[0]
    houses = [each for each in read_houses(connection) if each.organisation == organisation]
    return sum(len(listed_keys(connection, house.unit, second)) for house in houses)
