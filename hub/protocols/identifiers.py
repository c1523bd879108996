# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What in a free text may say who somebody is?

§ 4 Abs. 2 KKG asks that data be pseudonymous before an adviser gets them. No schema can see that,
and no program can be sure of it; so this gives hints to the person who wrote the text, and decides
nothing. A hint says where to look and never what stands there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hub.model.json import Json
from hub.protocols.telltale import TELLTALES
from hub.protocols.wordlists import is_ordinary

SCANNED: Final = "ohne-erkennungsmerkmale"
"""Named by a step whose texts are looked through."""

UNMISTAKABLE: Final = frozenset({"e-mail", "telefonnummer"})
"""Kinds that nobody means otherwise; a text that has one of these is refused."""

SAYS: Final = {
    "name": "Das kann ein Name sein. Schreiben Sie „das Kind“, „die Mutter“ oder „ein Nachbar“.",
    "e-mail": "Das ist eine E-Mail-Adresse. Sie führt zu einer Person; bitte streichen.",
    "telefonnummer": "Das ist eine Telefonnummer. Sie führt zu einer Person; bitte streichen.",
    "geburtsdatum": "Das kann ein Geburtsdatum sein. Die Altersgruppe genügt.",
    "datum": "Das ist ein genaues Datum. Schreiben Sie, vor wie vielen Wochen es war.",
    "anschrift": "Das kann eine Anschrift sein. Schreiben Sie „die Wohnung“ oder „im Ort“.",
    "ort": "Das kann eine Postleitzahl mit Ort sein. Der Ort ist für den Rat nicht nötig.",
    "schule": "Das kann der Name einer Schule oder Kita sein. Schreiben Sie nur „die Schule“.",
    "schulnummer": "Das ist eine Schulnummer. Sie nennt die Schule; bitte streichen.",
    "klasse": "Das kann eine Schulklasse sein. Die Altersgruppe genügt.",
    "kennzeichen": "Das kann ein Kennzeichen sein. Es führt zu einer Person; bitte streichen.",
    "aktenzeichen": "Das kann ein Aktenzeichen sein. Es führt zu einem Vorgang; bitte streichen.",
}
"""By kind: what it may be, and what to write instead."""

_FURTHER_NAME: Final = re.compile(r"\s(?:(?:von|van|de|al|el|der) ){0,2}([^\W\d_][^\W\d_-]*)")


@dataclass(frozen=True)
class IdentifierHint:
    """A place in a content that may identify somebody; never what stands there."""

    pointer: str
    """JSON pointer to the text."""
    kind: str
    start: int
    """Offsets count characters of the text (code points), the end excluded."""
    end: int
    text: str
    """German: what it may be, and what to do."""


def find_identifiers(content: Json) -> tuple[IdentifierHint, ...]:
    """Return what may identify a person in the texts of a content, in the order of reading."""
    return tuple(
        IdentifierHint(pointer, kind, start, end, SAYS[kind])
        for pointer, text in _texts(content)
        for start, end, kind in _outermost(text)
    )


def _texts(part: Json, pointer: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(part, str):
        yield pointer, part
    elif isinstance(part, dict):
        for name, member in part.items():
            yield from _texts(member, f"{pointer}/{name}")
    elif isinstance(part, list):
        for index, item in enumerate(part):
            yield from _texts(item, f"{pointer}/{index}")


def _outermost(text: str) -> list[tuple[int, int, str]]:
    """Return the finds that lie in no other one: a street is not also somebody's name."""
    found = [
        (start, _with_family_name(text, end) if each.kind == "name" else end, each.kind)
        for each in TELLTALES
        for start, end in each.places(text)
    ]
    # The longest first; of equally long ones that which comes first in the table.
    kept: list[tuple[int, int, str]] = []
    for start, end, kind in sorted(found, key=lambda each: each[0] - each[1]):
        if not any(first <= start and end <= last for first, last, _ in kept):
            kept.append((start, end, kind))
    return sorted(kept)


def _with_family_name(text: str, end: int) -> int:
    """Return where a name ends: else whoever strikes the given name leaves the family name."""
    further = _FURTHER_NAME.match(text, end)
    if further is None or not further[1][0].isupper() or is_ordinary(further[1]):
        return end
    return further.end()
