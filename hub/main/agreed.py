# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What ``status`` and ``doctor`` say of agreements: in force, ending, unsigned."""

from datetime import date

from sqlalchemy import Connection

from hub import clock
from hub.enrol.concluded import read_concluded
from hub.main.finding import Finding, good, hint
from hub.model.agreement import Concluded
from hub.protocols.agreement_text import ends_soon
from hub.protocols.agreements import standing, today


def numbers(connection: Connection) -> dict[str, int | str]:
    """Count what is in force, and name what ends."""
    known, day = read_concluded(connection), today(clock.now())
    said: dict[str, int | str] = {"Vereinbarungen in Kraft": len(_in_force(known, day))}
    if ending := _ending(known, day):
        said["Vereinbarungen, die enden"] = ", ".join(ending)
    return said


def looked_at(connection: Connection) -> Finding:
    """Tell the operator of an end ahead; the parties decide whether there is a new version."""
    known, day = read_concluded(connection), today(clock.now())
    if ending := _ending(known, day):
        return hint(
            "vereinbarungen",
            f"Vereinbarungen enden: {', '.join(ending)}.",
            "Die Beteiligten erinnern; eine neue Fassung gilt, sobald alle unterschrieben haben.",
        )
    waiting = [each.agreement.name for each in known if standing(each, day) == "proposed"]
    if waiting:
        return hint(
            "vereinbarungen",
            f"Vereinbarungen warten auf Unterschriften: {', '.join(waiting)}.",
            "„meldeweg agreements show“ sagt, wer fehlt.",
        )
    return good("vereinbarungen", f"Vereinbarungen in Kraft: {len(_in_force(known, day))}.")


def _in_force(known: tuple[Concluded, ...], day: date) -> list[Concluded]:
    return [each for each in known if standing(each, day, known) == "in-force"]


def _ending(known: tuple[Concluded, ...], day: date) -> list[str]:
    """Name what ends soon and has no version of its own that goes on."""
    return [
        f"{each.agreement.name} ({each.last_day.strftime('%d.%m.%Y')})"
        for each in _in_force(known, day)
        if ends_soon(each, day)
    ]
