# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A matter that is over is forgotten for ever, and what was proven before can still be proven."""

import json
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

from deploy.demo.krefeld import Krefeld
from deploy.demo.place import ROOT
from deploy.demo.processes import Processes, meldeweg
from deploy.demo.running import HUB_ID
from deploy.demo.story import expect
from deploy.demo.tell import Failed, say
from deploy.demo.verifying import Auditor

LAW: Final = "sgb10-84"
OFFICER: Final = "datenschutz.meldeweg.invalid"
GONE: Final = "Die Konversation ist gelöscht; geblieben sind Quittungen und Beweise."
PURPOSE: Final = ("--purpose", "rechtmaessigkeit")


async def forgotten(auditor: Auditor, there: Krefeld, packed: Path) -> None:
    """Forget a notice of the school in Krefeld; ``packed`` has the keys of the hub."""
    processes, notice = auditor.processes, there.answered[0]
    receipt = _receipt_of(processes, there, notice)
    about = ("--conversation", notice, "--data-dir", processes.place.hub)
    entries = await _found(processes, about)
    approval = await _approved(processes, about)
    wish = (*about, "--law", LAW, "--approval", approval, "--json")
    gone = json.loads(await meldeweg(processes, "audit", "erase", *wish))
    say(
        "Die Familie verlangt, dass der Hub den Vorgang vergisst (§ 84 SGB X). Die "
        "Datenschutzbeauftragte unterschreibt die Freigabe mit ihrem Schlüssel; der Hub trägt "
        f"zuerst ein, dass es geschieht, und vernichtet dann den Schlüssel von {entries} Einträgen "
        f"und die Umschläge von {len(gone['messages'])} Nachrichten."
    )
    await _nothing_found(processes, about)
    await _still_proven(auditor, receipt, packed)
    proof = processes.place.check / "loeschnachweis.pdf"
    where = ("--out", proof, "--data-dir", processes.place.hub)
    await meldeweg(processes, "audit", "deletion-proof", gone["key"], *gone["messages"], *where)
    say(f"Der Löschnachweis mit Gesetz, Freigabe und Beweisen: {proof}")


def _receipt_of(processes: Processes, there: Krefeld, notice: str) -> str:
    """Return what the school keeps of its notice: the answer with receipt, entry and proof."""
    folder = ROOT / processes.place.agency(there.school.unit) / "state" / "receipts"
    for file in sorted(folder.glob("*.jsonl")):
        for held in map(json.loads, file.read_text("utf-8").splitlines()):
            if held["message_id"] == notice and held["word"] == "accepted" and held["answer"]:
                return str(held["answer"])
    raise Failed("Die Schule in Krefeld hat ihre Quittung nicht.")


async def _found(processes: Processes, about: tuple[Any, ...]) -> int:
    asking = ("audit", "find", *about, *PURPOSE, "--whole", "--json")
    found = json.loads(await meldeweg(processes, *asking))
    expect("Vorher wird der Vorgang gefunden.", holds=bool(found["entries"]))
    return len(found["entries"])


async def _approved(processes: Processes, about: tuple[Any, ...]) -> Path:
    """Have the officer sign what the hub asks her for; without that, it refuses."""
    key = processes.place.path / "datenschutz.key"
    approval = processes.place.path / "freigabe"
    made = ("audit", "approve", "--key", key, "--new-key", OFFICER)
    vkey = (await meldeweg(processes, *made)).strip()
    hub = ("--data-dir", processes.place.hub)
    await meldeweg(processes, "audit", "approver", "add", vkey, *hub)
    code, _, _ = await processes.commands.run("audit", "erase", *about, "--law", LAW)
    expect("Ohne Freigabe geschieht nichts.", holds=code != 0)
    looking = ("audit", "erase", *about, "--law", LAW, "--dry-run", "--json")
    subject = json.loads(await meldeweg(processes, *looking))["subject"]
    claim = ("--hub", HUB_ID, "--act", "erase", "--subject", subject, "--out", approval)
    await meldeweg(processes, "audit", "approve", "--key", key, *claim)
    return approval


async def _nothing_found(processes: Processes, about: tuple[Any, ...]) -> None:
    code, _, said = await processes.commands.run("audit", "find", *about, *PURPOSE, "--whole")
    is_gone = code != 0 and GONE in " ".join(said.split())
    expect("Der Vorgang ist nicht mehr zu finden.", holds=is_gone)
    say(f"Gesucht mit seiner Kennung, im ganzen Protokoll: nichts. Der Hub sagt: „{GONE}“")


async def _still_proven(auditor: Auditor, receipt: str, packed: Path) -> None:
    answer, keys = auditor.folder / "alte-quittung.json", auditor.folder / "hub-keys.json"
    answer.write_text(receipt, encoding="utf-8")
    with ZipFile(packed) as file:
        keys.write_bytes(file.read("hub-keys.json"))
    code, said = await auditor.verify("receipt", answer, "--keys", keys)
    expect(f"Die alte Quittung gilt weiter: {said}", holds=code == 0)
    say(
        "Die Quittung, die seit einem halben Jahr bei der Schule liegt, gilt weiter, mit ihrem "
        f"Beweis: {said}"
    )
