# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What did somebody do that changes who can come in, and who hears of it?

One person alone, or somebody at an unlocked screen, changes none of it without the others knowing:
whoever manages finds each such act on a page, and ``Rules.done`` may tell them sooner.
"""

from typing import Any, Final

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from hub.people.books.acts import StoredAct, acts_at, add_act, remove_acts
from hub.people.change import OPERATOR, Change
from hub.people.colleagues import name_of

INVITED: Final = "eingeladen"
BEGAN_ANEW: Final = "neu-begonnen"
LASTS: Final = 180 * 86_400
"""Seconds for which an act is kept ("Vorgabe des Projekts")."""
SHOWN: Final = 20


def enter_act(change: Change, word: str, about: str, unit: str) -> None:
    """Enter that something was done, and tell whoever is to hear of it."""
    act = StoredAct(str(uuid7()), unit, word, change.by, about, change.second)
    add_act(change.connection, act)
    change.rules.done(change, act)


def last_acts(connection: Connection, unit: str) -> list[dict[str, Any]]:
    """Return what was done last at a unit, with the names of those who did it."""
    return [
        {
            "word": each.word,
            "by": "" if each.by == OPERATOR else name_of(connection, each.by),
            "about": name_of(connection, each.about) if each.about else "",
            "at": each.at,
        }
        for each in acts_at(connection, unit, SHOWN)
    ]


def forget_old_acts(connection: Connection, second: int) -> None:
    """Forget what was done too long ago."""
    remove_acts(connection, second - LASTS)
