# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How are the fields of a form divided into pages, one topic on each?

The order is that of the schema. A group is a page; a large group gives its own larger groups pages
of their own, so that nobody meets twenty fields at once; single questions side by side share one.
"""

from collections.abc import Iterator
from typing import Final, cast

from hub.model.json import Json, JsonObject

SHORT: Final = 6
"""A form with no more fields than this is one page."""
LARGE: Final = 9
"""A group with more fields than this is divided."""
OWN_PAGE: Final = 3
"""Fields from which on a group inside a large one gets a page of its own."""


def split(
    fields: list[JsonObject], title: str, hint: str
) -> tuple[list[JsonObject], list[JsonObject]]:
    """Return the pages of a form, and the fields that a machine fills in and nobody types."""
    shown, machine = _without_machine(fields)
    if sum(map(size, shown)) <= SHORT:
        return [_page("angaben", title, hint, _flat(shown))], machine
    pages: list[JsonObject] = []
    loose: list[JsonObject] = []
    for field in shown:
        if field["kind"] in {"group", "list", "several"} or _is_long(field):
            pages += _loose_page(loose)
            loose = []
            pages += _pages_of(field)
        else:
            loose.append(field)
    return [*pages, *_loose_page(loose)], machine


def size(field: JsonObject) -> int:
    """Count how much a person has to look at in a field."""
    if field["kind"] == "machine":
        return 0
    if field["kind"] in {"group", "list"}:
        inner = inside(field)
        return sum(map(size, inner))
    return 1


def inside(field: JsonObject) -> list[JsonObject]:
    """Return the fields within a group or within one entry of a list."""
    item = field.get("item")
    if isinstance(item, dict):
        return [item]
    return cast("list[JsonObject]", field.get("fields", []))


def every(fields: list[JsonObject]) -> Iterator[JsonObject]:
    """Yield all fields, groups before what is in them."""
    for field in fields:
        yield field
        yield from every(inside(field))


def _without_machine(fields: list[JsonObject]) -> tuple[list[JsonObject], list[JsonObject]]:
    shown: list[JsonObject] = []
    machine: list[JsonObject] = []
    for field in fields:
        if field["kind"] == "machine":
            machine.append(field)
            continue
        if "fields" in field:
            kept, taken = _without_machine(cast("list[JsonObject]", field["fields"]))
            machine += taken
            field = field | {"fields": cast("Json", kept)}  # noqa: PLW2901
        shown.append(field)
    return shown, machine


def _pages_of(field: JsonObject) -> Iterator[JsonObject]:
    if field["kind"] != "group":
        yield _titled(field, [field])
        return
    members = inside(field)
    if size(field) <= LARGE:
        yield _titled(field, members)
        return
    # The first group says who or what the page is about, so it stays.
    own = [e for e in members[1:] if e["kind"] == "group" and size(e) >= OWN_PAGE]
    rest = [each for each in members if each not in own]
    if rest:
        yield _titled(field, rest)
    for each in own:
        yield _titled(each, inside(each))


def _loose_page(fields: list[JsonObject]) -> list[JsonObject]:
    if not fields:
        return []
    if len(fields) == 1:
        return [_titled(fields[0], fields)]
    title = str(fields[0]["page"] or fields[0]["label"])
    return [_page(str(fields[0]["name"]), title, "", fields)]


def _is_long(field: JsonObject) -> bool:
    return field["kind"] == "paragraph" and cast("int", field["max"]) >= 500  # noqa: PLR2004


def _titled(field: JsonObject, fields: list[JsonObject]) -> JsonObject:
    name = str(field["pointer"]).strip("/").replace("/", "-").replace("_", "-")
    return _page(name, str(field["label"]), str(field["hint"]), fields)


def _page(name: str, title: str, hint: str, fields: list[JsonObject]) -> JsonObject:
    return {
        "id": name.replace("_", "-"),
        "title": title,
        "hint": hint,
        "optional": not any(_is_needed(each) for each in fields),
        "fields": cast("Json", fields),
    }


def _is_needed(field: JsonObject) -> bool:
    if field["kind"] == "list":
        return bool(field["required"]) and bool(field["min"])
    if field["kind"] == "group":
        return any(_is_needed(each) for each in inside(field))
    return bool(field["required"]) and field["within"] is None


def _flat(fields: list[JsonObject]) -> list[JsonObject]:
    if len(fields) == 1 and fields[0]["kind"] == "group":
        return inside(fields[0])
    return fields
