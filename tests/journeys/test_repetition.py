# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whoever gets no answer says it again: one message, one receipt, the same bytes, for ever."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pytest

from hub.main.assembly import create_hub
from tests.databases import a_data_dir
from tests.greedy import Greedy, Talk, seal_anyway
from tests.journeys.books import No, books, check_left_one_entry, check_said, entries
from tests.world import (
    HUB_ID,
    NETWORK,
    OTHER_SCHOOL,
    RHEINBERG,
    SCHOOL,
    Clock,
    World,
    free_port,
    running,
)

Client = Callable[[str], Greedy]
CONNECTIONS = 10


def at_once(world: World, unit: str, raws: Sequence[bytes]) -> list[httpx2.Response]:
    """Submit all of these at once, over several connections of one unit."""
    with ExitStack() as stack, ThreadPoolExecutor(CONNECTIONS) as pool:
        clients = [stack.enter_context(Greedy(world, unit)) for _ in range(CONNECTIONS)]
        for client in clients:
            client.token()
        shares = [raws[number::CONNECTIONS] for number in range(CONNECTIONS)]
        answers = pool.map(
            lambda share: [share[0].submit(raw) for raw in share[1]],
            zip(clients, shares, strict=True),
        )
        return [answer for each in answers for answer in each]


def test_a_hundred_at_once_are_one_message_with_one_receipt(world: World, greedy: Client) -> None:
    raw = seal_anyway(greedy(SCHOOL).wish(RHEINBERG))
    before = books(world)

    answers = at_once(world, SCHOOL, [raw] * 100)

    after = books(world)
    assert sorted(answer.status_code for answer in answers) == [200] * 99 + [201]
    assert len({answer.content for answer in answers}) == 1
    assert {name: after.rows[name] - before.rows[name] for name in ("message", "receipt")} == {
        "message": 1,
        "receipt": 1,
    }
    assert after.log == before.log + 1


def test_the_same_bytes_get_the_same_answer_when_they_would_be_too_old_for_a_new_message(
    world: World, greedy: Client, clock: Clock
) -> None:
    school = greedy(SCHOOL)
    raw = seal_anyway(school.wish(RHEINBERG))
    first = school.submit(raw)
    before = books(world)

    clock.ahead = 3600
    again = school.submit(raw)

    assert (again.status_code, again.content) == (200, first.content)
    assert books(world) == before


def test_the_same_bytes_get_the_same_answer_when_the_message_is_long_withdrawn(
    greedy: Client,
) -> None:
    school = greedy(SCHOOL)
    raw = seal_anyway(school.wish(RHEINBERG))
    first = school.submit(raw)
    talk = Talk.after(raw)
    assert school.utter(talk.id, "withdrawn").status_code == 201

    again = school.submit(raw)

    assert (again.status_code, again.content) == (200, first.content)


def test_the_same_receipt_gets_the_same_answer(world: World, greedy: Client) -> None:
    school = greedy(SCHOOL)
    talk = school.say(RHEINBERG)
    jws = school.receipt(talk.id, "withdrawn")
    first = school.hand_in(talk.id, jws)
    before = books(world)

    again = school.hand_in(talk.id, jws)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.content == first.content
    assert books(world) == before


def test_other_bytes_under_the_same_id_are_no_repetition(world: World, greedy: Client) -> None:
    school = greedy(SCHOOL)
    wish = school.wish(RHEINBERG)
    raw = seal_anyway(wish)
    first = school.submit(raw)
    before = books(world)

    other = school.submit(seal_anyway(wish))

    check_said(other, No(409, "id-reused", ("/jti",)))
    check_left_one_entry(world, before, k="message.refused", why="id-reused")
    assert school.submit(raw).content == first.content


def test_the_bytes_of_another_are_no_repetition(world: World, greedy: Client) -> None:
    """Who has seen a message on its way does not get its receipt."""
    school = greedy(SCHOOL)
    raw = seal_anyway(school.wish(RHEINBERG))
    assert school.submit(raw).status_code == 201
    before = books(world)

    answer = greedy(OTHER_SCHOOL).submit(raw)

    check_said(answer, No(403, "sender-mismatch", ("/iss",)))
    check_left_one_entry(world, before, why="sender-mismatch", act_org=OTHER_SCHOOL)


@pytest.mark.parametrize("same_id", [True, False], ids=["one id", "one position"])
def test_of_several_that_exclude_each_other_exactly_one_is_accepted(
    world: World, greedy: Client, *, same_id: bool
) -> None:
    """The database arbitrates: all were decided upon the same state, and one comes first."""
    office = greedy(RHEINBERG)
    talk = greedy(SCHOOL).say(RHEINBERG)
    wishes = [office.wish(SCHOOL, "rueckfrage", talk=talk) for _ in range(CONNECTIONS)]
    raws = [seal_anyway(wishes[0] if same_id else wish) for wish in wishes]
    before = books(world)

    answers = at_once(world, RHEINBERG, raws)

    refused = [answer for answer in answers if answer.status_code != 201]
    code = "id-reused" if same_id else "conversation-moved-on"
    assert [answer.json()["code"] for answer in refused] == [code] * (CONNECTIONS - 1)
    assert {answer.status_code for answer in refused} == {409}
    assert books(world).rows["message"] == before.rows["message"] + 1
    kinds = sorted(entry["k"] for entry in entries(world, before.log))
    assert kinds == ["message.accepted"] + ["message.refused"] * (CONNECTIONS - 1)


def test_two_notices_that_open_one_conversation_are_not_both_accepted(
    world: World, greedy: Client
) -> None:
    wish = greedy(SCHOOL).wish(RHEINBERG)
    raws = [seal_anyway(wish) for _ in range(CONNECTIONS)]

    answers = at_once(world, SCHOOL, raws)

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * (CONNECTIONS - 1)


def words_at_once(
    world: World, message_id: str, said: Sequence[tuple[str, str]]
) -> list[httpx2.Response]:
    """Hand in receipts of one message at once, each over a connection of its unit's."""
    with ExitStack() as stack, ThreadPoolExecutor(len(said)) as pool:
        clients = [stack.enter_context(Greedy(world, unit)) for unit, _ in said]
        for client in clients:
            client.token()
        receipts = [jws for _, jws in said]
        return list(
            pool.map(
                lambda each: each[0].hand_in(message_id, each[1]),
                zip(clients, receipts, strict=True),
            )
        )


def test_of_many_who_say_taken_at_once_all_hear_the_same(world: World, greedy: Client) -> None:
    """Two workers of one connector, or one that has lost its answer: it is one hand-over."""
    notice = greedy(SCHOOL).say(RHEINBERG)
    office = greedy(RHEINBERG)
    office.lease_one(notice.id)
    said = [(RHEINBERG, office.receipt(notice.id, "taken")) for _ in range(CONNECTIONS)]
    before = books(world)

    answers = words_at_once(world, notice.id, said)

    assert sorted(answer.status_code for answer in answers) == [200] * (CONNECTIONS - 1) + [201]
    assert len({answer.content for answer in answers}) == 1
    assert books(world).rows["receipt"] == before.rows["receipt"] + 1
    assert [entry["k"] for entry in entries(world, before.log)] == ["message.taken"]


def test_a_withdrawal_and_a_taking_at_once_do_not_both_count(world: World, greedy: Client) -> None:
    """One of them comes first; the other one is told so, and what is true then."""
    school, office = greedy(SCHOOL), greedy(RHEINBERG)
    for _ in range(CONNECTIONS):
        notice = school.say(RHEINBERG)
        office.lease_one(notice.id)
        withdrawn = (SCHOOL, school.receipt(notice.id, "withdrawn"))
        taken = (RHEINBERG, office.receipt(notice.id, "taken"))

        answers = words_at_once(world, notice.id, [withdrawn, taken])

        won = {answer.status_code: place for place, answer in enumerate(answers)}
        assert won.keys() == {201, 409}
        assert school.state(notice.id)["state"] == ("withdrawn", "taken")[won[201]]
        code = ("already-taken", "step-not-allowed")[won[409]]
        assert answers[won[409]].json()["code"] == code


def test_after_a_restart_the_answer_has_the_same_bytes(tmp_path: Path) -> None:
    data, port = a_data_dir(tmp_path / "hub"), free_port()
    create_hub(data, HUB_ID, (NETWORK,))
    with running(data, port, tmp_path) as world:
        world.join(SCHOOL)
        world.join("jugendamt:05170032")
        with Greedy(world, SCHOOL) as school:
            raw = seal_anyway(school.wish(RHEINBERG))
            first = school.submit(raw)
            # The entry does not stay the last one, so that its proof has something to lead to.
            school.say(RHEINBERG)
    with running(data, port, tmp_path) as again:
        again.folders.update(world.folders)
        before = books(again)
        answers = at_once(again, SCHOOL, [raw] * CONNECTIONS)
        after = books(again)

    assert first.status_code == 201
    assert {(answer.status_code, answer.content) for answer in answers} == {(200, first.content)}
    assert after == before
