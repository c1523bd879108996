# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What can be proven afterwards, with a copy of the auditor's program and copies of the data."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from zipfile import ZipFile

from deploy.demo.actor import Actor
from deploy.demo.krefeld import Krefeld
from deploy.demo.log_export import exported
from deploy.demo.log_forged import rewritten
from deploy.demo.log_forget import forgotten
from deploy.demo.log_reconcile import reconciled
from deploy.demo.log_witness import Witness, until_witnessed
from deploy.demo.place import ROOT, Place
from deploy.demo.story import Company, content, expect
from deploy.demo.tell import heading, say, verbatim
from deploy.demo.verifying import DATABASE, Auditor, back_up

AT_ONCE: Final = 3
"""Packages that are verified side by side."""


@dataclass(frozen=True)
class Proofs:
    """Who verifies, and what there is to be verified."""

    auditor: Auditor
    company: Company
    krefeld: Krefeld
    witness: Witness
    hub_port: int
    first_day: datetime


async def prove(proofs: Proofs) -> None:
    """Verify every message, every receipt and the log, and what somebody makes of copies of it."""
    heading("Was sich beweisen lässt")
    auditor = proofs.auditor
    auditor.take_program()
    seen = await until_witnessed(proofs.hub_port)
    say(f"Das Protokoll ist bezeugt bis Nr. {seen - 1}, von beiden Zeugen.")
    await _evidence(auditor, proofs.company)
    await forgotten(auditor, proofs.krefeld, auditor.folder / "beweispaket-1.zip")
    await reconciled(auditor.processes, proofs.first_day)
    await _whole(auditor, proofs)
    await rewritten(auditor, proofs.witness, proofs.hub_port)
    await exported(auditor, proofs.hub_port)


async def _whole(auditor: Auditor, proofs: Proofs) -> None:
    """Verify the database as a whole; then spoil a copy and verify again."""
    await until_witnessed(proofs.hub_port)
    copy = auditor.folder / DATABASE
    await asyncio.to_thread(back_up, auditor.database, copy)
    code, said = await auditor.verify("db", copy, "--policy", auditor.policy)
    expect(f"Das Protokoll hält der Prüfung stand: {said}", holds=code == 0)
    say("Das ganze Protokoll mit seinen Zeugen, an einer Kopie der Datenbank: unverändert.", said)
    _nothing_readable(copy, auditor.place)
    await _spoiled(copy, auditor, proofs.company.accepted[0][1])


async def _evidence(auditor: Auditor, company: Company) -> None:
    """Have each sender fetch the evidence of what it has sent."""
    free = asyncio.Semaphore(AT_ONCE)

    async def verified(number: int, sender: Actor, message: str) -> None:
        file = auditor.folder / f"beweispaket-{number}.zip"
        async with free:
            await sender.ask("evidence", message=message, file=str(file))
            code, said = await auditor.verify("evidence", file, "--policy", auditor.policy)
        expect(f"Beweispaket {number} hält der Prüfung stand: {said}", holds=code == 0)
        expect(f"Beweispaket {number} ist bezeugt.", holds=_is_witnessed(file))

    await asyncio.gather(*(verified(at, *each) for at, each in enumerate(company.accepted, 1)))
    say(
        f"{len(company.accepted)} Beweispakete, von den Absendern abgeholt und geprüft: "
        "unverändert.",
        "Die Annahme jeder Nachricht ist darin auch mit den Unterschriften der Zeugen bewiesen.",
        f"Geprüft mit einer Kopie von verify.py, allein mit Python selbst ({auditor.place.check}).",
    )


def _is_witnessed(packed: Path) -> bool:
    with ZipFile(packed) as file:
        return any(name.startswith("witnessed/") for name in file.namelist())


def _nothing_readable(copy: Path, place: Place) -> None:
    """Look for what only the two ends may know in everything that hub and portal wrote."""
    secrets = [
        content("mitteilung")["kind"]["name"]["vorname"],
        content("mitteilung")["kind"]["name"]["familienname"],
        content("mitteilung-nachts")["kind"]["name"]["familienname"],
        content("mitteilung")["warum_jugendamt"],
    ]
    files = [copy, ROOT / place.logs / "hub.log", ROOT / place.logs / "portal.log"]
    folders = (place.portal, place.hub / "oeffnungen", place.path / "zeugen")
    files += [each for path in folders for each in (ROOT / path).rglob("*") if each.is_file()]
    written = b"".join(path.read_bytes() for path in files)
    found = [secret for secret in secrets if secret.encode() in written]
    expect("Hub und Portal haben nichts Lesbares.", holds=not found)
    say("Kein Name eines Kindes steht in den Datenbanken oder Meldungen von Hub und Portal.")


async def _spoiled(copy: Path, auditor: Auditor, message: str) -> None:
    spoiled = auditor.folder / "verfaelscht.sqlite"
    shutil.copyfile(copy, spoiled)
    flip_one_bit(spoiled, message)
    code, said = await auditor.verify("db", spoiled)
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
