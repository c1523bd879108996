# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A delivery on paper, for the file: the overview on top, then all that was said.

PDF/A-3a and PDF/UA-1: tagged, in German, with the JSON form inside, from which a program can take
what a person reads. The same delivery is the same file to the last byte.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from hub.adapters.forms.as_json import as_json
from hub.adapters.forms.document import Document, file_name
from hub.adapters.forms.labelled import Entry, Group, Value, birth
from hub.adapters.forms.told import Told, clock_time
from hub.clock import BERLIN

MEDIA_TYPE: Final = "application/pdf"
STANDARDS: Final = ("a-3a", "ua-1")
PARTIAL: Final = (
    "Ein Teil dieser Nachricht ist nicht für diese Stelle bestimmt und steht nicht darin."
)
_TEMPLATE: Final = Path(__file__).parent / "uebergabe.typ"
_CLASSES: Final = {"anvertraut": "anvertraut (§ 65 SGB VIII)", "schutzadresse": "Schutzadresse"}


def as_pdf(told: Told) -> Document:
    """Return the delivery as a file; takes some tens of milliseconds."""
    # Eighty megabytes, which nobody else needs.
    import typst  # noqa: PLC0415

    made = typst.compile(
        _TEMPLATE.read_bytes(),
        format="pdf",
        pdf_standards=list(STANDARDS),
        ignore_system_fonts=True,
        timestamp=told.delivery.issued,
        sys_inputs={
            "delivery": json.dumps(_told(told), ensure_ascii=False),
            "json": as_json(told.delivery).content.decode(),
        },
    )
    assert isinstance(made, bytes)  # noqa: S101  one document, one file
    return Document(file_name(told.delivery.id, "pdf"), MEDIA_TYPE, made)


def _told(told: Told) -> dict[str, Any]:
    day = datetime.fromtimestamp(told.delivery.issued, BERLIN)
    return {
        "title": told.title,
        "id": told.delivery.id,
        "day": {"year": day.year, "month": day.month, "day": day.day},
        "is_demo": told.delivery.is_demo,
        "partial": PARTIAL if told.delivery.partial else "",
        "glance": [
            {"label": line.label, "text": line.text, "alarm": line.is_alarm} for line in told.glance
        ],
        "sections": list(_sections(told.said)),
        "facts": _facts(told),
    }


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


def _sections(said: Group) -> Iterator[dict[str, Any]]:
    """Yield groups with a heading each; single values side by side share one."""
    loose: list[tuple[str, str]] = []
    for each in said.entries:
        if isinstance(each, Value):
            loose += _rows(each)
            continue
        if loose:
            yield {"title": "Angaben", "rows": loose}
            loose = []
        yield {"title": _marked(each.label, each.class_name), "rows": _rows(each)}
    if loose:
        yield {"title": "Angaben", "rows": loose}


def _rows(entry: Entry, before: str = "") -> list[tuple[str, str]]:
    if isinstance(entry, Value):
        return [(_marked(f"{before}{entry.label}", entry.class_name), entry.text)]
    if entry.pointer.endswith("/geburt"):
        parts = {e.pointer.rpartition("/")[2]: e.raw for e in entry.entries if isinstance(e, Value)}
        return [(before.removesuffix(": ") or entry.label, birth(parts))]
    rows: list[tuple[str, str]] = []
    plain = [each for each in entry.entries if isinstance(each, Value)]
    if entry.is_list and len(plain) == len(entry.entries):
        return [(f"{before}{entry.label}", "\n".join(each.text for each in plain))]
    for each in entry.entries:
        within = (
            f"{before}{each.label}: " if isinstance(each, Group) and not each.is_list else before
        )
        rows += _rows(each, within)
    return rows


def _marked(label: str, class_name: str) -> str:
    """Return a label with what restricts it: whoever prints it must not overlook that."""
    mark = _CLASSES.get(class_name)
    return f"{label} – {mark}" if mark else label
