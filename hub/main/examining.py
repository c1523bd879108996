# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg doctor`` and ``status``: how is the hub?"""

import typer

from hub.main import diagnosis
from hub.main.folder import DataDir
from hub.main.options import DEFAULT, Folder, hub_in
from hub.main.output import Json, show


def register(top: typer.Typer) -> None:
    """Hang these commands in at the top."""
    top.command("doctor")(doctor)
    top.command("status")(status)


def doctor(data_dir: Folder = DEFAULT, as_json: Json = False) -> None:
    """Untersucht den Hub: was ist, wie schlimm, was tun."""
    findings = diagnosis.examine(DataDir(data_dir))
    lines = [f"{each.mark} {each.what}{each.advice_line}" for each in findings]
    show([vars(each) for each in findings], as_json, "\n".join(lines))
    if any(each.level == "schlimm" for each in findings):
        raise typer.Exit(1)


def status(data_dir: Folder = DEFAULT, as_json: Json = False) -> None:
    """Zeigt Zahlen: Nachrichten je Zustand, Größe des Protokolls."""
    numbers = diagnosis.count(hub_in(data_dir))
    show(numbers, as_json, "\n".join(f"{name}: {number}" for name, number in numbers.items()))
