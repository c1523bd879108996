# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the public page of the hub says may be said is what this hub carries, cell by cell."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from hub.protocols.sides import opening_pairs
from tests.greedy import Greedy, Talk, claims_of, seal_anyway
from tests.journeys.protocols.cast import CAST
from tests.journeys.protocols.plans import Line, Plan, plans
from tests.journeys.protocols.wishes import a_wish
from tests.law.shipped import the_protocol
from tests.world import World

MATRIX: Final = "/verfahren/matrix.json"
MOST: Final = 400
"""Messages; two roles that share a protocol say most of its steps in one conversation."""
Cell = tuple[str, str, str, str]
"""Protocol, step, role that sends, role that receives."""


@dataclass
class Told:
    """A planned conversation on its way."""

    plan: Plan
    opener: Greedy
    partner: Greedy
    ids: list[str] = field(default_factory=list)
    talk: Talk | None = None

    def says(self, line: Line) -> Cell:
        """Have one message carried and taken, and return the cell it belongs to."""
        plan = self.plan
        speaker, listener = self.opener, self.partner
        sender, recipient = plan.opener, plan.partner
        if not line.by_opener:
            speaker, listener = listener, speaker
            sender, recipient = recipient, sender
        wish = a_wish(speaker, listener, plan.protocol, line.step, talk=self.talk)
        if line.about is not None:
            wish = wish.saying(cau=self.ids[line.about - 1])
        raw = seal_anyway(wish)
        answer = speaker.submit(raw)
        assert answer.status_code == httpx2.codes.CREATED, (line, answer.text)
        self.talk = Talk.after(raw)
        self.ids.append(claims_of(raw)["jti"])
        self._takes(listener)
        return plan.protocol.name, line.step.id, sender, recipient

    def _takes(self, listener: Greedy) -> None:
        listener.lease_one(self.ids[-1])
        assert listener.utter(self.ids[-1], "taken").status_code == httpx2.codes.CREATED


@pytest.fixture(scope="module")
def cast(everybody: World) -> Iterator[dict[str, tuple[Greedy, ...]]]:
    with ExitStack() as stack:
        line = partial(Greedy, everybody)
        yield {
            role: tuple(stack.enter_context(line(unit)) for unit in units)
            for role, units in CAST.items()
        }


def shown(world: World) -> set[Cell]:
    """Return the cells of the public matrix."""
    said: dict[str, Any] = json.loads(httpx2.get(f"{world.url}{MATRIX}").content)
    return {
        (cell["protocol"], cell["step"], cell["sender"], cell["recipient"])
        for cell in said["cells"]
    }


def test_the_hub_carries_what_its_public_matrix_says_and_nothing_else(
    everybody: World, cast: dict[str, tuple[Greedy, ...]]
) -> None:
    catalogue = everybody.catalogue
    newest = [the_protocol(name) for name in sorted({each.id for each in catalogue.all()})]
    planned = list(chain.from_iterable(plans(each, catalogue) for each in newest))
    assert sum(len(plan.lines) for plan in planned) <= MOST

    carried = set()
    for plan in planned:
        told = Told(plan, cast[plan.opener][0], cast[plan.partner][-1])
        carried |= {told.says(line) for line in plan.lines}

    assert carried == shown(everybody)


def test_nobody_else_opens_anything(everybody: World, cast: dict[str, tuple[Greedy, ...]]) -> None:
    """For every opening step, one role that may not say it, whatever it has adopted."""
    for protocol in everybody.catalogue.all():
        for step in protocol.steps:
            if not step.opens:
                continue
            able = {sender for sender, _ in opening_pairs(step, protocol)}
            heard = min(recipient for _, recipient in opening_pairs(step, protocol))
            stranger = max(set(CAST) - able)
            wish = a_wish(cast[stranger][0], cast[heard][-1], protocol, step)
            answer = cast[stranger][0].submit(seal_anyway(wish))

            assert answer.status_code == httpx2.codes.CONFLICT, (protocol.name, step.id, stranger)
            assert answer.json()["code"] == "step-not-allowed"


def test_every_protocol_has_its_tale(everybody: World) -> None:
    folder = Path(__file__).parent
    for protocol in everybody.catalogue.all():
        tale = folder / f"test_{protocol.id.replace('-', '_')}.py"

        assert f'"{protocol.id}"' in tale.read_text("utf-8")
