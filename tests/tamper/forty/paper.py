# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``docs/tamper.md``: what was tried last, and who found it."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Final, TypeAlias

from tests.house.source import ROOT
from tests.tamper.forty.judge import Verdicts
from tests.tamper.forty.table import Row

PAPER: Final = ROOT / "docs" / "tamper.md"
NAMES: Final = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
Tried: TypeAlias = tuple[Row, Verdicts]
_BEGINNING: Final = """\
<!-- SPDX-FileCopyrightText: 2026 Meldeweg contributors -->
<!-- SPDX-License-Identifier: EUPL-1.2 -->

# Was geschieht, wenn jemand am Protokoll dreht

Vierzig Versuche an einem Hub, der gearbeitet hat. Bei 1 bis 27 hat jemand die Maschine: die
Datenbank, den Öffnungsspeicher und, wo es dasteht, den Schlüssel des Protokolls; alle Trigger und
Verweise sind dabei außer Kraft und danach wieder da. Vier werden gefragt, jeder für sich:

* **Datenbank**: das Prüfprogramm mit dem Schlüssel, den die Prüferin von anderswo hat, und einer
  Kopie der Datenbank. Mehr hat sie nicht.
* **Wächter**: der letzte unterschriebene Stand, wie ihn die Wächterdatei oder der Signierer in
  eigenem Prozess außerhalb der Datenbank hat. Bei 14 liegt er nicht bei der Prüferin.
* **Zeuge**: ein Zeuge, dem der neueste Stand der Datenbank vorgelegt wird. Was nach seiner letzten
  Unterschrift liegt, kennt er nicht.
* **Quittungen**: was Schule und Jugendamt in der Hand haben.

„gefunden“ ist, was der Versuch gezeigt hat, nicht, was zu erwarten wäre. Wer allein die Datenbank
prüft, findet vieles nicht: wer Datenbank und Schlüssel hat, kann eine andere Geschichte schreiben,
die in sich stimmt. Nichts davon hilft gegen einen Betreiber, der sich mit so vielen Zeugen
abspricht, wie die Regel verlangt, und gegen wahre Einträge mit falschem Inhalt.

`make tamper` wiederholt alles und schreibt diese Seite; alle vierzig laufen auch in `make test`.
"""
_HEAD: Final = (
    "| Nr. | Versuch | Datenbank | Wächter | Zeuge | Quittungen | Sonst: verhindert, gefunden |"
)


def write(tried: Sequence[Tried], database: str, path: Path = PAPER) -> None:
    """Put what was found on one database into the paper; that of the other stays."""
    parts = dict(_parts(path.read_text("utf-8"))) if path.exists() else {}
    parts[NAMES[database]] = section(tried)
    sections = [f"## {name}\n\n{parts[name].strip()}\n" for name in NAMES.values() if name in parts]
    path.write_text("\n".join([_BEGINNING, *sections]), "utf-8")


def _parts(text: str) -> list[tuple[str, str]]:
    found = [part.partition("\n") for part in text.split("\n## ")[1:]]
    return [(heading, body) for heading, _, body in found]


def section(tried: Sequence[Tried]) -> str:
    """Return the table of one database, and what it alone does not show."""
    found = sum(bool(verdicts.found) for _, verdicts in tried)
    blind = ", ".join(str(row.number) for row, verdicts in tried if verdicts.database == "")
    today = f"{date.today():%d.%m.%Y}"  # noqa: DTZ011  the day on which somebody ran it
    intro = f"Stand {today}: {found} von {len(tried)} gefunden oder verhindert."
    rows = [_line(row, verdicts) for row, verdicts in tried]
    said = f"Die Datenbank allein zeigt nicht: {blind}."
    return "\n".join([intro, said, "", _HEAD, "|---|---|---|---|---|---|---|", *rows])


def _line(row: Row, verdicts: Verdicts) -> str:
    asked = (verdicts.database, verdicts.guard, verdicts.witness, verdicts.receipts)
    marks = ("" if said is None else "gefunden" if said else "–" for said in asked)
    cells = (str(row.number), row.what, *marks, verdicts.other or _first(asked))
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _first(asked: Sequence[str | None]) -> str:
    """Return in words what the first of them found."""
    return next((words(said) for words, said in zip(_WORDS, asked, strict=True) if said), NOBODY)


_WORDS: Final[tuple[Callable[[str], str], ...]] = (
    lambda said: f"„{said.rpartition(': ')[2]}“",
    lambda _: "unterschrieben war schon mehr oder anderes",
    lambda said: f"der Zeuge antwortet {said.partition(' ')[0]}",
    str,
)
NOBODY: Final = "**niemand**"
