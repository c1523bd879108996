# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How much of all bodies together may be under way, before memory grows?

The number of requests is bounded by that of connections. What they carry is bounded here: a body
costs its length several times over until it is answered. It is counted as it comes and not as it
is announced, or a few clients that announce much and send little would shut everybody out.

Strangers have room of their own. Their bodies are read before it is known who they are, so
whatever they fill up must not be missing to those who are known.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from hub.errors import Overloaded

MIB: Final = 1_048_576
SMALL: Final = 16_384
"""Bytes of a body that is not counted; all connections together make little of it."""


@dataclass(frozen=True)
class Room:
    """For how many bytes there is room."""

    known: int = 32 * MIB
    strangers: int = 4 * MIB
    of_one: int = 8 * MIB
    """From one address; many units may share one."""


class Crowd:
    """All bodies under way on this node. Belongs to the event loop."""

    def __init__(self, room: Room | None = None) -> None:
        self._room = room or Room()
        self._most = {False: self._room.known, True: self._room.strangers}
        self._held = {False: 0, True: 0}
        self._of_one: Counter[str] = Counter()

    @property
    def is_empty(self) -> bool:
        return not any(self._held.values()) and not self._of_one

    def enter(self, address: str, *, is_stranger: bool = False) -> "Place":
        """Give a request its place, to be left when it is answered."""
        return Place(self, address, is_stranger)

    def hold(self, place: "Place", size: int) -> None:
        """Count what has come of a body; raises ``Overloaded`` where there is no room for it."""
        place.held += size
        self._held[place.is_stranger] += size
        self._of_one[place.address] += size
        is_full = self._held[place.is_stranger] > self._most[place.is_stranger]
        if place.held > SMALL and (is_full or self._of_one[place.address] > self._room.of_one):
            raise Overloaded

    def leave(self, place: "Place") -> None:
        """Let a request go with all that it held."""
        self._held[place.is_stranger] -= place.held
        self._of_one[place.address] -= place.held
        if self._of_one[place.address] <= 0:
            del self._of_one[place.address]


@dataclass
class Place:
    """One request, and what it holds."""

    crowd: Crowd
    address: str
    is_stranger: bool
    held: int = 0

    def hold(self, size: int) -> None:
        """Count bytes that have come; raises ``Overloaded`` where there is no room for them."""
        self.crowd.hold(self, size)

    def leave(self) -> None:
        self.crowd.leave(self)
