# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The form on paper, for a day on which no screen helps: the same questions, with room to write.

It follows from the same description as the form on the screen, so it asks for nothing else.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hub.model.json import JsonObject

_ROWS: Final = 2
"""So many entries of a list have room; more go on another sheet."""
_LONG: Final = 600
_LINES: Final = {"short": 3, "long": 7}
_YES_NO: Final = ("Ja", "Nein")


@dataclass(frozen=True)
class Blank:
    """One thing to fill in, or a group of them."""

    label: str
    hint: str
    kind: str
    """``line``, ``box``, ``boxes`` (to tick), ``day``, ``moment``, ``group``."""
    is_needed: bool
    choices: tuple[str, ...] = ()
    lines: int = 1
    fields: tuple["Blank", ...] = ()


@dataclass(frozen=True)
class Sheet:
    """One topic of the form."""

    title: str
    hint: str
    fields: tuple[Blank, ...]


def sheets(description: JsonObject) -> tuple[Sheet, ...]:
    """Return the topics of a form in their order."""
    pages: Any = description["pages"]
    return tuple(Sheet(page["title"], page["hint"], _blanks(page["fields"])) for page in pages)


def _blanks(fields: Sequence[Mapping[str, Any]]) -> tuple[Blank, ...]:
    return tuple(blank for each in fields for blank in _of(each))


def _of(field: Mapping[str, Any]) -> Iterator[Blank]:
    kind = field["kind"]
    if kind == "machine":
        return
    if kind == "list":
        yield from _entries(field)
    elif kind == "group":
        yield _blank(field, "group", fields=_blanks(field["fields"]))
    elif kind in _SIMPLE:
        yield _blank(field, _SIMPLE[kind])
    elif kind == "paragraph":
        lines = _LINES["long" if field["max"] > _LONG else "short"]
        yield _blank(field, "box", lines=lines)
    else:
        yield _blank(field, "boxes", choices=_choices(field))


_SIMPLE: Final = {
    "line": "line", "number": "line", "date": "day", "birth": "day", "moment": "moment",
}  # fmt: skip


def _choices(field: Mapping[str, Any]) -> tuple[str, ...]:
    if field["kind"] == "confirm":
        return (_YES_NO[0],)
    return tuple(each["label"] for each in field["choices"]) if "choices" in field else _YES_NO


def _entries(field: Mapping[str, Any]) -> Iterator[Blank]:
    inner = field["fields"] or [field["item"]]
    for number in range(1, min(field["max"], _ROWS) + 1):
        label = f"{field['item_label']} {number}"
        is_needed = field["required"] and number == 1
        yield Blank(label, "", "group", is_needed=is_needed, fields=_blanks(inner))


def _blank(field: Mapping[str, Any], kind: str, **more: Any) -> Blank:
    needed = field["required"] and not field["when"] and not field.get("within")
    return Blank(field["label"], field["hint"], kind, is_needed=needed, **more)
