# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which contents fit a schema? Drawn from a seed, so that both programs get the same ones again."""

import unicodedata
from collections.abc import Callable
from random import Random
from typing import Any, Final

from hub.errors import ContentInvalid
from hub.model.json import JsonObject
from hub.sealing.content import check_value
from hub.sealing.sealable import Leaf, SealableSchema

Draw = Callable[[], str]
LETTERS: Final = "abcXYZ 0189-.,äöüßŁğñéΩЖ你🎒\n\"\\/'’"
TRIES: Final = 40
LONG: Final = 0.1
"""How often a string may be as long as its bound allows."""


def seeded(seed: int) -> Random:
    """Return randomness that is the same in every run."""
    return Random(seed)  # noqa: S311  nothing here is secret


def a_content(random: Random, schema: SealableSchema) -> JsonObject:
    """Draw a content that is valid, in its one spelling, and often long or nearly empty."""
    content: JsonObject = _object(random, schema, schema.resolved, "", must=False)
    return content


def _part(random: Random, schema: SealableSchema, node: Any, at: str, *, must: bool) -> Any:
    if node["type"] == "object":
        return _object(random, schema, node, at, must=must)
    if node["type"] == "array":
        least = max(node.get("minItems", 0), int(must))
        count = random.randint(least, node["maxItems"])
        items = node["items"]
        return [_part(random, schema, items, f"{at}/{i}", must=True) for i in range(count)]
    return _value(random, schema.pointers[at])


def _object(
    random: Random, schema: SealableSchema, node: Any, at: str, *, must: bool
) -> dict[str, Any]:
    """Draw an object; one that must state something is not left without a member that does."""
    names = [*node["properties"]]
    stating = random.choice(names) if must else None
    often = random.random()
    content = {}
    for name in names:
        chosen = name == stating or random.random() < often
        if chosen or name in node.get("required", ()):
            member = node["properties"][name]
            content[name] = _part(random, schema, member, f"{at}/{name}", must=chosen)
    return content


def _value(random: Random, leaf: Leaf) -> Any:
    for length in range(TRIES, 0, -1):
        value = _drawn(random, leaf.schema, longest=length)
        try:
            check_value(leaf, value)
        except ContentInvalid:
            continue
        return value
    raise AssertionError(f"no value was found for {leaf.pointer}")


def _drawn(random: Random, rule: Any, longest: int) -> Any:
    """Draw a value that fits but for its length in bytes and its normal form."""
    if "const" in rule:
        return rule["const"]
    if "enum" in rule:
        return random.choice(rule["enum"])
    if rule["type"] == "boolean":
        return random.random() < 1 / 2
    if rule["type"] == "integer":
        return random.randint(rule["minimum"], rule["maximum"])
    if random.random() < LONG:
        longest = rule["maxLength"]
    if "pattern" in rule:
        return _Pattern(random, rule["pattern"], longest).draw()
    count = random.randint(rule.get("minLength", 0), min(longest, rule["maxLength"]))
    return unicodedata.normalize("NFC", "".join(random.choices(LETTERS, k=count)))


class _Pattern:
    """Draws strings that a pattern of the sealable profile matches."""

    def __init__(self, random: Random, pattern: str, longest: int) -> None:
        self._random = random
        self._rest = [*pattern.removeprefix("^").removesuffix("$")]
        self._longest = longest

    def draw(self) -> str:
        return unicodedata.normalize("NFC", self._choice()())

    def _choice(self) -> Draw:
        choices = [self._sequence()]
        while self._rest and self._rest[0] == "|":
            self._rest.pop(0)
            choices.append(self._sequence())

        def draw() -> str:
            return self._random.choice(choices)()

        return draw

    def _sequence(self) -> Draw:
        parts: list[tuple[Draw, int, int]] = []
        while self._rest and self._rest[0] not in "|)":
            parts.append((self._atom(), *self._times()))
        return lambda: "".join(
            part() for part, low, high in parts for _ in range(self._random.randint(low, high))
        )

    def _atom(self) -> Draw:
        token = self._rest.pop(0)
        if token == "[":
            return self._of_class()
        if token == "(":
            if self._rest[:2] == ["?", ":"]:
                del self._rest[:2]
            inner = self._choice()
            self._rest.pop(0)
            return inner
        character = self._rest.pop(0) if token == "\\" else token
        return lambda: self._random.choice(LETTERS) if token == "." else character

    def _of_class(self) -> Draw:
        assert self._rest[0] != "^", "no published pattern says what must not stand"
        ranges: list[tuple[str, str]] = []
        while (first := self._rest.pop(0)) != "]":
            low = high = self._rest.pop(0) if first == "\\" else first
            if self._rest[0] == "-" and self._rest[1] != "]":
                self._rest.pop(0)
                high = self._rest.pop(0)
            ranges.append((low, high))
        return lambda: _between(self._random, *self._random.choice(ranges))

    def _times(self) -> tuple[int, int]:
        sign = self._rest.pop(0) if self._rest and self._rest[0] in "*+?{" else ""
        if sign == "{":
            bounds = "".join(iter(lambda: self._rest.pop(0), "}"))
            low, comma, high = bounds.partition(",")
            return int(low), int(high or self._longest) if comma else int(low)
        return {"": (1, 1), "?": (0, 1), "*": (0, self._longest), "+": (1, self._longest)}[sign]


def _between(random: Random, low: str, high: str) -> str:
    return chr(random.randint(ord(low), ord(high)))
