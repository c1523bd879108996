# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``docs/faults.md``: what the table counted last, for those who run a hub."""

import os
import platform
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from tests.faults.outcome import Outcome
from tests.house.source import ROOT

PAPER: Final = ROOT / "docs" / "faults.md"
NAMES: Final = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
_BEGINNING: Final = """\
<!-- SPDX-FileCopyrightText: 2026 Meldeweg contributors -->
<!-- SPDX-License-Identifier: EUPL-1.2 -->

# Was der Hub übersteht

Jede Zeile ist ein Versprechen, ein Versuch und eine Zählung. Geprüft wird der Hub, wie er betrieben
wird: als eigener Prozess auf einem Datenverzeichnis, mit acht Absendern und zwei empfangenden
Stellen, die wirklich versiegeln, unterschreiben, öffnen und quittieren und nicht aufgeben. Danach
wird abgeglichen, was die Stellen in der Hand haben und was in der Datenbank steht: keine
quittierte Nachricht verloren, keine doppelt, keine ohne Eintrag, kein Eintrag ohne Nachricht, jede
Quittung da, und das Prüfprogramm findet in einer Kopie nichts. Zeiten stehen als kleinste /
mittlere / größte.

`make faults` wiederholt alles, mit tausend Abschüssen in F1, F10, F11 und F12 (etwa eine Stunde);
eine kurze Form läuft in `make test`. Auf
PostgreSQL: `MELDEWEG_TEST_DATABASE=postgresql make faults`. Diese Seite schreibt
`python -m tests.faults --write`.
"""


def write(outcomes: Sequence[Outcome], database: str, path: Path = PAPER) -> None:
    """Put the results of one database into the paper; those of the other stay."""
    parts = dict(_parts(path.read_text("utf-8"))) if path.exists() else {}
    parts[NAMES[database]] = _section(outcomes)
    sections = [f"## {name}\n\n{parts[name].strip()}\n" for name in NAMES.values() if name in parts]
    path.write_text("\n".join([_BEGINNING, *sections]), "utf-8")


def _parts(text: str) -> list[tuple[str, str]]:
    """Return heading and text of each section."""
    found = [part.partition("\n") for part in text.split("\n## ")[1:]]
    return [(heading, body) for heading, _, body in found]


def _section(outcomes: Sequence[Outcome]) -> str:
    kept = sum(outcome.is_kept for outcome in outcomes)
    today = f"{date.today():%d.%m.%Y}"  # noqa: DTZ011  the day on which somebody ran it
    machine = f"{os.cpu_count()} Kerne, {platform.system()}, Python {platform.python_version()}"
    head = "| Nr. | Was geschieht | Versprochen | Gezählt | Zeiten | Gehalten |"
    rows = [_row(outcome) for outcome in outcomes]
    intro = f"Stand {today}: {kept} von {len(outcomes)} Zeilen gehalten ({machine})."
    return "\n".join([intro, "", head, "|---|---|---|---|---|---|", *rows])


def _row(outcome: Outcome) -> str:
    cells = (
        outcome.row,
        outcome.what,
        outcome.promise,
        "; ".join(outcome.counted),
        "; ".join(outcome.times),
        "ja" if outcome.is_kept else "**nein**: " + "; ".join(outcome.findings[:3]),
    )
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
