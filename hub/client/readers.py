# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""To whose keys is a message sealed?

To every current key of the addressed desk, and in advance to those who stand in for it today and
tomorrow: at three in the morning nobody is there to seal anew. Whoever has no duty yet gets a wrap
for an escalation, which the hub keeps until then and whose release stands in the log.
"""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Final, Literal

from hub.directory.duty import named_units
from hub.directory.participants import Directory, surely_valid
from hub.directory.turns import ENTRUSTED, PLANNED, first_asked, is_of
from hub.errors import ReaderKeyStale
from hub.model.participant import ReadingKey
from hub.sealing.reader import ReaderPublicKey
from hub.sealing.seal import ReaderChoice

MOST: Final = 8
"""Readers of one message (SL1 § 6)."""
_STALE: Final = "The addressed unit has no current key for this."
Release = Literal["now", "escalation"]


def person_reader(
    keys: Sequence[ReadingKey], only: str | None, classes: tuple[str, ...], at: int
) -> list[ReaderChoice]:
    """Seal to the one person whom the law names, and to nobody who stands in for anybody.

    Raises ``ReaderKeyStale`` where that key is not, or no longer, in the directory.
    """
    # Others of the same unit have had theirs for longer; that says nothing about this one.
    theirs = surely_valid([key for key in keys if (key.use, key.kid) == ("person", only)], at)
    chosen = [_choice(key, classes, "now") for key in theirs]
    if not chosen:
        raise ReaderKeyStale(_STALE)
    return chosen


def desk_readers(
    unit: str,
    urgency: str,
    classes: tuple[str, ...],
    directory: Directory,
    at: int,
    *,
    sender: str = "",
) -> list[ReaderChoice]:
    """Seal to the desk of a unit and to those whom its roster names, but to no ``sender``.

    Raises ``ReaderKeyStale`` where the unit itself has no current key: one reader can always open
    the whole (SL1 § 6).
    """
    own = directory.desk_keys(unit, at)
    if not own:
        raise ReaderKeyStale(_STALE)
    first = first_asked(unit, urgency, directory, at, sender=sender).unit
    chosen = [_choice(key, classes, "now") for key in own]
    for deputy, key in _keys_of_deputies(unit, urgency, first, directory, at):
        if is_of(sender, deputy) and not is_of(unit, deputy):
            continue
        theirs = classes if is_of(unit, deputy) else _without_entrusted(classes)
        if theirs:
            chosen.append(_choice(key, theirs, "now" if deputy == first else "escalation"))
    return chosen[:MOST]


def _keys_of_deputies(
    unit: str, urgency: str, first: str, directory: Directory, at: int
) -> Iterator[tuple[str, ReadingKey]]:
    """Go through the keys, one of each unit before the second of any; who has duty comes first.

    What can be planned waits for the office, so no other organisation needs to read it.
    """
    named = [each for each in named_units(unit, directory, at) if each != unit]
    deputies = [each for each in named if urgency != PLANNED or is_of(unit, each)]
    deputies.sort(key=lambda each: each != first)
    rings = [[(each, key) for key in directory.desk_keys(each, at)] for each in deputies]
    return (found for turn in zip_longest(*rings) for found in turn if found is not None)


def _without_entrusted(classes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in classes if name != ENTRUSTED)


def _choice(key: ReadingKey, classes: tuple[str, ...], rel: Release) -> ReaderChoice:
    return ReaderChoice(ReaderPublicKey.from_b64(key.pub), classes, rel)
