# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What happens: a school's notice by day, and a notice of the police by night.

Nothing is pretended: each sentence is printed after the hub and the agencies have done what it
says, and what they say back is held against what the story claims.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from deploy.demo.actor import Actor
from deploy.demo.enrol import OFFICE, SEAT
from deploy.demo.tell import Failed, heading, say

CONTENTS: Final = Path(__file__).parent / "contents"
RHEINBERG: Final = "05170032"
XANTEN: Final = "05170052"
WORDS: Final = {
    "accepted": "Angenommen",
    "taken": "Zugestellt",
    "acknowledged": "Eingang bestätigt",
}
"""Receipts as the sender sees them."""
FACTS: Final = {
    "anhaltspunkte_bestaetigt": "gewichtige Anhaltspunkte bestätigt",
    "taetig_geworden": "tätig geworden",
    "noch_taetig": "noch tätig",
}


@dataclass
class Company:
    """The units of the story, and what was accepted in it."""

    school: Actor
    office: Actor
    seat: Actor
    police: Actor
    accepted: list[tuple[Actor, str]] = field(default_factory=list)
    """Sender and message id."""


def content(name: str) -> dict[str, Any]:
    """Read a content about invented persons."""
    read: dict[str, Any] = json.loads((CONTENTS / f"{name}.json").read_bytes())
    return read


def expect(what: str, *, holds: bool) -> None:
    """End the demo where the story would claim what is not so."""
    if not holds:
        raise Failed(f"Das stimmt nicht: {what}")


async def notify(company: Company, urgency: str = "unverzueglich") -> dict[str, Any]:
    """Have the school send its notice to the office; returns what the school was told."""
    sent: dict[str, Any] = await company.school.ask(
        "send",
        protocol="schule-mitteilung",
        step="mitteilung",
        to=OFFICE,
        urgency=urgency,
        content=content("mitteilung"),
    )
    company.accepted.append((company.school, sent["id"]))
    return sent


async def by_day(company: Company) -> None:
    """Tell a school's notice from the question who is responsible to the Rückmeldung."""
    heading("Am Tag: eine Schule macht eine Mitteilung")
    await _find_office(company)
    sent = await notify(company)
    say(
        "Die Schule sendet eine Mitteilung, Dringlichkeit „unverzüglich“.",
        f"Angenommen als Nr. {sent['index']} im Protokoll, mit Quittung und Beweis. Den Inhalt "
        "kann der Hub nicht lesen.",
    )
    received = await company.office.received(sent["id"])
    say(
        "Zugestellt: Das Jugendamt Rheinberg hat geöffnet, geprüft und abgelegt.",
        f"({received['file']})",
    )
    await _nothing_for_the_seat(company, sent["id"])
    await company.office.ask("acknowledge", message=sent["id"], role="fachkraft")
    seen = await company.school.ask("look", message=sent["id"])
    expect("Die Schule sieht drei Quittungen.", holds=seen["words"] == [*WORDS])
    say(
        "Eine Fachkraft hat Kenntnis genommen; das hält die Uhr an.",
        f"Die Schule sieht: {' · '.join(WORDS[word] for word in seen['words'])}. "
        "Wer geöffnet hat und wann, erfährt sie nie.",
    )
    await _feedback(company, sent["id"])


async def _find_office(company: Company) -> None:
    office = await company.school.ask("responsible", kind="jugendamt", ags=RHEINBERG)
    seat = await company.school.ask("responsible", kind="jugendamt", ags=XANTEN)
    expect("Für Rheinberg ist Rheinberg zuständig.", holds=office["id"] == OFFICE)
    expect("Für Xanten ist der Kreis zuständig.", holds=seat["id"] == SEAT)
    say(
        "Eine Lehrerin in Xanten sorgt sich um ein Kind aus Rheinberg. Wer ist zuständig?",
        office["reason"],
        "Das steht in der Tabelle der Schule; gesendet wurde dafür nichts.",
    )


async def _nothing_for_the_seat(company: Company, message: str) -> None:
    refused = await company.seat.refused("look", message=message)
    counted = await company.seat.ask("count")
    expect("Der Kreis hat nichts empfangen.", holds=counted["received"] == 0)
    say(
        "Das Jugendamt des Kreises Wesel, zuständig am Sitz der Schule, bekommt nichts:",
        f"0 Nachrichten, und auf Nachfrage „{refused['title']}“ ({refused['code']}).",
    )


async def _feedback(company: Company, message: str) -> None:
    said = content("rueckmeldung")
    answer = await company.office.ask("answer", message=message, step="rueckmeldung", content=said)
    company.accepted.append((company.office, answer["id"]))
    opened = await company.school.received(answer["id"])
    expect("Die Rückmeldung kommt an, wie sie war.", holds=opened["content"] == said)
    expect("Es sind genau drei Angaben.", holds=[*opened["content"]] == [*FACTS])
    facts = [f"{FACTS[name]}: {'ja' if fact else 'nein'}" for name, fact in said.items()]
    say(
        "Nach der Einschätzung: die Rückmeldung an die Lehrerin, mit ihrem Schlüssel geöffnet.",
        f"Genau drei Angaben: {' · '.join(facts)}. Mehr lässt § 64 Abs. 4 SGB VIII nicht zu.",
    )


async def by_night(company: Company) -> dict[str, Any]:
    """Tell a notice of the police; returns what the police was told."""
    heading("In der Nacht: die Polizei macht eine Mitteilung")
    sent: dict[str, Any] = await company.police.ask(
        "send",
        protocol="polizei-mitteilung",
        step="mitteilung",
        to=OFFICE,
        urgency="sofort",
        content=content("mitteilung-nachts"),
    )
    company.accepted.append((company.police, sent["id"]))
    say(
        "Ein Kind allein an einer Haltestelle, 1:20 Uhr. Die Polizei ruft an und sendet „sofort“.",
        f"Angenommen als Nr. {sent['index']} im Protokoll.",
    )
    await company.office.received(sent["id"])
    await company.office.ask("acknowledge", message=sent["id"], role="bereitschaft")
    seen = await company.police.ask("look", message=sent["id"])
    counted = await company.police.ask("count")
    expect("Die Polizei hat drei Quittungen.", holds=seen["words"] == [*WORDS])
    expect("Die Polizei hat keine Rückmeldung.", holds=counted["received"] == 0)
    say(
        "Die Bereitschaft des Jugendamts hat Kenntnis genommen.",
        f"Die Polizei hat Quittungen: {' · '.join(WORDS[word] for word in seen['words'])}. Eine "
        "Rückmeldung bekommt sie nicht: § 4 Abs. 4 KKG nennt sie nicht.",
    )
    return sent
