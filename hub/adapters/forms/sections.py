# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""All that was said, as it is set on a page or on paper: sections with rows, in the form's order.

Every value of a content stands in exactly one row. What belongs together for whoever reads it (a
name, an address, a date of birth, a way to ring somebody) is one row.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hub.adapters.forms.composed import COMPOSITIONS
from hub.adapters.forms.labelled import Entry, Group, Value, Withheld
from hub.sealing.sealable import DEFAULT_CLASS

LOOSE: Final = "Angaben"
"""Heading over single values that stand beside each other."""
_TELEPHONE: Final = re.compile(r"\+?[0-9][0-9 ()/.-]{4,28}[0-9]")
_CALLED: Final = ("/kennung", "/telefon")


@dataclass(frozen=True)
class Row:
    """One thing that was said, with its label."""

    label: str
    text: str
    pointers: tuple[str, ...]
    class_name: str = DEFAULT_CLASS
    part: str = ""
    """Which part of the section it belongs to: „Beobachtung 2“."""
    telephone: str = ""
    """A number with which the text begins, as it was written; empty where there is none."""
    is_withheld: bool = False


@dataclass(frozen=True)
class Section:
    """What a form asks for under one heading."""

    pointer: str
    """Empty where single values share a heading."""
    title: str
    class_name: str
    rows: tuple[Row, ...]


def sections(said: Group) -> Iterator[Section]:
    """Yield groups with a heading each; single values side by side share one."""
    loose: list[Row] = []
    for each in said.entries:
        if isinstance(each, Value):
            loose += _rows(each, "")
            continue
        if loose:
            yield _loose(loose)
            loose = []
        yield Section(each.pointer, each.label, each.class_name, tuple(_inside(each)))
    if loose:
        yield _loose(loose)


def _loose(rows: list[Row]) -> Section:
    """Return single values under one heading; one alone is its own."""
    title = rows[0].label if len(rows) == 1 else LOOSE
    classes = {each.class_name for each in rows}
    class_name = classes.pop() if len(classes) == 1 else DEFAULT_CLASS
    return Section("", title, class_name, tuple(rows))


def dialled(text: str) -> str:
    """Return what a telephone dials for a text; empty where it is no number."""
    if not _TELEPHONE.fullmatch(text.strip()):
        return ""
    digits = re.sub(r"\D", "", text.replace("(0)", ""))
    return f"+{digits}" if text.strip().startswith("+") else digits


@dataclass(frozen=True)
class _Joined:
    """Values of a group that read as one."""

    label: str
    text: str
    values: tuple[Value, ...]

    def row(self, label: str, part: str) -> Row:
        pointers = tuple(each.pointer for each in self.values)
        number = next(filter(None, (_number(each) for each in self.values)), "")
        return Row(label, self.text, pointers, self.values[0].class_name, part, number)


def _inside(entry: Entry) -> Iterator[Row]:
    if isinstance(entry, Group) and not entry.is_list:
        yield from _grouped(entry, "", "")
    else:
        yield from _rows(entry, "")


def _rows(entry: Entry, part: str) -> Iterator[Row]:
    if isinstance(entry, Withheld):
        yield Row(entry.label, "", (entry.pointer,), entry.class_name, part, is_withheld=True)
    elif isinstance(entry, Value):
        yield _single(entry, part)
    elif entry.is_list:
        yield from _listed(entry, part)
    else:
        within = f"{part}: {entry.label}" if part else entry.label
        yield from _grouped(entry, part, within)


def _single(value: Value, part: str) -> Row:
    pointers = (value.pointer,)
    return Row(value.label, value.text, pointers, value.class_name, part, _number(value))


def _number(value: Value) -> str:
    return value.text if value.pointer.endswith(_CALLED) and dialled(value.text) else ""


def _listed(group: Group, part: str) -> Iterator[Row]:
    plain = [each for each in group.entries if isinstance(each, Value)]
    if len(plain) < len(group.entries):
        for each in group.entries:
            yield from _rows(each, part)
        return
    text = "\n".join(each.text for each in plain)
    pointers = tuple(each.pointer for each in plain)
    yield Row(group.label, text, pointers, group.class_name, part)


def _grouped(group: Group, part: str, within: str) -> Iterator[Row]:
    """Yield what reads as one where the first of it stands, and the rest as it comes."""
    joined = _joined(group)
    if joined is not None and len(joined.values) == len(group.entries):
        # It is all of the group, whose label says what it is.
        yield joined.row(group.label, part)
        return
    for each in group.entries:
        if joined is None or each not in joined.values:
            yield from _rows(each, within)
        elif each is joined.values[0]:
            yield joined.row(joined.label, within)


def _joined(group: Group) -> _Joined | None:
    """Return what of a group reads as one; values of different classes never do."""
    plain = [each for each in group.entries if isinstance(each, Value)]
    named = {each.pointer.rpartition("/")[2]: each for each in plain}
    for each in COMPOSITIONS:
        found = tuple(value for name, value in named.items() if name in each.names)
        is_whole = len(found) == len(group.entries)
        is_one = len({value.class_name for value in found}) == 1
        if each.needs <= named.keys() and is_one and (len(found) > 1 or is_whole):
            text = each.write({name: value.text for name, value in named.items()})
            return _Joined(each.label, text, found)
    return None
