# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which demand of the catalogue does a test hold?

A demand is ``rule:<id>``, or what a protocol asks of the hub by a member: ``signed_by:<step>``,
``after_each:<step>``, ``mandatory:<step>``, ``basis_chosen:<step>``,
``absent:<step>``, ``void_after:<protocol>``, ``unlinked:<protocol>``, ``sides:<protocol>``, and
``guarded:<class>``; a step is written ``<protocol>/<step>``. ``test_coverage.py`` asks that each
has its test.
"""

from collections.abc import Callable, Iterator
from typing import Final, TypeVar

from hub.model.protocol import Protocol, Step
from hub.protocols.guarded import GUARDED
from hub.protocols.rules import RULES
from tests.law.shipped import CATALOGUE

Test = TypeVar("Test", bound=Callable[..., object])
OF_STEP: Final = ("signed_by", "after_each", "mandatory", "basis_chosen")
OF_PROTOCOL: Final = ("void_after", "unlinked", "sides")


def holds(*demands: str) -> Callable[[Test], Test]:
    """Say which demands a test holds."""
    del demands  # ``test_coverage.py`` reads them where they are written

    def mark(test: Test) -> Test:
        return test

    return mark


def demanded() -> Iterator[str]:
    """Yield every demand of the catalogue."""
    yield from (f"rule:{rule}" for rule in RULES)
    yield from (f"guarded:{name}" for name in GUARDED)
    for protocol in CATALOGUE.all():
        yield from _of_protocol(protocol)
        for step in protocol.steps:
            yield from _of_step(protocol, step)


def _of_protocol(protocol: Protocol) -> Iterator[str]:
    yield from (f"{name}:{protocol.id}" for name in OF_PROTOCOL if getattr(protocol, name))
    yield from (f"absent:{protocol.id}/{absent.id}" for absent in protocol.absent_steps)


def _of_step(protocol: Protocol, step: Step) -> Iterator[str]:
    yield from (f"{name}:{protocol.id}/{step.id}" for name in OF_STEP if getattr(step, name))
