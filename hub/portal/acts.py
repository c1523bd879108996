# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What did somebody do that changes who can come in, read, or send alone, and who hears of it?

Everybody who manages the house hears of each such act by a mail that says no more than that there
was one, and finds it on the page of the house: so one person alone, or somebody at an unlocked
screen, loosens nothing without the others knowing.
"""

from typing import Any, Final

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from hub.portal.books.acts import StoredAct, Word, acts_at, add_act, remove_acts
from hub.portal.books.people_houses import change_house, read_house
from hub.portal.notices import tell_managing
from hub.portal.people import OPERATOR, name_of

LASTS: Final = 180 * 86_400
"""Seconds for which an act is kept ("Vorgabe des Projekts")."""
SHOWN: Final = 20


def enter_act(
    connection: Connection, word: Word, about: str, *, unit: str, by: str, second: int
) -> None:
    """Enter that something was done, and tell everybody who manages the house."""
    add_act(connection, StoredAct(str(uuid7()), unit, word, by, about, second))
    # Whoever is only just invited learns of it by the invitation itself.
    tell_managing(connection, unit, second, but=about if word == "eingeladen" else "")


def set_four_eyes(
    connection: Connection, unit: str, by: str, second: int, *, four_eyes: bool
) -> None:
    """Say whether a second person confirms; entered and told where that changes something."""
    house = read_house(connection, unit)
    if house is None or house.four_eyes == four_eyes:
        return
    change_house(connection, unit, four_eyes=four_eyes)
    word: Word = "vier-augen-an" if four_eyes else "vier-augen-aus"
    enter_act(connection, word, "", unit=unit, by=by, second=second)


def last_acts(connection: Connection, unit: str) -> list[dict[str, Any]]:
    """Return what was done last at a house, with the names of those who did it."""
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
