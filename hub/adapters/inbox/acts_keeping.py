# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long is kept what people of this house have written and done?

What was written goes with the content of the message; that somebody did something stays known for
as long as the message itself.
"""

from functools import partial
from typing import Final

from sqlalchemy import Connection

from hub.adapters.connector.house import House
from hub.adapters.inbox.acts import change_act, ended_acts, forget_acts, read_act
from hub.adapters.inbox.acts_continued import forget_continued
from hub.adapters.inbox.acts_heard import forget_heard

WITHIN: Final = 3600
"""Seconds in which what is written for an act has long been entered."""


def clear_acts(house: House, before: int) -> None:
    """Delete what was written and must not be here any more; forget what ended before."""
    while done := house.books.read_now(partial(ended_acts, now=house.second)):
        for each in done:
            house.spool.delete_written(each)
        house.books.write_now(partial(_without_words, acts=done))
    for forget in (forget_acts, forget_heard, forget_continued):
        house.books.write_now(partial(forget, before=before))


def clear_unwritten(house: House) -> None:
    """Delete what was written for an act that never came about."""
    for name in tuple(house.spool.acts(WITHIN)):
        if house.books.read_now(partial(read_act, act_id=name)) is None:
            house.spool.delete_written(name)


def _without_words(connection: Connection, acts: tuple[str, ...]) -> None:
    for each in acts:
        change_act(connection, each, has_content=False)
