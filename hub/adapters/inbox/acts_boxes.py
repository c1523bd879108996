# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which boxes does a page show for a step, so that a plain form can be filled in and sent?

They follow from the schema of the step. A list has as many places as were filled in, and one more;
what hangs on another answer says so, because no script hides it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, cast

from hub.model.json import Json, JsonObject

Given = Mapping[str, tuple[str, ...]]
"""What was filled in, by the name of the box."""
GROUPS: Final = frozenset({"group", "list"})
DATE_PARTS: Final = ("tag", "monat", "jahr")


@dataclass(frozen=True)
class Box:
    """One field of a form, or several that belong together."""

    kind: str
    name: str
    """Of the input, and its id: ``absender-name-familienname``."""
    label: str
    hint: str
    required: bool
    """Needed wherever what it stands in is filled in."""
    field: JsonObject
    """As the form description has it."""
    boxes: tuple["Box", ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    within: str = ""
    """Label of the part that it stands in."""
    condition: str = ""
    """German: on which answer it hangs, where it does."""
    can_grow: bool = False
    """A list that has room for one more entry than are shown."""
    is_open: bool = True
    """It is in sight; what may be left out as a whole is opened by whoever needs it."""

    @property
    def first(self) -> str:
        """Id of the input to which somebody is led."""
        if self.kind in GROUPS and self.boxes:
            return self.boxes[0].first
        if self.kind in {"date", "moment"}:
            return f"{self.name}-{DATE_PARTS[0]}"
        if self.kind == "birth":
            return f"{self.name}-{self.parts[0]}"
        return self.name

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of a date of birth, as far as the schema asks for them."""
        return tuple(map(str, cast("list[Json]", self.field.get("parts", []))))

    def objected(self, text: str) -> str:
        """Return an objection that says by itself what it is about, and within which part."""
        within = "" if self.within == self.label else self.within
        parts = [f"{each} " if each.endswith("?") else f"{each}: " for each in (within, self.label)]
        return "".join((*parts, text)).removeprefix(": ")

    @property
    def longest(self) -> int:
        return cast("int", self.field.get("max") or 0)


def boxes_of(fields: Iterable[JsonObject], given: Given, more: str = "") -> tuple[Box, ...]:
    """Return the boxes of a form; ``more`` names a list that gets one more entry."""
    several = list(fields)
    return tuple(
        _box(field, str(field["name"]), several, given, more)
        for field in several
        if field["kind"] != "machine"
    )


def every(boxes: Iterable[Box]) -> Iterator[Box]:
    """Yield all boxes, those above before those within."""
    for box in boxes:
        yield box
        yield from every(box.boxes)


def inside(field: JsonObject) -> list[JsonObject]:
    """Return the fields within a group or within one entry of a list."""
    item = field.get("item")
    if isinstance(item, dict):
        return [item]
    return cast("list[JsonObject]", field.get("fields", []))


def said(given: Given, name: str) -> str:
    """Return what stands in a box, without blanks around it; empty for nothing."""
    return next(iter(given.get(name, ())), "").strip()


def _box(
    field: JsonObject, name: str, beside: Sequence[JsonObject], given: Given, more: str
) -> Box:
    made = Box(
        str(field["kind"]), name, str(field["label"]), str(field["hint"] or ""),
        bool(field["required"]), field,
        choices=_choices(field), condition=_condition(field, beside),
    )  # fmt: skip
    if made.kind == "list":
        made = _list(made, given, more)
    elif made.kind == "group":
        made = replace(made, boxes=_members(field, name, given, more, made.label))
    return made if made.kind not in GROUPS else replace(made, is_open=_is_open(made, given, more))


def _is_open(box: Box, given: Given, more: str) -> bool:
    """Tell whether a group is needed, was filled in, or gets one more entry."""
    below = f"{box.name}-"
    filled = any(name.startswith(below) and said(given, name) for name in given)
    return box.required or filled or more == box.name or bool(box.condition)


def _members(group: JsonObject, above: str, given: Given, more: str, label: str) -> tuple[Box, ...]:
    fields = inside(group)
    boxes = (
        _box(field, f"{above}-{field['name']}", fields, given, more)
        for field in fields
        if field["kind"] != "machine"
    )
    return tuple(replace(box, within=label) for box in boxes)


def _list(box: Box, given: Given, more: str) -> Box:
    count = min(box.longest, max(1, _filled(box.name, given) + (more == box.name)))
    entries = tuple(_entry(box, number, given, more) for number in range(count))
    return replace(box, boxes=entries, can_grow=count < box.longest)


def _entry(box: Box, number: int, given: Given, more: str) -> Box:
    field, name = box.field, f"{box.name}-{number}"
    label = f"{field['item_label']} {number + 1}"
    if isinstance(item := field.get("item"), dict):
        single = _box(item, name, [], given, more)
        return replace(single, label=label, required=False)
    members = _members(field, name, given, more, label)
    return Box("group", name, label, "", required=True, field=field, boxes=members)


def _filled(name: str, given: Given) -> int:
    """Return how many entries of a list were filled in or shown."""
    place = re.compile(re.escape(name) + r"-([0-9]{1,2})(?:-|$)")
    numbers = [int(found[1]) for each in given if (found := place.match(each))]
    return max(numbers, default=-1) + 1


def _choices(field: JsonObject) -> tuple[tuple[str, str], ...]:
    listed = cast("list[JsonObject]", field.get("choices") or [])
    return tuple((str(each["value"]), str(each["label"])) for each in listed)


def _condition(field: JsonObject, beside: Sequence[JsonObject]) -> str:
    when = cast("JsonObject | None", field.get("when") or field.get("needed_when"))
    if when is None:
        return ""
    name = str(when["pointer"]).rpartition("/")[2]
    other = next((each for each in beside if each["name"] == name), None)
    if other is None:
        return ""
    words = dict(_choices(other)) | {"True": "Ja", "False": "Nein"}
    answers = map(str, cast("list[Json]", when.get("in", when.get("not_in", []))))
    # What this step does not offer as an answer is not spoken of.
    said = " oder ".join(f"„{words[each]}“" for each in answers if each in words)
    lead = "Nicht" if "not_in" in when else "Nur"
    return f"{lead} bei {said} auf die Frage „{other['label']}“."
