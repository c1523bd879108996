# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What ``roster list``, ``status`` and ``doctor`` say of rosters: ending, with gaps, missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from hub import clock
from hub.directory.duty import on_duty
from hub.directory.duty_words import dated
from hub.directory.hours import Interval
from hub.directory.participants import Directory
from hub.directory.roster_text import unattended
from hub.enrol.snapshot import read_directory
from hub.errors import Refusal
from hub.main.finding import Finding, bad, good, hint
from hub.model.participant import Unit
from hub.protocols.catalogue import Catalogue
from hub.protocols.compiled import load_known

SOON: Final = 14
"""Days before the end of a roster at which its office should have the next."""
AHEAD: Final = 7 * 86_400
"""Seconds for which gaps are looked for."""
SHOWN: Final = 5
"""Units that a finding names."""
URGENT: Final = "sofort"


@dataclass(frozen=True)
class Cover:
    """How a unit is covered."""

    unit: Unit
    first: str
    """Who is asked now."""
    is_valid: bool
    gaps: tuple[Interval, ...]
    findings: tuple[str, ...]
    """In German, each with what is wrong; empty where all is well."""

    @property
    def until(self) -> date | None:
        return self.unit.roster.valid_until if self.unit.roster else None

    def as_json(self) -> dict[str, Any]:
        return {
            "unit": self.unit.id,
            "valid_until": self.until.isoformat() if self.until else None,
            "on_duty": self.first if self.is_valid else None,
            "gaps": [list(gap) for gap in self.gaps],
            "findings": list(self.findings),
        }

    @property
    def text(self) -> str:
        until = f"bis {self.until:%d.%m.%Y}" if self.until else "ohne Plan"
        first = f"jetzt {self.first}" if self.is_valid else "jetzt niemand"
        return "\n".join(
            [f"{self.unit.id:44} {until:15} {first}", *(f"  {each}" for each in self.findings)]
        )


def covers(connection: Connection) -> tuple[Cover, ...]:
    """Look at every unit that takes part."""
    directory, now = read_directory(connection), int(clock.now())
    roles = urgent_roles(load_known(None))
    active = [unit for unit in directory.units if directory.is_active(unit.id)]
    return tuple(_cover(unit, directory, now, roles) for unit in active)


def urgent_roles(catalogue: Catalogue) -> frozenset[str]:
    """Return the roles with which something can begin that cannot wait."""
    return frozenset(
        role
        for protocol in catalogue.all()
        for step in protocol.steps
        if step.opens and URGENT in step.urgencies
        for role in step.recipient
    )


def numbers(connection: Connection) -> dict[str, int | str]:
    """Count the rosters that hold, and name those that do not."""
    known = _readable(connection)
    if known is None:
        return {"Bereitschaftspläne in Kraft": "nicht lesbar"}
    said: dict[str, int | str] = {
        "Bereitschaftspläne in Kraft": sum(each.is_valid for each in known)
    }
    if wanting := _named([each for each in known if each.findings]):
        said["Bereitschaftspläne, nach denen zu sehen ist"] = wanting
    return said


def looked_at(connection: Connection) -> Finding:
    """Tell the operator where nobody may be there; the office itself has to renew its roster."""
    known = _readable(connection)
    if known is None:
        return bad(
            "bereitschaft",
            "Ein Eintrag im Verzeichnis ist nicht lesbar.",
            "Nichts starten; „meldeweg audit verify“ ausführen.",
        )
    wanting = [each for each in known if each.findings]
    if wanting:
        return hint(
            "bereitschaft",
            f"Bereitschaftspläne enden, haben Lücken oder fehlen: {_named(wanting)}.",
            "„meldeweg roster list“ sagt, was fehlt; die Stellen anrufen.",
        )
    return good("bereitschaft", f"Bereitschaftspläne in Kraft: {sum(c.is_valid for c in known)}.")


def _readable(connection: Connection) -> tuple[Cover, ...] | None:
    """Look at every unit; None where an entry is not what the hub once took."""
    try:
        return covers(connection)
    except Refusal:
        return None


def _cover(unit: Unit, directory: Directory, now: int, roles: frozenset[str]) -> Cover:
    duty = on_duty(unit.id, directory, now)
    is_asked = not roles.isdisjoint(unit.roles)
    gaps = unattended(unit.id, directory, (now, now + AHEAD)) if unit.roster or is_asked else ()
    first = next(turn for turn in duty.turns if turn.unit == duty.first)
    findings = tuple(_findings(unit, gaps, is_asked=is_asked))
    return Cover(unit, f"{first.name} ({first.telephone})", duty.is_valid, gaps, findings)


def _findings(unit: Unit, gaps: tuple[Interval, ...], *, is_asked: bool) -> Iterator[str]:
    roster = unit.roster
    if roster is None:
        if is_asked:
            yield "kein Bereitschaftsplan: „sofort“ wird nicht angenommen"
        return
    if roster.valid_until < clock.today():
        yield "der Bereitschaftsplan ist abgelaufen"
        return
    if roster.valid_until < clock.today() + timedelta(days=SOON):
        yield f"der Bereitschaftsplan endet am {roster.valid_until:%d.%m.%Y}"
    yield from (f"niemand da: {dated(begins)} bis {dated(ends)}" for begins, ends in gaps)


def _named(known: list[Cover]) -> str:
    more = " und weitere" if len(known) > SHOWN else ""
    return ", ".join(each.unit.id for each in known[:SHOWN]) + more
