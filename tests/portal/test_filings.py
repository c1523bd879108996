# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A filing goes out once, and the house signs nothing that its rules do not let this person say."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from deploy.demo.portal_client import Notice, Person, RefusedByPortal
from deploy.demo.portal_vault import passed
from hub.client.shown import Shown
from hub.portal.books.people_houses import change_house
from hub.portal.filings_shown import _ring
from hub.sealing.canonical import jcs
from tests.portal.filing import a_notice, somebody
from tests.portal.world import PortalWorld
from tests.world import SCHOOL

OTHER = "schule:999002"


@pytest.fixture(scope="module")
def head(demo: PortalWorld) -> Iterator[Person]:
    with somebody(demo, "Petra Erfunden-Leitung") as person:
        yield person


@pytest.fixture(scope="module")
def teacher(demo: PortalWorld, head: Person) -> Iterator[Person]:
    with somebody(demo, "Ole Erfunden-Lehrer", "verfassen") as person:
        head.refresh()
        yield person


@pytest.fixture
def four_eyes(demo: PortalWorld) -> Iterator[None]:
    demo.desk.books.write_now(lambda c: change_house(c, SCHOOL, four_eyes=True))
    yield
    demo.desk.books.write_now(lambda c: change_house(c, SCHOOL, four_eyes=False))


def accepted(demo: PortalWorld) -> int:
    """Return how many messages the hub has."""
    return demo.world.node.readers.run_now(
        lambda connection: int(
            connection.exec_driver_sql("SELECT count(*) FROM message").scalar_one()
        )
    )


def code_of(doing: Callable[[], Any]) -> str:
    with pytest.raises(RefusedByPortal) as refused:
        doing()
    return refused.value.code


def looked_at(person: Person, *paths: str) -> set[str]:
    """Return with which codes somebody is refused these."""
    return {code_of(partial(person.ask, "GET", f"/portal/api/{path}")) for path in paths}


def filing_of(person: Person, message: str) -> dict[str, Any]:
    [found] = [each for each in person.inbox()["filings"] if each["id"] == message]
    return dict(found)


def test_a_notice_is_accepted_and_the_log_says_how_it_was_confirmed(
    demo: PortalWorld, head: Person
) -> None:
    message, said = head.file(a_notice())

    assert said["state"] == "angenommen"
    act = said["answer"]["entry"]["act"]
    assert act == {"org": head.unit, "role": "verfassen", "pid": act["pid"], "auth": "code"}
    assert len(act["pid"]) == 22
    filing = filing_of(head, message)
    assert (filing["state_text"], filing["mine"]) == ("Angenommen", True)
    assert head.own is not None
    assert demo.fetched()["rueckmeldung_an"] == head.own.kid


def test_the_same_filing_again_gets_the_same_answer_and_is_no_second_message(
    demo: PortalWorld, head: Person
) -> None:
    notice = head.prepare(a_notice())
    first = head.submit(notice)
    before = accepted(demo)

    assert head.submit(notice) == first
    assert accepted(demo) == before


def test_a_double_click_is_one_message(demo: PortalWorld, head: Person) -> None:
    notice, before = head.prepare(a_notice()), accepted(demo)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: head.submit(notice), range(4)))

    assert all(answer == answers[0] for answer in answers)
    assert accepted(demo) == before + 1


def test_other_bytes_under_an_id_that_is_taken_are_refused(head: Person, teacher: Person) -> None:
    notice, other = head.prepare(a_notice()), head.prepare(a_notice())
    head.submit(notice)
    other.payload["jti"] = other.payload["cnv"] = other.id = notice.id

    assert code_of(lambda: head.submit(other)) == "id-reused"
    assert code_of(lambda: teacher.submit(notice)) == "id-reused"


@pytest.mark.parametrize(
    ("claim", "value", "code"),
    [
        ("iss", "schule:999002", "sender-mismatch"),
        ("hub", "anderer.invalid/hub", "hub-mismatch"),
        ("aud", "jugendamt:05999999.asd", "recipient-unknown"),
        ("proto", "schule-mitteilung/9.9.9", "schema-unknown"),
        ("erfunden", 1, "envelope-invalid"),
        ("body", "A" * 43, "body-mismatch"),
    ],
)
def test_claims_that_this_house_must_not_sign_never_reach_the_hub(
    demo: PortalWorld, head: Person, claim: str, value: object, code: str
) -> None:
    notice, before = head.prepare(a_notice()), accepted(demo)
    notice.payload[claim] = value

    assert code_of(lambda: head.submit(notice)) == code
    assert accepted(demo) == before
    assert all(each["id"] != notice.id for each in head.inbox()["filings"])


@pytest.mark.parametrize("shift", [-241, 120])
def test_what_was_sealed_long_ago_or_by_a_wrong_clock_is_sealed_anew(
    head: Person, shift: int
) -> None:
    notice = head.prepare(a_notice())
    notice.payload["iat"] += shift

    assert code_of(lambda: head.submit(notice)) == "issued-outside-window"


def test_claims_of_another_id_than_the_address_names_are_not_signed(head: Person) -> None:
    notice, other = head.prepare(a_notice()), head.prepare(a_notice())
    notice.id = other.id

    assert code_of(lambda: head.submit(notice)) == "id-mismatch"


def test_a_field_that_the_schema_has_no_place_for_is_not_signed(head: Person) -> None:
    notice = head.prepare(a_notice())
    notice.body["erfunden"] = "AAAA"

    assert code_of(lambda: head.submit(notice)) == "scope-exceeded"


@pytest.mark.usefixtures("head")
def test_who_may_not_write_files_nothing(demo: PortalWorld) -> None:
    with somebody(demo, "Nina Erfunden-Verwaltung", "verwalten") as clerk:
        notice = clerk.prepare(a_notice())
        assert code_of(lambda: clerk.submit(notice)) == "not-permitted"


def test_a_draft_becomes_a_message_once_and_is_gone(head: Person) -> None:
    draft = a_draft(head)
    head.submit(head.prepare(a_notice()), draft)

    assert all(each["id"] != draft for each in head.inbox()["drafts"])
    assert code_of(lambda: head.submit(head.prepare(a_notice()), draft)) == "step-not-allowed"


def test_a_draft_of_somebody_else_is_not_filed(head: Person, teacher: Person) -> None:
    draft = a_draft(teacher)

    assert code_of(lambda: head.submit(head.prepare(a_notice()), draft)) == "not-found"


def test_what_was_passed_on_is_confirmed_by_the_other_person_and_released(
    head: Person, teacher: Person
) -> None:
    draft = a_draft(teacher)
    pass_on(teacher, draft, head)

    assert code_of(lambda: teacher.submit(teacher.prepare(a_notice()), draft)) == "step-not-allowed"
    said = head.submit(head.prepare(a_notice()), draft)
    assert said["answer"]["entry"]["act"]["role"] == "freigeben"


@pytest.mark.usefixtures("four_eyes")
def test_with_four_eyes_nobody_confirms_what_they_wrote(head: Person, teacher: Person) -> None:
    draft = a_draft(teacher)
    own = a_draft(head)

    assert code_of(lambda: head.submit(head.prepare(a_notice()))) == "not-permitted"
    assert code_of(lambda: head.submit(head.prepare(a_notice()), own)) == "not-permitted"
    pass_on(teacher, draft, head)
    assert head.submit(head.prepare(a_notice()), draft)["state"] == "angenommen"


def test_what_others_have_filed_is_there_for_those_who_read_and_for_nobody_else(
    demo: PortalWorld, head: Person, teacher: Person
) -> None:
    message, _ = head.file(a_notice())
    own, _ = teacher.file(a_notice())

    assert filing_of(head, own)["by"]["name"] == "Ole Erfunden-Lehrer"
    assert filing_of(head, own)["note"] is None
    assert all(each["id"] != message for each in teacher.inbox()["filings"])
    paths = (f"mitteilungen/{message}", f"vorgaenge/{message}")
    assert looked_at(teacher, *paths) == {"not-found"}
    demo.add_house(OTHER)
    with somebody(demo, "Ida Erfunden-Fremd", unit=OTHER) as stranger:
        assert looked_at(stranger, *paths) == {"not-found"}
        again = f"/portal/api/mitteilungen/{message}/zurueckziehen"
        assert code_of(lambda: stranger.ask("POST", again, {})) == "not-found"


def test_what_nobody_has_taken_is_withdrawn_and_what_was_taken_is_not(
    demo: PortalWorld, head: Person
) -> None:
    message, _ = head.file(a_notice())
    path = f"/portal/api/mitteilungen/{message}/zurueckziehen"

    assert head.ask("POST", path, {})["filing"]["state"] == "zurueckgezogen"
    taken, _ = head.file(a_notice())
    demo.fetched()
    late = f"/portal/api/mitteilungen/{taken}/zurueckziehen"
    assert code_of(lambda: head.ask("POST", late, {})) == "already-taken"


def test_what_became_of_it_is_shown_in_the_words_that_a_sender_may_learn(
    demo: PortalWorld, head: Person
) -> None:
    """§ 64 Abs. 4 SGB VIII: never who opened it, and when."""
    message, _ = head.file(a_notice())
    demo.fetched()
    demo.turn()

    filing = filing_of(head, message)
    assert [each["word"] for each in filing["events"]] == ["accepted", "taken", "acknowledged"]
    assert (filing["state"], filing["ring"]) == ("bestaetigt", None)
    assert "opened" not in jcs(filing).decode()


def test_what_the_hub_refuses_is_said_with_its_code_and_the_draft_stays(head: Person) -> None:
    draft = a_draft(head)
    notice = head.prepare(a_notice())
    notice.payload["lb"] = "sgb8-8a-1"

    assert code_of(lambda: head.submit(notice, draft)) == "basis-not-allowed"
    filing = filing_of(head, notice.id)
    assert (filing["state"], filing["problem"]["code"]) == ("zurueckgewiesen", "basis-not-allowed")
    assert [each for each in head.inbox()["drafts"] if each["id"] == draft]


def test_a_body_that_is_no_filing_is_refused_without_a_word_of_it(head: Person) -> None:
    notice = Notice(str(uuid7()), {}, {}, [])

    assert code_of(lambda: head.submit(notice)) == "not-a-message"


def test_a_stranger_is_told_nothing(demo: PortalWorld) -> None:
    with Person(demo.url, demo.desk.catalogue) as stranger:
        paths = ("eingang", "verzeichnis", f"mitteilungen/{uuid7()}", f"briefe/{uuid7()}")
        assert looked_at(stranger, *paths) == {"token-invalid"}


def a_draft(person: Person) -> str:
    draft = str(uuid7())
    sealed = {"ciphertext": person.vault.seal("draft", draft, {"v": 1})}  # type: ignore[union-attr]
    person.ask("PUT", f"/portal/api/entwuerfe/{draft}", sealed, **{"if-none-match": "*"})
    return draft


def pass_on(person: Person, draft: str, colleague: Person) -> None:
    said = {
        "to": colleague.me["person"]["id"],
        **passed(draft, {"v": 1}, colleague.own.public.b64),  # type: ignore[union-attr]
    }
    person.ask("POST", f"/portal/api/entwuerfe/{draft}/weitergabe", said, **{"if-match": '"1"'})


def test_once_a_matter_was_passed_on_nobody_is_rung_for_what_was_overdue_before() -> None:
    """Who passes it on has looked at it; where the new office is silent, its own clock says so."""
    late = Shown("overdue", "Frist überschritten", 10, "Dienst", "0221 4710109")
    passed = Shown("passed-on", "Weitergegeben", 20, "Jugendamt", "0221 4710103")

    assert (_ring((late,)) or {})["telephone"] == "0221 4710109"
    assert _ring((late, passed)) is None
    assert _ring((passed, late)) is not None
