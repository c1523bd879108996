# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``python -m deploy.demo --port N [--once] [--dir DIR]``: play the story, verify it, stay up.

Ends with 0, or prints the reason and ends with something else.
"""

import argparse
import asyncio
import signal
import sys
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.demo.actor import Actor, Event, enter
from deploy.demo.catalogue import specialists, the_catalogue
from deploy.demo.clock import Week, put, wind
from deploy.demo.eingang import at_the_inbox, open_inbox
from deploy.demo.eingang import visitor_links as inbox_links
from deploy.demo.enrol import (
    IN_KREFELD,
    MEMBERS,
    OFFICE,
    PATROL,
    POLICE,
    SCHOOL,
    SEAT,
    enrol_all,
)
from deploy.demo.figures import page_of, the_evaluation
from deploy.demo.halfyear import Past
from deploy.demo.krefeld import Krefeld, half_a_year_before
from deploy.demo.log_signer import open_signer
from deploy.demo.log_witness import Witness, open_witnesses
from deploy.demo.mailbox import Mailbox, listening
from deploy.demo.networks import elsewhere, other_places, sign_in_links
from deploy.demo.passing import passing_on
from deploy.demo.place import DEFAULT, ROOT, Place, fresh_place
from deploy.demo.portal import Portal, at_the_portal, keep_company, open_portal, visitor_links
from deploy.demo.processes import Processes
from deploy.demo.proof import Proofs, prove
from deploy.demo.refusals import refusals
from deploy.demo.running import choose_port, found, start, well_known
from deploy.demo.story import Company, by_day, by_night, expect
from deploy.demo.tell import Failed, heading, say, verbatim
from deploy.demo.verifying import Auditor
from deploy.demo.werne import DESK, the_night, werne
from hub import clock

NOTICE = (
    "VORFÜHRUNG. Alle Personen und Schulen sind erfunden. Die Gemeinden dienen nur als Orte; die "
    "genannten Behörden nehmen nicht teil."
)
STOPPED = 130
REFUSED = 8
"""Five of one scene, one of the catalogue's, two elsewhere."""


@dataclass(frozen=True)
class Chosen:
    """What the command line says."""

    port: int
    once: bool
    folder: Path


def main() -> int:
    """Run the demo; returns its exit code."""
    try:
        return asyncio.run(_main(_parse()))
    except Failed as failed:
        print(f"\nDie Vorführung ist zu Ende: {failed}", file=sys.stderr, flush=True)
    except TimeoutError:
        print("\nDie Vorführung ist zu Ende: Etwas dauerte zu lange.", file=sys.stderr, flush=True)
    return 1


def _parse() -> Chosen:
    parser = argparse.ArgumentParser(prog="deploy.demo", description="Vorführung von Meldeweg.")
    parser.add_argument("--port", type=int, default=8080, help="Anschluss; 0: irgendeiner")
    parser.add_argument("--once", action="store_true", help="prüfen und beenden")
    parser.add_argument("--dir", type=Path, default=DEFAULT, help="Ordner der Vorführung")
    given = parser.parse_args()
    return Chosen(given.port, given.once, given.dir)


async def _main(chosen: Chosen) -> int:
    """Hold the folder, start and end the processes, and listen for the wish to stop."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    port = choose_port(chosen.port)
    portal, inbox = (choose_port(chosen.port and chosen.port + more) for more in (1, 2))
    with fresh_place(chosen.folder) as place:
        wind(place)
        async with listening() as mailbox:
            processes = Processes(place, _url(port), _url(portal), _url(inbox), mailbox.port)
            playing = _play(Stage(processes, mailbox, port, portal, inbox, chosen.once))
            try:
                is_through = await _until(stop, processes.supervised(playing))
            finally:
                unclean = await processes.end()
    for child in unclean:
        raise Failed(f"„{child.name}“ endete unsauber. Seine letzten Zeilen:\n{child.last_lines}")
    say("Alle Prozesse sind beendet.")
    return STOPPED if chosen.once and not is_through else 0


def _url(port: int) -> str:
    return f"http://localhost:{port}"


async def _until(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> bool:
    """Do the work, at the longest until ``stop``; says whether it came to its end."""
    working = asyncio.create_task(work)
    stopping = asyncio.create_task(stop.wait())
    awaited: set[asyncio.Future[Any]] = {working, stopping}
    try:
        await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            working.result()
        return working.done()
    finally:
        for task in (working, stopping):
            task.cancel()
        await asyncio.gather(*awaited, return_exceptions=True)


@dataclass(frozen=True)
class Stage:
    """What the story is played with."""

    processes: Processes
    mailbox: Mailbox
    port: int
    portal_port: int
    inbox_port: int
    once: bool


async def _play(stage: Stage) -> None:
    began, processes, week = time.monotonic(), stage.processes, Week(clock.today())
    print(NOTICE, flush=True)
    begun = await _before(stage, Past.before(week.at(0, 10)))
    krefeld, log_key = begun.krefeld, begun.log_key
    heading("Alle anderen Teilnehmer")
    put(processes.place, week.at(0, 10))
    await enrol_all(processes, MEMBERS, log_key)
    company = await _company(processes)
    await by_day(company)
    portal = await open_portal(processes, stage.portal_port)
    await at_the_portal(company, portal)
    inbox = await open_inbox(processes, stage.inbox_port)
    await at_the_inbox(company, inbox)
    others = await _tell(company, stage, week)
    await the_evaluation(processes, krefeld)
    await prove(
        Proofs(
            Auditor(processes, log_key), company, krefeld, begun.witness, stage.port, week.at(0, 10)
        )
    )
    say(
        f"{len(company.accepted)} Nachrichten und {krefeld.notices + krefeld.answers} aus Krefeld, "
        f"{REFUSED} Zurückweisungen, alles geprüft, in {time.monotonic() - began:.0f} Sekunden."
    )
    if not stage.once:
        _show_inbox(inbox.url, await inbox_links(inbox))
        await _stay(portal, company, others, page_of(krefeld.past))


@dataclass(frozen=True)
class Begun:
    """What there is when the story begins."""

    krefeld: Krefeld
    log_key: str
    witness: Witness
    """That of the data protection officer."""


async def _before(stage: Stage, past: Past) -> Begun:
    """Found the hub, and play what lies behind the story."""
    processes = stage.processes
    heading("Der Hub, und Krefeld ein halbes Jahr zuvor")
    put(processes.place, past.founding)
    await processes.prepare()
    say(await found(processes))
    log_key = await open_signer(processes)
    witness, _ = await open_witnesses(processes, log_key)
    pid = await start(processes, stage.port)
    expect(
        "Der Hub nennt denselben Schlüssel.", holds=(await well_known(stage.port))["log"] == log_key
    )
    say(f"Der Hub läuft: {processes.public_url} (Prozess {pid}).")
    await enrol_all(processes, IN_KREFELD, log_key)
    return Begun(await half_a_year_before(processes, past), log_key, witness)


async def _tell(company: Company, stage: Stage, week: Week) -> tuple[Actor, ...]:
    """Tell the scenes after that of the first day; returns who entered for them."""
    processes = stage.processes
    put(processes.place, week.at(1, 1, 20))
    notice = await by_night(company)
    put(processes.place, week.at(1, 9, 30))
    others = await specialists(processes)
    await the_catalogue(company, others)
    await passing_on(company)
    there = await elsewhere(processes)
    await other_places(company, there, processes, week)
    awake = await werne(processes, stage.mailbox)
    await the_night(company, awake, processes, week)
    await refusals(company, notice)
    return (*others.all, *there.all, *awake.all)


async def _company(processes: Processes) -> Company:
    school, office, seat, police = await asyncio.gather(
        enter(processes, SCHOOL, "Gesamtschule in Xanten"),
        enter(processes, OFFICE, "Jugendamt Rheinberg"),
        enter(processes, SEAT, "Jugendamt des Kreises Wesel"),
        enter(processes, POLICE, "Kreispolizeibehörde Wesel"),
    )
    actors = (school, office, seat, police)
    pids = " · ".join(f"{each.name} {each.child.process.pid}" for each in actors)
    say(f"Vier Stellen arbeiten, jede als eigener Prozess: {pids}.")
    return Company(school, office, seat, police)


async def _stay(portal: Portal, company: Company, others: tuple[Actor, ...], page: str) -> None:
    """Print what can be looked at, and tell what arrives, until somebody stops it."""
    for actor in (company.school, company.office, company.seat, company.police, *others):
        actor.on_received = _tell_arrival
    processes = portal.processes
    _show_portal(portal.url, await visitor_links(portal))
    _show_addresses(processes.public_url, processes.place, page, await sign_in_links(processes))
    await keep_company(portal, company)


def _tell_arrival(actor: Actor, event: Event) -> None:
    say(
        f"{actor.name}: „{event['step']}“ von {event['from']} ist angekommen.",
        f"Nachricht {event['id']}",
        f"({event['file']})",
    )


def _show_portal(url: str, links: tuple[tuple[str, str], ...]) -> None:
    heading("Das Portal, für einen Browser auf diesem Rechner")
    verbatim(
        f"{url}/portal",
        "  Mitteilen, ohne eigene Software; als erfundene Person der Förderschule in Wesel:",
        *(line for link, name in links for line in (link, f"  {name}; einmal, drei Tage lang.")),
        "  Für ein Kind in Rheinberg bestätigt das Jugendamt nach Sekunden und meldet zurück.",
    )


def _show_inbox(url: str, links: tuple[tuple[str, str], ...]) -> None:
    heading("Der Eingang des Jugendamts Dinslaken, für einen Browser auf diesem Rechner")
    verbatim(
        f"{url}/eingang",
        "  Zwei Mitteilungen warten; als erfundene Person des Jugendamts:",
        *(line for link, name in links for line in (link, f"  {name}; einmal, drei Tage lang.")),
    )


def _show_addresses(url: str, place: Place, page: str, links: tuple[tuple[str, str], ...]) -> None:
    heading("Der Hub bleibt erreichbar, bis Sie Strg-C drücken")
    verbatim(
        f"{url}/verfahren",
        "  Wer wem was sagen darf, auf welcher Grundlage und bis wann; aus den Verfahren erzeugt.",
        *(line for link, name in links for line in (link, f"  {name}; einmal, zehn Minuten lang.")),
        f"{url}{page}",
        "  Krefeld: das Halbjahr in Zahlen; angemeldet mit dem Link der Koordination.",
        f"{url}/health/ready",
        f"{url}/.well-known/meldeweg",
        f"{url}/v1/log/checkpoint",
        f"{url}/openapi.json",
        "",
        str(ROOT / place.check / "export" / "pruefen.html"),
        "  Das Protokoll im Browser prüfen, ohne Netz: den Ordner wählen, in dem die Seite liegt.",
        f".venv/bin/meldeweg witness evidence --state {place.path / 'zeugen' / 'datenschutz'}",
        "  Was die Datenschutzbeauftragte von der umgeschriebenen Fassung aufgehoben hat.",
        "",
        f"curl -s {url}/v1/protocols",
        "",
        "Eine eigene Mitteilung, als Grundschule in Moers, nach der Uhr der Vorführung:",
        f"export MELDEWEG_DEMO_CLOCK={place.clock}",
        ".venv/bin/meldeweg send --protocol schule-mitteilung --step mitteilung \\",
        f"  --agency {place.agency('schule:999002')} --to {OFFICE} \\",
        "  --urgency unverzueglich deploy/demo/contents/mitteilung.json",
        "",
        "Die Uhr vorstellen, und wer dann Dienst hat:",
        f".venv/bin/meldeweg demo-clock advance PT12H --data-dir {place.hub}",
        f".venv/bin/meldeweg duty --for {DESK} --agency {place.agency(PATROL)}",
    )


if __name__ == "__main__":
    sys.exit(main())
