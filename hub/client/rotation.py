# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does a unit change its keys without a gap, and how does it take one out at once?

A rotation is announced: the new key stands in the directory before it is used, and the old one
stays valid for a while after. A revocation is not: the key ends now and is marked, so that nothing
more is taken that it signs and nothing more is sealed to it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from hub.client.agency import Agency
from hub.client.entry import Turn, with_next
from hub.client.keyring import DESK, SIGNATURES, NextKey
from hub.client.renewal import Renewal
from hub.directory.participants import CLOCKS
from hub.model.participant import Doubt, ReadingKey, SigningKey, Unit

USES: Final = (*SIGNATURES, *DESK)
SHORTEST: Final = 600
"""Seconds for which old and new key count together: a token lasts five minutes, and clocks err."""


@dataclass(frozen=True)
class Rotated:
    """A key that was announced."""

    kid: str
    version: int
    begins: int
    ends: int
    """Second until which the old one counts."""


def rotate(folder: Path, unit: str, use: str, *, ahead: int, overlap: int) -> Rotated:
    """Announce a new key, ``ahead`` seconds before it counts.

    The old one ends ``overlap`` seconds after that. Broken off, it goes on with the same key when
    it is repeated. Raises ``LookupError`` for a unit or a use
    that the folder does not have.
    """
    with Renewal(folder) as renewal:
        agency = renewal.agency(unit)
        coming = _next(agency, use)
        begins = renewal.now + ahead
        turn = Turn(use, begins, begins + overlap, _kids(agency, use))
        renewal.change(unit, partial(with_next, coming, turn))
        entry = renewal.publish()
        kid = _kid(coming, use)
        # Old and new count together, so the change may wait until no clock can be in its way.
        coming.use_from(begins + (min(CLOCKS, overlap // 2) if ahead else 0))
        renewal.forget()
    return Rotated(kid, entry.version, begins, begins + overlap)


@dataclass(frozen=True)
class Revoked:
    """A key that its organisation ended."""

    unit: str
    version: int
    replaced: str | None
    """The key that takes its place at once, where it was the only one."""


def revoke(folder: Path, kid: str, reason: Doubt) -> Revoked:
    """End a key now and say why; where it was the last of its use, another takes its place.

    Raises ``LookupError`` where no unit of the folder has the key.
    """
    with Renewal(folder) as renewal:
        unit, use = _place_of(renewal, kid)
        renewal.change(unit, partial(_without, kid, reason, renewal.now))
        with _replacement(renewal, unit, use, kid) as coming:
            entry = renewal.publish()
        renewal.forget()
    return Revoked(unit, entry.version, coming)


@contextmanager
def _replacement(renewal: Renewal, unit: str, use: str, kid: str) -> Iterator[str | None]:
    """Put a new key beside a revoked one where no other of its use is valid; it counts at once."""
    known = next(each for each in renewal.entry.units if each.id == unit)
    kids = _kids(renewal.agency(unit), use) - {kid} if use in USES else frozenset()
    others = [key for key in _keys(known) if key.kid in kids and key.valid_at(renewal.now)]
    if others or use not in USES:
        yield None
        return
    coming = _next(renewal.agency(unit), use)
    name = _kid(coming, use)
    turn = Turn(use, renewal.now, renewal.now, frozenset())
    renewal.change(unit, partial(with_next, coming, turn))
    yield name
    coming.use_from(renewal.now)


def _place_of(renewal: Renewal, kid: str) -> tuple[str, str]:
    for agency in renewal.agencies:
        for use in USES:
            if kid in _kids(agency, use):
                return agency.id, use
        if any(key.kid == kid for key in agency.persons):
            return agency.id, "person"
    raise LookupError(kid)


def _kids(agency: Agency, use: str) -> frozenset[str]:
    if use in SIGNATURES:
        return frozenset(key.kid for key in agency.keys.signatures(use))
    return frozenset(key.kid for key in agency.keys.readers(use))


def _kid(coming: NextKey, use: str) -> str:
    return coming.signature.kid if use in SIGNATURES else coming.reader.kid


def _next(agency: Agency, use: str) -> NextKey:
    if use not in USES:
        raise LookupError(use)
    return agency.keys.next(use)


def _keys(unit: Unit) -> tuple[SigningKey | ReadingKey, ...]:
    return (*unit.signing, *unit.token, *unit.reading)


def _without(kid: str, reason: Doubt, now: int, unit: Unit) -> Unit:
    """Return a unit in which a key has its end and the reason for it."""

    def ended(key: Any) -> Any:
        if key.kid != kid:
            return key
        end = now if key.not_after is None else min(key.not_after, now)
        # A key that had not begun yet must not begin after its end.
        begins = min(key.not_before, end)
        return key.model_copy(update={"not_before": begins, "not_after": end, "revoked": reason})

    return unit.model_copy(
        update={
            name: tuple(ended(key) for key in getattr(unit, name))
            for name in ("signing", "token", "reading")
        }
    )
