# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is known of the directory for a house, also while the hub does not answer?

Every house asks with its own keys and pins. What was fetched is good for half a minute, so that a
form whose pages ask ten times asks the hub once; what was fetched last is kept durably, and shown
as of then for as long as there is nothing newer.
"""

import asyncio
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final
from weakref import WeakKeyDictionary

import structlog

from hub.client.answers import Refused, Unreachable, Untrustworthy
from hub.client.directory import DirectoryView, Shelved, organisations_of
from hub.client.hub import Hub
from hub.errors import Failure, NotPermitted, Overloaded
from hub.portal.books.mail_shelf import put_on_shelf, read_shelf
from hub.portal.desk import Desk

GOOD_FOR: Final = 30
"""Seconds in which the hub is not asked again; a key that ended since, it refuses itself."""
PATIENCE: Final = 8.0
"""Seconds that a person before a screen waits for the hub, before what was kept is shown."""
REST: Final = 5
"""Seconds in which a hub that gave no answer is not asked again for the directory."""
_log: Final = structlog.stdlib.get_logger()


class DirectoryDoubtful(Failure):
    """What the hub shows as its directory does not hold against what this house has pinned."""


@dataclass(frozen=True)
class Consulted:
    """The directory as a house may use it now."""

    view: DirectoryView
    shelved: Shelved
    is_stale: bool
    """The hub did not answer; this is what it said before."""

    def organisations(self, *units: str) -> Shelved:
        """Return the signed entries of these units, and of those whom their rosters name."""
        return self.shelved.only(with_stand_ins(self.view, organisations_of(*units)))


@dataclass
class _Memory:
    consulted: Consulted | None = None
    units: frozenset[str] = frozenset()
    asked_at: float = float("-inf")
    failed_at: float = float("-inf")
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


_MEMORIES: Final[WeakKeyDictionary[Hub, _Memory]] = WeakKeyDictionary()


async def consult(desk: Desk, house: str, *units: str) -> Consulted:
    """Return the directory with the entries of these units and of the house itself.

    Raises ``Overloaded`` where the hub does not answer and never did, ``DirectoryDoubtful`` where
    what it answers does not hold, ``NotPermitted`` for a house that has no keys yet.
    """
    line = _line(desk, house)
    memory = _MEMORIES.setdefault(line, _Memory())
    wanted = frozenset({house, *units})
    if (known := _good(memory, wanted, desk)) is not None:
        return known
    async with memory.lock:
        if (known := _good(memory, wanted, desk)) is not None:
            return known
        return await _ask(desk, line, memory, wanted)


def forget(desk: Desk, house: str) -> None:
    """Ask the hub anew the next time: what it said just now shows that something has changed."""
    memory = _MEMORIES.get(desk.line(house))
    if memory is not None:
        memory.asked_at = float("-inf")


def note_unreachable(desk: Desk, house: str) -> None:
    """Take what is at hand for what it was: something else has just found the hub away."""
    memory = _MEMORIES.get(desk.line(house))
    if memory is not None and memory.consulted is not None:
        memory.consulted = replace(memory.consulted, is_stale=True)
        memory.failed_at = desk.clock()


def _line(desk: Desk, house: str) -> Hub:
    try:
        return desk.line(house)
    except FileNotFoundError:
        raise NotPermitted("Diese Stelle nimmt noch nicht teil.") from None


def with_stand_ins(view: DirectoryView, organisations: frozenset[str]) -> frozenset[str]:
    """Return organisations with those whom their units' rosters name."""
    found = (view.participants.organisation(each) for each in organisations)
    entries = [each.entry for each in found if each is not None and each.entry is not None]
    rosters = [unit.roster for entry in entries for unit in entry.units if unit.roster]
    named = {line.unit for roster in rosters for line in roster.lines if line.unit}
    return organisations | organisations_of(*named)


def _good(memory: _Memory, wanted: frozenset[str], desk: Desk) -> Consulted | None:
    """Return what is at hand, where the hub need not be asked, or was in vain a moment ago."""
    now, known = desk.clock(), memory.consulted
    if known is None:
        return None
    if not known.is_stale and now - memory.asked_at < GOOD_FOR and wanted <= memory.units:
        return known
    return known if known.is_stale and 0 <= now - memory.failed_at < REST else None


async def _ask(desk: Desk, line: Hub, memory: _Memory, wanted: frozenset[str]) -> Consulted:
    units = wanted | memory.units
    try:
        async with asyncio.timeout(PATIENCE):
            view = await line.directory_with(*units)
    except (Unreachable, Refused, TimeoutError):
        memory.failed_at = desk.clock()
        memory.consulted = await _before(desk, line, memory)
        return memory.consulted
    except Untrustworthy as doubt:
        _log.error("portal.directory-doubtful", unit=line.agency.id, reason=str(doubt))
        raise DirectoryDoubtful from None
    shelved = line.shelved
    assert shelved is not None  # noqa: S101  it was fetched just now
    if memory.consulted is None or memory.consulted.shelved != shelved:
        await desk.books.write(partial(put_on_shelf, unit=line.agency.id, kept=shelved))
    # All at once: whoever asks in between must not find new units beside an old directory.
    memory.units, memory.asked_at = units, desk.clock()
    memory.consulted = Consulted(view, shelved, is_stale=False)
    return memory.consulted


async def _before(desk: Desk, line: Hub, memory: _Memory) -> Consulted:
    """Return what is known from before: from this process, else from the books."""
    if memory.consulted is not None:
        return Consulted(memory.consulted.view, memory.consulted.shelved, is_stale=True)
    kept = await desk.books.read(partial(read_shelf, unit=line.agency.id))
    if kept is None:
        raise Overloaded
    try:
        return Consulted(line.take_down(kept), kept, is_stale=True)
    except Untrustworthy:
        raise Overloaded from None
