# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What comes back lies sealed at the portal, and is opened by those alone whom the law names."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from deploy.demo.portal_client import Person, Wish
from hub.audit.verify import verify_db
from hub.portal import expiry
from hub.portal.expiry import LETTERS_LAST
from tests.journeys.copies import copy_of
from tests.portal.filing import PROTOCOL, a_notice, somebody
from tests.portal.test_filings import code_of, looked_at
from tests.portal.world import PortalWorld
from tests.world import FEEDBACK, RHEINBERG, example

QUESTION = "rueckfrage"


@pytest.fixture(scope="module")
def head(demo: PortalWorld) -> Iterator[Person]:
    with somebody(demo, "Petra Erfunden-Leitung") as person:
        yield person


@pytest.fixture(scope="module")
def teacher(demo: PortalWorld, head: Person) -> Iterator[Person]:
    with somebody(demo, "Ole Erfunden-Lehrer", "verfassen") as person:
        head.refresh()
        yield person


@pytest.fixture(scope="module")
def office_clerk(demo: PortalWorld, head: Person) -> Iterator[Person]:
    with somebody(demo, "Ada Erfunden-Sekretariat", "lesen") as person:
        head.refresh()
        head.share_desk()
        person.refresh()
        yield person


def answered(demo: PortalWorld, person: Person, step: str, content: dict[str, Any]) -> str:
    """File a notice, have it answered, and return the id of the letter."""
    message, _ = person.file(a_notice())
    demo.answered(step, content)
    demo.turn()
    return str(letter_of(person, message)["id"])


def letter_of(person: Person, conversation: str) -> dict[str, Any]:
    [found] = [each for each in person.inbox()["letters"] if each["cnv"] == conversation]
    return dict(found)


def seen(person: Person, letter: str) -> dict[str, Any]:
    [found] = [each for each in person.inbox()["letters"] if each["id"] == letter]
    return dict(found)


def say(person: Person, letter: str, word: str, said: Any = None) -> Any:
    return person.ask("POST", f"/portal/api/briefe/{letter}/{word}", {} if said is None else said)


def words(demo: PortalWorld, message: str, chain: str) -> list[str]:
    query = "SELECT word FROM receipt WHERE message_id = ? AND chain = ? ORDER BY seq"
    return demo.world.node.readers.run_now(
        lambda connection: [
            str(row[0]) for row in connection.exec_driver_sql(query, (message, chain))
        ]
    )


def test_feedback_opens_for_the_person_who_reported_and_for_no_colleague(
    demo: PortalWorld, head: Person, teacher: Person, office_clerk: Person
) -> None:
    """§ 4 Abs. 4 KKG: "dieser Person"; the head of the school reads it no more than the hub."""
    letter = answered(demo, teacher, "rueckmeldung", FEEDBACK)

    assert seen(teacher, letter)["openable"]
    for colleague in (head, office_clerk):
        shown = seen(colleague, letter)
        assert not shown["openable"]
        assert shown["for"]["name"] == "Ole Erfunden-Lehrer"
        assert looked_at(colleague, f"briefe/{letter}") == {"not-found"}
        assert code_of(partial(say, colleague, letter, "bestaetigt")) in {
            "not-found",
            "not-permitted",
        }
    assert teacher.open(letter) == FEEDBACK


def test_a_question_back_is_read_by_the_desk(
    demo: PortalWorld, teacher: Person, office_clerk: Person
) -> None:
    letter = answered(demo, teacher, QUESTION, example("schule-mitteilung", QUESTION))

    assert seen(office_clerk, letter)["openable"]
    assert not seen(teacher, letter)["openable"]
    assert office_clerk.open(letter) == example("schule-mitteilung", QUESTION)


def test_what_a_person_does_with_a_letter_is_signed_by_the_house_and_stands_in_the_log(
    demo: PortalWorld, teacher: Person, tmp_path: Any
) -> None:
    letter = answered(demo, teacher, "rueckmeldung", FEEDBACK)
    assert words(demo, letter, "visible") == ["accepted", "taken"]
    assert code_of(partial(say, teacher, letter, "bestaetigt")) == "step-not-allowed"

    teacher.open(letter)
    teacher.open(letter)
    assert words(demo, letter, "hidden") == ["opened"]
    assert seen(teacher, letter)["state"] == "geoeffnet"
    teacher.acknowledge(letter)
    assert seen(teacher, letter)["state_text"] == "Eingang bestätigt"
    say(teacher, letter, "geloescht")

    assert words(demo, letter, "visible") == ["accepted", "taken", "acknowledged", "erased"]
    assert looked_at(teacher, f"briefe/{letter}") == {"content-erased"}
    kopie = copy_of(demo.world.data, tmp_path / "kopie.sqlite")
    assert verify_db(kopie, demo.world.node.log.vkey) == []


def test_what_cannot_be_used_is_rejected_with_codes_and_places(
    demo: PortalWorld, teacher: Person
) -> None:
    letter = answered(demo, teacher, "rueckmeldung", FEEDBACK)
    told = {"problems": [{"code": "leaf-unopenable", "pointers": ["/taetig_geworden"]}]}
    free = {"problems": [{"code": "gefaellt-mir-nicht", "pointers": []}]}

    assert code_of(partial(say, teacher, letter, "abgelehnt", free)) == "not-permitted"
    assert say(teacher, letter, "abgelehnt", told)["state"] == "abgelehnt"
    assert words(demo, letter, "visible")[-1] == "rejected"


@pytest.mark.parametrize(
    "said",
    [
        {"kid": "A" * 43, "classes": ["inhalt"]},
        {"kid": None, "classes": ["erfunden"]},
        {"kid": None, "classes": ["zwei", "eins"]},
    ],
)
def test_nothing_is_said_to_be_opened_with_a_key_that_does_not_open_it(
    demo: PortalWorld, teacher: Person, said: dict[str, Any]
) -> None:
    letter = answered(demo, teacher, "rueckmeldung", FEEDBACK)
    kid = said["kid"] or teacher.own.kid  # type: ignore[union-attr]

    wrong = partial(say, teacher, letter, "geoeffnet", {**said, "kid": kid})
    assert code_of(wrong) == "not-addressed"
    assert words(demo, letter, "hidden") == []


def test_the_portal_holds_nothing_that_opens_a_letter(demo: PortalWorld, teacher: Person) -> None:
    answered(demo, teacher, "rueckmeldung", FEEDBACK)
    keys = {path.name for path in demo.desk.settings.data_dir.rglob("*.key")}

    assert keys == set()
    books = (demo.desk.settings.data_dir / "portal.db").read_bytes()
    assert teacher.own is not None
    assert teacher.own.seed is not None
    assert teacher.own.seed not in books


def test_a_question_back_is_answered_in_its_matter(demo: PortalWorld, office: Person) -> None:
    letter = answered(demo, office, QUESTION, example("schule-mitteilung", QUESTION))
    conversation = seen(office, letter)["cnv"]
    thread = office.thread(conversation)

    assert thread["partner"] == RHEINBERG
    assert thread["partner_name"]
    assert [each["mine"] for each in thread["messages"]] == [True, False]
    step = next(each for each in thread["allowed"] if each not in {"berichtigung", "ruecknahme"})
    content = example("schule-mitteilung", step)
    wish = Wish(PROTOCOL, step, thread["partner"], "unverzueglich", content, thread=thread)
    _, said = office.file(wish)

    assert said["state"] == "angenommen"
    assert demo.fetched() == content
    assert len(office.thread(conversation)["filings"]) == 2


def test_a_letter_of_another_house_is_not_there(
    demo: PortalWorld, teacher: Person, stranger: Person
) -> None:
    letter = answered(demo, teacher, "rueckmeldung", FEEDBACK)

    assert looked_at(stranger, f"briefe/{letter}") == {"not-found"}
    for word, said in (
        ("geoeffnet", {"kid": "A" * 43, "classes": ["inhalt"]}),
        ("bestaetigt", {}),
        ("abgelehnt", {"problems": [{"code": "leaf-unopenable"}]}),
        ("geloescht", {}),
    ):
        assert code_of(partial(say, stranger, letter, word, said)) == "not-found"
    assert stranger.inbox()["letters"] == []


def test_letters_go_after_sixty_days_and_the_house_signs_that_they_are_gone(
    demo: PortalWorld, clerk: Callable[[], Person]
) -> None:
    teacher = clerk()
    letter = answered(demo, teacher, "rueckmeldung", FEEDBACK)
    teacher.open(letter)
    teacher.acknowledge(letter)
    demo.world.hands.ahead += timedelta(seconds=LETTERS_LAST + 1).total_seconds()
    try:
        demo.run(expiry.turn)
        demo.turn()
    finally:
        demo.world.hands.ahead -= timedelta(seconds=LETTERS_LAST + 1).total_seconds()

    assert words(demo, letter, "visible")[-1] == "erased"
    assert seen(teacher, letter)["state"] == "geloescht"


@pytest.fixture(scope="module")
def office(demo: PortalWorld, head: Person) -> Person:
    """Somebody who files and reads for the house."""
    del demo
    return head


@pytest.fixture(scope="module")
def stranger(demo: PortalWorld) -> Iterator[Person]:
    other = "schule:999002"
    demo.add_house(other)
    with somebody(demo, "Ida Erfunden-Fremd", unit=other) as person:
        yield person


@pytest.fixture
def clerk(demo: PortalWorld) -> Iterator[Callable[[], Person]]:
    with somebody(demo, "Uwe Erfunden-Spaet", "verfassen") as person:
        yield lambda: person
