# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which JSON Schemas can be sealed? (SL1 § 3)

Every length of a sealed leaf follows from the schema, so a schema must bound every leaf and every
list, and say nothing whose meaning depends on a value elsewhere. What is not named here is refused.
This module looks at a schema as it is written; ``hub.sealing.sealable`` follows its references.
"""

import re
from collections.abc import Mapping
from typing import Final, Never

from jsonschema_rs import Draft202012Validator, RegexOptions

from hub.errors import SchemaNotSealable
from hub.model.json import Json, JsonObject
from hub.sealing.canonical import jcs
from hub.sealing.pattern import is_read_alike
from hub.sealing.text import is_plain_text

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
REFERENCE: Final = re.compile(r"#/\$defs/([A-Za-z][A-Za-z0-9_-]*)")
ANNOTATIONS: Final = frozenset({"title", "description", "$comment"})
ABOUT_A_REFERENCE: Final = ANNOTATIONS | {"x-class"}
MAX_SLOTS: Final = 16
MAX_CHARACTERS: Final = 4000
MAX_BYTES_PER_CHARACTER: Final = 4

_EVERYWHERE: Final = ANNOTATIONS | {"type", "x-class"}
_AT_THE_ROOT: Final = frozenset({"$schema", "$id", "$defs"})
_KEYWORDS: Final = {
    "object": frozenset({"properties", "required", "additionalProperties"}),
    "array": frozenset({"items", "maxItems", "minItems"}),
    "string": frozenset(
        {"enum", "const", "maxLength", "x-bytes-per-char", "minLength", "pattern", "format"}
    ),
    "integer": frozenset({"enum", "const", "minimum", "maximum"}),
    "boolean": frozenset({"const"}),
}
_PYTHON_TYPE: Final[Mapping[str, type]] = {"string": str, "integer": int, "boolean": bool}
_DEFINITION: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_PROPERTY: Final = re.compile(r"[a-z][A-Za-z0-9_]{0,39}")
_CLASS: Final = re.compile(r"[a-z][a-z0-9-]{0,15}")
_META_SCHEMA: Final = Draft202012Validator({"$ref": DIALECT}, offline=True)


def refuse(pointer: str, reason: str) -> Never:
    raise SchemaNotSealable(f"{pointer or 'the root'}: {reason}", pointers=(pointer,))


def check_profile(schema: Json) -> JsonObject:
    """Return the schema as an object, or refuse the first place that leaves the profile."""
    if not isinstance(schema, dict):
        refuse("", "a schema is one JSON object")
    _check_is_json_schema(schema)
    if schema.get("type") != "object":
        refuse("", "the root is of type object")
    _check_node(schema, "", at_root=True)
    for name, definition in _members(schema.get("$defs", {})):
        if _DEFINITION.fullmatch(name) is None:
            refuse("/$defs", "name of a definition outside [A-Za-z][A-Za-z0-9_-]*")
        _check_node(definition, f"/$defs/{name}")
    return schema


def listed_values(leaf: JsonObject) -> list[Json] | None:
    """Return the values of ``const`` or ``enum``; None for a leaf that lists none."""
    if "const" in leaf:
        return [leaf["const"]]
    listed = leaf.get("enum")
    return listed if isinstance(listed, list) else None


def _check_is_json_schema(schema: JsonObject) -> None:
    try:
        jcs(schema)
    except ValueError:
        refuse("", "not JSON with integers up to 2^53 - 1 only")
    if schema.get("$schema", DIALECT) != DIALECT:
        refuse("/$schema", "the dialect is JSON Schema 2020-12")
    for error in _META_SCHEMA.iter_errors(schema):
        path = "".join(f"/{_escaped(str(token))}" for token in error.instance_path)
        refuse(path, f"not JSON Schema 2020-12: {error.kind.name}")


def _escaped(token: str) -> str:
    return token.replace("~", "~0").replace("/", "~1")


def _members(value: Json) -> list[tuple[str, Json]]:
    return list(value.items()) if isinstance(value, dict) else []


def _check_node(node: Json, pointer: str, *, at_root: bool = False) -> None:
    if not isinstance(node, dict):
        refuse(pointer, "a schema is an object, never true or false")
    if "x-class" in node:
        _check_class(node["x-class"], f"{pointer}/x-class")
    if "$ref" in node:
        _check_reference(node, pointer)
        return
    kind = node.get("type")
    if not isinstance(kind, str) or kind not in _KEYWORDS:
        refuse(pointer, "type is one of object, array, string, integer, boolean")
    allowed = _EVERYWHERE | _KEYWORDS[kind] | (_AT_THE_ROOT if at_root else frozenset())
    if not node.keys() <= allowed:
        refuse(pointer, f"holds a keyword that is not allowed for {kind}")
    _CHECKS[kind](node, pointer)


def _check_class(name: Json, pointer: str) -> None:
    if not isinstance(name, str) or _CLASS.fullmatch(name) is None:
        refuse(pointer, "name of a class outside [a-z][a-z0-9-]{0,15}")


def _check_reference(node: JsonObject, pointer: str) -> None:
    if not node.keys() <= {"$ref"} | ABOUT_A_REFERENCE:
        refuse(pointer, "beside $ref only annotations and x-class are allowed")
    target = node["$ref"]
    if not isinstance(target, str) or REFERENCE.fullmatch(target) is None:
        refuse(f"{pointer}/$ref", "a reference has the form #/$defs/NAME")


def _check_object(node: JsonObject, pointer: str) -> None:
    if node.get("additionalProperties") is not False:
        refuse(pointer, "additionalProperties: false is required")
    properties = _members(node.get("properties"))
    if not properties:
        refuse(pointer, "at least one property is required")
    for name, member in properties:
        if _PROPERTY.fullmatch(name) is None:
            refuse(f"{pointer}/properties", "name of a property outside [a-z][A-Za-z0-9_]{0,39}")
        _check_node(member, f"{pointer}/properties/{name}")


def _check_array(node: JsonObject, pointer: str) -> None:
    _check_range(node, "maxItems", pointer, MAX_SLOTS)
    if "items" not in node:
        refuse(pointer, "items is required")
    _check_node(node["items"], f"{pointer}/items")


def _check_string(node: JsonObject, pointer: str) -> None:
    _check_one_bound(node, pointer, "maxLength")
    if "maxLength" in node:
        _check_range(node, "maxLength", pointer, MAX_CHARACTERS)
    elif "x-bytes-per-char" in node:
        refuse(pointer, "x-bytes-per-char stands beside maxLength only")
    if "x-bytes-per-char" in node:
        _check_range(node, "x-bytes-per-char", pointer, MAX_BYTES_PER_CHARACTER)
    if "pattern" in node:
        _check_pattern(str(node["pattern"]), f"{pointer}/pattern")


def _check_integer(node: JsonObject, pointer: str) -> None:
    if ("minimum" in node) != ("maximum" in node):
        refuse(pointer, "minimum and maximum stand together")
    _check_one_bound(node, pointer, "minimum")


def _check_boolean(node: JsonObject, pointer: str) -> None:
    _check_listed(node, pointer)


_CHECKS: Final = {
    "object": _check_object,
    "array": _check_array,
    "string": _check_string,
    "integer": _check_integer,
    "boolean": _check_boolean,
}


def _check_range(node: JsonObject, keyword: str, pointer: str, most: int) -> None:
    number = node.get(keyword)
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= most:
        refuse(pointer, f"{keyword} from 1 to {most} is required")


def _check_one_bound(node: JsonObject, pointer: str, bound: str) -> None:
    if len(node.keys() & {"enum", "const", bound}) != 1:
        refuse(pointer, f"exactly one of enum, const, {bound} is required")
    _check_listed(node, pointer)


def _check_listed(node: JsonObject, pointer: str) -> None:
    values = listed_values(node)
    if values is None:
        return
    if not values:
        refuse(f"{pointer}/enum", "lists no value")
    expected = _PYTHON_TYPE[str(node["type"])]
    for value in values:
        if type(value) is not expected:
            refuse(pointer, "a listed value is not of the type")
        if isinstance(value, str) and not is_plain_text(value):
            refuse(pointer, "a listed value is not NFC or holds a forbidden character")


def _check_pattern(pattern: str, pointer: str) -> None:
    if not pattern.startswith("^") or not _ends_in_anchor(pattern):
        refuse(pointer, "a pattern begins with ^ and ends with $")
    if re.search(r"\(\?(?!:)", pattern):
        refuse(pointer, "the only group with a question mark is (?:")
    if re.search(r"\\[A-Za-z0-9]", pattern):
        refuse(pointer, "no backslash before a letter or digit")
    if not is_read_alike(pattern):
        refuse(pointer, "engines read this pattern differently")
    try:
        Draft202012Validator({"pattern": pattern}, pattern_options=RegexOptions())
    except ValueError:
        refuse(pointer, "not a regular expression")


def _ends_in_anchor(pattern: str) -> bool:
    before = pattern[:-1]
    escapes = len(before) - len(before.rstrip("\\"))
    return pattern.endswith("$") and escapes % 2 == 0
