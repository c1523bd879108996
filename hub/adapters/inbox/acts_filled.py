# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does a form say that somebody has filled in, and what of it is to be put right?

Every objection has the id of its box, so that a page can lead there and say the same words twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from hub.adapters.inbox.acts_boxes import DATE_PARTS, Box, Given, every, said
from hub.adapters.inbox.acts_leaves import BOOLEAN, BoxUnfit, read_leaf
from hub.model.json import Json, JsonObject


@dataclass
class Filled:
    """Reads boxes; objections are collected as it goes."""

    given: Given
    wrong: dict[str, str] = field(default_factory=dict)
    """What to put right, by the id of its box."""

    def content(self, boxes: Sequence[Box]) -> JsonObject:
        """Return what the form says; nothing stands in it that was left empty."""
        found: JsonObject = {}
        for box in boxes:
            value = self._value(box, boxes)
            if value is not None:
                found[str(box.field["name"])] = value
        return found

    def point_at(self, pointers: Sequence[str], text: str, boxes: Sequence[Box]) -> None:
        """Put an objection to the boxes of these places; where there is none, to the first."""
        names = [pointer.strip("/").replace("/", "-") for pointer in pointers]
        found = [box.first for name in names if (box := _nearest(name, boxes)) is not None]
        for each in found or [boxes[0].first if boxes else "inhalt"]:
            self.wrong.setdefault(each, text)

    def is_filled(self, box: Box) -> bool:
        """Tell whether anything stands in a box, or in one of those within."""
        if box.boxes:
            return any(map(self.is_filled, box.boxes))
        names = [box.name, *(f"{box.name}-{part}" for part in (*DATE_PARTS, "zeit"))]
        return any(said(self.given, name) for name in names)

    def _value(self, box: Box, beside: Sequence[Box]) -> Json:
        if not self._holds("when", box, beside, otherwise=True):
            if self.is_filled(box):
                self.wrong[box.first] = box.objected(box.condition)
            return None
        is_needed = box.required or self._holds("needed_when", box, beside, otherwise=False)
        if not is_needed and not self.is_filled(box):
            return None
        if box.kind == "group":
            return cast("Json", self.content(box.boxes) or None)
        if box.kind == "list":
            return self._entries(box, is_needed=is_needed)
        return self._leaf(box)

    def _leaf(self, box: Box) -> Json:
        if not self.is_filled(box):
            self.wrong[box.first] = box.objected("Diese Angabe fehlt noch.")
            return None
        try:
            return read_leaf(box, self.given)
        except BoxUnfit as unfit:
            self.wrong[unfit.box] = unfit.text
            return None

    def _entries(self, box: Box, *, is_needed: bool) -> Json:
        filled = [each for each in box.boxes if self.is_filled(each)]
        if is_needed and len(filled) < max(1, cast("int", box.field.get("min") or 0)):
            self.wrong[box.first] = box.objected("Hier fehlt noch ein Eintrag.")
        entries = [
            self.content(each.boxes) if each.kind == "group" else self._leaf(each)
            for each in filled
        ]
        return cast("Json", [each for each in entries if each is not None] or None)

    def _holds(self, which: str, box: Box, beside: Sequence[Box], *, otherwise: bool) -> bool:
        """Tell whether a condition on the answer to another box holds."""
        when = box.field.get(which)
        if not isinstance(when, dict):
            return otherwise
        name = str(when["pointer"]).rpartition("/")[2]
        other = next((each for each in beside if each.field["name"] == name), None)
        if other is None:
            return otherwise
        answer = said(self.given, other.name)
        value = BOOLEAN.get(answer) if other.kind in {"yes-no", "confirm"} else answer
        if "not_in" in when:
            return value not in cast("list[Json]", when["not_in"])
        return value in cast("list[Json]", when["in"])


def _nearest(name: str, boxes: Sequence[Box]) -> Box | None:
    """Return the box of a place, or the innermost one around it."""
    around = [each for each in every(boxes) if f"{name}-".startswith(f"{each.name}-")]
    return max(around, key=lambda each: len(each.name), default=None)
