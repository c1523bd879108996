# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which fields does a form show for a schema, and of which kind is each?"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from hub.forms.conditions import Hanging, conditions_of
from hub.forms.words import choices_of, read_wording
from hub.model.json import Json, JsonObject
from hub.sealing.profile import listed_values

LONG: Final = 200
"""From this length on a text gets several lines."""
MANY: Final = 9
"""More choices than these are a list to open, fewer are all in sight."""
_BIRTH: Final = ("tag", "monat", "jahr")
_FILLED_BY_DEVICE: Final = {"rueckmeldung_an": "person-key", "gemeindeschluessel": "place"}


@dataclass(frozen=True)
class Ground:
    """What holds for all fields of one form."""

    schema_id: str
    rules: tuple[str, ...]
    classes: Mapping[str, str]
    """By template of every leaf: who may open it."""

    def class_of(self, pointer: str) -> str:
        """Return the class of a field; of a group or a list that of the first value in it."""
        first = next(each for each in self.classes if f"{each}/".startswith(f"{pointer}/"))
        return self.classes[first]


@dataclass(frozen=True)
class Place:
    """Where in a form a field stands."""

    pointer: str
    name: str
    is_required: bool
    within: str | None = None
    """The innermost group above it that may be left out; its members are needed only in it."""
    when: JsonObject | None = None
    needed: JsonObject | None = None

    def member(self, name: str, required: Collection[str], hanging: Hanging) -> "Place":
        """Return the place of a member of the group that stands here."""
        when, needed = hanging.get(name, (None, None))
        within = self.within if self.is_required or not self.pointer else self.pointer
        pointer = f"{self.pointer}/{name}"
        return Place(pointer, name, name in required, within, when, needed)


def fields_of(schema: JsonObject, ground: Ground, place: Place | None = None) -> list[JsonObject]:
    """Return the fields of an object of a resolved schema, in the order of the schema."""
    above = place or Place("", "", is_required=True)
    members = cast("Mapping[str, JsonObject]", schema["properties"])
    required = cast("list[str]", schema.get("required", []))
    hanging = conditions_of(above.pointer, members, ground.rules)
    return [
        _field(member, above.member(name, required, hanging), ground)
        for name, member in members.items()
    ]


def _field(schema: JsonObject, place: Place, ground: Ground) -> JsonObject:
    inner = cast("JsonObject", schema["items"]) if schema["type"] == "array" else schema
    said = read_wording().of(ground.schema_id, place.pointer)
    head: JsonObject = {
        "kind": "",
        "pointer": place.pointer,
        "name": place.name,
        "label": str(said.get("label", schema.get("title", place.name))),
        "hint": str(said.get("hint", schema.get("description", ""))),
        "required": place.is_required,
        "within": place.within,
        "page": said.get("page"),
        "more": bool(said.get("more")) and not place.is_required,
        "past": bool(said.get("past")),
        "law": _law(schema, inner),
        "class": ground.class_of(place.pointer),
        "fill": said.get("fill"),
        "when": place.when,
        "needed_when": place.needed,
    }
    return head | _kind(schema, inner, place, ground, said)


def _kind(
    schema: JsonObject, inner: JsonObject, place: Place, ground: Ground, said: Mapping[str, Any]
) -> JsonObject:
    # In a list there are several of them, and only a person knows which is which.
    if place.name in _FILLED_BY_DEVICE and "*" not in place.pointer:
        return {"kind": "machine", "fill": _FILLED_BY_DEVICE[place.name]}
    if "const" in schema:
        return _constant(schema)
    if schema["type"] == "array":
        return _list(schema, inner, place, ground, said)
    if schema["type"] == "object":
        if _is_birth(schema):
            return _birth(schema)
        return {"kind": "group", "fields": cast("Json", fields_of(schema, ground, place))}
    return _leaf(schema, place, said)


def _constant(schema: JsonObject) -> JsonObject:
    # What somebody has to confirm is never filled in for them.
    if schema["const"] is True:
        return {"kind": "confirm"}
    return {"kind": "machine", "fill": "constant", "value": schema["const"]}


def _list(
    schema: JsonObject, inner: JsonObject, place: Place, ground: Ground, said: Mapping[str, Any]
) -> JsonObject:
    bounds: JsonObject = {"min": schema.get("minItems", 0), "max": schema["maxItems"]}
    if "enum" in inner and inner["type"] == "string":
        return {"kind": "several", "choices": cast("Json", _choices(inner, schema)), **bounds}
    item = Place(f"{place.pointer}/*", "*", is_required=False, within=place.pointer)
    named = str(said.get("item_label", inner.get("title", "Eintrag")))
    if inner["type"] == "object":
        fields = cast("Json", fields_of(inner, ground, item))
        return {"kind": "list", "fields": fields, "item": None, "item_label": named, **bounds}
    single = _field(inner, item, ground)
    return {"kind": "list", "fields": [], "item": single, "item_label": named, **bounds}


def _leaf(schema: JsonObject, place: Place, said: Mapping[str, Any]) -> JsonObject:
    if schema["type"] == "boolean":
        return {"kind": "yes-no"}
    if listed_values(schema) is not None:
        choices = _choices(schema, schema)
        is_long = len(choices) > MANY
        return {"kind": "choice", "choices": cast("Json", choices), "select": is_long}
    if schema["type"] == "integer":
        return {"kind": "number", "min": schema["minimum"], "max": schema["maximum"]}
    return _text(schema, place, said)


def _text(schema: JsonObject, place: Place, said: Mapping[str, Any]) -> JsonObject:
    kinds = {"date": "date", "date-time": "moment"}
    if schema.get("format") in kinds:
        return {"kind": kinds[str(schema["format"])]}
    longest = cast("int", schema["maxLength"])
    pattern = schema.get("pattern")
    text: JsonObject = {
        "kind": "line" if longest < LONG or pattern is not None else "paragraph",
        "min": schema.get("minLength", 0),
        "max": longest,
        "bytes": schema.get("x-bytes-per-char", 4),
        "pattern": pattern,
        "chars": _characters(str(pattern or "")),
    }
    if text["kind"] == "line":
        text |= {"input": _input(place.name, str(pattern or ""))}
        text |= {"autocomplete": said.get("autocomplete")}
    return text


def _choices(leaf: JsonObject, described: JsonObject) -> list[JsonObject]:
    comment = str(leaf.get("$comment", described.get("$comment", "")))
    return choices_of(leaf, comment)


def _characters(pattern: str) -> str:
    """Return which data type of DIN 91379 a text follows; one with no pattern is free text."""
    if "À" not in pattern:
        return "plain" if pattern else "text"
    return "place" if pattern.startswith("^[0-9") else "name"


def _input(name: str, pattern: str) -> str:
    if pattern in {"^[0-9]{5}$", "^[0-9]{6}$", "^[0-9]{8}$"}:
        return "numeric"
    return "tel" if name == "telefon" else "text"


def _is_birth(schema: JsonObject) -> bool:
    names = cast("Mapping[str, Json]", schema["properties"]).keys()
    return "jahr" in names and names <= set(_BIRTH)


def _birth(schema: JsonObject) -> JsonObject:
    members = cast("Mapping[str, Mapping[str, Json]]", schema["properties"])
    year = members["jahr"]
    parts: list[Json] = [name for name in _BIRTH if name in members]
    return {"kind": "birth", "parts": parts, "min": year["minimum"], "max": year["maximum"]}


def _law(schema: JsonObject, inner: JsonObject) -> str | None:
    """Return what the schema says of the law for this one field, or None."""
    comment = str(schema.get("$comment", inner.get("$comment", "")))
    start = comment.find("§")
    return comment[start:] if start >= 0 else None
