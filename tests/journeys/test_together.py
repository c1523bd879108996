# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Messages that come at the same moment are kept together, and each is told its own.

The decisions are made one by one and the group is handed to the line as the writer hands it, so
that what meets in it does not depend on the speed of threads.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Connection

from hub.audit.verify import verify_db
from hub.record import Kept
from hub.sealing.canonical import digest
from hub.store.participants import change_participant
from hub.store.writer import Outcome
from hub.submit import Arriving, _keep_all, decide
from tests.greedy import Greedy, seal_anyway
from tests.journeys.books import books
from tests.journeys.copies import copy_of
from tests.journeys.test_fresh_directory import submission
from tests.world import OTHER_SCHOOL, RHEINBERG, SCHOOL, World

Client = Callable[[str], Greedy]
_NUMBERS = count()


def arriving(world: World, client: Greedy, raw: bytes) -> Arriving:
    said = submission(client, raw)
    # Each request has a proof of its own, also where the bytes are the same.
    proven = replace(said, client=replace(said.client, proof_id=digest(f"proof {next(_NUMBERS)}")))
    decision = world.node.readers.run_now(partial(decide, proven, world.node, world.node.directory))
    return Arriving(proven, decision, world.node)


def keep(world: World, *group: Arriving) -> list[Outcome]:
    return world.node.writer.commit_now(lambda connection: _keep_all(connection, group))


def words(outcomes: list[Outcome]) -> list[str]:
    """Return for each what it came to: new, known, or the code of the refusal."""
    said = []
    for value, error in outcomes:
        if error is not None:
            said.append(f"raised {getattr(error, 'code', type(error).__name__)}")
        elif isinstance(value, Kept):
            said.append("new" if value.is_new else "known")
        else:
            said.append(value.code)
    return said


class Undone(Exception):  # noqa: N818  it ends a job on purpose
    """Takes back what a job did, so that the next test finds the hub as it was."""


def test_many_are_kept_at_once_and_each_has_its_receipt(world: World, greedy: Client) -> None:
    schools = [greedy(SCHOOL), greedy(OTHER_SCHOOL)]
    before = books(world)
    group = [
        arriving(world, school, seal_anyway(school.wish(RHEINBERG)))
        for school in schools
        for _ in range(7)
    ]

    outcomes = keep(world, *group)

    assert words(outcomes) == ["new"] * 14
    ids = [value.receipt.message_id for value, _ in outcomes]
    assert ids == [each.submission.address for each in group]
    after = books(world)
    for table in ("message", "conversation", "receipt"):
        assert after.rows[table] == before.rows[table] + 14, table
    assert after.log == before.log + 14
    for each, (value, _) in zip(group, outcomes, strict=True):
        state = greedy(each.submission.client.unit).state(each.submission.address)
        assert state["receipts"] == [value.receipt.jws]


def test_the_same_bytes_twice_in_a_group_are_one_message(world: World, greedy: Client) -> None:
    school = greedy(SCHOOL)
    raw, other = (seal_anyway(school.wish(RHEINBERG)) for _ in range(2))
    group = [arriving(world, school, each) for each in (raw, other, raw)]

    outcomes = keep(world, *group)

    assert words(outcomes) == ["new", "new", "known"]
    assert outcomes[0][0].receipt == outcomes[2][0].receipt


def test_one_id_with_other_bytes_in_a_group_is_reused(world: World, greedy: Client) -> None:
    school = greedy(SCHOOL)
    wish = school.wish(RHEINBERG)
    group = [arriving(world, school, seal_anyway(wish)) for _ in range(2)]
    assert group[0].submission.address == group[1].submission.address
    assert group[0].submission.raw != group[1].submission.raw

    assert words(keep(world, *group)) == ["new", "id-reused"]


def test_a_proof_that_was_used_stops_one_and_leaves_the_others(
    world: World, greedy: Client
) -> None:
    school = greedy(SCHOOL)
    group = [arriving(world, school, seal_anyway(school.wish(RHEINBERG))) for _ in range(4)]
    twin = replace(group[2].submission, client=group[1].submission.client)
    group[2] = replace(group[2], submission=twin)

    assert words(keep(world, *group)) == ["new", "new", "raised token-invalid", "new"]
    assert words(keep(world, group[0], group[3])) == ["raised token-invalid"] * 2


def test_what_goes_on_and_what_begins_can_be_in_one_group(world: World, greedy: Client) -> None:
    school, office = greedy(SCHOOL), greedy(RHEINBERG)
    talk = school.say(RHEINBERG, urgency="unverzueglich")
    office.lease_one(talk.id)
    office.utter(talk.id, "taken")
    question = seal_anyway(office.wish(SCHOOL, step="rueckfrage", talk=talk))
    opener = seal_anyway(school.wish(RHEINBERG))
    group = [
        arriving(world, office, question),
        arriving(world, school, opener),
        arriving(world, office, question),
    ]

    assert words(keep(world, *group)) == ["new", "new", "known"]


def test_under_whom_the_ground_has_moved_is_looked_at_again(world: World, greedy: Client) -> None:
    """A school was suspended after the decision; another one in the group was not."""
    school, other = greedy(SCHOOL), greedy(OTHER_SCHOOL)
    group = [
        arriving(world, client, seal_anyway(client.wish(RHEINBERG)))
        for client in (school, other, school)
    ]
    heard: list[Outcome] = []

    def work(connection: Connection) -> None:
        change_participant(connection, SCHOOL, status="suspended")
        heard.extend(_keep_all(connection, group))
        raise Undone

    with pytest.raises(Undone):
        world.node.writer.commit_now(work)

    assert words(heard) == ["participant-suspended", "new", "participant-suspended"]


def test_the_log_agrees_with_all_of_it(world: World, tmp_path: Path) -> None:
    assert verify_db(copy_of(world.data, tmp_path / "kopie.sqlite"), world.node.log.vkey) == []
