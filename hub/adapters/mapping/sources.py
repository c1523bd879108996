# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does a delivery say at a source that a mapping names?"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from hub.adapters.delivery import Delivery
from hub.adapters.forms.labelled import Value, birth, values
from hub.adapters.forms.told import Told
from hub.adapters.mapping.file import MOMENTS
from hub.clock import BERLIN
from hub.protocols.wording import URGENCY

Raw = bool | int | float | str


@dataclass(frozen=True)
class Said:
    """One value, from wherever it came."""

    raw: Raw
    text: str
    moment: datetime | None = None
    """Where it is one."""
    day: tuple[int, int | None, int | None] | None = None
    """Year, month and day, as far as they are known."""


class Sources:
    """All that one delivery says."""

    def __init__(self, told: Told) -> None:
        self._delivery = told.delivery
        self._values = {each.pointer: each for each in values(told.said)}

    def at(self, source: str) -> Iterator[Said]:
        """Yield what is said there: nothing, one value, or those of a list in their order."""
        if source.startswith("@"):
            yield from _fact(self._delivery, source[1:])
            return
        if source.endswith("/geburt"):
            yield from self._births(source)
            return
        wanted = re.compile(re.escape(source).replace(r"\*", "[0-9]+"))
        for pointer, value in self._values.items():
            if wanted.fullmatch(pointer):
                yield _said(value)

    def _births(self, source: str) -> Iterator[Said]:
        wanted = re.compile(re.escape(source).replace(r"\*", "[0-9]+") + "/jahr")
        for pointer in self._values:
            if wanted.fullmatch(pointer):
                place = pointer.removesuffix("/jahr")
                parts = {name: self._part(place, name) for name in ("jahr", "monat", "tag")}
                year = parts["jahr"]
                assert year is not None  # noqa: S101  that is how the place was found
                written = birth(dict(parts))
                yield Said(written, written, day=(year, parts["monat"], parts["tag"]))

    def _part(self, place: str, name: str) -> int | None:
        value = self._values.get(f"{place}/{name}")
        return int(value.raw) if value else None


def _said(value: Value) -> Said:
    if value.kind == "zeitpunkt":
        when = _moment(str(value.raw))
        return Said(value.raw, value.text, moment=when)
    if value.kind == "datum":
        when = _moment(str(value.raw))
        day = (when.year, when.month, when.day) if when else None
        return Said(value.raw, value.text, day=day)
    return Said(value.raw, value.text)


def _fact(delivery: Delivery, name: str) -> Iterator[Said]:
    said = getattr(delivery, name)
    if said is None:
        return
    if name in MOMENTS:
        when = datetime.fromtimestamp(said, BERLIN)
        yield Said(when.isoformat(), f"{when:%d.%m.%Y, %H:%M} Uhr", moment=when)
    else:
        yield Said(said, URGENCY[said] if name == "urgency" else str(said))


def _moment(written: str) -> datetime | None:
    try:
        when = datetime.fromisoformat(written)
    except ValueError:
        return None
    return when.astimezone(BERLIN) if when.tzinfo else when


def dated(said: Said) -> tuple[date | None, datetime | None]:
    """Return the whole day and the moment, where they are known."""
    if said.moment is not None:
        return said.moment.date(), said.moment
    if said.day is not None and None not in said.day:
        year, month, day = said.day
        return date(year, month or 1, day or 1), None
    return None, None
