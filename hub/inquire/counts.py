# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How much goes through a network, without anybody being able to tell a single case from it?

Conversations are counted by protocol in each quarter that is over: in one that still runs, two
looks a day apart would show a single case. A count below five is left out, zero too, and all of
them look the same. Sums stand over quarters alone and never over a protocol, so no second sum tells
what the first one hides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from hub.inquire.network import Place, members_of
from hub.model.protocol import Protocol
from hub.node import Node
from hub.protocols.matrix import newest
from hub.store.network import count_openings

LEAST: Final = 5
"""The smallest number that is shown."""
QUARTERS: Final = 8
HERE: Final = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True)
class Quarter:
    """Three months, as seconds from which and before which."""

    year: int
    number: int
    begins: int
    ends: int


@dataclass(frozen=True)
class Counts:
    """What may be shown; None is a number that is left out."""

    quarters: tuple[Quarter, ...]
    rows: tuple[tuple[Protocol, tuple[int | None, ...]], ...]
    sums: tuple[int | None, ...]

    @property
    def shown(self) -> tuple[tuple[Protocol, tuple[int | None, ...]], ...]:
        """The rows of which at least one number may be shown."""
        return tuple(row for row in self.rows if any(each is not None for each in row[1]))

    @property
    def left_out(self) -> tuple[Protocol, ...]:
        """The protocols that came to too little in every quarter."""
        return tuple(row[0] for row in self.rows if all(each is None for each in row[1]))

    @property
    def is_empty(self) -> bool:
        return not self.shown and all(each is None for each in self.sums)


def quarters_before(second: float) -> tuple[Quarter, ...]:
    """Return the quarters that are over, the last of them at the end."""
    now = datetime.fromtimestamp(second, HERE)
    running = now.year * 4 + (now.month - 1) // 3
    return tuple(_quarter(each) for each in range(running - QUARTERS, running))


def suppress(numbers: Sequence[int]) -> tuple[tuple[int | None, ...], int | None]:
    """Return the numbers of one quarter and their sum, with everything left out that must be.

    The sum is left out too where it tells anything of what is missing: too little is in all of it,
    or so much that each has to be a part of it. So nobody learns more of a number that is missing
    than that it is below five, whoever knows how this is done included.
    """
    hidden = [number for number in numbers if number < LEAST]
    kept = tuple(None if number < LEAST else number for number in numbers)
    tells_nothing = LEAST <= sum(hidden) <= (LEAST - 1) * (len(hidden) - 1)
    return kept, sum(numbers) if not hidden or tells_nothing else None


async def counts_of(place: Place, node: Node) -> Counts:
    """Return how many conversations began, by protocol and quarter."""
    members = members_of(place, node.directory)
    units = {unit.id for member in members for unit in member.units}
    roles = {role for member in members for role in member.roles}
    quarters = quarters_before(node.clock())
    spans = [(each.begins, each.ends) for each in quarters]
    found = await node.readers.run(partial(count_openings, units=units, spans=spans))
    protocols = [
        each for each in newest(node.catalogue.all()) if roles & {role.id for role in each.roles}
    ]
    return _shown(protocols, quarters, found)


def _shown(
    protocols: Sequence[Protocol],
    quarters: tuple[Quarter, ...],
    found: Mapping[str, tuple[int, ...]],
) -> Counts:
    table = [_of_all_versions(each.id, found, len(quarters)) for each in protocols]
    columns = [suppress([row[place] for row in table]) for place in range(len(quarters))]
    rows = tuple(
        (protocol, tuple(kept[index] for kept, _ in columns))
        for index, protocol in enumerate(protocols)
    )
    return Counts(quarters, rows, tuple(total for _, total in columns))


def _of_all_versions(
    protocol: str, found: Mapping[str, tuple[int, ...]], length: int
) -> tuple[int, ...]:
    versions = [each for name, each in found.items() if name.partition("/")[0] == protocol]
    return tuple(sum(each[place] for each in versions) for place in range(length))


def _quarter(counted: int) -> Quarter:
    year, number = divmod(counted, 4)
    return Quarter(year, number + 1, _first_second(counted), _first_second(counted + 1))


def _first_second(counted: int) -> int:
    year, number = divmod(counted, 4)
    return int(datetime(year, number * 3 + 1, 1, tzinfo=HERE).timestamp())
