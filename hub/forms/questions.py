# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""With which plain question does a step begin, and which of them may a house ask itself?

Nobody at a school looks for a paragraph. The questions stand in ``specs/portal/questions.yaml``;
a step that has none is asked by its title, so that a new protocol appears without one.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from hub.directory.kinds import KINDS
from hub.forms.words import read_portal
from hub.model.protocol import Protocol, Step
from hub.protocols.catalogue import Catalogue
from hub.protocols.sides import opening_pairs

PORTAL_KINDS: Final = (
    "schule",
    "ordnungsamt",
    "gesundheit",
    "traeger",
    "krisendienst",
    "polizei",
    "beratung",
)
"""Kinds of houses without software of their own."""


@dataclass(frozen=True)
class Question:
    """How a step is asked for."""

    question: str
    explanation: str
    is_ours: bool
    """Written for it, and not made from its title."""


def question_of(protocol: Protocol, step: Step) -> Question:
    asked = read_portal("questions")["steps"].get(protocol.id, {}).get(step.id)
    if asked is None:
        shown = protocol.purpose.strip() if step.opens else step.guidance.strip()
        return Question(step.title, shown, is_ours=False)
    return Question(asked["question"], asked["explanation"], is_ours=True)


def roles_of(kind: str) -> frozenset[str]:
    """Return the protocol roles of a kind of house."""
    return KINDS[kind].roles


def sayable(catalogue: Catalogue, roles: Collection[str]) -> Iterator[tuple[Protocol, Step]]:
    """Yield what units of these roles may say.

    Whatever opens comes in the newest version alone; what answers in every version, because a
    conversation stays under the version it was opened with.
    """
    latest = newest(catalogue)
    for protocol in catalogue.all():
        for step in protocol.steps:
            if not set(step.sender) & set(roles):
                continue
            if not step.opens or (
                protocol is latest.get(protocol.id) and _may(step, protocol, roles)
            ):
                yield protocol, step


def _may(step: Step, protocol: Protocol, roles: Collection[str]) -> bool:
    return any(sender in roles for sender, _ in opening_pairs(step, protocol))


def newest(catalogue: Catalogue) -> dict[str, Protocol]:
    """Return of each protocol the newest version that was not withdrawn, by its id."""
    living = [each for each in catalogue.all() if each.status != "zurueckgezogen"]
    return {each.id: each for each in sorted(living, key=_number)}


def _number(protocol: Protocol) -> tuple[int, ...]:
    return tuple(map(int, protocol.version.split(".")))
