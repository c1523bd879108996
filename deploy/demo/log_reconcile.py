# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a unit holds and what the hub holds: each night both lists are compared."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from deploy.demo.enrol import SCHOOL
from deploy.demo.place import ROOT
from deploy.demo.processes import Processes
from deploy.demo.story import WORDS, expect
from deploy.demo.tell import Failed, say

DIFFERS: Final = 4
"""What ``meldeweg reconcile`` ends with where the two do not hold the same."""


async def reconciled(processes: Processes, day: datetime) -> None:
    """Compare the day of the first notice, with the folder of the school and with an older one."""
    folder = processes.place.agency(SCHOOL)
    older, word = _older(processes, folder, day)
    code, found = await _compared(processes, older, day)
    expect("Die fehlende Quittung fällt auf.", holds=code == DIFFERS)
    [only] = found["only_there"]
    expect("Es ist die, die fehlt.", holds=only["word"] == word)
    code, same = await _compared(processes, folder, day)
    expect("Beide haben dasselbe.", holds=code == 0 and not same["only_there"])
    say(
        f"Der nächtliche Abgleich der Schule in Xanten, {day:%d.%m.%Y}: {same['held']} Quittungen "
        f"auf beiden Seiten, kein Unterschied. Das Ergebnis steht als Nr. {same['entry']} im "
        "Protokoll.",
        f"Mit einer Kopie ihres Ordners, in der eine fehlt: „Nur beim Hub: {WORDS[word]}“.",
    )


def _older(processes: Processes, folder: Path, day: datetime) -> tuple[Path, str]:
    """Copy the school's folder as if one receipt had never been put down; returns which."""
    copy = processes.place.check / "ordner-ohne-eine-quittung"
    shutil.copytree(ROOT / folder, ROOT / copy)
    file = ROOT / copy / "state" / "receipts" / f"{_utc(day)}.jsonl"
    held = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    gone = held[0]
    left = (json.dumps(each) for each in held if each["digest"] != gone["digest"])
    file.write_text("".join(f"{line}\n" for line in left), encoding="utf-8")
    return copy, gone["word"]


async def _compared(processes: Processes, folder: Path, day: datetime) -> tuple[int, Any]:
    asking = ("reconcile", "--agency", folder, "--day", _utc(day), "--json")
    code, out, err = await processes.commands.run(*asking)
    if code not in {0, DIFFERS}:
        raise Failed(f"Der Abgleich ist gescheitert:\n{err or out}")
    return code, json.loads(out)[0]


def _utc(day: datetime) -> str:
    return day.astimezone(UTC).date().isoformat()
