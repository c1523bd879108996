# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which municipalities may somebody mean who knows only the postcode?

A postcode is the post's and no border of a municipality: it proposes and never decides.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from hub.directory.rows import PostcodeRow
from hub.errors import RecipientUnknown
from hub.model.network import Municipality


class Proposal(NamedTuple):
    """The municipalities of a postcode, and what is to be asked where there are several."""

    candidates: tuple[Municipality, ...]
    question: str
    """German; empty where there is only one."""


class Postcodes:
    """Municipalities by postcode."""

    def __init__(
        self, rows: Iterable[PostcodeRow], municipalities: Mapping[str, Municipality]
    ) -> None:
        self._places: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            if row.ags in municipalities:
                self._places[row.plz].add(row.ags)
        self._municipalities = municipalities

    def __len__(self) -> int:
        return len(self._places)

    def find(self, plz: str) -> Proposal:
        """Return the municipalities in which this postcode is in use."""
        if not re.fullmatch("[0-9]{5}", plz):
            raise RecipientUnknown("Eine Postleitzahl hat fünf Ziffern.", pointers=("/plz",))
        known = self._places.get(plz)
        if not known:
            raise RecipientUnknown(
                "Diese Postleitzahl ist nicht verzeichnet. In welcher Gemeinde ist das Kind?",
                pointers=("/plz",),
            )
        candidates = tuple(self._municipalities[ags] for ags in sorted(known))
        return Proposal(candidates, _question(candidates))


def _question(candidates: tuple[Municipality, ...]) -> str:
    if len(candidates) == 1:
        return ""
    *names, last = (f"{place.name} ({place.ags})" for place in candidates)
    return (
        "Diese Postleitzahl gilt in mehreren Gemeinden. In welcher ist das Kind: "
        f"{', '.join(names)} oder {last}?"
    )
