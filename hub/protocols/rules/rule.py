# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a rule is, and how it looks around in a content."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from hub.model.json import Json, JsonObject
from hub.model.law import BasisCode


@dataclass(frozen=True)
class Saying:
    """A content about to be sealed, or just opened, with what the envelope says of it."""

    content: JsonObject = field(repr=False)
    basis: BasisCode
    """The claim ``lb``: on what the sender speaks."""
    urgency: str
    speakers: frozenset[str] = frozenset()
    """Protocol roles of the unit that speaks."""


Check = Callable[[Saying], tuple[str, ...]]
"""Returns JSON pointers to what breaks the rule; none where it holds."""


@dataclass(frozen=True)
class Rule:
    """One thing that a schema cannot say, because it ties one field to another."""

    id: str
    basis: BasisCode | None
    """The place in the law that asks for it; None where it is ours ("Vorgabe des Projekts")."""
    says: str
    """German: what has to be so, and with that what to do."""
    check: Check = field(repr=False)


def objects(part: Json, pointer: str = "") -> Iterator[tuple[str, JsonObject]]:
    """Yield every object of a content with its JSON pointer, the outer one first.

    Names of members come from our own closed schemas and hold neither ``~`` nor ``/``.
    """
    if isinstance(part, dict):
        yield pointer, part
        for name, member in part.items():
            yield from objects(member, f"{pointer}/{name}")
    elif isinstance(part, list):
        for index, item in enumerate(part):
            yield from objects(item, f"{pointer}/{index}")


def at(content: JsonObject, *path: str) -> Json:
    """Return what stands at a place of a content, or None."""
    part: Json = content
    for name in path:
        part = part.get(name) if isinstance(part, dict) else None
    return part
