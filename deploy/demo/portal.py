# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A school without software of its own: it joins through the portal, files, and hears back.

The portal is a process of its own, as anybody would run it. The people at it are played without a
browser (``portal_client``): they seal and open as the pages do, and send what the pages send.
"""

import asyncio
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from deploy.demo.actor import Actor, Event
from deploy.demo.enrol import OFFICE, SCHOOLS_PROTOCOL
from deploy.demo.place import ROOT
from deploy.demo.portal_client import Person, RefusedByPortal, Wish
from deploy.demo.processes import Processes, meldeweg
from deploy.demo.running import HOST, ready
from deploy.demo.story import FACTS, Company, content, expect
from deploy.demo.tell import Failed, heading, say
from hub.protocols.catalogue import Catalogue
from hub.protocols.compiled import load_known

UNIT: Final = "schule:999003"
SEAT: Final = "05170048"
"""Wesel, where the school is; the child of the story lives in Rheinberg."""
HEAD: Final = "Schulleitung Erfunden-Wesel"
TEACHER: Final = "Lehrerin Erfunden-Lippe"
VISITORS: Final = ("Lehrkraft Erfunden-Besuch", "Sekretariat Erfunden-Besuch")
WRITES: Final = ("verfassen", "lesen")
SOON: Final = 60
"""Seconds within which the portal has fetched what there is; it takes two."""
ACKNOWLEDGED: Final = 5
ANSWERED: Final = 20
"""Seconds after which the Jugendamt says something to what a visitor has filed."""


@dataclass
class Portal:
    """The portal of the demo, and who sits at it."""

    processes: Processes
    url: str
    house: "House"
    catalogue: Catalogue = field(repr=False)
    head: Person = field(repr=False)
    teacher: Person = field(repr=False)

    async def invite(self, name: str, *roles: str) -> str:
        """Have the operator invite somebody; returns the one-time link."""
        return await _invited(self.processes, name, roles)


@dataclass
class House(Actor):
    """The school, as the others of the story know it; what it has sent lies at the portal."""

    processes: Processes | None = None

    async def ask(self, act: str, **given: Any) -> Any:
        """Do the one thing that is asked of every sender at the end: fetch evidence."""
        assert self.processes is not None  # noqa: S101  made with them
        if act != "evidence":
            raise Failed(f"{self.name}: {act} macht hier niemand.")
        folder = house_folder(self.processes)
        where = ("--agency", folder, "--out", given["file"])
        await meldeweg(self.processes, "evidence", given["message"], *where)
        return {}


def house_folder(processes: Processes) -> Path:
    return processes.place.portal / "haeuser" / UNIT.replace(":", "-")


async def open_portal(processes: Processes, port: int) -> Portal:
    """Start the portal, let the school join through it, and sit its people down."""
    heading("Das Portal: eine Schule ohne eigene Software")
    child = await processes.start("portal", "hub", "portal", "--port", str(port), "--host", HOST)
    await ready(port, "Das Portal")
    url, catalogue = processes.portal_url, load_known(None)
    say(f"Das Portal läuft: {url}/portal (Prozess {child.process.pid}).")
    head = await _joined(processes, Person(url, catalogue))
    teacher = Person(url, catalogue)
    await asyncio.to_thread(teacher.enter, await _invited(processes, TEACHER, WRITES))
    await asyncio.to_thread(_begin, teacher, head)
    house = House(UNIT, "Förderschule in Wesel", child, processes=processes)
    return Portal(processes, url, house, catalogue, head, teacher)


async def at_the_portal(company: Company, portal: Portal) -> None:
    """Tell of a notice from the form to the three facts that come back."""
    sent = await _filed(company, portal)
    await company.office.received(sent)
    await company.office.ask("acknowledge", message=sent, role="fachkraft")
    shown = await _filing(portal, sent, "bestaetigt")
    say(
        f"Das Jugendamt Rheinberg hat Kenntnis genommen; auf der Startseite der Lehrerin steht "
        f"„{shown['state_text']}“."
    )
    await _heard_back(company, portal, sent)


async def _joined(processes: Processes, head: Person) -> Person:
    """Play both operators and the first person of the school; each does only what is its own."""
    hub, unit = processes.place.hub, ("--data-dir", processes.place.hub, "--json")
    invited = json.loads(await meldeweg(processes, "participants", "add", UNIT, *unit))
    added = ("--code", invited["code"], "--seat-ags", SEAT)
    await meldeweg(processes, "portal", "houses", "add", UNIT, *added)
    roles = (*WRITES, "freigeben", "verwalten")
    await asyncio.to_thread(head.enter, await _invited(processes, HEAD, roles))
    await asyncio.to_thread(head.set_up)
    print_ = head.me["house"]["fingerprint"]
    confirming = ("--fingerprint", print_, "--data-dir", hub)
    await meldeweg(processes, "participants", "confirm", UNIT, *confirming)
    await meldeweg(processes, "portal", "houses", "settle", UNIT)
    await meldeweg(processes, "portal", "houses", "adopt", UNIT, SCHOOLS_PROTOCOL)
    _opens_nothing(processes)
    say(
        f"Die Förderschule in Wesel nimmt teil ({UNIT}): Ihre Schulleitung hat die Schlüssel im "
        "Browser gemacht.",
        f"Wurzelschlüssel {print_[:12]}… am Telefon verglichen. Der Server des Portals kann für "
        "die Schule unterschreiben und nichts öffnen: Kein Leseschlüssel liegt bei ihm.",
    )
    return head


def _opens_nothing(processes: Processes) -> None:
    """Look into the folder of the house; reading keys have an ending of their own."""
    folder = ROOT / house_folder(processes)
    found = [path.name for path in folder.rglob("*.key")]
    expect(f"Beim Portal liegt kein Leseschlüssel: {found}", holds=not found)


def _begin(person: Person, head: Person) -> None:
    person.set_up()
    head.refresh()
    head.share_desk()
    person.refresh()


async def _filed(company: Company, portal: Portal) -> str:
    wish = Wish(SCHOOLS_PROTOCOL, "mitteilung", OFFICE, "unverzueglich", content("mitteilung"))
    sent, answer = await asyncio.to_thread(portal.teacher.file, wish)
    expect("Der Hub hat angenommen.", holds=answer.get("state") == "angenommen")
    company.accepted.append((portal.house, sent))
    say(
        "Eine Lehrerin teilt mit: im Browser versiegelt, von ihr bestätigt, vom Portal "
        "unterschrieben.",
        "Angenommen, mit Quittung und Beweis. Weder das Portal noch der Hub kann den Inhalt lesen; "
        "wer bestätigt hat, steht im Protokoll unter einem Pseudonym, das nur die Schule auflöst.",
    )
    return sent


async def _heard_back(company: Company, portal: Portal, sent: str) -> None:
    said = content("rueckmeldung")
    answer = await company.office.ask("answer", message=sent, step="rueckmeldung", content=said)
    company.accepted.append((company.office, answer["id"]))
    letter = await _letter(portal)
    read = await asyncio.to_thread(portal.teacher.open, letter)
    expect("Die Rückmeldung kommt an, wie sie war.", holds=read == said)
    try:
        await asyncio.to_thread(portal.head.open, letter)
    except RefusedByPortal as refused:
        code = refused.code
    else:
        raise Failed("Die Rückmeldung hat jemand bekommen, der nicht mitgeteilt hat.")
    facts = [f"{FACTS[name]}: {'ja' if fact else 'nein'}" for name, fact in said.items()]
    say(
        f"Die Rückmeldung öffnet die Lehrerin mit ihrem eigenen Schlüssel: {' · '.join(facts)}.",
        f"Die Schulleitung bekommt sie nicht ({code}): Sie hat nicht mitgeteilt.",
    )


async def _filing(portal: Portal, sent: str, state: str) -> dict[str, Any]:
    """Wait until the portal knows what became of a notice."""
    for _ in range(SOON * 2):
        box = await asyncio.to_thread(portal.teacher.inbox)
        shown: dict[str, Any] = next(each for each in box["filings"] if each["id"] == sent)
        if shown["state"] == state:
            return shown
        await asyncio.sleep(0.5)
    raise Failed(f"Das Portal zeigt nach {SOON} Sekunden nicht, dass der Eingang bestätigt ist.")


async def _letter(portal: Portal) -> str:
    for _ in range(SOON * 2):
        box = await asyncio.to_thread(portal.teacher.inbox)
        if box["letters"]:
            return str(box["letters"][0]["id"])
        await asyncio.sleep(0.5)
    raise Failed(f"Die Rückmeldung ist nach {SOON} Sekunden nicht im Portal.")


async def _invited(processes: Processes, name: str, roles: tuple[str, ...]) -> str:
    given = [part for role in roles for part in ("--role", role)]
    said = await meldeweg(processes, "portal", "invite", UNIT, "--name", name, *given, "--json")
    return str(json.loads(said)["link"])


# -- while the demo stays up ----------------------------------------------------------------------


async def visitor_links(portal: Portal) -> tuple[tuple[str, str], ...]:
    """Return one-time links for people who look at the portal in a browser of their own."""
    return tuple([(await portal.invite(name, *WRITES), name) for name in VISITORS])


async def keep_company(portal: Portal, company: Company) -> None:
    """Do for visitors what the others would do: pass the desk key on, and answer from the office.

    Ends with the demo.
    """
    tell = company.office.on_received
    running: set[asyncio.Task[None]] = set()

    def answer(actor: Actor, event: Event) -> None:
        tell(actor, event)
        if event["from"] == UNIT and event["step"] == "mitteilung":
            task = asyncio.create_task(_answer(company, event["id"]))
            running.add(task)
            task.add_done_callback(running.discard)

    company.office.on_received = answer
    while True:
        await asyncio.to_thread(_pass_on, portal.head)
        await asyncio.sleep(3)


def _pass_on(head: Person) -> None:
    try:
        head.refresh()
        head.share_desk()
    except RefusedByPortal:
        # The clock was put ahead, and the session has ended; visitors go on without.
        return


async def _answer(company: Company, message: str) -> None:
    await asyncio.sleep(ACKNOWLEDGED)
    await company.office.ask("acknowledge", message=message, role="fachkraft")
    await asyncio.sleep(ANSWERED - ACKNOWLEDGED)
    said = content("rueckmeldung")
    await company.office.ask("answer", message=message, step="rueckmeldung", content=said)
    say("Das Jugendamt Rheinberg hat der Förderschule in Wesel rückgemeldet.")
