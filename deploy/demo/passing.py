# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A Jugendamt that was never the right one: it passes on, and nobody is left without an answer."""

from deploy.demo.catalogue import example
from deploy.demo.enrol import OFFICE, SEAT
from deploy.demo.story import Company, content, expect
from deploy.demo.tell import heading, say


async def passing_on(company: Company) -> None:
    """Tell a notice from the wrong office to the Rückmeldung of the right one."""
    heading("Ein Jugendamt, das nie zuständig war")
    notice = await _to_the_wrong_office(company)
    onward = await company.seat.ask(
        "pass_on", message=notice, to=OFFICE, content=example("jugendamt-mitteilung", "mitteilung")
    )
    company.accepted.append((company.seat, onward["id"]))
    await company.office.received(onward["id"])
    before = await company.school.ask("shown", message=notice)
    expect("Noch ist nichts weitergegeben.", holds="passed-on" not in before["words"])
    say(
        "Der Kreis gibt sie in einem Schritt weiter, mit dem, was für den Schutz nötig ist "
        "(§ 8a Abs. 6 SGB VIII).",
        "Bis in Rheinberg ein Mensch Kenntnis genommen hat, bleibt der Kreis zuständig "
        "(§ 86d SGB VIII).",
    )
    await company.office.ask("acknowledge", message=onward["id"], role="fachkraft")
    after = await company.school.ask("shown", message=notice)
    expect("Die Schule sieht, wohin.", holds=after["words"][-1] == "passed-on")
    say("In Rheinberg hat jemand Kenntnis genommen. Die Schule sieht:", after["lines"][-1])
    await _feedback(company, onward["id"])


async def _to_the_wrong_office(company: Company) -> str:
    sent = await company.school.ask(
        "send",
        protocol="schule-mitteilung",
        step="mitteilung",
        to=SEAT,
        urgency="unverzueglich",
        content=content("mitteilung"),
    )
    company.accepted.append((company.school, sent["id"]))
    await company.seat.received(sent["id"])
    await company.seat.ask("acknowledge", message=sent["id"], role="fachkraft")
    say(
        "Die Schule hat eine Mitteilung an das Jugendamt an ihrem Sitz gerichtet; das Kind wohnt "
        "in Rheinberg.",
        "Eine Fachkraft des Kreises hat Kenntnis genommen und sieht: Das war nie unser Fall.",
    )
    return str(sent["id"])


async def _feedback(company: Company, passed: str) -> None:
    said = content("rueckmeldung")
    answer = await company.office.ask("feedback", passed=passed, content=said)
    company.accepted.append((company.office, answer["id"]))
    opened = await company.school.received(answer["id"])
    expect("Die Rückmeldung kommt an, wie sie war.", holds=opened["content"] == said)
    say(
        "Die Rückmeldung schuldet jetzt Rheinberg, und die Lehrerin bekommt sie von dort: drei "
        "Angaben, mit ihrem Schlüssel geöffnet.",
    )
