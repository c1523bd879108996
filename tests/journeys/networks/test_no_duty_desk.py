# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Nobody renewed the roster: what cannot wait is not taken in where nobody would read it.

Better told at once, with numbers to ring, than at night by silence.
"""

from datetime import date

import httpx2
import pytest

from hub.client import Draft
from hub.errors import NoDutyDesk
from tests.greedy import Greedy, seal_anyway
from tests.journeys.networks.werne import (
    ASD,
    BERGKAMEN,
    PATROL,
    SATURDAY,
    content,
    fetches,
    files,
    publish,
    travel,
)
from tests.world import World

pytestmark = pytest.mark.anyio

NOTICE = "ordnungsamt-mitteilung"
EXPIRED = date(2026, 10, 9)
OFFICE, NEAR, POLICE = "+49 221 4710 706", "+49 171 39200 04", "110"
"""Numbers of Bergkamen's office, and of whom Lünen has on duty on Saturday at that hour."""


@pytest.fixture
def lapsed(night: World) -> World:
    """Werne's neighbour Bergkamen has a roster that ended on Friday."""
    unit = night.node.directory.unit(BERGKAMEN)
    assert unit is not None
    assert unit.roster is not None
    lines = tuple(
        line.model_copy(update={"valid_until": min(line.valid_until, EXPIRED)})
        for line in unit.roster.lines
    )
    ended = unit.roster.model_copy(update={"valid_until": EXPIRED, "lines": lines})
    publish(night, BERGKAMEN, roster=ended)
    return night


async def test_the_sdk_says_so_before_anything_is_sealed_and_offers_another_urgency(
    lapsed: World,
) -> None:
    await travel(lapsed, SATURDAY)
    with pytest.raises(NoDutyDesk) as nobody:
        await files(lapsed, to=BERGKAMEN)

    assert nobody.value.offers == "unverzueglich"
    sent: Draft = await files(lapsed, to=BERGKAMEN, urgency=nobody.value.offers)
    assert await fetches(lapsed, BERGKAMEN) == [sent.id]


async def test_it_names_the_office_a_neighbour_that_has_duty_and_110(lapsed: World) -> None:
    await travel(lapsed, SATURDAY)
    with pytest.raises(NoDutyDesk) as nobody:
        await files(lapsed, to=BERGKAMEN)

    for number in (OFFICE, NEAR, POLICE):
        assert number in str(nobody.value)


async def test_the_hub_refuses_it_with_the_same_three_numbers(lapsed: World) -> None:
    await travel(lapsed, SATURDAY)
    with Greedy(lapsed, PATROL) as patrol:
        wish = patrol.wish(
            BERGKAMEN,
            protocol=f"{NOTICE}/1.0.0",
            content=content(NOTICE, "mitteilung"),
            urgency="sofort",
        )
        refused = patrol.submit(seal_anyway(wish))

    assert refused.status_code == httpx2.codes.CONFLICT
    said = refused.json()
    assert (said["code"], said["pointers"]) == ("no-duty-desk", ["/urg"])
    assert said["allowed"] == ["unverzueglich"]
    for number in (OFFICE, NEAR, POLICE):
        assert number in said["detail"]


async def test_before_the_roster_ended_it_was_taken(lapsed: World) -> None:
    sent = await files(lapsed, to=BERGKAMEN)

    assert await fetches(lapsed, BERGKAMEN) == [sent.id]


async def test_other_offices_are_reached_as_ever(lapsed: World) -> None:
    await travel(lapsed, SATURDAY)

    assert (await files(lapsed, to=ASD)).id
