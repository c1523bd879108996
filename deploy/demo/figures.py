# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does the network of Krefeld see of half a year? Counts alone, and no small one."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Final

from deploy.demo.halfyear import Past
from deploy.demo.krefeld import Krefeld
from deploy.demo.processes import Processes, meldeweg
from deploy.demo.story import expect
from deploy.demo.tell import heading, say, verbatim

KEY: Final = "05114"
_BY_SENDER: Final = "Mitteilungen nach absendender Stelle"
_SHOWN: Final = (
    (_BY_SENDER, "", ("Alle Stellen", "Schulen", "Gesundheitswesen", "Polizei", "Zoll")),
    ("Mitteilungen nach Dringlichkeit", "", ("sofort", "unverzüglich", "planbar")),
    (
        "Von der Annahme, bis ein Mensch Kenntnis nahm",
        "unverzüglich (Frist 4 Stunden)",
        ("in der Zustellfrist", "dann in der Frist"),
    ),
    (
        "Von der Annahme bis zur Rückmeldung",
        "",
        ("binnen 7 Tagen", "dann binnen 14 Tagen", "dann binnen 30 Tagen"),
    ),
)
"""A few lines of the tables."""


async def the_evaluation(processes: Processes, there: Krefeld) -> None:
    """Show what the network's coordination is shown of those weeks, and what it is not."""
    heading("Krefeld: die Auswertung des Halbjahrs")
    asking = ("report", "--network", KEY, "--half", there.past.half.key, "--format", "csv")
    read = _read(await meldeweg(processes, *asking, "--data-dir", processes.place.hub))
    by_sender = read[_BY_SENDER]
    counted = str(there.notices), str(there.said["school"])
    seen = by_sender["Alle Stellen"], by_sender["Schulen"]
    expect("Gezählt ist, was gesendet wurde.", holds=seen == counted)
    expect("Kleine Zahlen stehen nicht da.", holds=by_sender["Zoll"] == "unter 5")
    police = by_sender["Polizei"]
    expect("Keine Zahl verrät eine kleine.", holds=police != str(there.said["police"]))
    say(
        "Das Halbjahr ist seit mehr als sechzig Tagen vorbei; jetzt sieht die Koordination des "
        "Netzes Zahlen, und nichts als Zahlen.",
        f"meldeweg {' '.join(asking)}",
    )
    verbatim(*(f"  {_line(read[shown[0]], *shown)}" for shown in _SHOWN))
    say(
        "„unter 5“ steht für jede Zahl unter fünf, auch für null.",
        f"Polizei: {police}. Die genaue Zahl ({there.said['police']}) bleibt weg, weil sonst eine "
        "kleine daneben zu errechnen wäre.",
        f"Dieselben Zahlen als Seite: {processes.public_url}{page_of(there.past)}",
    )


def _line(figures: Mapping[str, str], title: str, of: str, columns: Sequence[str]) -> str:
    prefix = f"{of}, " if of else ""
    said = " · ".join(f"{each} {figures[prefix + each]}" for each in columns)
    return f"{title}, {of}: {said}" if of else f"{title}: {said}"


def page_of(past: Past) -> str:
    """Return the path of the evaluation's page."""
    return f"/netzwerk/{KEY}/auswertung?halbjahr={past.half.key}"


def _read(said: str) -> dict[str, dict[str, str]]:
    """Return the figures of the spreadsheet by table, and by line and column."""
    read: dict[str, dict[str, str]] = {}
    for row in csv.DictReader(io.StringIO(said.removeprefix("\ufeff")), delimiter=";"):
        line = row["Zeile"]
        if row["Spalte"] not in {"Mitteilungen", "Übergaben"}:
            line = f"{line}, {row['Spalte']}"
        read.setdefault(row["Tabelle"], {})[line] = row["Angabe"]
    return read
