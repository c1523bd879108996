# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How is the connector? Backlog by target, what waits for people, and who has not been heard of."""

from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy import Connection

from hub.adapters.connector.keeping import COMPARISON, HUB, LOG, STILL, beat_of
from hub.adapters.connector.rows import (
    HANDED_OVER,
    QUARANTINE,
    WAITING,
    Beat,
    count_rows,
    failing_rows,
    read_beats,
)
from hub.adapters.connector.tables import Books

SILENT: Final = 3 * STILL
"""Seconds without a sign after which the connector is taken to be down."""


@dataclass(frozen=True)
class TargetStatus:
    """What lies before one target."""

    name: str
    waiting: int = 0
    oldest: int | None = None
    """Second since which the oldest of them is here."""
    quarantine: int = 0
    handed_over: int = 0
    trouble: str = ""
    """What the target says of itself, or why it does not answer."""
    failing: int = 0
    """How many of those that wait were tried in vain."""
    reason: str = ""
    """Why the last of these attempts failed."""

    @property
    def is_well(self) -> bool:
        return not (self.trouble or self.quarantine or self.failing)


@dataclass(frozen=True)
class Status:
    """What the books say, asked from outside of the process."""

    heard: int | None
    """Second at which the hub was last heard."""
    hub_trouble: str
    targets: tuple[TargetStatus, ...]
    untaken: int
    """Here and not taken yet, as the hub knows it."""
    unit: str = field(default="")
    log_trouble: str = ""
    """What is wrong with the log of reading, where this process serves an inbox."""
    comparison: str = ""
    """That unit and hub do not hold the same receipts."""

    def is_silent(self, now: int) -> bool:
        return self.heard is None or now - self.heard > SILENT

    def is_well(self, now: int) -> bool:
        """Whether nobody has to look."""
        is_any_troubled = any(not each.is_well for each in self.targets)
        said = self.hub_trouble or self.log_trouble or self.comparison
        return not (self.is_silent(now) or said or is_any_troubled)

    def as_json(self, now: int) -> dict[str, Any]:
        return {
            "unit": self.unit,
            "well": self.is_well(now),
            "silent": self.is_silent(now),
            "heard": self.heard,
            "hub": self.hub_trouble,
            "log": self.log_trouble,
            "reconciliation": self.comparison,
            "untaken": self.untaken,
            "targets": [vars(each) for each in self.targets],
        }


def status_of(books: Books, unit: str, targets: tuple[str, ...]) -> Status:
    """Ask the books; works beside the running process and without one."""
    return books.read_now(lambda connection: _status(connection, unit, targets))


def _status(connection: Connection, unit: str, targets: tuple[str, ...]) -> Status:
    counted, failing = count_rows(connection), failing_rows(connection)
    beats = {each.name: each for each in read_beats(connection)}
    hub, log, compared = (beats.get(name) for name in (HUB, LOG, COMPARISON))
    known = dict.fromkeys((*targets, *(name for name, _, _ in counted)))
    untaken = sum(
        number
        for (_, state, is_taken), (number, _) in counted.items()
        if not is_taken and state in {WAITING, QUARANTINE, HANDED_OVER}
    )
    return Status(
        heard=hub.at if hub else None,
        hub_trouble=hub.text if hub else "",
        targets=tuple(
            replace(
                _target(name, counted, beats.get(beat_of(name))),
                failing=failing.get(name, (0, ""))[0],
                reason=failing.get(name, (0, ""))[1],
            )
            for name in known
        ),
        untaken=untaken,
        unit=unit,
        log_trouble=log.text if log else "",
        comparison=compared.text if compared else "",
    )


def _target(
    name: str, counted: dict[tuple[str, str, bool], tuple[int, int]], heard: Beat | None
) -> TargetStatus:
    def many(state: str) -> int:
        return sum(n for (of, known, _), (n, _) in counted.items() if (of, known) == (name, state))

    since = [
        oldest for (of, state, _), (_, oldest) in counted.items() if (of, state) == (name, WAITING)
    ]
    return TargetStatus(
        name,
        waiting=many(WAITING),
        oldest=min(since, default=None),
        quarantine=many(QUARANTINE),
        handed_over=many(HANDED_OVER),
        trouble=heard.text if heard else "",
    )
