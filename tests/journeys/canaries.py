# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Contents in which every word that could be about a person is marked, and the search for marks."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final
from urllib.parse import quote

from hub.errors import ContentInvalid
from hub.model.json import Json
from hub.protocols.catalogue import Catalogue
from hub.schemas import SCHEMAS
from hub.sealing.content import check_content
from hub.sealing.sealable import SealableSchema

STEMS: Final = ("Kanärienvogel-", "Kanarienvogel-")
"""Begin every mark that is a word; the umlaut makes escaped spellings differ from plain ones."""


@dataclass
class Aviary:
    """Marks contents, and remembers the marks."""

    catalogue: Catalogue
    marked: list[tuple[str, Json]] = field(default_factory=list)
    """Pointers of the leaves that took a mark, and the mark of each."""
    _numbers: Iterator[int] = field(default_factory=count)

    def content(self, protocol: str, step: str) -> dict[str, Any]:
        """Return a valid content of a step with a mark of its own in each leaf that takes one."""
        name = f"{protocol}/1.0.0/{step}"
        schema = self.catalogue.schemas.by_name(name)
        content = richest(protocol, step)
        for pointer in list(leaves(content)):
            self._mark(content, pointer, schema)
        return content

    @property
    def marks(self) -> list[str]:
        """Return what to look for; words by their stem, short numbers with the name they bear."""
        found = set(STEMS)
        for pointer, mark in self.marked:
            if isinstance(mark, int):
                name = pointer.rpartition("/")[2]
                found |= {f'"{name}":{mark}', f'"{name}": {mark}', f'"{pointer}",{mark}'}
            elif not str(mark).startswith(STEMS):
                found.add(str(mark))
        return sorted(found)

    def _mark(self, content: dict[str, Any], pointer: str, schema: SealableSchema) -> None:
        before = read(content, pointer)
        for mark in self._candidates(before):
            write(content, pointer, mark)
            if not is_valid(content, schema):
                continue
            self.marked.append((pointer, mark))
            return
        write(content, pointer, before)

    def _candidates(self, before: Json) -> Iterator[Json]:
        """Return what could stand in the place of a value, the most telling first."""
        number = next(self._numbers)
        letters = "".join(chr(ord("a") + int(digit)) for digit in str(number).zfill(4))
        if isinstance(before, str):
            yield from (f"{stem}{letters}" for stem in STEMS)
            yield f"K-{letters}-{letters}"
            day = f"19{10 + number // 28 % 80:02}-0{1 + number // 3 % 9}-{1 + number % 28:02}"
            yield day
            yield f"{day}T07:0{number % 10}:13+01:00"
            yield f"{71_000_000 + 7919 * number:08}"
        elif isinstance(before, int) and not isinstance(before, bool):
            yield 2002 + number % 16


def is_valid(content: Json, schema: SealableSchema) -> bool:
    try:
        check_content(schema, content)
    except ContentInvalid:
        return False
    return True


def richest(protocol: str, step: str) -> dict[str, Any]:
    """Return the valid example with the most leaves."""
    folder = SCHEMAS / protocol / "1.0.0" / "examples"
    found = [json.loads(path.read_bytes()) for path in sorted(folder.glob(f"{step}.valid*.json"))]
    content: dict[str, Any] = max(found, key=lambda each: len(list(leaves(each))))
    content.pop("rueckmeldung_an", None)
    return content


def leaves(value: Json, at: str = "") -> Iterator[str]:
    """Return the pointer of every leaf."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from leaves(member, f"{at}/{name}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, f"{at}/{index}")
    else:
        yield at


def read(content: Any, pointer: str) -> Any:
    for part in pointer.split("/")[1:]:
        content = content[int(part) if isinstance(content, list) else part]
    return content


def write(content: Any, pointer: str, value: Json) -> None:
    parent, _, last = pointer.rpartition("/")
    place = read(content, parent)
    place[int(last) if isinstance(place, list) else last] = value


def spellings(mark: str) -> set[bytes]:
    """Return every way in which a mark could stand somewhere without looking like itself."""
    octets = mark.encode()
    found = {
        octets,
        octets.lower(),
        octets.upper(),
        mark.encode("latin-1"),
        mark.encode("utf-16-le"),
        mark.encode("utf-16-be"),
        json.dumps(mark)[1:-1].encode(),
        json.dumps(json.dumps(mark)[1:-1])[1:-1].encode(),
        repr(octets)[2:-1].encode(),
        quote(mark).encode(),
        octets.hex().encode(),
        octets.hex().upper().encode(),
    }
    for offset in range(3):
        whole = base64.b64encode(b"\0" * offset + octets)
        # The signs at both ends depend on what stands beside the mark.
        inner = whole[-(-offset * 8 // 6) : (offset + len(octets)) * 8 // 6]
        found |= {inner, inner.translate(bytes.maketrans(b"+/", b"-_"))}
    return found


def found_in(haystack: bytes, marks: list[str]) -> list[str]:
    """Return the marks that stand in it in any spelling."""
    return [mark for mark in marks if any(spelling in haystack for spelling in spellings(mark))]
