# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What was decided on a snapshot is kept only if it still holds when it is kept.

The stages of a request are called one by one here, so that something can happen between them.
"""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import Connection

from hub.client.enrolment import JWT
from hub.directory.participants import Directory
from hub.enrol.entries import _later, _renew
from hub.enrol.snapshot import refresh
from hub.errors import EnvelopeInvalid, Refusal
from hub.model.evidence import Accepted, AuthenticatedClient
from hub.sealing.canonical import digest
from hub.store.participants import change_participant
from hub.submit import Arriving, Submission, _keep, decide
from hub.trust.jose import sign_token
from hub.trust.keys import PrivateSigningKey
from hub.trust.kinds import DIRECTORY_ENTRY
from hub.web.edge import STRANGERS
from tests.greedy import Greedy, Talk, claims_of, seal_anyway
from tests.world import KREIS, RHEINBERG, SCHOOL, World, a_world

Client = Callable[[str], Greedy]


def submission(client: Greedy, raw: bytes) -> Submission:
    """Return a request as it stands behind the authentication of its client."""
    now = client.now
    unit = client.agency.id
    asking = AuthenticatedClient(unit, unit.partition(".")[0], digest(raw), now + 60)
    return Submission(asking, claims_of(raw)["jti"], raw, now)


def decided(world: World, said: Submission) -> Accepted:
    decision = world.node.readers.run_now(partial(decide, said, world.node, world.node.directory))
    assert isinstance(decision, Accepted)
    return decision


def kept(world: World, said: Submission, decision: Accepted) -> str:
    """Keep what was decided; returns ``kept`` or the code of the refusal."""
    answer = world.node.writer.commit_now(partial(_keep, Arriving(said, decision, world.node)))
    return answer.code if isinstance(answer, Refusal) else "kept"


class Undone(Exception):  # noqa: N818  it ends a job on purpose
    """Takes back what a job did, so that the next test finds the hub as it was."""


def kept_after(
    world: World, said: Submission, decision: Accepted, change: Callable[[Connection], object]
) -> str:
    """Keep what was decided behind a change in the same group, and take both back."""
    heard: list[str] = []

    def work(connection: Connection) -> None:
        change(connection)
        answer = _keep(Arriving(said, decision, world.node), connection)
        heard.append(answer.code if isinstance(answer, Refusal) else "kept")
        raise Undone

    with pytest.raises(Undone):
        world.node.writer.commit_now(work)
    return heard[0]


@pytest.fixture(autouse=True)
def _keys_have_an_age(world: World) -> None:
    """A key ends a second ago in these tests, and has to have begun by then."""
    world.hands.ahead += 2


def next_version(world: World, organisation: str, now: int) -> str:
    """Return the next version of an entry, in which each unit has ended its signing keys."""
    known = world.node.directory.organisation(organisation)
    assert known is not None
    assert known.entry is not None
    assert known.entry_jws is not None
    units = []
    for unit in known.entry.units:
        fresh = PrivateSigningKey.generate().public(now)
        ended = tuple(key.model_copy(update={"not_after": now - 1}) for key in unit.signing)
        units.append(unit.model_copy(update={"signing": (*ended, fresh)}))
    changes = {
        "version": known.entry.version + 1,
        "prv": digest(known.entry_jws),
        "iat": now,
        "units": tuple(units),
    }
    entry = known.entry.model_copy(update=changes)
    root = PrivateSigningKey.load(world.home / organisation.replace(":", "-") / "root.pem")
    claims = json.loads(entry.model_dump_json(exclude_none=True))
    return sign_token(root, DIRECTORY_ENTRY.typ, claims)


def test_what_still_holds_is_kept(world: World, greedy: Client) -> None:
    school = greedy(SCHOOL)
    said = submission(school, seal_anyway(school.wish(RHEINBERG)))

    assert kept(world, said, decided(world, said)) == "kept"


def test_nobody_asks_back_about_a_notice_that_was_withdrawn_meanwhile(
    world: World, greedy: Client
) -> None:
    school, office = greedy(SCHOOL), greedy(RHEINBERG)
    notice = seal_anyway(school.wish(RHEINBERG))
    assert school.submit(notice).status_code == httpx2.codes.CREATED
    question = seal_anyway(office.wish(SCHOOL, "rueckfrage", talk=Talk.after(notice)))
    said = submission(office, question)
    decision = decided(world, said)

    withdrawn = school.utter(claims_of(notice)["jti"], "withdrawn")

    assert withdrawn.status_code == httpx2.codes.CREATED, withdrawn.text
    assert kept(world, said, decision) == "step-not-allowed"


def test_a_message_of_an_office_suspended_meanwhile_is_not_kept(
    world: World, greedy: Client
) -> None:
    school = greedy(SCHOOL)
    said = submission(school, seal_anyway(school.wish(RHEINBERG)))
    decision = decided(world, said)

    def suspend(connection: Connection) -> None:
        change_participant(connection, SCHOOL, status="suspended")

    assert kept_after(world, said, decision, suspend) == "participant-suspended"


def test_a_message_for_an_office_suspended_meanwhile_is_not_kept(
    world: World, greedy: Client
) -> None:
    school = greedy(SCHOOL)
    said = submission(school, seal_anyway(school.wish(KREIS)))
    decision = decided(world, said)

    def suspend(connection: Connection) -> None:
        change_participant(connection, "jugendamt:05170000", status="suspended")

    assert kept_after(world, said, decision, suspend) == "participant-suspended"


def test_a_message_signed_with_a_key_ended_meanwhile_is_not_kept(
    world: World, greedy: Client
) -> None:
    school = greedy(SCHOOL)
    said = submission(school, seal_anyway(school.wish(RHEINBERG)))
    decision = decided(world, said)
    later = world.node.readers.run_now(
        partial(_later, SCHOOL, next_version(world, SCHOOL, school.now))
    )

    def renew(connection: Connection) -> None:
        _renew(later, world.node, connection)

    assert kept_after(world, said, decision, renew) == "signature-invalid"


def test_a_version_follows_the_one_of_a_moment_ago_and_not_that_of_the_snapshot(
    world: World, greedy: Client
) -> None:
    """Two versions handed in at once: both follow the same one, and one of them does."""
    now = greedy(SCHOOL).now
    later = [
        world.node.readers.run_now(partial(_later, SCHOOL, next_version(world, SCHOOL, now)))
        for _ in range(2)
    ]

    def both(connection: Connection) -> None:
        _renew(later[0], world.node, connection)
        with pytest.raises(EnvelopeInvalid) as refused:
            _renew(later[1], world.node, connection)
        assert refused.value.pointers == ("/version",)
        raise Undone

    with pytest.raises(Undone):
        world.node.writer.commit_now(both)


class Meanwhile:
    """A lock for which somebody has to wait, while an organisation is suspended."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.left_behind: Directory | None = None

    def __enter__(self) -> None:
        become(self.world, "suspended")

    def __exit__(self, *_: object) -> None:
        self.left_behind = self.world.node.directory


def become(world: World, status: str) -> None:
    world.node.writer.commit_now(
        lambda connection: change_participant(connection, SCHOOL, status=status)
    )


def test_who_puts_its_snapshot_in_place_last_has_also_read_last(world: World) -> None:
    """Else the older snapshot stays until somebody publishes something again."""
    lock, waited_for = world.node.refreshing, Meanwhile(world)
    world.node.refreshing = waited_for  # type: ignore[assignment]
    try:
        world.node.readers.run_now(partial(refresh, world.node))
        placed = world.node.directory
    finally:
        world.node.refreshing = lock
        become(world, "valid")
        world.node.readers.run_now(partial(refresh, world.node))

    assert placed.status(SCHOOL) == "suspended"
    assert waited_for.left_behind is placed


@pytest.mark.parametrize("address", ["", "/adoptions/schule-mitteilung/1.0.0"])
def test_a_body_that_is_no_text_is_refused(world: World, address: str) -> None:
    url = f"{world.url}/v1/directory/{SCHOOL}{address}"

    answer = httpx2.put(url, content="ä.ö.ü".encode(), headers={"content-type": JWT})

    assert (answer.status_code, answer.json()["code"]) == (422, "envelope-invalid")


def test_a_stranger_who_asks_without_end_is_told_to_wait(tmp_path: Path) -> None:
    with a_world(tmp_path) as world, httpx2.Client(base_url=world.url) as stranger:
        codes = {
            stranger.put(f"/v1/directory/{SCHOOL}", content=b"").status_code
            for _ in range(3 * STRANGERS.burst)
        }

    assert codes == {415, 429}
