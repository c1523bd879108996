# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does somebody who coordinates a network have to do next, and how are things called?"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from hub.inquire.network import Affairs, Member
from hub.model.agreement import Concluded, Standing
from hub.protocols.agreements import today
from hub.web.german import plain

KINDS: Final = {
    "jugendamt": "Jugendämter",
    "landesjugendamt": "Landesjugendämter",
    "schule": "Schulen",
    "schulaufsicht": "Schulaufsicht",
    "polizei": "Polizei",
    "gericht": "Gerichte",
    "staatsanwaltschaft": "Staatsanwaltschaft",
    "ordnungsamt": "Ordnungsämter",
    "krisendienst": "Krisendienste",
    "gesundheit": "Gesundheitswesen",
    "fachkraft": "Fachkräfte und Beratungsstellen",
    "traeger": "Träger der Jugendhilfe",
    "zoll": "Zoll",
    "beratung": "Ratsuchende unter eigenem Namen",
    "koordination": "Koordination",
    "aufsicht": "Aufsicht",
}
STATUS: Final = {
    "proposed": "vorgeschlagen",
    "invited": "eingeladen",
    "enrolled": "wartet auf Bestätigung",
    "valid": "nimmt teil",
    "suspended": "gesperrt",
}
STANDINGS: Final[dict[Standing, str]] = {
    "proposed": "noch nicht von allen unterschrieben",
    "agreed": "unterschrieben, beginnt erst",
    "in-force": "in Kraft",
    "replaced": "durch neue Fassung ersetzt",
    "ended": "gekündigt",
    "expired": "abgelaufen",
}


@dataclass(frozen=True)
class Task:
    """Something that waits for the coordination, and where it is done."""

    what: str
    page: str
    is_pressing: bool = False


def must_accept(member: Member) -> bool:
    """Tell whether rules of procedure are put before this member."""
    return member.kind not in {"koordination", "aufsicht"}


def tasks(
    members: Collection[Member],
    affairs: Affairs,
    agreements: Collection[tuple[Concluded, Standing]],
    now: float,
) -> tuple[Task, ...]:
    """Return what waits, what presses first."""
    found = [*_of_agreements(agreements, now), *_of_rules(members, affairs), *_of_members(members)]
    return tuple(sorted(found, key=lambda each: not each.is_pressing))


def _of_agreements(
    agreements: Collection[tuple[Concluded, Standing]], now: float
) -> Iterator[Task]:
    for concluded, standing in agreements:
        left = (concluded.last_day - today(now)).days
        title = concluded.agreement.title
        if standing == "in-force" and left <= concluded.agreement.notice.days:
            said = f"„{title}“ endet am {plain(concluded.last_day)}, in {left} Tagen."
            yield Task(said, "/vereinbarungen", is_pressing=True)
        if standing == "proposed":
            missing = len(set(concluded.agreement.parties) - concluded.signed)
            yield Task(f"„{title}“: {missing} Unterschriften fehlen.", "/vereinbarungen")


def _of_rules(members: Collection[Member], affairs: Affairs) -> Iterator[Task]:
    asked = {each.organisation for each in members if must_accept(each)}
    for version in affairs.current:
        missing = len(asked - version.by.keys())
        if missing:
            who = "hat ein Mitglied" if missing == 1 else f"haben {missing} Mitglieder"
            said = f"{version.title}, Fassung {version.version}: Noch {who} nicht zugestimmt."
            yield Task(said, "/geschaeftsordnung", is_pressing=True)
    if not affairs.current:
        yield Task("Eine Geschäftsordnung ist noch nicht hinterlegt.", "/geschaeftsordnung")


def _of_members(members: Collection[Member]) -> Iterator[Task]:
    waiting = sum(each.status in {"proposed", "invited", "enrolled"} for each in members)
    if waiting:
        who = "Ein Mitglied nimmt" if waiting == 1 else f"{waiting} Mitglieder nehmen"
        yield Task(f"{who} noch nicht teil.", "/mitglieder")
    suspended = sum(each.status == "suspended" for each in members)
    if suspended:
        who = "Ein Mitglied ist" if suspended == 1 else f"{suspended} Mitglieder sind"
        yield Task(f"{who} gesperrt.", "/mitglieder", is_pressing=True)
