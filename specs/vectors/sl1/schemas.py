# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which schemas can be sealed, which cannot, and where does it show?"""

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

_NAMED: Final[JsonObject] = {"N": LEAF}

NOT_SEALABLE: Final[dict[str, tuple[Json, str]]] = {
    "a schema that is not an object": (True, ""),
    "a root that is a leaf": (LEAF, ""),
    "a root that is a list": (LIST, ""),
    "a root that is a reference": ({"$ref": "#/$defs/N", "$defs": _NAMED}, ""),
    "a keyword that is not JSON Schema": (around(LEAF, title=3), "/title"),
    "another dialect": (
        around(LEAF) | {"$schema": "http://json-schema.org/draft-07/schema#"},
        "/$schema",
    ),
    "an integer beyond 2^53 - 1": (
        around({"type": "integer", "minimum": 0, "maximum": 2**53}),
        "",
    ),
    "an unknown keyword at the root": (around(LEAF, minProperties=1), ""),
    "an unknown keyword at a leaf": (around(LEAF | {"default": True}), "/properties/feld"),
    "an unknown extension": (around(LEAF | {"x-other": 1}), "/properties/feld"),
    "$id beneath the root": (around(LEAF | {"$id": "a"}), "/properties/feld"),
    "$schema beneath the root": (
        around(LEAF | {"$schema": "https://json-schema.org/draft/2020-12/schema"}),
        "/properties/feld",
    ),
    "$defs beneath the root": (around(LEAF | {"$defs": {}}), "/properties/feld"),
    "a choice of schemas": (around({"anyOf": [LEAF]}), "/properties/feld"),
    "no type": (around({"title": "Feld"}), "/properties/feld"),
    "two types": (around({"type": ["string", "boolean"]}), "/properties/feld"),
    "null as a type": (around({"type": "null"}), "/properties/feld"),
    "number as a type": (around({"type": "number"}), "/properties/feld"),
    "true as a schema": (around(True), "/properties/feld"),  # noqa: FBT003  a JSON value
    "a reference to another document": (around({"$ref": "other.json"}), "/properties/feld/$ref"),
    "a reference to the root": (around({"$ref": "#"}), "/properties/feld/$ref"),
    "a reference deeper than $defs": (
        around({"$ref": "#/$defs/N/properties/a"}, defs=_NAMED),
        "/properties/feld/$ref",
    ),
    "a reference to nothing": (around({"$ref": "#/$defs/M"}, defs=_NAMED), "/properties/feld/$ref"),
    "a keyword beside a reference": (
        around({"$ref": "#/$defs/N", "type": "boolean"}, defs=_NAMED),
        "/properties/feld",
    ),
    "a loop of references": (
        around({"$ref": "#/$defs/N"}, defs={"N": {"$ref": "#/$defs/N"}}),
        "/$defs/N",
    ),
    "8 references in a row": (chain(8), "/$defs/N7"),
    "an object that contains itself": (
        around({"$ref": "#/$defs/N"}, defs={"N": around({"$ref": "#/$defs/N"})}),
        "/$defs/N/properties/feld",
    ),
    "a name of a definition with a dot": (around(LEAF, defs={"a.b": LEAF}), "/$defs"),
    "an unused definition outside the profile": (
        around(LEAF, defs={"N": {"type": "number"}}),
        "/$defs/N",
    ),
    "an open object": (without(around(LEAF), "additionalProperties"), ""),
    "an object open to booleans": (around(LEAF) | {"additionalProperties": LEAF}, ""),
    "an object without properties": (around(LEAF) | {"properties": {}}, ""),
    "an object that names no properties": (without(around(LEAF), "properties"), ""),
    "a name with a capital first": (around(LEAF) | {"properties": {"Feld": LEAF}}, "/properties"),
    "a name with a tilde": (around(LEAF) | {"properties": {"a~b": LEAF}}, "/properties"),
    "a name of 41 characters": (around(LEAF) | {"properties": {"a" * 41: LEAF}}, "/properties"),
    "a name with a line feed": (around(LEAF) | {"properties": {"feld\n": LEAF}}, "/properties"),
    "_sd as a name": (around(LEAF) | {"properties": {"_sd": LEAF}}, "/properties"),
    "a list without slots": (around(without(LIST, "maxItems")), "/properties/feld"),
    "a list of no slot": (around(LIST | {"maxItems": 0}), "/properties/feld"),
    "a list of 17 slots": (around(LIST | {"maxItems": 17}), "/properties/feld"),
    "a list without items": (around(without(LIST, "items")), "/properties/feld"),
    "a list of lists": (around(LIST | {"items": LIST}), "/properties/feld/items"),
    "a list of lists by reference": (
        around(LIST | {"items": {"$ref": "#/$defs/L"}}, defs={"L": LIST}),
        "/properties/feld/items",
    ),
    "a list of distinct items": (around(LIST | {"uniqueItems": True}), "/properties/feld"),
    "a string without bound": (around({"type": "string"}), "/properties/feld"),
    "a string of no character": (around(text(maxLength=0)), "/properties/feld"),
    "a string of 4001 characters": (around(text(maxLength=4001)), "/properties/feld"),
    "a bound beside an enumeration": (around(text(enum=["a"])), "/properties/feld"),
    "a constant beside an enumeration": (
        around({"type": "string", "enum": ["a"], "const": "a"}),
        "/properties/feld",
    ),
    "bytes per character beside a constant": (
        around({"type": "string", "const": "a", "x-bytes-per-char": 1}),
        "/properties/feld",
    ),
    "no byte per character": (around(text(**{"x-bytes-per-char": 0})), "/properties/feld"),
    "5 bytes per character": (around(text(**{"x-bytes-per-char": 5})), "/properties/feld"),
    "true as bytes per character": (
        around(text(**{"x-bytes-per-char": True})),
        "/properties/feld",
    ),
    "a pattern open at the start": (around(text(pattern="a$")), "/properties/feld/pattern"),
    "a pattern open at the end": (around(text(pattern="^a")), "/properties/feld/pattern"),
    "a pattern that ends in the character $": (
        around(text(pattern=r"^a\$")),
        "/properties/feld/pattern",
    ),
    "a pattern that looks ahead": (
        around(text(pattern="^(?=a).*$")),
        "/properties/feld/pattern",
    ),
    "a pattern with a named group": (
        around(text(pattern="^(?<n>a)$")),
        "/properties/feld/pattern",
    ),
    "a pattern with a class of characters by letter": (
        around(text(pattern=r"^\d$")),
        "/properties/feld/pattern",
    ),
    "a pattern that refers back": (
        around(text(pattern=r"^(a)\1$")),
        "/properties/feld/pattern",
    ),
    "a pattern that is no regular expression": (
        around(text(pattern="^(a$")),
        "/properties/feld/pattern",
    ),
    "an enumeration of nothing": (
        around({"type": "string", "enum": []}),
        "/properties/feld/enum",
    ),
    "an enumeration of another type": (
        around({"type": "string", "enum": ["a", 1]}),
        "/properties/feld",
    ),
    "true among integers": (around({"type": "integer", "enum": [True]}), "/properties/feld"),
    "a listed value that is not NFC": (
        around({"type": "string", "const": "a\u0308"}),
        "/properties/feld",
    ),
    "a listed value with a forbidden character": (
        around({"type": "string", "enum": ["a\u200b"]}),
        "/properties/feld",
    ),
    "an integer without bounds": (around({"type": "integer"}), "/properties/feld"),
    "an integer with one bound": (
        around({"type": "integer", "minimum": 1}),
        "/properties/feld",
    ),
    "an integer with bounds and a constant": (
        around({"type": "integer", "minimum": 1, "maximum": 2, "const": 1}),
        "/properties/feld",
    ),
    "a multiple": (
        around({"type": "integer", "minimum": 1, "maximum": 9, "multipleOf": 2}),
        "/properties/feld",
    ),
    "an enumeration of booleans": (
        around({"type": "boolean", "enum": [True]}),
        "/properties/feld",
    ),
    "a constant that is no boolean": (
        around({"type": "boolean", "const": 1}),
        "/properties/feld",
    ),
    "a class with a capital": (
        around(LEAF | {"x-class": "Akte"}),
        "/properties/feld/x-class",
    ),
    "a class of 17 characters": (
        around(LEAF | {"x-class": "a" * 17}),
        "/properties/feld/x-class",
    ),
    "a leaf at depth 9": (nested(9), "/properties/feld" * 9),
    "a pointer of 129 characters": (
        long_pointer(129),
        f"/properties/{'a' * 39}/properties/{'b' * 39}/properties/{'c' * 39}/properties/{'d' * 8}",
    ),
    "161 leaves": (wide(161), ""),
    "9 classes": (classes(9), ""),
    "a body that would be too long": (wide(8, text(maxLength=4000)), ""),
}
