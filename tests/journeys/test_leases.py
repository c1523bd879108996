# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A message is with one holder at a time, in order, and comes back when the holder is silent."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import Connection, text

from hub.audit.verify import verify_db
from hub.deliver.releasing import release_message
from hub.errors import NotFound, NotPermitted
from tests.greedy import Greedy, Talk, claims_of, seal_anyway
from tests.journeys.books import (
    No,
    books,
    check_left_nothing,
    check_left_one_entry,
    check_said,
    entries,
)
from tests.journeys.copies import copy_of
from tests.world import KREIS, OTHER_SCHOOL, RHEINBERG, SCHOOL, Clock, World

Client = Callable[[str], Greedy]
OTHER_ID: Final = "0193504f-7c2a-7d41-8e5b-00000000000f"
TRIES: Final = 5
MANY: Final = 3


@pytest.fixture
def office(greedy: Client) -> Iterator[Greedy]:
    """The office of Rheinberg, for which nothing waits; what a test leaves behind is taken."""
    desk = greedy(RHEINBERG)
    yield desk
    while waiting := desk.lease():
        for each in waiting:
            desk.utter(_id(each), "taken")


def _id(leased: dict[str, Any]) -> str:
    return str(claims_of(leased["message"].encode())["jti"])


def _ids(leases: list[dict[str, Any]]) -> list[str]:
    return [_id(each) for each in leases]


def _give_back(client: Greedy, lease: str, *, failed: bool = False) -> int:
    query = "?failed=true" if failed else ""
    status: int = client.send("DELETE", f"/v1/leases/{lease}{query}").status_code
    return status


def test_what_is_lent_is_not_lent_twice(greedy: Client, office: Greedy) -> None:
    notice = greedy(SCHOOL).say(RHEINBERG)

    assert _ids(office.lease()) == [notice.id]
    assert office.lease() == []


def test_what_is_given_back_goes_to_the_next_who_asks(greedy: Client, office: Greedy) -> None:
    notice = greedy(SCHOOL).say(RHEINBERG)
    [leased] = office.lease()

    assert _give_back(office, leased["lease"]) == 204

    assert _ids(office.lease()) == [notice.id]


def test_a_lease_that_ends_lets_the_message_go(
    greedy: Client, office: Greedy, clock: Clock
) -> None:
    notice = greedy(SCHOOL).say(RHEINBERG)
    office.lease(ttl=60)

    clock.ahead = 59
    assert office.lease() == []
    clock.ahead = 61

    assert _ids(office.lease()) == [notice.id]


def test_a_lease_that_is_kept_longer_does_not_end(
    greedy: Client, office: Greedy, clock: Clock
) -> None:
    greedy(SCHOOL).say(RHEINBERG)
    [leased] = office.lease(ttl=60)

    body = json.dumps({"ttl": 600}).encode()
    kept = office.send("PATCH", f"/v1/leases/{leased['lease']}", body)
    clock.ahead = 300

    assert kept.json()["expires_at"] >= leased["expires_at"] + 500
    assert office.lease() == []


def test_a_lease_that_has_ended_is_not_kept_longer(
    world: World, greedy: Client, office: Greedy, clock: Clock
) -> None:
    greedy(SCHOOL).say(RHEINBERG)
    [leased] = office.lease(ttl=60)
    clock.ahead = 61
    before = books(world)

    answer = office.send("PATCH", f"/v1/leases/{leased['lease']}", b'{"ttl":60}')

    check_said(answer, No(409, "lease-lost"))
    check_left_one_entry(world, before, k="access.denied", why="lease-lost", act_org=RHEINBERG)


@pytest.mark.parametrize(("method", "body"), [("PATCH", b'{"ttl":60}'), ("DELETE", None)])
def test_the_lease_of_another_is_not_there(
    world: World, greedy: Client, office: Greedy, method: str, body: bytes | None
) -> None:
    greedy(SCHOOL).say(RHEINBERG)
    [leased] = office.lease()
    before = books(world)

    for lease in (leased["lease"], OTHER_ID, "keine-kennung"):
        answer = greedy(KREIS).send(method, f"/v1/leases/{lease}", body)
        check_said(answer, No(404, "not-found"))

    check_left_nothing(world, before)


def test_inside_a_conversation_the_second_waits_for_the_first(
    greedy: Client, office: Greedy
) -> None:
    school = greedy(SCHOOL)
    notice = school.say(RHEINBERG)
    question = office.say(SCHOOL, "rueckfrage", talk=notice)
    school.say(RHEINBERG, "antwort", talk=question, urgency="sofort")

    [first] = office.lease()
    assert _id(first) == notice.id
    assert office.lease() == []
    office.utter(notice.id, "taken")

    [second] = office.lease()
    assert claims_of(second["message"].encode())["step"] == "antwort"


def test_what_is_urgent_comes_first_and_then_what_is_oldest(greedy: Client, office: Greedy) -> None:
    school = greedy(SCHOOL)
    urgencies = ("planbar", "unverzueglich", "planbar", "sofort")
    notices = {urgency: school.say(RHEINBERG, urgency=urgency) for urgency in urgencies}

    leased = office.lease()

    said = [claims_of(each["message"].encode())["urg"] for each in leased]
    assert said == ["sofort", "unverzueglich", "planbar", "planbar"]
    assert _ids(leased)[0] == notices["sofort"].id


def test_a_unit_gets_its_own_messages_and_no_others(greedy: Client, office: Greedy) -> None:
    greedy(SCHOOL).say(RHEINBERG)

    assert greedy(KREIS).lease() == []
    assert greedy(OTHER_SCHOOL).lease() == []
    assert len(office.lease()) == 1


def test_a_message_is_lent_to_keys_that_can_open_it(greedy: Client, office: Greedy) -> None:
    """Cut to these keys: whose else could open it is not for this desk to see."""
    greedy(SCHOOL).say(RHEINBERG)
    duty, head = (key.kid for key in office.agency.desk)

    def keys_of(*kids: str) -> list[list[str]]:
        body = json.dumps({"kids": kids, "ttl": 3600}).encode()
        leases = office.send("POST", "/v1/leases", body).json()["leases"]
        for each in leases:
            _give_back(office, each["lease"])
        return [[key["kid"] for key in json.loads(each["message"])["keys"]] for each in leases]

    assert keys_of(greedy(KREIS).agency.desk[0].kid) == []
    assert keys_of(duty) == [[duty]]
    assert keys_of(head) == [[head]]
    assert keys_of(duty, head) == [sorted([duty, head])]


@pytest.mark.parametrize("silent", [True, False], ids=["silence", "a word"])
def test_after_five_leases_that_failed_a_person_has_to_look(
    world: World, greedy: Client, office: Greedy, clock: Clock, *, silent: bool
) -> None:
    """The sender is told, with a telephone number, instead of waiting for a machine."""
    school = greedy(SCHOOL)
    notice = school.say(RHEINBERG)
    before = books(world)
    for _ in range(TRIES):
        [leased] = office.lease(ttl=5)
        if silent:
            clock.ahead += 6
        else:
            assert _give_back(office, leased["lease"], failed=True) == 204

    assert office.lease() == []

    seen = school.state(notice.id)
    assert (seen["state"], seen["marks"]) == ("accepted", ["held"])
    assert [entry["k"] for entry in entries(world, before.log)] == ["message.held"]


def test_four_failures_are_not_five(greedy: Client, office: Greedy) -> None:
    notice = greedy(SCHOOL).say(RHEINBERG)
    for _ in range(TRIES - 1):
        [leased] = office.lease()
        _give_back(office, leased["lease"], failed=True)

    assert _ids(office.lease()) == [notice.id]
    assert greedy(SCHOOL).state(notice.id)["marks"] == []


def test_one_lease_fails_once_however_often_that_is_said(
    world: World, greedy: Client, office: Greedy
) -> None:
    """A lost answer is repeated; it must not take the message out of the desk's reach."""
    notice = greedy(SCHOOL).say(RHEINBERG)
    [leased] = office.lease()
    before = books(world)

    for _ in range(2 * TRIES):
        _give_back(office, leased["lease"], failed=True)

    assert books(world) == before
    assert _ids(office.lease()) == [notice.id]


def test_what_is_held_can_still_be_withdrawn(greedy: Client, office: Greedy) -> None:
    school = greedy(SCHOOL)
    notice = school.say(RHEINBERG)
    for _ in range(TRIES):
        [leased] = office.lease()
        _give_back(office, leased["lease"], failed=True)

    assert school.utter(notice.id, "withdrawn").status_code == 201
    assert school.state(notice.id)["state"] == "withdrawn"


def test_what_the_operator_releases_is_lent_again_and_the_log_says_so(
    world: World, greedy: Client, office: Greedy, tmp_path: Path
) -> None:
    notice = greedy(SCHOOL).say(RHEINBERG)
    for _ in range(TRIES):
        [leased] = office.lease()
        _give_back(office, leased["lease"], failed=True)
    before = books(world)

    world.node.writer.commit_now(lambda c: release_message(notice.id, world.node, c))

    [entry] = entries(world, before.log)
    assert (entry["k"], entry["obj"]["id"]) == ("hold.released", notice.id)
    assert _ids(office.lease()) == [notice.id]
    assert verify_db(copy_of(world.data, tmp_path / "kopie"), world.node.log.vkey) == []


def test_only_what_is_held_is_released(world: World, greedy: Client, office: Greedy) -> None:
    notice = greedy(SCHOOL).say(RHEINBERG)
    before = books(world)

    for name, refusal in ((notice.id, NotPermitted), (OTHER_ID, NotFound)):
        with pytest.raises(refusal):
            world.node.writer.commit_now(partial(release_message, name, world.node))

    check_left_nothing(world, before)
    assert office.lease()


def test_what_these_keys_cannot_open_is_not_in_the_way_of_what_they_can(
    greedy: Client, office: Greedy
) -> None:
    school, (duty, head) = greedy(SCHOOL), office.agency.desk
    for key in (*[duty] * MANY, head):
        wish = school.wish(RHEINBERG)
        [reader] = [each for each in wish.readers if each.kid == key.kid]
        assert school.submit(seal_anyway(wish.sealed_to(reader))).status_code == 201

    body = json.dumps({"kids": [head.kid], "max": 1}).encode()

    assert len(office.send("POST", "/v1/leases", body).json()["leases"]) == 1


def test_a_damaged_message_is_in_nobodys_way(world: World, greedy: Client, office: Greedy) -> None:
    damaged, notice = greedy(SCHOOL).say(RHEINBERG), greedy(SCHOOL).say(RHEINBERG)
    [wraps] = change(world, damaged.id, wraps=b"[")

    assert _ids(office.lease()) == [notice.id]

    change(world, damaged.id, wraps=wraps)


def change(world: World, message_id: str, wraps: bytes) -> list[bytes]:
    """Put other wraps in the place of those of a message; returns what they were."""

    def work(connection: Connection) -> list[bytes]:
        values = {"id": message_id, "wraps": wraps}
        before = connection.execute(text("SELECT wraps FROM message WHERE id = :id"), values)
        found = list(before.scalars())
        connection.execute(text("UPDATE message SET wraps = :wraps WHERE id = :id"), values)
        return found

    return world.node.writer.commit_now(work)


def test_a_proof_is_used_up_by_a_refusal_too(office: Greedy) -> None:
    path = f"/v1/leases/{OTHER_ID}"
    proof = office.proof("DELETE", path, office.token())

    first, again = (office.send("DELETE", path, dpop=proof) for _ in range(2))

    assert (first.status_code, again.status_code) == (404, 401)


def test_what_was_withdrawn_is_not_lent(greedy: Client, office: Greedy) -> None:
    school = greedy(SCHOOL)
    notice: Talk = school.say(RHEINBERG)
    school.utter(notice.id, "withdrawn")

    assert office.lease() == []


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        (b"", ("",)),
        (b"{}", ("/kids",)),
        (b'{"kids":[]}', ("/kids",)),
        (b'{"kids":["Kanarienvogel-Erfunden"]}', ("/kids", "/kids/0")),
        (b'{"kids":["%b"],"Kanarienvogel-Erfunden":1}', ("",)),
        (b'{"kids":["%b"],"ttl":"60"}', ("/ttl",)),
        (b'{"kids":["%b"],"ttl":4}', ("/ttl",)),
        (b'{"kids":["%b"],"ttl":60,"ttl":61}', ("",)),
        (b'{"kids":["%b"],"max":1e3}', ("/max",)),
        (b'{"kids":["%b"],"wait":56}', ("/wait",)),
        (b"[" * 50_000, ("",)),
    ],
    ids=[
        "nothing",
        "no keys",
        "no key",
        "a key that is none",
        "an unknown member",
        "a string",
        "too short",
        "a member twice",
        "a float",
        "too long a wait",
        "fifty thousand levels",
    ],
)
def test_a_request_for_leases_is_read_strictly(
    world: World, office: Greedy, body: bytes, pointers: tuple[str, ...]
) -> None:
    kid = office.agency.desk[0].kid.encode()
    before = books(world)

    answer = office.send("POST", "/v1/leases", body.replace(b"%b", kid))

    check_said(answer, No(400, "not-a-message", pointers))
    check_left_one_entry(world, before, k="access.denied", why="not-a-message")
    assert "Kanarienvogel" not in answer.text
