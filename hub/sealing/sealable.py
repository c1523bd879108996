# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is the sealed form of a schema? (SL1 § 3)

From a plain schema follows everything that the hub may check without reading: which leaves there
are, in which class, how long each is when sealed. So every message of a step has the same shape
and length, and a member that the schema does not name has no place to be.
"""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Final, Literal, cast

from jsonschema_rs import Draft202012Validator, RegexOptions

from hub.model.json import Json, JsonObject
from hub.sealing.canonical import b64, digest, jcs
from hub.sealing.profile import (
    ABOUT_A_REFERENCE,
    MAX_BYTES_PER_CHARACTER,
    REFERENCE,
    check_profile,
    listed_values,
    refuse,
)

LEAF_HEADER: Final = b64(jcs({"alg": "dir", "enc": "A256GCM"}))
"""Protected header of every sealed leaf; also its additional authenticated data."""
DEFAULT_CLASS: Final = "main"
MAX_DEPTH: Final = 8
MAX_POINTER: Final = 128
MAX_LEAVES: Final = 160
MAX_CLASSES: Final = 8
MAX_BODY: Final = 163_840
MAX_REFERENCES: Final = 7
"""References in a row; more is a loop or nobody can follow it."""
MASK: Final = "***"
"""Stands for every value in what the validators say; no text of theirs is passed on anyway."""

LeafKind = Literal["string", "integer", "boolean"]

_AROUND_THE_VALUE: Final = 30
_SHORTEST_VALUE: Final = len("null")
_BLOCK: Final = 32
_AROUND_THE_CIPHERTEXT: Final = len(LEAF_HEADER) + 42
_LONGEST_BOOLEAN: Final = len("false")
# Last character of base64url for 0, 1 or 2 bytes beyond a multiple of three.
_LAST_CHARACTER: Final = ("", "[AQgw]", "[AEIMQUYcgkosw048]")


@dataclass(frozen=True, eq=False)
class Leaf:
    """One position of a content that is sealed by itself."""

    pointer: str
    class_name: str
    kind: LeafKind
    max_bytes: int
    """Longest spelling of a value, in bytes of its canonical form."""
    schema: JsonObject
    """What the plain schema says of this leaf, references replaced."""

    @cached_property
    def padded(self) -> int:
        """Bytes of the padded plaintext: L."""
        needed = _AROUND_THE_VALUE + len(self.pointer) + max(_SHORTEST_VALUE, self.max_bytes)
        return -(-needed // _BLOCK) * _BLOCK

    @cached_property
    def sealed_length(self) -> int:
        """Characters of the sealed leaf: N."""
        return _AROUND_THE_CIPHERTEXT + -(-4 * self.padded // 3)

    @cached_property
    def validator(self) -> Draft202012Validator:
        return compile_schema(self.schema)

    @property
    def sealed(self) -> JsonObject:
        """The sealed schema of this leaf: a string of one length and form."""
        last = _LAST_CHARACTER[self.padded % 3]
        start = rf"^{LEAF_HEADER}\.\.[A-Za-z0-9_-]{{16}}\."
        pattern = rf"{start}[A-Za-z0-9_-]+{last}\.[A-Za-z0-9_-]{{21}}[AQgw]$"
        length = self.sealed_length
        return {"type": "string", "minLength": length, "maxLength": length, "pattern": pattern}


@dataclass(frozen=True, eq=False)
class SealableSchema:
    """A plain schema of the profile, and all that follows from it. Compile once, use often."""

    plain: JsonObject
    """As it was published; never change it."""
    digest: str
    resolved: JsonObject
    """The plain schema with every reference replaced and all annotations kept."""
    sealed: JsonObject
    """The derived schema of the body."""
    leaves: tuple[Leaf, ...]
    """In document order, slots of lists one by one."""
    classes: tuple[str, ...]
    """Ascending."""
    body_bytes: int
    """Length of the canonical form of every body under this schema."""
    pointers: Mapping[str, Leaf]
    plain_validator: Draft202012Validator = field(repr=False)
    sealed_validator: Draft202012Validator = field(repr=False)

    def leaves_of(self, classes: tuple[str, ...]) -> tuple[Leaf, ...]:
        return tuple(leaf for leaf in self.leaves if leaf.class_name in classes)


def parse_sealable(schema: Json) -> SealableSchema:
    """Derive the sealed form of a plain schema, or refuse it with the place that is not sealable.

    The pointers of the refusal point into the schema, which is public.
    """
    plain = copy.deepcopy(check_profile(schema))
    walk = _Walk(plain)
    shape = walk.shape(plain, _Place("", "", 0, DEFAULT_CLASS))
    classes = tuple(sorted({leaf.class_name for leaf in walk.leaves}))
    if len(classes) > MAX_CLASSES:
        refuse("", f"more than {MAX_CLASSES} classes")
    if shape.size > MAX_BODY:
        refuse("", f"the sealed body would be longer than {MAX_BODY} bytes")
    return SealableSchema(
        plain=plain,
        digest=digest(jcs(plain)),
        resolved=shape.plain,
        sealed=shape.sealed,
        leaves=tuple(walk.leaves),
        classes=classes,
        body_bytes=shape.size,
        pointers=MappingProxyType({leaf.pointer: leaf for leaf in walk.leaves}),
        plain_validator=compile_schema(shape.plain),
        sealed_validator=compile_schema(shape.sealed),
    )


def compile_schema(schema: JsonObject) -> Draft202012Validator:
    """Compile a schema: formats are annotations, patterns run in linear time, values are masked."""
    return Draft202012Validator(
        schema,
        validate_formats=False,
        mask=MASK,
        pattern_options=RegexOptions(),
        offline=True,
    )


@dataclass(frozen=True)
class _Place:
    """Where the walk stands."""

    content: str
    """Pointer into a content."""
    schema: str
    """Pointer into the schema, as it is written."""
    depth: int
    class_name: str

    def member(self, name: str) -> "_Place":
        return _Place(
            f"{self.content}/{name}",
            f"{self.schema}/properties/{name}",
            self.depth + 1,
            self.class_name,
        )

    def slot(self, index: int) -> "_Place":
        return _Place(
            f"{self.content}/{index}", f"{self.schema}/items", self.depth + 1, self.class_name
        )


@dataclass(frozen=True)
class _Shape:
    """A part of the schema: plain, sealed, and how long its sealed form is."""

    plain: JsonObject
    sealed: JsonObject
    size: int


class _Walk:
    """One walk over a schema that was checked as it is written, following its references.

    References can make a short schema enormous, so every bound is held while walking.
    """

    def __init__(self, root: JsonObject) -> None:
        self._definitions = cast("JsonObject", root.get("$defs", {}))
        self.leaves: list[Leaf] = []

    def shape(self, node: JsonObject, place: _Place) -> _Shape:
        if place.depth > MAX_DEPTH:
            refuse(place.schema, f"deeper than {MAX_DEPTH}")
        resolved, at = self._resolve(node, place.schema)
        class_name = str(resolved.pop("x-class", place.class_name))
        here = _Place(place.content, at, place.depth, class_name)
        match resolved["type"]:
            case "object":
                return self._object(resolved, here)
            case "array":
                return self._array(resolved, here)
            case _:
                return self._leaf(resolved, here)

    def _resolve(self, node: JsonObject, at: str) -> tuple[JsonObject, str]:
        """Replace a reference by what it names; what stands beside it wins."""
        beside: JsonObject = {}
        for _ in range(MAX_REFERENCES + 1):
            if "$ref" not in node:
                break
            beside = {k: v for k, v in node.items() if k in ABOUT_A_REFERENCE} | beside
            named = REFERENCE.fullmatch(str(node["$ref"]))
            name = named.group(1) if named else ""
            if name not in self._definitions:
                refuse(f"{at}/$ref", "names no definition")
            node, at = cast("JsonObject", self._definitions[name]), f"/$defs/{name}"
        else:
            refuse(at, f"more than {MAX_REFERENCES} references in a row")
        own = {k: v for k, v in node.items() if k not in {"$schema", "$id", "$defs"}}
        return own | beside, at

    def _object(self, node: JsonObject, place: _Place) -> _Shape:
        properties = cast("dict[str, JsonObject]", node["properties"])
        members = {
            name: self.shape(member, place.member(name)) for name, member in properties.items()
        }
        plain = node | {"properties": {name: shape.plain for name, shape in members.items()}}
        sealed: JsonObject = {
            "type": "object",
            "properties": {name: shape.sealed for name, shape in members.items()},
            "required": cast("list[Json]", sorted(members)),
            "additionalProperties": False,
        }
        # Braces, and for each member two quotation marks, a colon and a comma but for the last.
        size = 1 + sum(len(name) + 4 + shape.size for name, shape in members.items())
        return _Shape(plain, sealed, size)

    def _array(self, node: JsonObject, place: _Place) -> _Shape:
        items = cast("JsonObject", node["items"])
        if self._resolve(items, f"{place.schema}/items")[0]["type"] == "array":
            refuse(f"{place.schema}/items", "a list of lists is not allowed")
        slots = cast("int", node["maxItems"])
        shapes = [self.shape(items, place.slot(index)) for index in range(slots)]
        sealed: JsonObject = {
            "type": "array",
            "prefixItems": [shape.sealed for shape in shapes],
            "minItems": slots,
            "maxItems": slots,
        }
        size = 1 + sum(shape.size + 1 for shape in shapes)
        return _Shape(node | {"items": shapes[0].plain}, sealed, size)

    def _leaf(self, node: JsonObject, place: _Place) -> _Shape:
        if len(place.content) > MAX_POINTER:
            refuse(place.schema, f"a pointer longer than {MAX_POINTER} characters")
        if len(self.leaves) == MAX_LEAVES:
            refuse("", f"more than {MAX_LEAVES} leaves")
        kind = cast("LeafKind", node["type"])
        leaf = Leaf(place.content, place.class_name, kind, _max_bytes(node), node)
        self.leaves.append(leaf)
        return _Shape(node, leaf.sealed, leaf.sealed_length + 2)


def _max_bytes(leaf: JsonObject) -> int:
    values = listed_values(leaf)
    if values is not None:
        return max(len(jcs(value)) for value in values)
    if leaf["type"] == "string":
        per_character = cast("int", leaf.get("x-bytes-per-char", MAX_BYTES_PER_CHARACTER))
        return 2 + per_character * cast("int", leaf["maxLength"])
    if leaf["type"] == "integer":
        return max(len(jcs(leaf["minimum"])), len(jcs(leaf["maximum"])))
    return _LONGEST_BOOLEAN
