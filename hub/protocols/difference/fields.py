# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which fields has a step that it did not have before?

The walk follows two schemas side by side, with every reference replaced. Of a list one slot stands
for all: they are alike.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, cast

from hub.model.json import JsonObject
from hub.protocols.difference.change import Change, Effect, changed_number
from hub.protocols.difference.leaf import changed_values
from hub.sealing.sealable import Leaf, SealableSchema

_WORDS: Final = ("title", "description", "$comment")


def changed_fields(step: str, older: SealableSchema, newer: SealableSchema) -> Iterator[Change]:
    """Compare the schemas of a step, leaf by leaf."""
    if older.digest != newer.digest:
        place = _Place(f"steps/{step}/schema", step, older.pointers, newer.pointers)
        yield from _changed(place, older.resolved, newer.resolved)


@dataclass(frozen=True)
class _Place:
    """Where the walk stands, and what either version knows of the leaves there."""

    place: str
    step: str
    older: Mapping[str, Leaf]
    newer: Mapping[str, Leaf]
    pointer: str = ""
    """Into a content, through the first slot of each list."""
    titles: tuple[str, ...] = ()

    def member(self, name: str, schema: JsonObject) -> "_Place":
        return self._deeper(name, name, str(schema.get("title", name)))

    def slot(self, schema: JsonObject) -> "_Place":
        return self._deeper("items", "0", str(schema.get("title", "Eintrag")))

    @property
    def field(self) -> str:
        return f"„{' › '.join(self.titles)}“"

    @property
    def where(self) -> str:
        return f"{self.field} (Schritt {self.step})"

    def _deeper(self, name: str, token: str, title: str) -> "_Place":
        return replace(
            self,
            place=f"{self.place}/{name}",
            pointer=f"{self.pointer}/{token}",
            titles=(*self.titles, title),
        )


def _changed(place: _Place, older: JsonObject, newer: JsonObject) -> Iterator[Change]:
    if any(older.get(name) != newer.get(name) for name in _WORDS):
        what = place.where if place.titles else f"den Inhalt des Schritts {place.step}"
        yield Change(place.place, "wort", f"beschreibt {what} mit anderen Worten")
    if older["type"] != newer["type"]:
        yield Change(place.place, "weiter", f"ändert bei {place.where} die Art der Angabe")
    elif newer["type"] == "object":
        yield from _changed_object(place, older, newer)
    elif newer["type"] == "array":
        yield from _changed_list(place, older, newer)
    else:
        leaves = (each[place.pointer] for each in (place.older, place.newer))
        yield from changed_values(place.place, place.where, *leaves)


def _changed_object(place: _Place, older: JsonObject, newer: JsonObject) -> Iterator[Change]:
    before, after = _members(older), _members(newer)
    for name in (each for each in before if each not in after):
        for leaf in _leaves(place.member(name, before[name]), before[name]):
            text = f"nimmt dem Schritt {place.step} das Feld {leaf.field}"
            yield Change(leaf.place, "enger", text)
    for name, schema in after.items():
        here = place.member(name, schema)
        if name in before:
            yield from _changed_need(here, name in _needed(older), name in _needed(newer))
            yield from _changed(here, before[name], schema)
        else:
            for leaf in _leaves(here, schema):
                text = f"fügt dem Schritt {place.step} das Feld {leaf.field} hinzu"
                yield Change(leaf.place, "weiter", text)


def _changed_need(place: _Place, was_needed: bool, is_needed: bool) -> Iterator[Change]:
    if was_needed != is_needed:
        effect: Effect = "enger" if is_needed else "weiter"
        no_more = "" if is_needed else " nicht mehr"
        yield Change(place.place, effect, f"verlangt {place.where}{no_more}")


def _changed_list(place: _Place, older: JsonObject, newer: JsonObject) -> Iterator[Change]:
    most = (cast("int", older["maxItems"]), cast("int", newer["maxItems"]))
    least = (cast("int", older.get("minItems", 0)), cast("int", newer.get("minItems", 0)))
    ceiling = f"nimmt bei {place.where} bis zu {{}} Einträge statt {{}}"
    floor = f"verlangt bei {place.where} mindestens {{}} Einträge statt {{}}"
    yield from changed_number(place.place, most, ceiling)
    yield from changed_number(place.place, least, floor, is_floor=True)
    before, after = (cast("JsonObject", each["items"]) for each in (older, newer))
    yield from _changed(place.slot(after), before, after)


def _leaves(place: _Place, schema: JsonObject) -> Iterator[_Place]:
    """Yield the place of every leaf of a part that only one of the versions has."""
    if schema["type"] == "object":
        for name, member in _members(schema).items():
            yield from _leaves(place.member(name, member), member)
    elif schema["type"] == "array":
        items = cast("JsonObject", schema["items"])
        yield from _leaves(place.slot(items), items)
    else:
        yield place


def _members(schema: JsonObject) -> dict[str, JsonObject]:
    return cast("dict[str, JsonObject]", schema["properties"])


def _needed(schema: JsonObject) -> list[str]:
    return cast("list[str]", schema.get("required", []))
