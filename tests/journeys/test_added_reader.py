# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A reader that is added later: the sender alone can, and nothing that was signed changes."""

from pathlib import Path

import pytest

from hub.audit.verify import verify_db
from hub.client import Refused
from hub.client.agency import add_person_key
from hub.client.enrolment import publish
from hub.sealing.reader import ReaderPrivateKey
from tests.journeys.copies import copy_of
from tests.world import FEEDBACK, OTHER_SCHOOL, RHEINBERG, SCHOOL, World, example

pytestmark = pytest.mark.anyio


async def _a_notice(world: World) -> str:
    async with world.hub(SCHOOL) as school:
        await school.directory()
        draft = school.compose(
            protocol="schule-mitteilung",
            step="mitteilung",
            to=RHEINBERG,
            urgency="planbar",
            content=example("schule-mitteilung", "mitteilung"),
        )
        await school.submit(draft)
    return draft.id


async def test_a_key_that_is_named_already_is_not_added_again(world: World) -> None:
    message = await _a_notice(world)
    known = world.agency(RHEINBERG).desk[0].kid

    async with world.hub(SCHOOL) as school:
        with pytest.raises(Exception, match="named already"):
            await school.add_reader(message, known)


async def test_a_key_that_nobody_published_cannot_be_added(world: World) -> None:
    message = await _a_notice(world)
    unknown = ReaderPrivateKey.generate().kid

    async with world.hub(SCHOOL) as school:
        with pytest.raises(Exception, match="no such key"):
            await school.add_reader(message, unknown)


async def test_only_the_sender_finds_its_message_to_add_a_reader(world: World) -> None:
    message = await _a_notice(world)
    path = f"/v1/messages/{message}/readers/{world.agency(RHEINBERG).desk[0].kid}"

    async with world.hub(RHEINBERG) as office:
        with pytest.raises(Refused) as refused:
            await office.line.send("PUT", path, b"{}")

    assert refused.value.code == "not-found"


async def test_feedback_becomes_readable_again_after_the_person_lost_the_key(
    world: World, tmp_path: Path
) -> None:
    """§ 4 Abs. 4 KKG: no second Rueckmeldung; the Jugendamt adds the new key to the one sent."""
    folder = world.folders[OTHER_SCHOOL]
    async with world.hub(OTHER_SCHOOL) as school, world.hub(RHEINBERG) as office:
        await school.directory()
        draft = school.compose(
            protocol="schule-mitteilung",
            step="mitteilung",
            to=RHEINBERG,
            urgency="planbar",
            content=example("schule-mitteilung", "mitteilung"),
        )
        await school.submit(draft)
        notice = next(each for each in await office.lease(limit=20) if each.id == draft.id)
        await notice.open()
        await notice.take()
        feedback = await notice.answer("rueckmeldung", FEEDBACK)

        lost = world.agency(OTHER_SCHOOL).persons[0].kid
        next((folder / "keys").glob("person*.key")).unlink()
        new = add_person_key(folder)
        assert publish(folder) == 2
        added = await office.add_reader(feedback.id, new.kid)

    async with world.hub(OTHER_SCHOOL) as school:
        [message] = await school.lease()
        assert new.kid != lost
        assert added.receipt.word == "reader-added"
        assert await message.open() == FEEDBACK
    copy = copy_of(world.data, tmp_path / "kopie.sqlite")
    assert verify_db(copy, world.node.log.vkey) == []


async def test_the_secret_is_destroyed_once_a_person_took_note(world: World) -> None:
    """SL1 § 5: the secret is kept until the message is acknowledged, then destroyed."""
    message = await _a_notice(world)
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        assert school.secrets.recall(message) is not None
        for notice in await office.lease(limit=20):
            await notice.open()
            await notice.take()
            await notice.acknowledge("bereitschaft")

        await school.events()

        assert school.secrets.recall(message) is None
