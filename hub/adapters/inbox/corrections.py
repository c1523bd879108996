# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What of a message was put right afterwards, and at which of its fields does that stand?

A correction names a part, and where there are several which of them. It replaces what stood there
(Art. 16 DSGVO), and so it stands at that place too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from hub.adapters.forms.labelled import Entry, Group, values, withheld
from hub.adapters.forms.sections import Row, sections
from hub.adapters.forms.told import Told

_PART: Final = "/teil"
_NUMBER: Final = "/nummer"


@dataclass(frozen=True)
class Correction:
    """One part, put right."""

    told: Told
    """The message that puts it right."""
    part: str
    """How the part is called; empty where the whole message is meant."""
    pointer: str
    """Where it stands in the message that it is about."""
    is_placed: bool

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is right, and why it was wrong."""
        every = (row for section in sections(self.told.said) for row in section.rows)
        return tuple(row for row in every if row.pointers not in {(_PART,), (_NUMBER,)})

    @property
    def classes(self) -> frozenset[str]:
        return frozenset(each.class_name for each in values(self.told.said))

    @property
    def withheld(self) -> frozenset[str]:
        return frozenset(each.class_name for each in withheld(self.told.said))

    def is_about(self, pointer: str) -> bool:
        """Tell whether a value of the message is one of those that it replaces."""
        return self.is_placed and (
            pointer == self.pointer or pointer.startswith(f"{self.pointer}/")
        )


def corrections_of(told: Told, later: Sequence[Told]) -> tuple[Correction, ...]:
    """Return what later messages put right in one, in the order in which they came."""
    return tuple(_correction(told, each) for each in sorted(later, key=_when))


def _when(told: Told) -> tuple[int, int]:
    return told.delivery.issued, told.delivery.position


def _correction(told: Told, by: Told) -> Correction:
    named = {each.pointer: each for each in values(by.said)}
    part, number = named.get(_PART), named.get(_NUMBER)
    found = None if part is None else _find(told.said, str(part.raw).replace("-", "_"))
    if isinstance(found, Group) and number is not None:
        found = _entry_of(found, int(number.raw)) or found
    name = "" if part is None else part.text + (f" {number.text}" if number else "")
    return Correction(by, name, found.pointer if found else "", found is not None)


def _find(said: Group, name: str) -> Entry | None:
    """Return the part of this name, the outermost of several."""
    every = [each for each in _all(said) if each.pointer.rpartition("/")[2] == name]
    return min(every, key=lambda each: each.pointer.count("/"), default=None)


def _all(entry: Entry) -> Iterator[Entry]:
    yield entry
    if isinstance(entry, Group):
        for each in entry.entries:
            yield from _all(each)


def _entry_of(group: Group, number: int) -> Entry | None:
    pointer = f"{group.pointer}/{number - 1}"
    return next((each for each in group.entries if each.pointer == pointer), None)
