# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which target gets which protocols? A target that is down must not stand in front of another.

So each has a lane of its own to the hub, which lends by protocol. What no target takes is not
leased: another connector of the same office may be there for it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from hub.adapters.base import Adapter
from hub.adapters.settings import TargetSettings
from hub.protocols.catalogue import Catalogue

MOST: Final = 20
"""Protocols that one request for leases may name."""


@dataclass(frozen=True)
class Target:
    """Where deliveries go."""

    settings: TargetSettings
    adapter: Adapter

    @property
    def name(self) -> str:
        return self.settings.called


@dataclass(frozen=True)
class Lane:
    """A target, and what is leased for it."""

    target: Target
    protocols: tuple[str, ...] = ()
    """With versions; empty where it takes whatever comes."""


def lanes_of(targets: Sequence[Target], catalogue: Catalogue) -> tuple[Lane, ...]:
    """Give each protocol to the first target that takes it."""
    if targets and "*" in targets[0].settings.protocols:
        return (Lane(targets[0]),)
    found: dict[str, list[str]] = {each.name: [] for each in targets}
    for protocol in catalogue.all():
        taker = next((each for each in targets if each.settings.takes(protocol.id)), None)
        if taker is not None:
            found[taker.name].append(protocol.name)
    return tuple(
        Lane(target, tuple(names))
        for target in targets
        for names in _parts(sorted(found[target.name]))
    )


def _parts(names: list[str]) -> Iterator[list[str]]:
    return (names[begin : begin + MOST] for begin in range(0, len(names), MOST))
