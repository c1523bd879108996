# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A draft is a ciphertext with a version; it is passed on, taken back, and ends after a week."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from deploy.demo.portal_client import Person, RefusedByPortal
from hub.portal import expiry
from hub.portal.drafts import LASTS, MOST
from tests.portal.filing import somebody
from tests.portal.test_filings import code_of
from tests.portal.world import PortalWorld

DRAFTS = "/portal/api/entwuerfe"


@pytest.fixture(scope="module")
def head(demo: PortalWorld) -> Iterator[Person]:
    with somebody(demo, "Petra Erfunden-Leitung") as person:
        yield person


@pytest.fixture(scope="module")
def teacher(demo: PortalWorld, head: Person) -> Iterator[Person]:
    with somebody(demo, "Ole Erfunden-Lehrer", "verfassen") as person:
        head.refresh()
        yield person


def put(person: Person, draft: str, ciphertext: str, version: int | None = None) -> Any:
    since = {"if-none-match": "*"} if version is None else {"if-match": f'"{version}"'}
    return person.ask("PUT", f"{DRAFTS}/{draft}", {"ciphertext": ciphertext}, **since)


def hand(person: Person, draft: str, to: Person, version: int = 1) -> Any:
    said = {"to": to.me["person"]["id"], "ciphertext": "UEFTU0VE", "wrap": "V1JBUA"}
    path = f"{DRAFTS}/{draft}/weitergabe"
    return person.ask("POST", path, said, **{"if-match": f'"{version}"'})


def get(person: Person, draft: str) -> Any:
    return person.ask("GET", f"{DRAFTS}/{draft}")


def test_of_two_windows_the_second_is_shown_what_the_first_has_made(head: Person) -> None:
    draft = str(uuid7())
    assert put(head, draft, "ZWlucw")["version"] == 1
    assert put(head, draft, "endlp", 1)["version"] == 2

    with pytest.raises(RefusedByPortal) as refused:
        put(head, draft, "ZHJlaQ", 1)

    assert (refused.value.status, refused.value.code) == (409, "conversation-moved-on")
    assert refused.value.problem["current"]["ciphertext"] == "endlp"
    assert get(head, draft)["ciphertext"] == "endlp"


def test_a_draft_whose_first_answer_got_lost_is_begun_once(head: Person) -> None:
    draft = str(uuid7())

    assert put(head, draft, "ZWlucw") == put(head, draft, "ZWlucw")


def test_what_is_passed_on_is_with_one_person_at_a_time_and_both_see_it(
    head: Person, teacher: Person
) -> None:
    draft = str(uuid7())
    put(teacher, draft, "ZWlucw")

    passed = hand(teacher, draft, head)
    assert (passed["holder"]["name"], passed["may"]) == (
        "Petra Erfunden-Leitung",
        ["zuruecknehmen"],
    )
    assert passed["ciphertext"] == "ZWlucw"
    held = get(head, draft)
    assert (held["ciphertext"], held["wrap"]) == ("UEFTU0VE", "V1JBUA")
    assert held["passed"]["from"]["name"] == "Ole Erfunden-Lehrer"
    assert code_of(partial(put, teacher, draft, "endlp", 2)) == "step-not-allowed"
    assert put(head, draft, "VkVSQkVTU0VSVA", 2)["wrap"] == "V1JBUA"

    path = f"{DRAFTS}/{draft}/weitergabe"
    back = teacher.ask("DELETE", path, None, **{"if-match": '"3"'})
    assert (back["passed"], back["ciphertext"]) == (None, "ZWlucw")
    assert code_of(partial(get, head, draft)) == "not-found"


def test_nothing_is_passed_on_to_somebody_who_is_not_here_or_may_not_file(
    demo: PortalWorld, teacher: Person
) -> None:
    draft = str(uuid7())
    put(teacher, draft, "ZWlucw")

    with somebody(demo, "Ada Erfunden-Sekretariat", "lesen") as clerk:
        assert code_of(partial(hand, teacher, draft, clerk)) == "not-permitted"
    assert code_of(partial(hand, teacher, draft, teacher)) == "not-found"


def test_a_draft_of_somebody_else_is_not_there(head: Person, teacher: Person) -> None:
    draft = str(uuid7())
    put(teacher, draft, "ZWlucw")

    for asking in (
        partial(get, head, draft),
        partial(put, head, draft, "endlp", 1),
        partial(put, head, draft, "endlp"),
        partial(head.ask, "DELETE", f"{DRAFTS}/{draft}", None, **{"if-match": '"1"'}),
        partial(hand, head, draft, teacher),
    ):
        assert code_of(asking) == "not-found"
    assert get(teacher, draft)["ciphertext"] == "ZWlucw"


def test_a_draft_is_deleted_by_who_wrote_it(head: Person) -> None:
    draft = str(uuid7())
    put(head, draft, "ZWlucw")
    path = f"{DRAFTS}/{draft}"

    assert code_of(partial(head.ask, "DELETE", path)) == "not-a-message"
    head.ask("DELETE", path, None, **{"if-match": '"1"'})
    assert code_of(partial(get, head, draft)) == "not-found"


@pytest.mark.parametrize(
    ("ciphertext", "code"),
    [("A" * 349_526, "too-large"), ("", "not-a-message"), ("<b>", "not-a-message")],
)
def test_what_is_no_ciphertext_or_too_long_is_not_kept(
    head: Person, ciphertext: str, code: str
) -> None:
    assert code_of(partial(put, head, str(uuid7()), ciphertext)) == code


def test_nobody_has_more_drafts_than_anybody_needs(demo: PortalWorld, head: Person) -> None:
    del head
    with somebody(demo, "Jan Erfunden-Vielschreiber", "verfassen") as writer:
        for _ in range(MOST):
            put(writer, str(uuid7()), "ZWlucw")
        assert code_of(partial(put, writer, str(uuid7()), "ZWlucw")) == "too-many-requests"


def test_a_draft_ends_a_week_after_its_last_change(demo: PortalWorld, head: Person) -> None:
    draft, kept = str(uuid7()), str(uuid7())
    put(head, draft, "ZWlucw")
    begun = get(head, draft)
    assert begun["expires_at"] == begun["changed_at"] + LASTS
    demo.world.hands.ahead += LASTS - 100
    try:
        demo.run(expiry.turn)
        count = demo.desk.books.read_now(partial(_is_there, draft=draft))
        demo.world.hands.ahead += 200
        demo.run(expiry.turn)
        gone = demo.desk.books.read_now(partial(_is_there, draft=draft))
    finally:
        demo.world.hands.ahead -= LASTS + 100

    assert (count, gone) == (1, 0)
    put(head, kept, "ZWlucw")
    demo.run(expiry.turn)
    assert get(head, kept)["version"] == 1


def _is_there(connection: Any, draft: str) -> int:
    found = connection.exec_driver_sql("SELECT count(*) FROM draft WHERE id = ?", (draft,))
    return int(found.scalar_one())
