# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whoever pinned the log's key a year ago comes to the one of today, and to no other."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from hub import clock
from hub.audit.merkle import Unproven
from hub.audit.note import Signer
from hub.client.answers import Untrustworthy
from hub.client.log_keys import followed, trust
from hub.enrol.log_keys import next_name, succeed
from hub.main.signer_keys import make_key
from tests.journeys.operating import operated
from tests.unit.audit.builders import a_private_key, a_signer
from tests.world import SCHOOL, World, a_world

pytestmark = pytest.mark.anyio
MONTH = timedelta(days=31)


@pytest.fixture
def rotated(tmp_path: Path) -> Iterator[World]:
    """A hub that gave its log two new keys, a month apart, since a school enrolled."""
    with a_world(tmp_path, "schule:999001") as world:
        for _ in range(2):
            made = make_key(world.data.keys, world.node.log.origin, prefix="log-")
            operated(world, "rotate-key", vkey=made.vkey)
            world.travel(datetime.fromtimestamp(clock.now(), UTC) + MONTH)
        yield world


async def test_a_unit_that_was_away_follows_from_key_to_key(rotated: World) -> None:
    before = rotated.agency(SCHOOL)
    assert before.hub.log_keys == (before.hub.log,)

    async with rotated.hub(SCHOOL) as school:
        await school.directory()

    keys = [key.verifier.vkey for key in rotated.node.log.keyring.keys]
    assert rotated.agency(SCHOOL).hub.log_keys == tuple(keys), "and remembers it"


async def test_a_key_that_the_log_does_not_prove_is_not_followed(rotated: World) -> None:
    async with rotated.hub(SCHOOL) as school:
        said = (await school.line.public("/v1/log/keys"))["keys"]
    pinned = rotated.agency(SCHOOL).hub
    thief = Signer(rotated.node.log.origin, a_private_key("thief")).verifier.vkey

    assert len(followed(pinned, said)) == 2
    for wrong in (
        [{**said[1], "vkey": thief}],
        [{**said[1], "proof": said[2]["proof"]}],
        [said[2]],
        [{"vkey": thief}],
    ):
        assert followed(pinned, wrong) == []
    assert followed(replace(pinned, log=thief), said) == []


async def test_a_log_under_another_name_is_believed_on_another_way_than_through_the_hub(
    rotated: World,
) -> None:
    """After a compromise the old key is in somebody's hands, and must not introduce the next."""
    node = rotated.node
    made = make_key(rotated.data.keys, next_name(node.log.origin), prefix="log-")
    node.writer.commit_now(partial(succeed, made.vkey, "", None, node))

    async with rotated.hub(SCHOOL) as school:
        with pytest.raises(Untrustworthy):
            await school.directory()
    with pytest.raises(Unproven):
        trust(a_signer(name="anders.invalid/log2").verifier.vkey, rotated.agency(SCHOOL))
    trust(made.vkey, rotated.agency(SCHOOL))

    async with rotated.hub(SCHOOL) as school:
        await school.directory()
    assert rotated.agency(SCHOOL).hub.log_keys == (made.vkey,)
