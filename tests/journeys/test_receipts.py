# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A message changes hands by words that somebody signs; a wrong word changes nothing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from uuid_utils.compat import uuid7

from hub.audit.verify import verify_db
from hub.errors import Refusal
from hub.model.receipt import EVENT_URN, Word
from hub.sealing.canonical import digest
from hub.trust.jose import sign_token
from hub.trust.keys import PrivateSigningKey
from specs.vectors.sl1.spoil import flipped, segment
from tests.greedy import Greedy, seal_anyway
from tests.journeys.books import (
    CANARY,
    No,
    books,
    check_kept_quiet,
    check_left_nothing,
    check_left_one_entry,
    check_said,
    entries,
)
from tests.journeys.copies import copy_of
from tests.world import KREIS, OTHER_SCHOOL, RHEINBERG, SCHOOL, Clock, World

Client = Callable[[str], Greedy]
OTHER_ID: Final = "0193504f-7c2a-7d41-8e5b-00000000000f"
MOVED: Final = No(409, "conversation-moved-on")


@pytest.fixture
def notice(greedy: Client) -> str:
    """A notice of the school that waits for the office of Rheinberg."""
    return greedy(SCHOOL).say(RHEINBERG).id


@pytest.fixture
def held(greedy: Client, notice: str) -> str:
    """A notice that the office holds under a lease."""
    greedy(RHEINBERG).lease_one(notice)
    return notice


@pytest.fixture
def taken(greedy: Client, held: str) -> str:
    """A notice that the office took."""
    assert greedy(RHEINBERG).utter(held, "taken").status_code == 201
    return held


def check_denied(
    world: World, client: Greedy, message_id: str, jws: str, no: No, *, address: str | None = None
) -> None:
    """Hand in a receipt that must not count; it leaves one entry and the state as it was."""
    before, state = books(world), client.state(message_id)["state"]
    answer = client.hand_in(message_id, jws, address)
    check_said(answer, no)
    check_left_one_entry(
        world,
        before,
        k="access.denied",
        why=no.code,
        act_org=client.agency.id,
        obj_id=message_id,
    )
    check_kept_quiet(answer, jws.encode(), world)
    assert client.state(message_id)["state"] == state


def test_a_notice_is_lent_opened_taken_and_acknowledged(
    world: World, greedy: Client, held: str
) -> None:
    office = greedy(RHEINBERG)
    before = books(world)

    words: tuple[Word, ...] = ("opened", "taken", "acknowledged")
    for word in words:
        assert office.utter(held, word).status_code == 201

    assert office.state(held)["state"] == "acknowledged"
    kinds = [entry["k"] for entry in entries(world, before.log)]
    assert kinds == ["message.opened", "message.taken", "message.acknowledged"]


def test_a_second_taken_gets_the_answer_of_the_first(
    world: World, greedy: Client, held: str
) -> None:
    """The connector that said it first may have died before it heard the answer."""
    office = greedy(RHEINBERG)
    first = office.utter(held, "taken")
    before = books(world)

    second = office.utter(held, "taken")

    assert (first.status_code, second.status_code) == (201, 200)
    assert second.content == first.content
    assert books(world) == before


def test_once_it_is_taken_a_key_says_once_that_it_has_opened(
    world: World, greedy: Client, taken: str
) -> None:
    """One client could otherwise fill log and chain without end."""
    office = greedy(RHEINBERG)
    first = office.utter(taken, "opened")
    before = books(world)

    again = [office.utter(taken, "opened") for _ in range(3)]

    assert first.status_code == 201
    assert [(each.status_code, each.content) for each in again] == [(200, first.content)] * 3
    assert books(world) == before
    other = {"kid": office.agency.desk[1].kid}
    assert office.utter(taken, "opened", members=other).status_code == 201


def test_nothing_is_opened_with_a_key_that_cannot_open_it(
    world: World, greedy: Client, held: str
) -> None:
    office = greedy(RHEINBERG)
    jws = office.receipt(held, "opened", members={"kid": greedy(KREIS).agency.desk[0].kid})

    check_denied(world, office, held, jws, No(403, "not-permitted"))


def test_what_was_only_taken_is_not_erased_by_whoever_took_it(
    world: World, greedy: Client, taken: str
) -> None:
    office = greedy(RHEINBERG)

    check_denied(world, office, taken, office.receipt(taken, "erased"), No(409, "step-not-allowed"))


def test_a_message_can_be_withdrawn_until_it_is_taken(
    world: World, greedy: Client, held: str
) -> None:
    """Also while it is lent: who holds it learns that nothing may be made of it any more."""
    school, office = greedy(SCHOOL), greedy(RHEINBERG)

    assert school.utter(held, "withdrawn").status_code == 201

    assert office.state(held)["state"] == "withdrawn"
    check_denied(world, office, held, office.receipt(held, "taken"), No(409, "step-not-allowed"))


def test_nothing_is_taken_without_a_lease(world: World, greedy: Client, notice: str) -> None:
    office = greedy(RHEINBERG)
    for word in ("opened", "taken", "rejected"):
        jws = office.receipt(notice, word)
        check_denied(world, office, notice, jws, No(409, "lease-lost"))


def test_nothing_is_taken_after_the_lease_has_ended(
    world: World, greedy: Client, notice: str, clock: Clock
) -> None:
    office = greedy(RHEINBERG)
    office.lease_one(notice, ttl=5)
    jws = office.receipt(notice, "taken")

    clock.ahead = 6

    check_denied(world, office, notice, jws, No(409, "lease-lost"))


def test_nothing_is_withdrawn_once_it_is_taken(world: World, greedy: Client, taken: str) -> None:
    school = greedy(SCHOOL)

    check_denied(world, school, taken, school.receipt(taken, "withdrawn"), No(409, "already-taken"))


def test_nobody_takes_note_of_what_was_not_taken(world: World, greedy: Client, held: str) -> None:
    office = greedy(RHEINBERG)

    check_denied(
        world, office, held, office.receipt(held, "acknowledged"), No(409, "step-not-allowed")
    )


@pytest.mark.parametrize("word", ["taken", "acknowledged", "opened", "rejected"])
def test_the_sender_does_not_say_what_is_the_addressees(
    world: World, greedy: Client, held: str, word: Word
) -> None:
    school = greedy(SCHOOL)

    check_denied(world, school, held, school.receipt(held, word), No(403, "not-permitted"))


@pytest.mark.parametrize("word", ["withdrawn", "expired", "overdue", "held"])
def test_the_addressee_does_not_say_what_is_the_senders_or_the_hubs(
    world: World, greedy: Client, held: str, word: Word
) -> None:
    office = greedy(RHEINBERG)

    check_denied(world, office, held, office.receipt(held, word), No(403, "not-permitted"))


@pytest.mark.parametrize("stranger", [KREIS, OTHER_SCHOOL])
def test_to_strangers_there_is_no_such_message(
    world: World, greedy: Client, held: str, stranger: str
) -> None:
    """§ 35 SGB I: the answer is the one for an id that nobody ever used, and leaves no trace."""
    other = greedy(stranger)
    members = greedy(RHEINBERG).members(held, "taken")
    before = books(world)

    for message_id in (held, OTHER_ID):
        jws = _receipt(other.agency.signing, other, message_id, "taken", members)
        check_said(other.hand_in(message_id, jws), No(404, "not-found"))
        check_said(other.send("GET", f"/v1/messages/{message_id}"), No(404, "not-found"))

    check_left_nothing(world, before)


@pytest.mark.parametrize("prv", [digest(CANARY), None], ids=["another", "that of the beginning"])
def test_a_receipt_names_the_one_before_it(
    world: World, greedy: Client, held: str, prv: str | None
) -> None:
    office = greedy(RHEINBERG)
    if prv is None:
        prv = str(office.members(held, "taken")["prv"])
        office.utter(held, "taken")
    word: Word = "taken" if prv == digest(CANARY) else "acknowledged"

    check_denied(world, office, held, office.receipt(held, word, members={"prv": prv}), MOVED)


def _receipt(
    key: PrivateSigningKey, client: Greedy, message_id: str, word: str, members: Any, **other: Any
) -> str:
    """Sign what ``make_receipt`` would refuse to sign."""
    claims: dict[str, Any] = {
        "iss": client.agency.id,
        "aud": SCHOOL,
        "jti": str(uuid7()),
        "iat": client.now,
        "txn": message_id,
        "events": {EVENT_URN + word: members},
    }
    return sign_token(key, other.pop("typ", "secevent+jwt"), claims | other)


@dataclass(frozen=True)
class Wrong:
    """A receipt of ``taken`` that is wrong in one respect, and how the hub has to say no."""

    no: No
    word: str = "taken"
    more: dict[str, Any] = field(default_factory=dict)
    """Members of the event."""
    claims: dict[str, Any] = field(default_factory=dict)


FORM: Final = No(422, "envelope-invalid")
OTHER: Final = No(403, "not-permitted")
EVENT: Final = f"/events/{EVENT_URN}taken"
WRONG: Final = {
    "the type of a message": Wrong(FORM, claims={"typ": "meldeweg-message+sd-jwt"}),
    "an unknown claim": Wrong(FORM, claims={CANARY: 1}),
    "true as time": Wrong(FORM, claims={"iat": True}),
    "an unknown member": Wrong(No(422, "envelope-invalid", (EVENT,)), more={CANARY: CANARY}),
    "a receipt before it that is none": Wrong(
        No(422, "envelope-invalid", (f"{EVENT}/prv",)), more={"prv": CANARY}
    ),
    "an unknown word": Wrong(No(422, "envelope-invalid", ("/events",)), word=CANARY),
    "no word": Wrong(No(422, "envelope-invalid", ("/events",)), claims={"events": {}}),
    "another envelope": Wrong(OTHER, more={"env": digest(CANARY)}),
    "another message": Wrong(OTHER, claims={"txn": OTHER_ID}),
    "another sender": Wrong(OTHER, claims={"aud": KREIS}),
    "another office's name": Wrong(No(422, "signature-invalid"), claims={"iss": KREIS}),
    "a word for a way that is not built": Wrong(OTHER, word="passed-on", more={"to": KREIS}),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_receipt_has_one_form_and_one_message(
    world: World, greedy: Client, held: str, wrong: Wrong
) -> None:
    office = greedy(RHEINBERG)
    members = office.members(held, "taken") | wrong.more
    jws = _receipt(office.agency.signing, office, held, wrong.word, members, **wrong.claims)

    check_denied(world, office, held, jws, wrong.no)


@pytest.mark.parametrize("problem", ["a value", "a code", "a name in a pointer"])
def test_a_rejection_is_no_place_to_write_in(
    world: World, greedy: Client, held: str, problem: str
) -> None:
    office = greedy(RHEINBERG)
    problems = {
        "a value": {"code": "content-invalid", "pointers": ["/kind"], "wert": CANARY},
        "a code": {"code": CANARY, "pointers": ["/kind"]},
        "a name in a pointer": {"code": "content-invalid", "pointers": [f"/{CANARY}"]},
    }
    members = office.members(held, "rejected") | {"problems": [problems[problem]]}
    jws = _receipt(office.agency.signing, office, held, "rejected", members)

    check_denied(
        world,
        office,
        held,
        jws,
        No(422, "envelope-invalid", (f"/events/{EVENT_URN}rejected/problems",)),
    )


def test_only_the_signing_key_of_the_unit_says_anything(
    world: World, greedy: Client, held: str
) -> None:
    office = greedy(RHEINBERG)
    keys = (greedy(KREIS).agency.signing, office.agency.token, PrivateSigningKey.generate("ES256"))
    forged = [office.receipt(held, "taken", key=key) for key in keys]
    forged.append(segment(2, flipped)(office.receipt(held, "taken")))

    for jws in forged:
        check_denied(world, office, held, jws, No(422, "signature-invalid"))


def test_a_receipt_is_signed_while_the_message_is_here(
    world: World, greedy: Client, held: str
) -> None:
    office = greedy(RHEINBERG)
    for iat in (office.now - 600, office.now + 120):
        jws = office.receipt(held, "taken", iat=iat)
        # Before that time there is no key of the office; either way nothing counts.
        code = "issued-outside-window" if iat > office.now else "signature-invalid"
        check_denied(world, office, held, jws, No(422, code))


def test_a_receipt_is_put_under_its_own_id(world: World, greedy: Client, held: str) -> None:
    office = greedy(RHEINBERG)
    jws = office.receipt(held, "taken")

    check_denied(world, office, held, jws, No(403, "not-permitted"), address=OTHER_ID)


def test_the_id_of_a_receipt_belongs_to_the_bytes_that_had_it_first(
    world: World, greedy: Client, held: str
) -> None:
    office = greedy(RHEINBERG)
    name = str(uuid7())
    office.utter(held, "opened", receipt_id=name)

    check_denied(
        world, office, held, office.receipt(held, "taken", receipt_id=name), No(409, "id-reused")
    )


def test_a_message_is_no_receipt_and_a_receipt_is_no_message(
    world: World, greedy: Client, held: str
) -> None:
    """A token of one kind is none of another, whoever signed it."""
    office, school = greedy(RHEINBERG), greedy(SCHOOL)
    raw = seal_anyway(school.wish(RHEINBERG))
    jws = office.receipt(held, "taken")
    before = books(world)

    as_receipt = office.hand_in(held, raw.decode(), OTHER_ID)
    as_message = office.submit(jws.encode(), OTHER_ID)

    check_said(as_receipt, No(422, "envelope-invalid"))
    check_said(as_message, No(400, "not-a-message"))
    kinds = [entry["k"] for entry in entries(world, before.log)]
    assert kinds == ["access.denied", "message.refused"]


def test_a_receipt_comes_in_its_own_media_type(world: World, greedy: Client, held: str) -> None:
    office = greedy(RHEINBERG)
    jws = office.receipt(held, "taken")
    before = books(world)

    answer = office.send(
        "PUT", f"/v1/messages/{held}/receipts/{OTHER_ID}", jws.encode(), "application/json"
    )

    check_said(answer, No(415, "media-type-unsupported"))
    check_left_one_entry(world, before, k="access.denied", why="media-type-unsupported")


def test_the_sender_hears_of_what_it_may_hear_and_cannot_count_the_rest(
    greedy: Client, held: str
) -> None:
    """§ 64 Abs. 4 SGB VIII: that software has opened it, when and how often, is the office's."""
    office, school = greedy(RHEINBERG), greedy(SCHOOL)
    etag = school.send("GET", f"/v1/messages/{held}").headers["etag"]
    before = len(school.state(held)["receipts"])

    office.utter(held, "opened")

    assert len(school.state(held)["receipts"]) == before
    assert school.send("GET", f"/v1/messages/{held}").headers["etag"] == etag
    assert len(office.state(held)["receipts"]) == before + 1


def test_what_no_client_would_sign_is_refused_before_it_is_signed(
    greedy: Client, held: str
) -> None:
    """The SDK says so at once; the hub says it again to those who do not ask the SDK."""
    office = greedy(RHEINBERG)

    with pytest.raises(Refusal):
        office.receipt(held, "taken", members={"wert": CANARY})


def test_after_all_this_the_log_still_holds(world: World, tmp_path: Path) -> None:
    copy = copy_of(world.data, tmp_path / "kopie.sqlite")
    assert verify_db(copy, world.node.log.vkey) == []
