# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The log rewritten with its own key: nothing in it shows that, and a witness does not sign it."""

import asyncio
import json
from http.client import HTTPConnection
from pathlib import Path
from typing import Final

from deploy.demo.log_rewrite import Forger
from deploy.demo.log_signer import state_of
from deploy.demo.log_witness import Witness, until_witnessed
from deploy.demo.place import ROOT
from deploy.demo.processes import Processes
from deploy.demo.running import HOST, fetch
from deploy.demo.story import expect
from deploy.demo.tell import Failed, say, verbatim
from deploy.demo.verifying import Auditor, back_up
from hub.audit.witness.request import write_request
from hub.audit.witness.shelf import name_of

SOMEBODY_ELSE: Final = "jugendamt:05170000"
REFUSED: Final = 422
MOVED_ON: Final = 409
TRIES: Final = 5
"""So often: the log grows meanwhile, and a witness signs what has grown."""


async def rewritten(auditor: Auditor, witness: Witness, hub_port: int) -> None:
    """Rewrite a copy with the stolen key, show it to the auditor, and to a witness."""
    copy = auditor.folder / "umgeschrieben.sqlite"
    await until_witnessed(hub_port)
    index, status = await _offered(auditor, witness, copy)
    code, said = await auditor.verify("db", copy)
    expect(f"Die Fälschung stimmt in sich: {said}", holds=code == 0)
    say(
        "Jetzt hat jemand die Datenbank und dazu den Schlüssel des Protokolls gestohlen. In Nr. "
        f"{index} lässt er ein Beweispaket an eine andere Stelle gegangen sein, rechnet den Baum "
        "neu und unterschreibt alles noch einmal.",
        f"Das Prüfprogramm, allein mit Datenbank und Schlüssel: {said}",
    )
    say(
        f"Dem Zeugen der Datenschutzbeauftragten vorgelegt: Antwort {status}, keine Unterschrift. "
        "Er hat von derselben Größe eine andere Wurzel gesehen und behält beide Prüfpunkte.",
        f"meldeweg witness evidence --state {witness.state}",
    )
    verbatim(*(f"  {line}" for line in await _evidence(auditor.processes, witness)))


async def _offered(auditor: Auditor, witness: Witness, copy: Path) -> tuple[int, int]:
    """Show the forged log at the size that the witness saw last; returns entry and answer."""
    forger = Forger(copy, auditor.log_key, ROOT / state_of(auditor.place) / "keys")
    index, status = -1, MOVED_ON
    for _ in range(TRIES):
        seen = await _seen(auditor, witness)
        # Behind that, so that the copy has whatever the witness has seen.
        await asyncio.to_thread(back_up, auditor.database, copy)
        index = await asyncio.to_thread(forger.rewrite, SOMEBODY_ELSE)
        note = await asyncio.to_thread(forger.note_at, seen)
        status = await asyncio.to_thread(_show, witness.port, write_request(seen, (), note))
        if status != MOVED_ON:
            break
    expect(f"Der Zeuge unterschreibt nicht ({status}).", holds=status == REFUSED)
    return index, status


async def _seen(auditor: Auditor, witness: Witness) -> int:
    name = name_of(auditor.log_key.partition("+")[0])
    note = await asyncio.to_thread(fetch, witness.port, f"/{name}/checkpoint")
    return int(note.split(b"\n")[1])


def _show(port: int, request: bytes) -> int:
    line = HTTPConnection(HOST, port, timeout=10)
    try:
        line.request("POST", "/add-checkpoint", request)
        return line.getresponse().status
    finally:
        line.close()


async def _evidence(processes: Processes, witness: Witness) -> list[str]:
    code, out, err = await processes.commands.run(
        *("witness", "evidence", "--state", witness.state, "--json")
    )
    if code != 1:
        raise Failed(f"Der Zeuge hat nichts aufgehoben: {err or out}")
    [found] = json.loads(out)
    expect("Das Protokoll hat beides unterschrieben.", holds=found["holds"])
    before, shown = found["cosigned"].split("\n"), found["submitted"].split("\n")
    return [
        f"bezeugt:   {before[1]} Einträge, Wurzel {before[2]}",
        f"vorgelegt: {shown[1]} Einträge, Wurzel {shown[2]}",
        "Beide hat der Schlüssel des Protokolls unterschrieben: Das allein beweist die Fälschung.",
    ]
