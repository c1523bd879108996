# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Between whom can a step be said?

A conversation has two sides, and its opening step says which roles they hold. Whatever follows goes
from one of these sides to the other.
"""

from collections.abc import Collection, Iterator
from itertools import product

from hub.model.protocol import Protocol, Step

Pair = tuple[str, str]
"""Role that sends, role that receives."""


def pairs(step: Step, protocol: Protocol) -> frozenset[Pair]:
    """Return between which roles a step can be said in some conversation of the protocol."""
    if step.opens:
        return opening_pairs(step, protocol)
    openings = (each for each in protocol.steps if each.opens)
    return frozenset(pair for opening in openings for pair in _after(opening, step, protocol))


def opening_pairs(step: Step, protocol: Protocol) -> frozenset[Pair]:
    """Return between which roles an opening step may open a conversation."""
    return frozenset(
        pair for pair in product(step.sender, step.recipient) if _are_opposite(pair, protocol)
    )


def meet(
    step: Step, protocol: Protocol, sender: Collection[str], recipient: Collection[str]
) -> bool:
    """Return whether units of these roles can be the two sides of such an opening."""
    return any(own in sender and other in recipient for own, other in opening_pairs(step, protocol))


def _are_opposite(pair: Pair, protocol: Protocol) -> bool:
    if not protocol.sides:
        return True
    one, other = protocol.sides
    return (pair[0] in one and pair[1] in other) or (pair[0] in other and pair[1] in one)


def _after(opening: Step, step: Step, protocol: Protocol) -> Iterator[Pair]:
    for opener, partner in opening_pairs(opening, protocol):
        said_by_opener = opener in step.sender and partner in step.recipient
        if step.speaker != "partner" and said_by_opener:
            yield opener, partner
        if step.speaker != "opener" and partner in step.sender and opener in step.recipient:
            yield partner, opener
