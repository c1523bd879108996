# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Silence ends a conversation, half a year a request, and neither the search for a child."""

import time
from collections.abc import Iterator

import pytest

from hub.main.work import turn
from tests import databases
from tests.journeys.protocols.cast import ASD, OTHER_ASD, POLICE
from tests.journeys.protocols.telling import Tale, telling
from tests.law.holds import holds
from tests.world import EVERY_ROLE, World, founded

pytestmark = pytest.mark.anyio

DAY = 24 * 3600
PARTIES = ("jugendamt:05170032", "jugendamt:05170000", "polizei:kpb-wesel")
PROTOCOLS = ("vermisste/1.0.0", "auskunftsersuchen/1.0.0", "jugendamt-mitteilung/1.0.0")


@pytest.fixture
def ageing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A hub of its own: time goes on for a whole hub, and only forward."""
    home = tmp_path_factory.mktemp("ageing")
    with databases.given_back(), founded(home, EVERY_ROLE) as made:
        for organisation in PARTIES:
            made.join(organisation, protocols=PROTOCOLS)
        yield made


@holds("mandatory:vermisste/auffindung", "void_after:auskunftsersuchen")
async def test_silence_closes_a_conversation_unless_a_child_is_missing(ageing: World) -> None:
    async with (
        telling(ageing, "vermisste", ASD, POLICE) as missing,
        telling(ageing, "auskunftsersuchen", POLICE, ASD) as request,
        telling(ageing, "jugendamt-mitteilung", ASD, OTHER_ASD) as notice,
    ):
        await missing.opener.says("mitteilung")
        await request.opener.says("ersuchen", "minimal")
        await notice.opener.says("mitteilung")
        now = time.time()

        await turn(ageing.node, now + 89 * DAY)
        assert [await is_closed(each) for each in (missing, request, notice)] == [False] * 3

        await turn(ageing.node, now + 91 * DAY)
        assert await is_closed(notice)
        assert not await is_closed(request)

        await turn(ageing.node, now + 185 * DAY)
        assert await is_closed(request)
        assert await request.partner.may_say() == set()

        await turn(ageing.node, now + 1000 * DAY)
        assert not await is_closed(missing)
        assert "auffindung" in await missing.partner.may_say()


async def is_closed(tale: Tale) -> bool:
    thread = await tale.thread(tale.opener)
    assert thread is not None
    return thread.closed
