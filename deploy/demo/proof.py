# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What can be proven afterwards, with a copy of the auditor's program and copies of the data.

The program runs isolated (``-I -S``) in a process of its own: it finds the standard library of
Python and nothing else, so nothing of the hub either.
"""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from deploy.demo.place import ROOT, Place
from deploy.demo.processes import Processes, run
from deploy.demo.story import Company, content, expect
from deploy.demo.tell import Failed, heading, say, verbatim

VERIFIER: Final = ROOT / "hub" / "audit" / "verify.py"
DATABASE: Final = "meldeweg.sqlite"


async def prove(processes: Processes, company: Company, log_key: str) -> None:
    """Verify every message, every receipt and the log; then spoil a copy and verify again."""
    heading("Was sich beweisen lässt")
    check = ROOT / processes.place.check
    shutil.copyfile(VERIFIER, check / "verify.py")
    await _evidence(processes.place, company, log_key)
    copy = check / DATABASE
    await asyncio.to_thread(back_up, ROOT / processes.place.hub / DATABASE, copy)
    code, said = await verify(check, "db", copy, log_key)
    expect(f"Das Protokoll hält der Prüfung stand: {said}", holds=code == 0)
    say("Das ganze Protokoll, an einer Kopie der Datenbank: unverändert.", said)
    _nothing_readable(copy, processes.place)
    await _spoiled(copy, check, log_key, company.accepted[0][1])


async def verify(check: Path, kind: str, file: Path, log_key: str) -> tuple[int, str]:
    """Run the copied program; returns its exit code and what it said."""
    arguments = ("-I", "-S", check / "verify.py", kind, file, "--vkey", log_key)
    code, out, err = await run(*arguments, environment={"PYTHONUTF8": "1"})
    if err:
        raise Failed(f"Das Prüfprogramm ist gescheitert:\n{err}")
    return code, out.strip()


def back_up(source: Path, target: Path) -> None:
    """Copy the database of a hub that runs, as a backup does; the source is only read."""
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as reading,
        closing(sqlite3.connect(target)) as writing,
    ):
        reading.backup(writing)


async def _evidence(place: Place, company: Company, log_key: str) -> None:
    """Have each sender fetch the evidence of what it has sent."""
    check = ROOT / place.check
    for number, (sender, message) in enumerate(company.accepted, start=1):
        file = check / f"beweispaket-{number}.zip"
        await sender.ask("evidence", message=message, file=str(file))
        code, said = await verify(check, "evidence", file, log_key)
        expect(f"Beweispaket {number} hält der Prüfung stand: {said}", holds=code == 0)
    say(
        f"{len(company.accepted)} Beweispakete, von den Absendern abgeholt und geprüft: "
        "unverändert.",
        f"Geprüft mit einer Kopie von verify.py, allein mit Python selbst ({place.check}).",
    )


def _nothing_readable(copy: Path, place: Place) -> None:
    """Look for what only the two ends may know in everything that hub and portal wrote."""
    secrets = [
        content("mitteilung")["kind"]["name"]["vorname"],
        content("mitteilung")["kind"]["name"]["familienname"],
        content("mitteilung-nachts")["kind"]["name"]["familienname"],
        content("mitteilung")["warum_jugendamt"],
    ]
    files = [copy, ROOT / place.logs / "hub.log", ROOT / place.logs / "portal.log"]
    files += [path for path in (ROOT / place.portal).rglob("*") if path.is_file()]
    written = b"".join(path.read_bytes() for path in files)
    found = [secret for secret in secrets if secret.encode() in written]
    expect("Hub und Portal haben nichts Lesbares.", holds=not found)
    say("Kein Name eines Kindes steht in den Datenbanken oder Meldungen von Hub und Portal.")


async def _spoiled(copy: Path, check: Path, log_key: str, message: str) -> None:
    spoiled = check / "verfaelscht.sqlite"
    shutil.copyfile(copy, spoiled)
    flip_one_bit(spoiled, message)
    code, said = await verify(check, "db", spoiled, log_key)
    expect("Das Prüfprogramm findet die Verfälschung.", holds=code != 0)
    say(
        "Gegenprobe: In einer zweiten Kopie ist ein Bit gekippt. Das Prüfprogramm nennt die Stelle:"
    )
    *findings, summary = said.splitlines()
    verbatim(*findings[:3], summary)


def flip_one_bit(database: Path, message: str) -> None:
    """Change the time in the log entry of a message's acceptance, by one bit.

    The database forbids to change an entry, so the bit is flipped in the file.
    """
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as reading:
        query = (
            "SELECT body FROM audit_body JOIN audit_event ON audit_event.id = audit_body.event_id "
            "WHERE audit_event.message_id = ?"
        )
        (body,) = reading.execute(query, (message,)).fetchone()
    raw = bytearray(database.read_bytes())
    entry = body if isinstance(body, bytes) else body.encode()
    place = raw.find(entry)
    expect("Der Eintrag steht am Stück in der Datei.", holds=place >= 0)
    raw[place + entry.index(b'"t":') + 8] ^= 1
    database.write_bytes(raw)
