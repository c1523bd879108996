# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which value stands at which leaf, and what remains when the vacant ones are left out? (SL1 § 4)

A tree is held as the mapping of every pointer of the schema to its value, null where nothing is
stated. That mapping and the schema determine the content, so there is one content for one tree.
"""

from collections.abc import Mapping
from typing import TypeAlias, cast

from hub.errors import ContentInvalid
from hub.model.json import Json, JsonObject
from hub.sealing.sealable import SealableSchema

LeafValue: TypeAlias = str | int | bool | None
Tree: TypeAlias = dict[str, LeafValue]


def expand(schema: SealableSchema, content: Json) -> Tree:
    """Fill in null for every member and slot of which a content of the schema says nothing."""
    tree: Tree = dict.fromkeys(schema.pointers)
    _gather(content, "", tree)
    return tree


def reduce(schema: SealableSchema, tree: Mapping[str, LeafValue]) -> JsonObject:
    """Leave out what is vacant; the inverse of ``expand`` for every content of the schema."""
    content, _ = _reduced(schema.resolved, "", tree)
    return cast("JsonObject", content)


def grow(schema: SealableSchema, leaves: Mapping[str, str]) -> JsonObject:
    """Put one string at every leaf, vacant or not: the shape of a sealed body."""
    return cast("JsonObject", _grown(schema.resolved, "", leaves))


def _gather(value: Json, pointer: str, tree: Tree) -> None:
    if isinstance(value, dict):
        for name, member in value.items():
            _gather(member, f"{pointer}/{name}", tree)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _gather(item, f"{pointer}/{index}", tree)
    elif pointer in tree:
        tree[pointer] = cast("LeafValue", value)


def _grown(node: JsonObject, pointer: str, leaves: Mapping[str, str]) -> Json:
    match node["type"]:
        case "object":
            members = cast("dict[str, JsonObject]", node["properties"])
            return {name: _grown(at, f"{pointer}/{name}", leaves) for name, at in members.items()}
        case "array":
            items, slots = cast("JsonObject", node["items"]), cast("int", node["maxItems"])
            return [_grown(items, f"{pointer}/{index}", leaves) for index in range(slots)]
        case _:
            return leaves[pointer]


def _reduced(node: JsonObject, pointer: str, tree: Mapping[str, LeafValue]) -> tuple[Json, bool]:
    """Return what remains of a part, and whether it is vacant."""
    match node["type"]:
        case "object":
            return _reduced_object(node, pointer, tree)
        case "array":
            return _reduced_array(node, pointer, tree)
        case _:
            value = tree[pointer]
            return value, value is None


def _reduced_object(
    node: JsonObject, pointer: str, tree: Mapping[str, LeafValue]
) -> tuple[Json, bool]:
    content: JsonObject = {}
    all_vacant = True
    required = cast("list[str]", node.get("required", []))
    for name, member in cast("dict[str, JsonObject]", node["properties"]).items():
        value, vacant = _reduced(member, f"{pointer}/{name}", tree)
        all_vacant = all_vacant and vacant
        if not vacant or (name in required and member["type"] in {"object", "array"}):
            content[name] = value
    return content, all_vacant


def _reduced_array(
    node: JsonObject, pointer: str, tree: Mapping[str, LeafValue]
) -> tuple[Json, bool]:
    items = cast("JsonObject", node["items"])
    content: list[Json] = []
    gap = False
    for index in range(cast("int", node["maxItems"])):
        place = f"{pointer}/{index}"
        value, vacant = _reduced(items, place, tree)
        if gap and not vacant:
            raise ContentInvalid("An item stands after a vacant one.", pointers=(place,))
        gap = gap or vacant
        if not vacant:
            content.append(value)
    return content, not content
