# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which municipality does somebody mean who writes its name?

Names are not keys: Wesel is a town and a Kreis, and Neuenkirchen is in many places. So the
answer is one municipality or a list, and never a guess.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from hub.errors import RecipientUnknown
from hub.model.network import District, Municipality

_ASCII: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


class Municipalities:
    """The municipalities of a table, by AGS and by the names that people give them."""

    def __init__(
        self, municipalities: Iterable[Municipality], districts: Iterable[District] = ()
    ) -> None:
        by_ags = {place.ags: place for place in municipalities}
        self.all = tuple(by_ags[ags] for ags in sorted(by_ags))
        self._exact = by_ags | {_label(place): place for place in self.all}
        self._named: dict[str, set[str]] = defaultdict(set)
        for place in self.all:
            for spelling in _spellings(place.name):
                self._named[spelling].add(_label(place))
        self._districts: dict[str, set[str]] = {}
        for district in districts:
            self._add_district(district)

    def find(self, text: str) -> Municipality:
        """Return the municipality that is meant, or refuse with the list of those that may be.

        Whoever writes "Wesel" may mean the town or the Kreis with its seven Jugendaemter, so that
        is never taken for the town; "Stadt Wesel" and the AGS are.
        """
        if (place := self._exact.get(text.strip())) is not None:
            return place
        name = _fold(text)
        candidates = self._named.get(name, set())
        if len(candidates) == 1 and name not in self._districts:
            return self._exact[min(candidates)]
        candidates = candidates | self._districts.get(name, set())
        raise RecipientUnknown(
            "Der Name ist nicht eindeutig."
            if candidates
            else "Diese Gemeinde steht nicht im Netz.",
            pointers=("/municipality",),
            allowed=sorted(candidates),
        )

    def _add_district(self, district: District) -> None:
        within = {_label(place) for place in self.all if place.ags.startswith(district.key)}
        if within == {label for label in within if label.endswith(f"({district.key}000)")}:
            # A kreisfreie Stadt is its own district, so its name means the town.
            return
        name = _fold(district.name)
        for alias in (name, name.removeprefix("kreis ").removeprefix("staedteregion ")):
            self._districts[alias] = within


def _label(place: Municipality) -> str:
    return f"{place.name} ({place.ags})"


def _spellings(name: str) -> set[str]:
    """Return how people write the name: with and without the addition in brackets, and the form."""
    full = _fold(name)
    short = re.sub(r" \(.*\)$", "", full)
    return {
        f"{form}{spelling}" for spelling in (full, short) for form in ("", "stadt ", "gemeinde ")
    }


def _fold(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    return " ".join(composed.casefold().translate(_ASCII).split())
