# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Elsewhere: who must hear it in any place of the Land, and what an agreement switches on."""

import asyncio
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from deploy.demo.actor import Actor, enter
from deploy.demo.catalogue import example
from deploy.demo.clock import Week, put
from deploy.demo.enrol import AGREED, EMSDETTEN, PRACTICE, SOEST, WARSTEIN
from deploy.demo.processes import Processes, meldeweg
from deploy.demo.story import CONTENTS, Company, content, expect
from deploy.demo.tell import heading, say
from hub import clock

DUTY: Final = f"{WARSTEIN}.bereitschaft"
AGREEMENT: Final = "warstein-polizei/1"
COORDINATOR: Final = "koordination:05114000"
ELSEWHERE: Final = {
    "Breckerfeld": "jugendamt",
    "Lünen": "polizei",
    "Lippstadt": "staatsanwaltschaft",
}
"""A town that another looks after, one of another Kreis's police, one of another prosecutor."""


@dataclass
class Elsewhere:
    """The two sides of the agreement, and two sectors of Kreis Steinfurt."""

    office: Actor
    police: Actor
    practice: Actor
    emsdetten: Actor

    @property
    def all(self) -> tuple[Actor, ...]:
        return (self.office, self.police, self.practice, self.emsdetten)


async def elsewhere(processes: Processes) -> Elsewhere:
    """Let the units of this scene sit down."""
    office, police, practice, emsdetten = await asyncio.gather(
        enter(processes, DUTY, "Jugendamt Warstein, Bereitschaft"),
        enter(processes, SOEST, "Kreispolizeibehörde Soest"),
        enter(processes, PRACTICE, "Kinderarztpraxis in Emsdetten"),
        enter(processes, f"{EMSDETTEN}.asd", "Jugendamt Emsdetten"),
    )
    return Elsewhere(office, police, practice, emsdetten)


async def other_places(
    company: Company, there: Elsewhere, processes: Processes, week: Week
) -> None:
    """Tell of the Land, of two sectors, and of an agreement that switches an exchange on."""
    heading("Anderswo: wer es hören muss, und was eine Vereinbarung einschaltet")
    await _land(processes)
    await _sectors(company, there)
    put(processes.place, week.at(1, 23, 10))
    await _without(there)
    await _conclude(processes)
    await _with(company, there)


async def _sectors(company: Company, there: Elsewhere) -> None:
    """In Kreis Steinfurt each sector says what is its own, and nothing else."""
    to = f"{EMSDETTEN}.asd"
    sent = await there.practice.ask(
        "send",
        protocol="gesundheit-mitteilung",
        step="mitteilung",
        to=to,
        urgency="unverzueglich",
        content=example("gesundheit-mitteilung", "mitteilung"),
    )
    company.accepted.append((there.practice, sent["id"]))
    await there.emsdetten.received(sent["id"])
    foreign = {**_notice(), "to": to, "basis": "polgnrw-27"}
    refused = await there.practice.refused("send", **foreign)
    expect("Eine Praxis ist keine Polizei.", holds=refused["code"] == "step-not-allowed")
    say(
        "Kreis Steinfurt: Eine Kinderarztpraxis teilt dem Jugendamt Emsdetten mit, was sie "
        "befunden hat; es kommt an.",
        "Im Verfahren der Polizei hat sie nichts zu sagen: "
        f"{refused['code']} ({refused['status']}): {refused['detail']}",
    )


async def _land(processes: Processes) -> None:
    asking = ("directory", "responsible", "--kind")
    answers = await asyncio.gather(
        *(meldeweg(processes, *asking, kind, "--ags", place) for place, kind in ELSEWHERE.items())
    )
    for said in answers:
        say(said.strip().splitlines()[1])


async def _without(there: Elsewhere) -> None:
    refused = await there.police.refused("send", **_notice())
    expect("Ohne Vereinbarung geht es nicht.", holds=refused["code"] == "no-agreement")
    say(
        "Warstein, Freitag 23:10 Uhr: Die Polizei will mitteilen; diese Fassung verlangt eine "
        "Vereinbarung.",
        f"{refused['code']} ({refused['status']}): {refused['detail']}",
    )


async def _conclude(processes: Processes) -> None:
    """Have both sides sign; the term begins today, whatever day it is."""
    text = (CONTENTS / "vereinbarung-warstein.yaml").read_text("utf-8")
    today = f"valid_from: {clock.today():%Y-%m-%d}"
    file = Path(processes.place.path) / "vereinbarung-warstein.yaml"
    file.write_text(re.sub(r"valid_from: .*", today, text), "utf-8")
    police, office = processes.place.agency(SOEST), processes.place.agency(WARSTEIN)
    await meldeweg(processes, "agreements", "propose", file, "--agency", police, "--yes")
    await meldeweg(
        processes,
        *("agreements", "sign", AGREEMENT),
        *("--agency", office, "--file", file, "--yes"),
    )
    say(
        "Polizei und Jugendamt unterschreiben die Kooperationsvereinbarung mit ihren "
        "Wurzelschlüsseln.",
        "Sie ist Daten: Beteiligte, Anlässe, Ansprechstellen, Laufzeit. Eine Rechtsgrundlage "
        "schafft sie nicht.",
    )


async def _with(company: Company, there: Elsewhere) -> None:
    sent = await there.police.ask("send", **_notice())
    company.accepted.append((there.police, sent["id"]))
    await there.office.received(sent["id"])
    await there.office.ask("acknowledge", message=sent["id"], role="bereitschaft")
    say(
        "Dieselbe Mitteilung kommt nun an, und die Bereitschaft hat Kenntnis genommen.",
        f"Angenommen als Nr. {sent['index']} im Protokoll. Läuft die Vereinbarung ab, ist der Weg "
        "wieder zu.",
    )


def _notice() -> dict[str, Any]:
    return {
        "protocol": AGREED,
        "step": "mitteilung",
        "to": DUTY,
        "urgency": "sofort",
        "content": content("mitteilung-nachts"),
    }


async def sign_in_links(processes: Processes) -> tuple[tuple[str, str], ...]:
    """Return links with which people sign in, each once and for ten minutes, and for whom."""
    people = (
        ("Koordination Krefeld (Vorführung)", ("--role", "koordination", "--for", COORDINATOR)),
        ("Betrieb (Vorführung), für alle Netze", ("--role", "betrieb")),
    )
    links = []
    for name, role in people:
        hub = ("--data-dir", processes.place.hub)
        said = await meldeweg(processes, "people", "add", name, *role, *hub, "--json")
        links.append((str(json.loads(said)["link"]), name))
    return tuple(links)
