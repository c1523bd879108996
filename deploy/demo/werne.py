# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The night in Werne: who is asked when the office is closed, and what there is in the morning."""

import asyncio
import json
from dataclasses import dataclass
from typing import Final

from deploy.demo.actor import SOON, Actor, Event, enter
from deploy.demo.catalogue import example
from deploy.demo.clock import Week, put
from deploy.demo.enrol import CRISIS_LINE, PATROL, WERNE
from deploy.demo.mailbox import Mail, Mailbox
from deploy.demo.place import ROOT
from deploy.demo.processes import Processes, meldeweg
from deploy.demo.story import Company, content, expect
from deploy.demo.tell import Failed, heading, say, verbatim

DESK: Final = f"{WERNE}.asd"
HEAD: Final = f"{WERNE}.bereitschaft"
SERVICE: Final = f"{CRISIS_LINE}.05978040"
MAIL_OF_THE_HEAD: Final = "leitung@jugendamt-werne.invalid"
MAIL_OF_THE_PATROL: Final = "streife@ordnungsamt-werne.invalid"
GLANCE: Final = 0.05
"""Seconds between two looks into the mailbox."""


@dataclass
class Werne:
    """Those who are awake on Saturday, and the desk that is not."""

    patrol: Actor
    service: Actor
    head: Actor
    desk: Actor
    mailbox: Mailbox

    @property
    def all(self) -> tuple[Actor, ...]:
        return (self.patrol, self.service, self.head, self.desk)


async def werne(processes: Processes, mailbox: Mailbox) -> Werne:
    """Let the units of this scene sit down."""
    patrol, service, head, desk = await asyncio.gather(
        enter(processes, PATROL, "Ordnungsamt Werne"),
        enter(processes, SERVICE, "Rufbereitschaft für Werne"),
        enter(processes, HEAD, "Jugendamt Werne, Leitung"),
        enter(processes, DESK, "Jugendamt Werne, ASD"),
    )
    return Werne(patrol, service, head, desk, mailbox)


async def the_night(company: Company, there: Werne, processes: Processes, week: Week) -> None:
    """Tell Saturday 21:52 to Monday 8:05."""
    heading("Die Nacht in Werne")
    put(processes.place, week.at(2, 21, 52))
    await _who_is_on_duty(processes)
    notice = await _at_night(company, there)
    await _nobody_confirms(there, processes, week, notice["id"])
    handover = await _hand_over(company, there, processes, week, notice["id"])
    await _in_the_morning(company, there, processes, week, (notice["id"], handover))
    await _nothing_is_left(there, notice)


async def _who_is_on_duty(processes: Processes) -> None:
    """Ask as the Ordnungsamt does: from what the offices have signed."""
    asking = ("--agency", processes.place.agency(PATROL))
    found = json.loads(await meldeweg(processes, "duty", "--for", DESK, *asking, "--json"))
    expect("Am Samstagabend ist zuerst die Rufbereitschaft.", holds=found["first"] == SERVICE)
    say(f"Wer hat jetzt Dienst? meldeweg duty --for {DESK}", found["reason"])
    chain = enumerate(found["turns"], start=1)
    verbatim(*(f"  {number}. {turn['name']}, {turn['telephone']}" for number, turn in chain))


async def _at_night(company: Company, there: Werne) -> Event:
    sent = await there.patrol.ask(
        "send",
        protocol="ordnungsamt-mitteilung",
        step="mitteilung",
        to=DESK,
        urgency="sofort",
        content=content("mitteilung-werne"),
    )
    company.accepted.append((there.patrol, sent["id"]))
    arrived = await there.service.received(sent["id"])
    counted = await there.desk.ask("count")
    expect("Der ASD schläft.", holds=counted["received"] == 0)
    say(
        "Das Ordnungsamt findet ein Kind allein in einer Wohnung, ruft an und sendet „sofort“ an "
        "das Jugendamt.",
        f"Angenommen als Nr. {sent['index']} im Protokoll; im selben Augenblick hat es die "
        "Rufbereitschaft. Ein Feld für eine Einschätzung hat das Ordnungsamt nicht.",
    )
    return arrived


async def _nobody_confirms(there: Werne, processes: Processes, week: Week, message: str) -> None:
    """Ten minutes later the next is asked, and the sender knows; nobody is told any content."""
    put(processes.place, week.at(2, 22, 2))
    await there.head.received(message)
    mails = [await _mail(there.mailbox, each) for each in (MAIL_OF_THE_HEAD, MAIL_OF_THE_PATROL)]
    shown = await there.patrol.ask("shown", message=message)
    expect("Das Ordnungsamt erfährt es.", holds=shown["words"][-1] == "overdue")
    say(
        "Zehn Minuten lang hat niemand den Eingang bestätigt. Jetzt hat es auch die Leitung, und "
        "das Ordnungsamt sieht:",
        shown["lines"][-1],
        "Zwei Mails, ohne ein Wort vom Inhalt:",
    )
    verbatim(*(f"  {mail}" for mail in mails))
    await there.service.ask("acknowledge", message=message, role="bereitschaft")
    say("Die Rufbereitschaft bestätigt; das hält die Uhr an. Weiter wird niemand gefragt.")


async def _mail(mailbox: Mailbox, address: str) -> Mail:
    for _ in range(int(SOON / GLANCE)):
        if got := mailbox.got(address):
            return got[-1]
        await asyncio.sleep(GLANCE)
    raise Failed(f"Keine Mail an {address} ist angekommen.")


async def _hand_over(
    company: Company, there: Werne, processes: Processes, week: Week, message: str
) -> str:
    put(processes.place, week.at(2, 23, 30))
    handed = await there.service.ask(
        "hand_over",
        message=message,
        to=DESK,
        content=content("uebergabe-werne"),
    )
    company.accepted.append((there.service, handed["id"]))
    # Nobody may be in the middle of something while the clock is put.
    await there.desk.received(handed["id"])
    say(
        "Das Kind ist bei der Großmutter. Die Rufbereitschaft übergibt: was getan ist, was offen "
        "ist, wer entschieden hat.",
    )
    return str(handed["id"])


async def _in_the_morning(
    company: Company,
    there: Werne,
    processes: Processes,
    week: Week,
    messages: tuple[str, str],
) -> None:
    put(processes.place, week.at(4, 8, 0))
    for message in messages:
        await there.desk.received(message)
        await there.desk.ask("acknowledge", message=message, role="fachkraft")
    say("Der ASD öffnet um acht und hat beides: die ganze Mitteilung und die ganze Übergabe.")
    taken = await there.desk.ask(
        "answer",
        message=messages[1],
        step="uebernahme",
        content=example("krisendienst-uebergabe", "uebernahme"),
        urgency="unverzueglich",
    )
    company.accepted.append((there.desk, taken["id"]))
    over = await there.service.received(taken["id"])
    expect("Die Kopien sind gelöscht.", holds=messages[0] in over["erased"])
    say("Eine Fachkraft übernimmt mit Namen (§ 4 Abs. 2 LKiSchG NRW).")


async def _nothing_is_left(there: Werne, notice: Event) -> None:
    refused = await there.service.refused("look", message=notice["id"])
    expect("Der Dienst bekommt nichts mehr.", holds=refused["code"] == "not-found")
    expect("Die Datei ist fort.", holds=not (ROOT / notice["file"]).exists())
    say(
        "Die Rufbereitschaft hat ihre Kopie gelöscht und das unterschrieben; das Protokoll hat es.",
        f"Fragt sie den Hub noch einmal: „{refused['title']}“ ({refused['code']}).",
    )
