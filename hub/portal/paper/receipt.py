# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The receipt on paper: that something was handed in, when, to whom, and how anybody can check it.

PDF/A-3a and PDF/UA-1, with the hub's answer inside. Nothing of the content stands in it, because
this side has none. The same receipt is the same file to the last byte.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from hub.clock import BERLIN
from hub.model.json import JsonObject
from hub.model.protocol import Protocol
from hub.protocols.wording import URGENCY

PDF: Final = "application/pdf"
STANDARDS: Final = ("a-3a", "ua-1")
_TEMPLATE: Final = Path(__file__).parents[2] / "web" / "templates" / "portal" / "quittung.typ"
_NEXT: Final = {
    "taken": "Zustellung an die Stelle bis {}. Sonst wird gefragt, wer als Nächstes Dienst hat.",
    "acknowledged": "Ein Mensch dort bestätigt den Eingang bis {}.",
    "overdue": "Ist das bis {} nicht geschehen, steht es mit der Rufnummer im Portal.",
}
"""By the clock of the notice, in the order in which they run out."""


@dataclass(frozen=True)
class Paper:
    """What stands on a receipt."""

    filing: Mapping[str, Any]
    """The filing as the portal shows it."""
    answer: JsonObject
    """Receipt, entry and proof, as the hub gave them."""
    protocol: Protocol
    house: str
    """Name of the house that filed."""
    log_key: str
    is_demo: bool = False

    @property
    def file(self) -> str:
        return f"quittung-{self.filing['id']}"


def as_pdf(paper: Paper) -> bytes:
    """Return the receipt as a file; takes some tens of milliseconds."""
    # Eighty megabytes, which nobody else needs.
    import typst  # noqa: PLC0415

    made = typst.compile(
        _TEMPLATE.read_bytes(),
        format="pdf",
        pdf_standards=list(STANDARDS),
        ignore_system_fonts=True,
        timestamp=paper.filing["accepted_at"],
        sys_inputs={
            "receipt": json.dumps(_told(paper), ensure_ascii=False),
            "answer": embedded(paper.answer).decode(),
        },
    )
    assert isinstance(made, bytes)  # noqa: S101  one document, one file
    return made


def embedded(answer: JsonObject) -> bytes:
    """Return the answer as the file inside, which the auditor's program reads."""
    return json.dumps(answer, ensure_ascii=False, indent=1).encode()


def _told(paper: Paper) -> dict[str, Any]:
    filing, day = paper.filing, datetime.fromtimestamp(paper.filing["accepted_at"], BERLIN)
    return {
        "title": "Quittung über eine Mitteilung",
        "file": paper.file,
        "is_demo": paper.is_demo,
        "day": {"year": day.year, "month": day.month, "day": day.day},
        "facts": _facts(paper),
        "next": _what_follows(filing),
        "ring": f"{filing['to_name']}, {filing['to_telephone']}",
        "key": paper.log_key,
    }


def _facts(paper: Paper) -> list[tuple[str, str]]:
    filing, step = paper.filing, paper.protocol.step(paper.filing["step"])
    return [
        ("Nummer für Rückfragen", short_number(filing["id"])),
        ("Ganze Nummer", filing["id"]),
        ("Angenommen", said(filing["accepted_at"])),
        ("Von", paper.house),
        ("Bestätigt durch", filing["by"]["name"]),
        ("An", filing["to_name"]),
        ("Worum es geht", step.title if step else paper.protocol.title),
        ("Verfahren", filing["protocol"]),
        ("Dringlichkeit", URGENCY[filing["urgency"]]),
    ]


def _what_follows(filing: Mapping[str, Any]) -> list[str]:
    due = filing["due"] or {}
    return [sentence.format(said(due[clock])) for clock, sentence in _NEXT.items() if clock in due]


def short_number(message_id: str) -> str:
    """Return what two people can tell each other on the telephone: the end of the long number."""
    end = message_id[-8:].upper()
    return f"{end[:4]}-{end[4:]}"


def said(second: int) -> str:
    """Return a time as it is written on paper."""
    return f"{datetime.fromtimestamp(second, BERLIN):%d.%m.%Y, %H:%M Uhr}"
