# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What has the portal kept for long enough?

Drafts end a week after their last change, and their authors hear of it a day before. Letters go at
their end or after sixty days, and the house signs that they are gone where somebody had taken note;
of own filings go the bytes at their end, and a year later the rest. All of these are "Vorgaben des
Projekts".
"""

from functools import partial
from typing import Final

import structlog
from sqlalchemy import Connection

from hub.people.acts import forget_old_acts
from hub.portal.barriers import forget_old
from hub.portal.books.drafts import ending_drafts, mark_warned, remove_untouched
from hub.portal.books.mail_filings import empty_ended_filings, remove_old_filings
from hub.portal.books.mail_letters import (
    GONE,
    change_letter,
    ended_letters,
    remove_old_letters,
)
from hub.portal.desk import Desk
from hub.portal.drafts import LASTS
from hub.portal.letters_saying import owe
from hub.portal.telling import tell_author

DAY: Final = 86_400
LETTERS_LAST: Final = 60 * DAY
KNOWN_FOR: Final = 365 * DAY
"""Seconds after its end in which it is still known that something was filed or came."""
_SAID: Final = frozenset({"bestaetigt", "abgelehnt"})
_log: Final = structlog.stdlib.get_logger()


async def turn(desk: Desk) -> None:
    """Forget what is over, and tell whose drafts will be."""
    await desk.books.write(partial(_forget, second=desk.second))


def _forget(connection: Connection, second: int) -> None:
    forget_old(connection, second)
    forget_old_acts(connection, second)
    _warn(connection, second)
    count = remove_untouched(connection, second - LASTS)
    for letter in ended_letters(connection, second, second - LETTERS_LAST):
        change_letter(connection, letter.id, letter.unit, message=None, state=GONE)
        # Before a person has taken note there is no such word: at its end the hub says it itself.
        if letter.state in _SAID:
            owe(connection, letter, "erased", {})
    emptied = empty_ended_filings(connection, second)
    remove_old_filings(connection, second - KNOWN_FOR)
    remove_old_letters(connection, second - KNOWN_FOR)
    if count or emptied:
        _log.info("portal.expired", count=count + emptied)


def _warn(connection: Connection, second: int) -> None:
    ending = ending_drafts(connection, second - LASTS + DAY)
    for each in ending:
        if each.changed_at >= second - LASTS:
            tell_author(connection, each.author, second)
    mark_warned(connection, [each.id for each in ending])
