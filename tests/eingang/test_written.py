# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What somebody of the office has written stays as it was kept, and theirs."""

import asyncio
from functools import partial
from typing import Any, Final

import httpx2
from uuid_utils.compat import uuid7

from hub.adapters.connector.rows import read_row
from hub.adapters.inbox.acts import Act, By
from hub.adapters.inbox.acts_doing import Wanted
from hub.adapters.inbox.acts_doing import do as done
from hub.adapters.inbox.acts_sending import send_due
from hub.model.json import JsonObject
from tests.eingang.acting import a_notice, acts, at_school, do
from tests.eingang.world import Inbox

ASKED: Final[JsonObject] = {"gegenstand": "kind", "frage": "Erfunden: Wo ist das Kind jetzt?"}
OTHER: Final[JsonObject] = {"gegenstand": "kind", "frage": "Erfunden: Etwas ganz anderes?"}


def written(inbox: Inbox, act: Act) -> Any:
    return inbox.house.spool.read_written(act.id)["content"]


def test_nobody_replaces_or_takes_away_what_a_colleague_has_written(inbox: Inbox) -> None:
    """The id of an act stands in addresses that everybody of the office sees."""
    one = inbox.visitor("fachkraft", name="Anna Erfunden-Erst")
    other = inbox.visitor("fachkraft", name="Bernd Erfunden-Zweit")
    notice, another = a_notice(inbox), a_notice(inbox)
    do(one, notice.id, "rueckfrage", **ASKED)
    [asked] = acts(inbox, notice.id)

    for message in (notice.id, another.id):
        answer = do(other, message, "rueckfrage", vorgang=asked.id, **OTHER)
        assert answer.status_code == httpx2.codes.CONFLICT
        assert written(inbox, asked) == ASKED

    assert acts(inbox, notice.id) == (asked,)
    assert at_school(inbox.world) == [("rueckfrage", ASKED)]


def test_a_page_that_is_sent_again_with_other_words_changes_nothing(inbox: Inbox) -> None:
    """What is kept here is what the school has got."""
    duty, notice, drawn = inbox.visitor("fachkraft"), a_notice(inbox), str(uuid7())
    do(duty, notice.id, "rueckfrage", vorgang=drawn, **ASKED)

    answer = do(duty, notice.id, "rueckfrage", vorgang=drawn, **OTHER)

    [asked] = acts(inbox, notice.id)
    assert answer.headers["location"].endswith(f"?getan={asked.id}")
    assert written(inbox, asked) == ASKED
    assert at_school(inbox.world) == [("rueckfrage", ASKED)]


def test_another_button_of_a_page_of_before_is_not_taken_for_done(inbox: Inbox) -> None:
    duty, notice, drawn = inbox.visitor("fachkraft"), a_notice(inbox), str(uuid7())
    do(duty, notice.id, "kenntnis", vorgang=drawn)

    answer = do(duty, notice.id, "uebernahme", vorgang=drawn)

    assert answer.status_code == httpx2.codes.CONFLICT
    assert "Bitte die Mitteilung neu öffnen" in answer.text
    assert [each.kind for each in acts(inbox, notice.id)] == ["kenntnis"]


def test_of_two_that_come_at_once_the_first_one_stands(inbox: Inbox) -> None:
    notice, drawn = a_notice(inbox), str(uuid7())
    row = inbox.row(notice.id)
    assert row is not None
    by = By(str(uuid7()), "Anna Erfunden-Erst", "fachkraft")
    ask = partial(Wanted, drawn, "rueckfrage", "rueckfrage")

    async def go() -> list[Act]:
        both = (done(ask({"content": each}), by, row, inbox.house) for each in (ASKED, OTHER))
        return [each.act for each in await asyncio.gather(*both)]

    first, second = inbox.run(go())

    assert first == second
    assert written(inbox, first) == ASKED


def test_an_act_that_fails_in_a_way_nobody_foresaw_holds_up_no_other(inbox: Inbox) -> None:
    """Otherwise it would end the process that takes notices in, and again after each start."""
    broken, sound = a_notice(inbox), a_notice(inbox)
    by = By(str(uuid7()), "Anna Erfunden-Erst", "fachkraft")

    async def go() -> None:
        whole: JsonObject = {"content": ASKED, "urgency": "planbar"}
        nothing: JsonObject = {}
        for notice, said in ((broken, nothing), (sound, whole)):
            row = await inbox.house.read(partial(read_row, message=notice.id))
            assert row is not None
            await done(Wanted(str(uuid7()), "rueckfrage", "rueckfrage", said), by, row, inbox.house)
        await send_due(inbox.house)

    inbox.run(go())

    [waits], [gone] = acts(inbox, broken.id), acts(inbox, sound.id)
    assert (waits.state, waits.code) == ("wartet", "failure")
    assert waits.reason
    assert gone.state == "gesendet", gone.reason
    at_school(inbox.world)
