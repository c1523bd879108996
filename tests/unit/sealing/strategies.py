# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which schemas can be sealed, and which contents fit them? Hypothesis draws both."""

from dataclasses import dataclass
from typing import Any, Final

from hypothesis import strategies as st

from hub.model.json import JsonObject
from hub.sealing.canonical import jcs
from hub.sealing.sealable import MAX_LEAVES, SealableSchema, parse_sealable

LETTERS: Final = 'ab \näßŁΩ你\U0001f392"\\/'
NAMES: Final = ("a", "feld", "nameB", "type", "x_1")
CLASSES: Final = ("akte", "main", "z")

text = st.text(LETTERS, max_size=6)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=-(2**53) + 1, max_value=2**53 - 1)
    | st.text(st.characters(codec="utf-8"), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=4), inner, max_size=4)
    ),
    max_leaves=20,
)


@st.composite
def leaf_schemas(draw: st.DrawFn) -> JsonObject:
    match draw(st.sampled_from(("text", "listed", "constant", "number", "numbers", "boolean"))):
        case "text":
            bound = draw(st.integers(min_value=1, max_value=12))
            per = draw(st.integers(min_value=1, max_value=4))
            return {"type": "string", "maxLength": bound, "x-bytes-per-char": per}
        case "listed":
            listed = draw(st.lists(text, min_size=1, max_size=3, unique=True))
            return {"type": "string", "enum": [*listed]}
        case "constant":
            return {"type": "string", "const": draw(text)}
        case "number":
            low = draw(st.integers(min_value=-1000, max_value=1000))
            return {"type": "integer", "minimum": low, "maximum": low + draw(st.integers(0, 99))}
        case "numbers":
            return {"type": "integer", "enum": [*draw(st.sets(st.integers(0, 99), min_size=1))]}
        case _:
            return {"type": "boolean"}


@st.composite
def object_schemas(draw: st.DrawFn, levels: int = 2) -> JsonObject:
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: draw(_with_class(_nodes(levels - 1))) for name in names},
        "required": [*draw(st.lists(st.sampled_from(names), unique=True))],
    }


@st.composite
def _array_schemas(draw: st.DrawFn, levels: int) -> JsonObject:
    items = leaf_schemas() if levels == 0 else leaf_schemas() | object_schemas(levels)
    return {"type": "array", "items": draw(items), "maxItems": draw(st.integers(1, 3))}


def _nodes(levels: int) -> st.SearchStrategy[JsonObject]:
    if levels == 0:
        return leaf_schemas() | _array_schemas(0)
    return leaf_schemas() | _array_schemas(levels) | object_schemas(levels)


@st.composite
def _with_class(draw: st.DrawFn, nodes: st.SearchStrategy[JsonObject]) -> JsonObject:
    name = draw(st.none() | st.sampled_from(CLASSES))
    return draw(nodes) | ({} if name is None else {"x-class": name})


@dataclass(frozen=True)
class Drawn:
    schema: SealableSchema
    content: JsonObject


@st.composite
def schemas(draw: st.DrawFn) -> SealableSchema:
    return parse_sealable(draw(object_schemas().filter(lambda it: _leaves(it) <= MAX_LEAVES)))


@st.composite
def contents(draw: st.DrawFn, schema: SealableSchema) -> JsonObject:
    content: JsonObject = _content(draw, schema.resolved, must=False)
    return content


@st.composite
def letters(draw: st.DrawFn) -> Drawn:
    schema = draw(schemas())
    return Drawn(schema, draw(contents(schema)))


def _leaves(node: Any) -> int:
    match node["type"]:
        case "object":
            return sum(_leaves(member) for member in node["properties"].values())
        case "array":
            return int(node["maxItems"]) * _leaves(node["items"])
        case _:
            return 1


def _content(draw: st.DrawFn, node: Any, *, must: bool) -> Any:
    """Draw a part of a content that is there; it states something if it must."""
    match node["type"]:
        case "object":
            return _object(draw, node, must=must)
        case "array":
            count = draw(st.integers(1 if must else 0, node["maxItems"]))
            return [_content(draw, node["items"], must=True) for _ in range(count)]
        case _:
            return draw(_values(node))


def _object(draw: st.DrawFn, node: Any, *, must: bool) -> JsonObject:
    names = [*node["properties"]]
    stating = draw(st.sampled_from(names)) if must else None
    content: JsonObject = {}
    for name in names:
        if name == stating:
            content[name] = _content(draw, node["properties"][name], must=True)
        elif name in node["required"]:
            content[name] = _content(draw, node["properties"][name], must=False)
        elif draw(st.booleans()):
            content[name] = _content(draw, node["properties"][name], must=True)
    return content


def _values(leaf: Any) -> st.SearchStrategy[Any]:
    if "const" in leaf:
        return st.just(leaf["const"])
    if "enum" in leaf:
        return st.sampled_from(leaf["enum"])
    match leaf["type"]:
        case "string":
            longest = 2 + leaf["x-bytes-per-char"] * leaf["maxLength"]
            return st.text(LETTERS, max_size=leaf["maxLength"]).map(
                lambda it: _fitting(it, longest)
            )
        case "integer":
            return st.integers(leaf["minimum"], leaf["maximum"])
        case _:
            return st.booleans()


def _fitting(value: str, longest: int) -> str:
    while len(jcs(value)) > longest:
        value = value[:-1]
    return value
