# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A delivery on paper, for the file: the overview on top, then all that was said.

PDF/A-3a and PDF/UA-1: tagged, in German, with the JSON form inside, from which a program can take
what a person reads. The same delivery is the same file to the last byte.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from hub.adapters.delivery import Delivery
from hub.adapters.forms.as_json import as_json
from hub.adapters.forms.document import Document, file_name
from hub.adapters.forms.sections import Row, Section, sections
from hub.adapters.forms.told import Told, clock_time
from hub.clock import BERLIN

MEDIA_TYPE: Final = "application/pdf"
STANDARDS: Final = ("a-3a", "ua-1")
PARTIAL: Final = (
    "Ein Teil dieser Nachricht ist nicht für diese Stelle bestimmt und steht nicht darin."
)
REDUCED: Final = "In dieser Fassung fehlt, was nicht alle lesen dürfen, die Mitteilungen lesen."
_TEMPLATE: Final = Path(__file__).parent / "uebergabe.typ"
WITHHELD: Final = "steht nicht in dieser Fassung"
MARKS: Final = {
    "akte": "nur für die Akte",
    "anvertraut": "anvertraut (§ 65 SGB VIII)",
    "schutzadresse": "Schutzadresse",
}
"""What restricts a class; the common one has no mark."""


def as_pdf(told: Told, supplements: Sequence[Section] = ()) -> Document:
    """Return the delivery as a file; takes some tens of milliseconds.

    ``supplements`` stand before all that was said: whoever reads the file would rely on it.
    """
    # Eighty megabytes, which nobody else needs.
    import typst  # noqa: PLC0415

    made = typst.compile(
        _TEMPLATE.read_bytes(),
        format="pdf",
        pdf_standards=list(STANDARDS),
        ignore_system_fonts=True,
        timestamp=told.delivery.issued,
        sys_inputs={
            "delivery": json.dumps(_told(told, supplements), ensure_ascii=False),
            "json": as_json(_inside(told)).content.decode(),
        },
    )
    assert isinstance(made, bytes)  # noqa: S101  one document, one file
    return Document(file_name(told.delivery.id, "pdf"), MEDIA_TYPE, made)


def _told(told: Told, supplements: Sequence[Section]) -> dict[str, Any]:
    day = datetime.fromtimestamp(told.delivery.issued, BERLIN)
    return {
        "title": told.title,
        "id": told.delivery.id,
        "day": {"year": day.year, "month": day.month, "day": day.day},
        "is_demo": told.delivery.is_demo,
        "partial": _partial(told),
        "glance": [
            {"label": line.label, "text": line.text, "alarm": line.is_alarm} for line in told.glance
        ],
        "sections": [_set(each) for each in (*supplements, *sections(told.said))],
        "facts": _facts(told),
    }


def _inside(told: Told) -> Delivery:
    """Return what a program finds in the paper: as much as whoever reads it."""
    return replace(told.delivery, partial=told.delivery.partial or told.is_reduced)


def _partial(told: Told) -> str:
    reduced = REDUCED if told.is_reduced else ""
    return "\n".join(filter(None, (PARTIAL if told.delivery.partial else "", reduced)))


def _facts(told: Told) -> list[tuple[str, str]]:
    delivery = told.delivery
    return [
        ("Kennung", delivery.id),
        ("Vorgang", delivery.conversation),
        ("Verfahren", f"{told.protocol.title} ({delivery.protocol})"),
        ("Unterschrieben", clock_time(delivery.issued)),
        ("Hier eingegangen", clock_time(delivery.received)),
        ("Von", f"{delivery.sender_name} ({delivery.sender})"),
        ("An", delivery.recipient),
        ("Rechtsgrundlage", told.basis),
        ("Prüfsumme des Umschlags", delivery.env),
    ]


def _set(section: Section) -> dict[str, Any]:
    rows = [
        (_label(row, section), WITHHELD if row.is_withheld else row.text) for row in section.rows
    ]
    return {"title": _marked(section.title, section.class_name), "rows": rows}


def _label(row: Row, section: Section) -> str:
    whole = f"{row.part}: {row.label}" if row.part else row.label
    return whole if row.class_name == section.class_name else _marked(whole, row.class_name)


def _marked(label: str, class_name: str) -> str:
    """Return a label with what restricts it: whoever prints it must not overlook that."""
    mark = MARKS.get(class_name)
    return f"{label} – {mark}" if mark else label
