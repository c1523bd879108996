# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is left of a content for somebody who may not see all of it?

The values are taken out before anything is made of the content, so no form, no overview and no
file beside a form can tell them. What stays is that there is something, and of which class.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias

from hub.adapters.forms.labelled import Entry, Group, Value, Withheld, values
from hub.model.json import Json, JsonObject

MaySee: TypeAlias = Callable[[str], bool]
"""Tells of a class whether its values are shown."""


def everything(_class_name: str) -> bool:
    """Let all classes be seen: a target gets what the unit got."""
    return True


def reduced(content: JsonObject, said: Group, may_see: MaySee) -> tuple[JsonObject, Group]:
    """Return a content without what may not be seen, and the same as people read it."""
    hidden = frozenset(each.pointer for each in values(said) if not may_see(each.class_name))
    if not hidden:
        return content, said
    return _object(content, "", hidden), _group(said, may_see)


def _group(group: Group, may_see: MaySee) -> Group:
    return replace(group, entries=tuple(_entry(each, may_see) for each in group.entries))


def _entry(entry: Entry, may_see: MaySee) -> Entry:
    """Withhold a part as a whole where nothing of it may be seen, and else what may not."""
    classes = {each.class_name for each in values(entry)}
    if not classes or all(map(may_see, classes)):
        return entry
    if isinstance(entry, Group) and any(map(may_see, classes)):
        return _group(entry, may_see)
    return Withheld(entry.pointer, entry.label, _first_hidden(entry))


def _first_hidden(entry: Entry) -> str:
    if isinstance(entry, Value):
        return entry.class_name
    return next(each.class_name for each in values(entry))


def _object(said: Mapping[str, Json], at: str, hidden: frozenset[str]) -> JsonObject:
    parts = {name: _part(each, f"{at}/{name}", hidden) for name, each in said.items()}
    # Whoever sees an empty part would take it for one that says nothing.
    return {name: each for name, each in parts.items() if not _is_empty(each) or each == said[name]}


def _part(said: Json, at: str, hidden: frozenset[str]) -> Json:
    if at in hidden:
        return None
    if isinstance(said, dict):
        return _object(said, at, hidden)
    if isinstance(said, list):
        # An entry keeps its place: the numbers of the others are spoken about.
        return [_part(each, f"{at}/{number}", hidden) for number, each in enumerate(said)]
    return said


def _is_empty(part: Json) -> bool:
    if isinstance(part, dict):
        return all(map(_is_empty, part.values()))
    return part is None or (isinstance(part, list) and all(map(_is_empty, part)))
