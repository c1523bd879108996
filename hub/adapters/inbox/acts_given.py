# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""With what has a form to be filled in, so that it says a content? The way back of reading one."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from hub.adapters.inbox.acts_boxes import DATE_PARTS, inside
from hub.model.json import Json, JsonObject

Pair: TypeAlias = tuple[str, tuple[str, ...]]


def given_of(
    fields: Iterable[JsonObject], content: Mapping[str, Json]
) -> dict[str, tuple[str, ...]]:
    """Return what stands in the boxes of a form that says this content."""
    return dict(_members(fields, content, ""))


def _members(
    fields: Iterable[JsonObject], content: Mapping[str, Json], above: str
) -> Iterator[Pair]:
    for field in fields:
        value = content.get(str(field["name"]))
        if value is not None:
            yield from _given(field, f"{above}{field['name']}", value)


def _given(field: JsonObject, name: str, value: Json) -> Iterator[Pair]:
    if isinstance(value, dict):
        yield from _object(field, name, value)
    elif isinstance(value, list):
        yield from _list(field, name, value)
    elif field["kind"] in {"date", "moment"}:
        yield from _day(name, str(value))
    elif field["kind"] != "machine":
        yield name, (_word(value),)


def _object(field: JsonObject, name: str, value: Mapping[str, Json]) -> Iterator[Pair]:
    if field["kind"] == "birth":
        yield from ((f"{name}-{part}", (str(each),)) for part, each in value.items())
    else:
        yield from _members(inside(field), value, f"{name}-")


def _list(field: JsonObject, name: str, value: list[Json]) -> Iterator[Pair]:
    if field["kind"] == "several":
        yield name, tuple(map(str, value))
        return
    item = field.get("item")
    for number, entry in enumerate(value):
        if isinstance(item, dict):
            yield from _given(item, f"{name}-{number}", entry)
        elif isinstance(entry, dict):
            yield from _members(inside(field), entry, f"{name}-{number}-")


def _day(name: str, written: str) -> Iterator[Pair]:
    day, _, clock = written.partition("T")
    for part, number in zip(DATE_PARTS, reversed(day.split("-")), strict=False):
        yield f"{name}-{part}", (number,)
    if clock:
        yield f"{name}-zeit", (clock[:5],)


def _word(value: Json) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nein"
    return str(value)
