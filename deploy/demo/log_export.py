# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The log leaves the house: a folder that anybody verifies, by program or by browser."""

import json

from deploy.demo.log_witness import until_witnessed
from deploy.demo.processes import meldeweg
from deploy.demo.story import expect
from deploy.demo.tell import Failed, say, verbatim
from deploy.demo.verifying import Auditor


async def exported(auditor: Auditor, hub_port: int) -> None:
    """Export the log as it is witnessed, and verify it with the program in the export."""
    await until_witnessed(hub_port)
    folder = auditor.place.check / "export"
    where = ("--data-dir", auditor.place.hub, "--json")
    made = json.loads(await meldeweg(auditor.processes, "audit", "export", folder, *where))
    expect("Der Export endet am bezeugten Stand.", holds=made["witnessed"])
    there = auditor.folder / "export"
    policy = ("--policy", there / "policy")
    code, said = await auditor.verify("tiles", there, *policy, program=there / "verify.py")
    if code:
        raise Failed(f"Der Export hält der Prüfung nicht stand: {said}")
    say(
        f"meldeweg audit export: {made['size']} Einträge, bezeugt von beiden. Dass und wofür "
        "exportiert wird, stand vorher im Protokoll.",
        f"Geprüft mit dem Programm, das im Export liegt, und der Regel für Zeugen: {said}",
    )
    verbatim(
        "Ohne Netz im Browser prüfen, den Ordner wählen:",
        f"  {there / 'pruefen.html'}",
        f"  Schlüssel des Protokolls: {auditor.log_key}",
    )
