# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which contents fit their schema, and in how many spellings? In one."""

from dataclasses import dataclass
from typing import Final

from hub.model.json import Json, JsonObject
from specs.vectors.sl1.schemas import LARGE, LEAF, LIST, SMALL, around, text


@dataclass(frozen=True)
class Case:
    """A content, and where it does not fit; no place means that it fits."""

    schema: JsonObject
    content: Json
    pointers: tuple[str, ...] | None = None


SMALLEST: Final[JsonObject] = {
    "anlass": "anderer Anlass",
    "kind": {"geburtsjahr": 2015, "vorname": "Mia-Muster"},
    "telefon": [],
    "zusatz": {},
}
FULL: Final[JsonObject] = {
    "anlass": "Gefährdung",
    "beobachtung": "Erfundener Text: ñ, ł, ğ, Ω, 你, \U0001f392\nzweite Zeile",
    "kind": {"familienname": "Mustermann-Łukasiewicz", "geburtsjahr": 2015, "vorname": "Jörg"},
    "personen": [{"im_haushalt": False, "name": "Müßig"}, {"im_haushalt": True}],
    "telefon": ["+49 999 0", "0999/1"],
    "zusatz": {"sprache": "de"},
}
CONFIRMED: Final[JsonObject] = {"bestaetigt": False, "eingegangen": True, "taetig": True}

OPTIONAL_LIST: Final = around(LIST)
OPTIONAL_OBJECT: Final = around(around(LEAF))
ITEMS: Final = around(LIST | {"items": around(LEAF)})
NARROW: Final = around(text(**{"x-bytes-per-char": 1}))
YEAR: Final = around({"type": "integer", "minimum": 1900, "maximum": 2100})

CONTENTS: Final[dict[str, Case]] = {
    "the worked example": Case(SMALL, CONFIRMED),
    "nothing optional": Case(LARGE, SMALLEST),
    "everything": Case(LARGE, FULL),
    "nothing at all": Case(around(LEAF), {}),
    "a required list may be empty": Case(OPTIONAL_LIST | {"required": ["feld"]}, {"feld": []}),
    "a required object may be empty": Case(OPTIONAL_OBJECT | {"required": ["feld"]}, {"feld": {}}),
    "one byte for each of ten characters": Case(NARROW, {"feld": "abcdefghij"}),
    "a line feed": Case(around(text()), {"feld": "a\nb"}),
    "a format is an annotation": Case(around(text(format="date")), {"feld": "kein Datum"}),
    "no object": Case(around(LEAF), [], ("",)),
    "a written null": Case(around(LEAF), {"feld": None}, ("/feld",)),
    "an empty optional list": Case(OPTIONAL_LIST, {"feld": []}, ("/feld",)),
    "an empty optional object": Case(OPTIONAL_OBJECT, {"feld": {}}, ("/feld",)),
    "a vacant item": Case(ITEMS, {"feld": [{"feld": True}, {}]}, ("/feld",)),
    "a vacant item before another": Case(ITEMS, {"feld": [{}, {"feld": True}]}, ("/feld/1",)),
    "an unknown member is not named": Case(around(LEAF), {"geheim": 1}, ("",)),
    "a missing member": Case(SMALL, {"bestaetigt": True, "eingegangen": True}, ("",)),
    "an item too many": Case(OPTIONAL_LIST, {"feld": [True, True, True]}, ("/feld",)),
    "an item too few": Case(around(LIST | {"minItems": 2}), {"feld": [True]}, ("/feld",)),
    "another type": Case(around(LEAF), {"feld": "true"}, ("/feld",)),
    "true is no integer": Case(YEAR, {"feld": True}, ("/feld",)),
    "an integer out of bounds": Case(YEAR, {"feld": 2101}, ("/feld",)),
    "a float": Case(YEAR, {"feld": 2000.0}, ()),
    "a value that is not listed": Case(LARGE, SMALLEST | {"anlass": "x"}, ("/anlass",)),
    "a constant that differs": Case(SMALL, CONFIRMED | {"eingegangen": False}, ("/eingegangen",)),
    "a string too long": Case(around(text()), {"feld": "a" * 11}, ("/feld",)),
    "a string too short": Case(around(text(minLength=2)), {"feld": "a"}, ("/feld",)),
    "a string outside its pattern": Case(LARGE, SMALLEST | {"telefon": ["x"]}, ("/telefon/0",)),
    "a line feed after what the pattern allows": Case(
        around(text(pattern="^a$")), {"feld": "a\n"}, ("/feld",)
    ),
    "more bytes than the leaf holds": Case(NARROW, {"feld": "äbcdefghij"}, ("/feld",)),
    "a string that is not NFC": Case(around(text()), {"feld": "a\u0308"}, ("/feld",)),
    "a forbidden character": Case(around(text()), {"feld": "a\u202eb"}, ("/feld",)),
    "two places at once": Case(
        SMALL, {"bestaetigt": 1, "eingegangen": True, "taetig": 0}, ("/bestaetigt", "/taetig")
    ),
}

_RANGES: Final = (
    (0x0000, 0x0009),
    (0x000B, 0x001F),
    (0x007F, 0x009F),
    (0x200B, 0x200F),
    (0x2028, 0x202E),
    (0x2060, 0x206F),
    (0xFEFF, 0xFEFF),
    (0xFFF0, 0xFFFB),
    (0xFFFE, 0xFFFF),
    (0xE000, 0xF8FF),
    (0xE0000, 0x10FFFF),
)
FORBIDDEN: Final = sorted({point for pair in _RANGES for point in pair})
"""First and last code point of each forbidden range; surrogates cannot be written in UTF-8."""
# Not the neighbours that Unicode composes or that are forbidden themselves.
ALLOWED: Final = [
    *(0x000A, 0x0020, 0x007E, 0x00A0, 0x200A, 0x2010, 0x2027, 0x202F, 0x205F, 0x2070),
    *(0xFEFE, 0xFF00, 0xFFEF, 0xFFFC, 0xFFFD, 0xD7FF, 0xFA0E, 0xDFFFF, 0x10000),
]
"""Code points beside the forbidden ranges."""
