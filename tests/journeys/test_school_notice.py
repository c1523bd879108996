# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A school's notice reaches the Jugendamt of the child's home and comes back answered."""

import json
from pathlib import Path

import pytest

from hub.audit.verify import verify_db, verify_evidence
from hub.client import Refused
from hub.errors import ContentInvalid
from tests.journeys.copies import copy_of
from tests.world import FEEDBACK, KREIS, RHEINBERG, SCHOOL, World, example

pytestmark = pytest.mark.anyio


async def test_a_notice_goes_to_the_jugendamt_of_the_child_and_is_answered(
    world: World, tmp_path: Path
) -> None:
    """§ 86 SGB VIII: the child's home decides, not the seat of the school in Xanten."""
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        directory = await school.directory()
        responsible = directory.responsible("jugendamt", ags="05170032")
        assert responsible.id == RHEINBERG
        assert directory.responsible("jugendamt", ags="05170052").id == KREIS

        draft = school.compose(
            protocol="schule-mitteilung",
            step="mitteilung",
            to=responsible.id,
            urgency="unverzueglich",
            content=example("schule-mitteilung", "mitteilung"),
        )
        accepted = await school.submit(draft)
        assert accepted.receipt.word == "accepted"

        [notice] = await office.lease()
        content = await notice.open()
        assert content == {
            **example("schule-mitteilung", "mitteilung"),
            "rueckmeldung_an": world.agency(SCHOOL).person.kid,  # type: ignore[union-attr]
        }
        await notice.take()
        await notice.acknowledge("bereitschaft")
        await notice.answer("rueckmeldung", FEEDBACK)

        [feedback] = await school.lease()
        assert await feedback.open() == FEEDBACK
        await feedback.take()

        state = await school.state(draft.id)
        assert state["state"] == "acknowledged"
        assert not (await school.conversation(draft.conversation)).allowed[2:]
        package = tmp_path / "beweispaket.zip"
        package.write_bytes(await school.evidence(draft.id))
    assert verify_evidence(package, world.node.log.vkey) == []
    copy = copy_of(world.data, tmp_path / "kopie.sqlite")
    assert verify_db(copy, world.node.log.vkey) == []


async def test_the_sender_never_learns_who_opened_and_when(world: World) -> None:
    """§ 64 Abs. 4 SGB VIII bounds what comes back; hidden receipts are not even countable."""
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        await school.directory()
        draft = school.compose(
            protocol="schule-mitteilung",
            step="mitteilung",
            to=RHEINBERG,
            urgency="planbar",
            content=example("schule-mitteilung", "mitteilung"),
        )
        await school.submit(draft)
        [notice] = await office.lease()
        await notice.open()
        await notice.take()

        for_sender = await school.state(draft.id)
        for_reader = await office.state(draft.id)

    assert len(for_sender["receipts"]) == 2
    assert len(for_reader["receipts"]) == 3
    assert "opened" not in json.dumps(for_sender)


async def test_feedback_with_a_fourth_fact_cannot_even_be_sealed(world: World) -> None:
    """§ 64 Abs. 4 SGB VIII: the word is "ausschließlich"."""
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        await school.directory()
        draft = school.compose(
            protocol="schule-mitteilung",
            step="mitteilung",
            to=RHEINBERG,
            urgency="planbar",
            content=example("schule-mitteilung", "mitteilung"),
        )
        await school.submit(draft)
        [notice] = await office.lease()
        await notice.open()
        await notice.take()

        with pytest.raises(ContentInvalid):
            await notice.answer("rueckmeldung", {**FEEDBACK, "massnahme": True})
        await notice.answer("rueckmeldung", FEEDBACK)
        with pytest.raises(Refused) as refused:
            await notice.answer("rueckmeldung", FEEDBACK)

    assert refused.value.code == "step-not-allowed"
