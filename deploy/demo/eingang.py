# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A Jugendamt whose case software takes nothing in: a connector, its folder, and its inbox.

The connector is a process of its own, as municipal IT would run it. The person at the inbox is
played without a browser (``eingang_client``): she sends the forms that the pages show.
"""

import asyncio
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from deploy.demo.eingang_client import Worker
from deploy.demo.enrol import DINSLAKEN
from deploy.demo.place import ROOT
from deploy.demo.processes import Processes, meldeweg
from deploy.demo.running import HOST, ready
from deploy.demo.story import FACTS, Company, content, expect
from deploy.demo.tell import Failed, heading, say

UNIT: Final = f"{DINSLAKEN}.asd"
NIGHTS: Final = f"{DINSLAKEN}.bereitschaft"
DUTY_WORKER: Final = "Erfunden-Duisburg, Fachkraft im ASD"
OFFICER: Final = "Erfunden-Datenschutz, behördliche Datenschutzbeauftragte"
VISITORS: Final = (
    ("Fachkraft Erfunden-Besuch", ("bereitschaft", "fachkraft")),
    ("Datenschutz Erfunden-Besuch", ("datenschutz",)),
)
SOON: Final = 60
"""Seconds within which something has to have arrived; it takes one."""
CONFIGURATION: Final = """\
agencies = {units}
data_dir = "zustand"
log_level = "warning"

[inbox]
host = "{host}"
port = {port}
public_url = "{url}"
demo = true
head_every = 2
operator = "Stadt Dinslaken (Vorführung)"

[inbox.neighbour]
name = "Bereitschaftsdienst des Kreises Wesel (erfunden)"
telephone = "+49 221 4710 102"

[[target]]
kind = "folder"
name = "ablage"
path = "ablage"
forms = ["pdf", "json"]
"""


@dataclass
class Eingang:
    """The connector of the demo, and who sits at its inbox."""

    processes: Processes
    url: str
    waiting: list[str] = field(default_factory=list)
    """What is left for visitors."""

    @property
    def file(self) -> Path:
        return file_of(self.processes)

    async def link(self, name: str, *roles: str) -> str:
        """Have the municipal IT let somebody in; returns the one-time link."""
        given = [part for role in roles for part in ("--role", role)]
        where = ("--config", self.file, "--unit", UNIT)
        said = await meldeweg(
            self.processes, "connector", "people", "add", name, *given, *where, "--json"
        )
        return str(json.loads(said)["link"])


def file_of(processes: Processes) -> Path:
    return processes.place.connector / "connector.toml"


async def open_inbox(processes: Processes, port: int) -> Eingang:
    """Set the connector up by its file and start it."""
    heading("Die Anbindung: ein Jugendamt ohne Schnittstelle")
    folder = ROOT / processes.place.connector
    (folder / "ablage").mkdir(mode=0o700, parents=True)
    units = [str(ROOT / processes.place.agency(unit)) for unit in (UNIT, NIGHTS)]
    text = CONFIGURATION.format(
        units=json.dumps(units), host=HOST, port=port, url=processes.inbox_url
    )
    (ROOT / file_of(processes)).write_text(text, "utf-8")
    child = await processes.start("connector", "hub", "connector", "--config", file_of(processes))
    await ready(port, "Die Anbindung")
    say(
        f"Die Anbindung des Jugendamts Dinslaken läuft (Prozess {child.process.pid}): nur "
        "Verbindungen nach außen, zwei Stellen, ein Ordner als Ziel und der Eingang im Browser."
    )
    return Eingang(processes, processes.inbox_url)


async def at_the_inbox(company: Company, inbox: Eingang) -> None:
    """Tell of a notice from the folder to the three facts that come back."""
    first = await inbox.link(DUTY_WORKER, "bereitschaft", "fachkraft")
    officer = await inbox.link(OFFICER, "datenschutz")
    with Worker(inbox.url) as worker:
        await asyncio.to_thread(worker.enter, first)
        sent = await _noted(company, inbox, worker)
        await _answered(company, worker, sent)
    await _who_looked(inbox, officer)
    inbox.waiting = [await _send(company, each) for each in ("sofort", "planbar")]


async def _send(company: Company, urgency: str) -> str:
    sent = await company.school.ask(
        "send",
        protocol="schule-mitteilung",
        step="mitteilung",
        to=UNIT,
        urgency=urgency,
        content=content("mitteilung"),
    )
    company.accepted.append((company.school, sent["id"]))
    return str(sent["id"])


async def _noted(company: Company, inbox: Eingang, worker: Worker) -> str:
    """Have a notice arrive in the folder and on the list, and a person take note of it."""
    sent = await _send(company, "sofort")
    folder = ROOT / inbox.processes.place.connector / "ablage"
    files = await _arrived(folder, sent)
    expect("Übergeben wird als PDF und JSON.", holds={".pdf", ".json"} <= files)
    await _until(lambda: sent in worker.listed(), "Die Mitteilung steht auf der Liste.")
    say(
        "Eine Schule teilt sofort mit. Die Anbindung öffnet, prüft und legt ab: PDF für Menschen, "
        "JSON für Programme.",
        "Auf der Liste der Bereitschaft steht sie mit Dringlichkeit und Uhr, ohne einen Namen.",
    )
    await asyncio.to_thread(worker.act, sent, "kenntnis")
    state = await _state(company, sent, "acknowledged")
    expect("Der Hub weiß, dass ein Mensch Kenntnis hat.", holds=state == "acknowledged")
    say(
        "Die Fachkraft öffnet sie und nimmt sie zur Kenntnis, mit zwei Berührungen nach der "
        "Anmeldung. Die Schule erfährt: Eingang bestätigt. Wer, erfährt sie nicht."
    )
    return sent


async def _answered(company: Company, worker: Worker, sent: str) -> None:
    said = content("rueckmeldung")
    before = (await company.school.ask("count"))["received"]
    facts = {name: "ja" if fact else "nein" for name, fact in said.items()}
    await asyncio.to_thread(worker.act, sent, "uebernahme")
    await asyncio.to_thread(worker.act, sent, "rueckmeldung", **facts)
    await _heard(company, before)
    told = [f"{FACTS[name]}: {'ja' if fact else 'nein'}" for name, fact in said.items()]
    say(f"Sie übernimmt und meldet zurück, drei Schalter: {' · '.join(told)}.")


async def _who_looked(inbox: Eingang, officer: str) -> None:
    """Have the data protection officer ask who opened what, and the log be verified."""
    with Worker(inbox.url) as watcher:
        await asyncio.to_thread(watcher.enter, officer)
        page = await asyncio.to_thread(watcher.page, "/eingang/lesebuch?zweck=eigenueberwachung")
    expect("Im Lesebuch steht, wer geöffnet hat.", holds="Erfunden-Duisburg" in page)
    said = await _verified(inbox)
    say(
        "Wer im Amt was geöffnet hat, steht im Lesebuch, ehe die Seite erscheint; die "
        "Datenschutzbeauftragte liest es dort, einen Inhalt sieht sie nicht.",
        " ".join(line.strip() for line in said.splitlines()[1:]),
    )


async def _verified(inbox: Eingang) -> str:
    """Return what the verification of the log of reading says, once the hub holds its head."""
    where = ("--config", inbox.file, "--agency", inbox.processes.place.agency(UNIT))
    for _ in range(SOON):
        said = await meldeweg(inbox.processes, "connector", "lesebuch", "verify", *where)
        if "noch kein Kopf" not in said:
            return said
        await asyncio.sleep(1)
    raise Failed(f"Der Hub hält nach {SOON} Sekunden keinen Kopf des Lesebuchs.")


async def _heard(company: Company, before: int) -> None:
    for _ in range(SOON * 5):
        if (await company.school.ask("count"))["received"] > before:
            return
        await asyncio.sleep(0.2)
    raise Failed(f"Die Rückmeldung ist nach {SOON} Sekunden nicht angekommen.")


async def _arrived(folder: Path, sent: str) -> set[str]:
    def files() -> set[str]:
        return {path.suffix for path in folder.glob(f"{sent}*")}

    await _until(lambda: len(files()) > 1, "Die Mitteilung wird abgelegt.")
    return await asyncio.to_thread(files)


async def _state(company: Company, sent: str, wanted: str) -> str:
    state = ""
    for _ in range(SOON * 5):
        state = (await company.school.ask("look", message=sent))["state"]
        if state == wanted:
            break
        await asyncio.sleep(0.2)
    return state


async def _until(holds: Any, what: str) -> None:
    """Wait until something is so; raises ``Failed`` where it does not come to be."""
    for _ in range(SOON * 5):
        if await asyncio.to_thread(holds):
            return
        await asyncio.sleep(0.2)
    raise Failed(f"Auch nach {SOON} Sekunden nicht: {what}")


async def visitor_links(inbox: Eingang) -> tuple[tuple[str, str], ...]:
    """Return one-time links for people who look at the inbox in a browser of their own."""
    return tuple([(await inbox.link(name, *roles), name) for name, roles in VISITORS])
