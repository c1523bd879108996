# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which schemas cannot be sealed, and where does it show? (SL1 § 3)"""

from typing import Final

from hub.model.json import Json, JsonObject
from specs.vectors.sl1.schemas import (
    LEAF,
    LIST,
    around,
    chain,
    classes,
    long_pointer,
    nested,
    text,
    wide,
    without,
)

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
    "a pattern with a closing bracket first in a class": (
        around(text(pattern="^[]a]$")),
        "/properties/feld/pattern",
    ),
    "a pattern with a named class": (
        around(text(pattern="^[[:alpha:]]$")),
        "/properties/feld/pattern",
    ),
    "a pattern with one quantifier after another": (
        around(text(pattern="^a++$")),
        "/properties/feld/pattern",
    ),
    "a pattern with alternatives in no group": (
        around(text(pattern="^a|b$")),
        "/properties/feld/pattern",
    ),
    "a pattern with an operator in a class": (
        around(text(pattern="^[a&&b]$")),
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
