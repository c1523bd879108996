# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the protocol, the directory or the course of a conversation do not allow is not carried.

Every message here is whole and sealed as it should be. Only it is not this sender's to say, not to
this recipient, or not now.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from hub.audit.verify import verify_db
from hub.client.enrolment import enrol
from hub.enrol.invitation import invite
from hub.enrol.snapshot import refresh
from hub.protocols.catalogue import load_catalogue
from hub.schemas import SCHEMAS, SPECS
from hub.sealing.canonical import digest
from hub.store.participants import change_participant
from specs.vectors.sl1.forge import Spoiled
from specs.vectors.sl1.spoil import HONEST, body
from tests.greedy import Greedy, Talk, Wish, seal_anyway
from tests.journeys.books import (
    CANARY,
    No,
    books,
    check_kept_quiet,
    check_left_nothing,
    check_left_one_entry,
    check_said,
)
from tests.journeys.copies import copy_of
from tests.world import KREIS, OTHER_SCHOOL, POLICE, RHEINBERG, SCHOOL, World

Client = Callable[[str], Greedy]
STRANGE_SCHOOL: Final = "schule:999003"
STRANGE_OFFICE: Final = "jugendamt:05170020.asd"
SPEAKERS: Final = {
    "mitteilung": SCHOOL,
    "antwort": SCHOOL,
    "rueckfrage": RHEINBERG,
    "rueckmeldung": RHEINBERG,
}
OTHER_SIDE: Final = {SCHOOL: RHEINBERG, RHEINBERG: SCHOOL}
OTHER_ID: Final = "0193504f-7c2a-7d41-8e5b-00000000000f"


def held(greedy: Client, *steps: str) -> Talk:
    """Have a school and its Jugendamt say these steps, one after the other."""
    talk = None
    for step in steps:
        speaker = SPEAKERS[step]
        talk = greedy(speaker).say(OTHER_SIDE[speaker], step, talk=talk)
    assert talk is not None
    return talk


def check_refused(world: World, client: Greedy, raw: bytes, no: No) -> dict[str, Any]:
    """Send what must not be said; return the problem that comes back."""
    before = books(world)
    answer = client.submit(raw)
    problem = check_said(answer, no)
    check_left_one_entry(world, before, k="message.refused", why=no.code, act_org=client.agency.id)
    check_kept_quiet(answer, raw, world)
    return problem


STEP: Final = No(409, "step-not-allowed", ("/step",))
CNV: Final = No(409, "step-not-allowed", ("/cnv",))
MOVED: Final = No(409, "conversation-moved-on", ("/pos", "/prv"))


@dataclass(frozen=True)
class Turn:
    """What was said, and the step that must not follow it."""

    said: tuple[str, ...]
    speaker: str
    step: str
    no: No = STEP
    changes: dict[str, Any] = field(default_factory=dict)


TURNS: Final = {
    "a fourth question": Turn(
        ("mitteilung", "rueckfrage", "rueckfrage", "rueckfrage"), RHEINBERG, "rueckfrage"
    ),
    "an answer without a question": Turn(("mitteilung",), SCHOOL, "antwort"),
    "a second answer to one question": Turn(
        ("mitteilung", "rueckfrage", "antwort"), SCHOOL, "antwort"
    ),
    "a second Rueckmeldung": Turn(("mitteilung", "rueckmeldung"), RHEINBERG, "rueckmeldung"),
    "a question after the close": Turn(("mitteilung", "rueckmeldung"), RHEINBERG, "rueckfrage"),
    "an answer after the close": Turn(
        ("mitteilung", "rueckfrage", "rueckmeldung"), SCHOOL, "antwort"
    ),
    "an answer from the one who asked": Turn(("mitteilung", "rueckfrage"), RHEINBERG, "antwort"),
    "a second notice in one conversation": Turn(("mitteilung",), SCHOOL, "mitteilung", CNV),
    "a question about a conversation that is none": Turn(
        ("mitteilung",), RHEINBERG, "rueckfrage", CNV, {"cnv": OTHER_ID}
    ),
    "a position too far": Turn(("mitteilung",), RHEINBERG, "rueckfrage", MOVED, {"pos": 3}),
    "a position that is taken": Turn(
        ("mitteilung", "rueckfrage"), SCHOOL, "antwort", MOVED, {"pos": 2}
    ),
    "another message seen last": Turn(
        ("mitteilung",), RHEINBERG, "rueckfrage", MOVED, {"prv": digest(CANARY)}
    ),
    "a cause from another conversation": Turn(
        ("mitteilung",),
        RHEINBERG,
        "rueckfrage",
        No(422, "envelope-invalid", ("/cau",)),
        {"cau": OTHER_ID},
    ),
    "a Rueckmeldung that has to be quick": Turn(
        ("mitteilung",),
        RHEINBERG,
        "rueckmeldung",
        No(422, "urgency-not-allowed", ("/urg",)),
        {"urg": "sofort"},
    ),
    "a question on the school's basis": Turn(
        ("mitteilung",),
        RHEINBERG,
        "rueckfrage",
        No(422, "basis-not-allowed", ("/lb",)),
        {"lb": "kkg-4-3"},
    ),
}


@pytest.mark.parametrize("turn", TURNS.values(), ids=TURNS)
def test_a_step_that_does_not_follow_is_not_carried(
    world: World, greedy: Client, turn: Turn
) -> None:
    talk = held(greedy, *turn.said)
    speaker = greedy(turn.speaker)
    wish = speaker.wish(OTHER_SIDE[turn.speaker], turn.step, talk=talk).saying(**turn.changes)

    check_refused(world, speaker, seal_anyway(wish), turn.no)


def test_a_refusal_says_what_may_be_said_instead(world: World, greedy: Client) -> None:
    talk = held(greedy, "mitteilung", "rueckfrage", "rueckfrage", "rueckfrage")
    office = greedy(RHEINBERG)

    problem = check_refused(
        world, office, seal_anyway(office.wish(SCHOOL, "rueckfrage", talk=talk)), STEP
    )

    assert "rueckmeldung" in problem["allowed"]
    assert "rueckfrage" not in problem["allowed"]
    assert problem["basis"] == "§ 8a Abs. 1 SGB VIII"


def test_a_correction_follows_only_what_was_taken(world: World, greedy: Client) -> None:
    """Before that the message is withdrawn, and nobody ever reads it."""
    talk = held(greedy, "mitteilung")
    school = greedy(SCHOOL)
    wish = school.wish(RHEINBERG, "berichtigung", talk=talk).saying(cau=talk.id)

    check_refused(world, school, seal_anyway(wish), STEP)


@pytest.mark.parametrize(
    ("changes", "no"),
    [
        ({"step": "kanarienvogel"}, STEP),
        ({"pos": 2}, No(422, "envelope-invalid", ("/pos",))),
        ({"prv": digest("x")}, No(422, "envelope-invalid", ("/prv",))),
        ({"cau": OTHER_ID}, No(422, "envelope-invalid", ("/cau",))),
        ({"lb": "sgb8-8a-1"}, No(422, "basis-not-allowed", ("/lb",))),
        ({"lb": "schulgnrw-42-6"}, No(422, "basis-not-allowed", ("/lb",))),
        ({"urg": "dringend"}, No(422, "urgency-not-allowed", ("/urg",))),
    ],
    ids=lambda given: "-".join(given) if isinstance(given, dict) else "",
)
def test_an_opening_notice_has_one_way_to_be_right(
    world: World, greedy: Client, changes: dict[str, Any], no: No
) -> None:
    school = greedy(SCHOOL)

    raw = seal_anyway(school.wish(RHEINBERG).saying(**changes))

    check_refused(world, school, raw, no)


def test_the_refusal_of_a_basis_names_the_one_that_carries(world: World, greedy: Client) -> None:
    school = greedy(SCHOOL)
    raw = seal_anyway(school.wish(RHEINBERG).saying(lb="sgb8-8a-1"))

    problem = check_refused(world, school, raw, No(422, "basis-not-allowed", ("/lb",)))

    assert (problem["basis"], problem["allowed"]) == ("§ 4 Abs. 3 KKG", ["kkg-4-3"])


def test_a_school_does_not_ask_what_only_the_jugendamt_asks(world: World, greedy: Client) -> None:
    school = greedy(SCHOOL)
    wish = school.wish(RHEINBERG, "rueckfrage")
    opening = wish.saying(cnv=wish.claims.jti, pos=1, prv=None)

    problem = check_refused(world, school, seal_anyway(opening), STEP)

    assert problem["allowed"] == ["mitteilung"]


def test_whether_two_others_talk_to_each_other_cannot_be_found_out(
    world: World, greedy: Client
) -> None:
    talk = held(greedy, "mitteilung", "rueckfrage")
    other = greedy(OTHER_SCHOOL)
    answers = []
    for conversation in (talk.id, OTHER_ID):
        wish = other.wish(RHEINBERG, "antwort", talk=talk).saying(cnv=conversation)
        problem = check_refused(world, other, seal_anyway(wish), CNV)
        answers.append({name: said for name, said in problem.items() if name != "trace"})

    assert answers[0] == answers[1]


def test_another_office_does_not_join_in(world: World, greedy: Client) -> None:
    talk = held(greedy, "mitteilung")
    kreis = greedy(KREIS)

    check_refused(world, kreis, seal_anyway(kreis.wish(SCHOOL, "rueckfrage", talk=talk)), CNV)


def test_a_rueckmeldung_is_sealed_to_the_person_and_not_to_the_school(
    world: World, greedy: Client
) -> None:
    """§ 4 Abs. 4 KKG says "dieser Person"."""
    talk = held(greedy, "mitteilung")
    office, school = greedy(RHEINBERG), greedy(SCHOOL).agency
    wish = office.wish(SCHOOL, "rueckmeldung", talk=talk)
    desk = school.desk[0].public

    check_refused(
        world,
        office,
        seal_anyway(wish.sealed_to(desk)),
        No(409, "reader-key-stale", ("/readers/0",)),
    )
    check_refused(
        world,
        office,
        seal_anyway(wish.sealed_to(*wish.readers, desk)),
        No(422, "readers-invalid", ("/readers",)),
    )


def joining(world: World, organisation: str) -> None:
    """Let an organisation hand in its entry, and nobody compare the fingerprint."""
    code = world.node.writer.commit_now(
        lambda connection: invite(organisation, int(world.clock()), connection)
    ).code
    enrol(world.home / "unconfirmed", organisation, world.url, code)


@pytest.mark.parametrize(
    "unit",
    [
        "jugendamt:05179999.asd",
        "jugendamt:05170024.asd",
        "jugendamt:05170032",
        "jugendamt:05170032.jgh",
        OTHER_SCHOOL,
        POLICE,
    ],
    ids=[
        "nobody",
        "somebody proposed who has not joined",
        "an organisation instead of its unit",
        "a unit that the organisation does not have",
        "a school",
        "the police",
    ],
)
def test_a_notice_goes_to_a_unit_that_takes_part_as_jugendamt(
    world: World, greedy: Client, unit: str
) -> None:
    """§ 35 SGB I: whether there is nobody, or nobody for this, is not said and not entered."""
    school = greedy(SCHOOL)
    known = world.folders.get(unit)
    keys = world.agency(unit if known else RHEINBERG).desk
    wish = school.wish(RHEINBERG).saying(aud=unit)
    raw = seal_anyway(wish.sealed_to(*(key.public for key in keys)))
    before = books(world)

    answer = school.submit(raw)

    check_said(answer, No(404, "recipient-unknown", ("/aud",)))
    check_left_nothing(world, before)
    check_kept_quiet(answer, raw, world)


def test_nobody_takes_part_before_a_person_compared_the_fingerprint(
    world: World, greedy: Client
) -> None:
    joining(world, "jugendamt:05170044")
    school = greedy(SCHOOL)
    raw = seal_anyway(school.wish(RHEINBERG).saying(aud="jugendamt:05170044.asd"))
    before = books(world)

    answer = school.submit(raw)

    check_said(answer, No(404, "recipient-unknown", ("/aud",)))
    check_left_nothing(world, before)


@contextmanager
def suspended(world: World, organisation: str) -> Iterator[None]:
    """Suspend an organisation for as long as the block lasts."""

    def become(status: str) -> None:
        world.node.writer.commit_now(
            lambda connection: change_participant(connection, organisation, status=status)
        )
        world.node.readers.run_now(lambda connection: refresh(world.node, connection))

    become("suspended")
    try:
        yield
    finally:
        become("valid")


def test_a_suspended_office_gets_nothing(world: World, greedy: Client) -> None:
    school = greedy(SCHOOL)
    with suspended(world, "jugendamt:05170000"):
        check_refused(
            world,
            school,
            seal_anyway(school.wish(KREIS)),
            No(403, "participant-suspended", ("/aud",)),
        )


def test_a_suspended_school_says_nothing(world: World, greedy: Client) -> None:
    """It is known who asks, so the attempt is entered; a token it had helps it no further."""
    school = greedy(OTHER_SCHOOL)
    school.token()
    with suspended(world, OTHER_SCHOOL):
        raw = seal_anyway(school.wish(RHEINBERG))
        check_refused(world, school, raw, No(403, "participant-suspended"))


def test_a_suspended_school_asks_nothing_either(world: World, greedy: Client) -> None:
    school = greedy(OTHER_SCHOOL)
    school.token()
    with suspended(world, OTHER_SCHOOL):
        before = books(world)
        answer = school.send("GET", f"/v1/messages/{OTHER_ID}")

    check_said(answer, No(403, "participant-suspended"))
    check_left_one_entry(
        world, before, k="access.denied", why="participant-suspended", act_org=OTHER_SCHOOL
    )


@pytest.fixture(scope="module")
def strangers(world: World) -> None:
    """A school and an office that joined and adopted no protocol."""
    world.join("schule:999003", protocols=())
    world.join("jugendamt:05170020", protocols=())


@pytest.mark.usefixtures("strangers")
@pytest.mark.parametrize(
    ("sender", "recipient", "place"),
    [(STRANGE_SCHOOL, RHEINBERG, "/iss"), (SCHOOL, STRANGE_OFFICE, "/aud")],
    ids=["the sender", "the recipient"],
)
def test_both_controllers_have_to_adopt_the_version(
    world: World, greedy: Client, sender: str, recipient: str, place: str
) -> None:
    """Art. 26 DSGVO: whoever decides the rules is responsible; the operator decides none."""
    school = greedy(sender)

    raw = seal_anyway(school.wish(recipient))

    check_refused(world, school, raw, No(409, "protocol-not-adopted", (place,)))


@contextmanager
def retired(world: World, home: Path) -> Iterator[None]:
    """Withdraw the protocol of school notices for as long as the block lasts."""
    in_force = world.node.catalogue
    for source in SPECS.glob("protocols/*/*/*"):
        copy = home / source.relative_to(SPECS)
        copy.parent.mkdir(parents=True, exist_ok=True)
        text = source.read_text("utf-8")
        copy.write_text(text.replace("status: in-kraft", "status: zurueckgezogen"), "utf-8")
    (home / "law").symlink_to(SPECS / "law")
    world.node.catalogue = load_catalogue(home, SCHEMAS)
    try:
        yield
    finally:
        world.node.catalogue = in_force


def test_a_withdrawn_version_opens_nothing_and_is_spoken_to_its_end(
    world: World, greedy: Client, tmp_path: Path
) -> None:
    """Else nobody could correct what was said under it."""
    talk = held(greedy, "mitteilung")
    school, office = greedy(SCHOOL), greedy(RHEINBERG)
    with retired(world, tmp_path):
        raw = seal_anyway(school.wish(RHEINBERG))
        check_refused(world, school, raw, No(410, "protocol-retired", ("/proto",)))
        asked = office.submit(seal_anyway(office.wish(SCHOOL, "rueckfrage", talk=talk)))

    assert asked.status_code == httpx2.codes.CREATED


POLICE_NOTICE: Final = "polizei-mitteilung/1.0.0"


@pytest.mark.parametrize("speaker", [POLICE, RHEINBERG], ids=["asked for", "given"])
def test_a_rueckmeldung_to_the_police_is_refused_with_the_law_that_does_not_name_them(
    world: World, greedy: Client, speaker: str
) -> None:
    talk = greedy(POLICE).say(RHEINBERG, protocol=POLICE_NOTICE)
    client = greedy(speaker)
    wish = (
        client.wish(POLICE, "rueckfrage", protocol=POLICE_NOTICE, talk=talk)
        if speaker == RHEINBERG
        else client.wish(RHEINBERG, "mitteilung", protocol=POLICE_NOTICE, talk=talk)
    )

    problem = check_refused(world, client, seal_anyway(wish.saying(step="rueckmeldung")), STEP)

    assert problem["basis"] == "§ 4 Abs. 4 KKG"
    assert "Polizei" in problem["detail"]


def _with_a_reply_key(wish: Wish) -> tuple[Wish, Spoiled]:
    return wish, body(rueckmeldung_an="A" * 167)


def _under_the_protocol_of_schools(wish: Wish) -> tuple[Wish, Spoiled]:
    return wish.saying(proto="schule-mitteilung/1.0.0"), HONEST


@pytest.mark.parametrize(
    ("spoil", "no"),
    [
        (_with_a_reply_key, No(422, "scope-exceeded", ("/body",))),
        (_under_the_protocol_of_schools, No(422, "schema-unknown", ("/schema",))),
    ],
    ids=["with a key to answer to", "as a school would"],
)
def test_the_police_have_no_field_to_ask_for_a_rueckmeldung(
    world: World,
    greedy: Client,
    spoil: Callable[[Wish], tuple[Wish, Spoiled]],
    no: No,
) -> None:
    police = greedy(POLICE)
    wish, spoiled = spoil(police.wish(RHEINBERG, protocol=POLICE_NOTICE))

    check_refused(world, police, seal_anyway(wish, spoiled), no)


def test_the_police_do_not_speak_as_a_school(world: World, greedy: Client) -> None:
    """§ 4 Abs. 3 KKG names those of Abs. 1, and the police are not among them."""
    police = greedy(POLICE)
    wish = police.wish(RHEINBERG)

    problem = check_refused(world, police, seal_anyway(wish), STEP)

    assert problem["basis"] == "§ 4 Abs. 3 KKG"


def test_after_all_this_the_log_still_holds(world: World, tmp_path: Path) -> None:
    copy = copy_of(world.data, tmp_path / "kopie.sqlite")
    assert verify_db(copy, world.node.log.vkey) == []
