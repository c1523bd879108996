# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which schemas can be sealed? (SL1 § 3)"""

from itertools import pairwise
from typing import Final

from hub.model.json import Json, JsonObject

SMALL: Final[JsonObject] = {
    "additionalProperties": False,
    "properties": {
        "bestaetigt": {"type": "boolean"},
        "eingegangen": {"const": True, "type": "boolean"},
        "taetig": {"type": "boolean"},
    },
    "required": ["eingegangen", "bestaetigt", "taetig"],
    "title": "Rückmeldung",
    "type": "object",
}
"""The schema of the worked example."""

LARGE: Final[JsonObject] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "https://meldeweg.example/schemas/muster/1.0.0/mitteilung",
    "title": "Mitteilung (Muster)",
    "type": "object",
    "additionalProperties": False,
    "required": ["kind", "anlass", "telefon", "zusatz"],
    "$defs": {
        "Name": {"type": "string", "minLength": 1, "maxLength": 40, "title": "Name"},
        "Rufname": {"$ref": "#/$defs/Name", "title": "Rufname"},
    },
    "properties": {
        "kind": {
            "type": "object",
            "additionalProperties": False,
            "required": ["vorname", "geburtsjahr"],
            "properties": {
                "vorname": {"$ref": "#/$defs/Rufname"},
                "familienname": {"$ref": "#/$defs/Name"},
                "geburtsjahr": {"type": "integer", "minimum": 1900, "maximum": 2100},
            },
        },
        "anlass": {"type": "string", "enum": ["Gefährdung", "anderer Anlass"]},
        "beobachtung": {"type": "string", "maxLength": 200, "x-class": "akte"},
        "telefon": {
            "type": "array",
            "maxItems": 2,
            "items": {"type": "string", "maxLength": 20, "pattern": "^[+0-9 /-]*$"},
        },
        "personen": {
            "type": "array",
            "maxItems": 2,
            "x-class": "akte",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "name": {"$ref": "#/$defs/Name"},
                    "im_haushalt": {"type": "boolean"},
                },
            },
        },
        "zusatz": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"sprache": {"type": "string", "const": "de"}},
        },
    },
}
"""Two classes, lists of leaves and of objects, references, letters beyond ASCII."""


def around(leaf: Json, defs: JsonObject | None = None, **root: Json) -> JsonObject:
    """Return a schema with one property ``feld``."""
    return ({} if defs is None else {"$defs": defs}) | {
        "type": "object",
        "additionalProperties": False,
        "properties": {"feld": leaf},
        **root,
    }


def text(**keywords: Json) -> JsonObject:
    return {"type": "string", "maxLength": 10, **keywords}


def nested(levels: int) -> JsonObject:
    """Return a schema whose only leaf lies so deep."""
    schema = around({"type": "boolean"})
    for _ in range(levels - 1):
        schema = around(schema)
    return schema


def wide(leaves: int, leaf: Json = None) -> JsonObject:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {f"feld{i}": leaf or {"type": "boolean"} for i in range(leaves)},
    }


def chain(references: int) -> JsonObject:
    """Return a schema that reaches its leaf over so many references in a row."""
    names = [f"N{i}" for i in range(references)]
    definitions: JsonObject = {
        name: {"$ref": f"#/$defs/{following}"} for name, following in pairwise(names)
    }
    return around({"$ref": "#/$defs/N0"}, defs=definitions | {names[-1]: {"type": "boolean"}})


def classes(number: int) -> JsonObject:
    properties: JsonObject = {
        f"feld{i}": {"type": "boolean", "x-class": f"klasse-{i}"} for i in range(number)
    }
    return {"type": "object", "additionalProperties": False, "properties": properties}


def long_pointer(length: int) -> JsonObject:
    """Return a schema whose only pointer has so many characters."""
    names = ["a" * 39, "b" * 39, "c" * 39]
    names.append("d" * (length - len("".join(names)) - 4))
    schema: JsonObject = {"type": "boolean"}
    for name in reversed(names):
        schema = {
            "type": "object",
            "additionalProperties": False,
            "properties": {name: schema},
        }
    return schema


def without(schema: JsonObject, keyword: str) -> JsonObject:
    return {name: value for name, value in schema.items() if name != keyword}


LIST: Final[JsonObject] = {"type": "array", "items": {"type": "boolean"}, "maxItems": 2}
LEAF: Final[JsonObject] = {"type": "boolean"}

SEALABLE: Final[dict[str, JsonObject]] = {
    "the worked example": SMALL,
    "two classes, lists and references": LARGE,
    "a leaf at depth 8": nested(8),
    "160 leaves": wide(160),
    "8 classes": classes(8),
    "7 references in a row": chain(7),
    "a pointer of 128 characters": long_pointer(128),
    "16 slots": around(LIST | {"maxItems": 16}),
    "one byte per character": around(text(**{"x-bytes-per-char": 1})),
    "4000 characters": around(text(maxLength=4000)),
    "an enumeration of integers": around({"type": "integer", "enum": [1, -100]}),
    "a constant string": around({"type": "string", "const": '\u00e4\n"'}),
    "negative integers": around({"type": "integer", "minimum": -1000, "maximum": 5}),
    "a pattern with an escaped dollar before the anchor": around(text(pattern=r"^\$$")),
    "a pattern with an escaped backslash before the anchor": around(text(pattern=r"^a\\$")),
    "a group that does not capture": around(text(pattern="^(?:a|b)$")),
    "what stands beside a reference wins": around(
        {"$ref": "#/$defs/N", "title": "hier", "x-class": "beside"},
        defs={"N": {"type": "boolean", "title": "dort", "x-class": "target"}},
    ),
    "the class of an object reaches its leaves": around(
        {**around(LEAF | {"x-class": "inner"}), "x-class": "outer"}
    ),
    "a definition that nothing refers to": around(LEAF, defs={"N": LEAF}),
    "a property that is named like a keyword": {
        "type": "object",
        "additionalProperties": False,
        "properties": {"type": {"type": "boolean"}, "enum": {"type": "boolean"}},
    },
}
