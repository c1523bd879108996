# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A house is offered what it may say, and a form is the same for everybody."""

from hashlib import sha256

import httpx2
import pytest

from hub.sealing.canonical import b64
from tests.portal.filing import somebody
from tests.portal.world import PortalWorld

FORMS = "/portal/api/formulare"
NOTICE = f"{FORMS}/schule-mitteilung/1.1.0/mitteilung"


@pytest.fixture(scope="module")
def offered(demo: PortalWorld) -> list[dict[str, object]]:
    with somebody(demo, "Lena Erfunden-Beispiel") as person:
        forms: list[dict[str, object]] = person.ask("GET", FORMS)["forms"]
    return forms


def test_a_school_begins_with_questions_and_not_with_paragraphs(
    offered: list[dict[str, object]],
) -> None:
    opening = {str(each["question"]) for each in offered if each["opens"]}

    assert "Ich mache mir Sorgen um ein Kind" in opening
    assert len(opening) == 4


def test_a_school_is_not_offered_what_others_say(offered: list[dict[str, object]]) -> None:
    said = {(each["protocol"], each["step"]) for each in offered}

    assert ("schule-mitteilung", "rueckmeldung") not in said
    assert ("polizei-mitteilung", "mitteilung") not in said


def test_a_form_asked_for_by_its_digest_may_be_kept_for_ever(
    demo: PortalWorld, offered: list[dict[str, object]]
) -> None:
    [notice] = [each for each in offered if each["opens"] and each["version"] == "1.1.0"]

    known = httpx2.get(f"{demo.url}{NOTICE}?d={notice['digest']}")
    other = httpx2.get(f"{demo.url}{NOTICE}?d=anders")

    assert b64(sha256(known.content).digest()) == notice["digest"]
    assert "immutable" in known.headers["cache-control"]
    assert other.headers["cache-control"] == "no-cache"


def test_a_form_that_did_not_change_is_not_sent_again(demo: PortalWorld) -> None:
    first = httpx2.get(f"{demo.url}{NOTICE}")

    again = httpx2.get(f"{demo.url}{NOTICE}", headers={"if-none-match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")


def test_what_a_school_receives_can_be_read_with_its_form_too(demo: PortalWorld) -> None:
    answer = httpx2.get(f"{demo.url}{FORMS}/schule-mitteilung/1.1.0/rueckmeldung")

    assert answer.json()["person_only"] is True


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("schule-mitteilung/9.9.9/mitteilung", 422),
        ("schule-mitteilung/1.1.0/unbekannt", 404),
        ("schule-mitteilung/..%2f..%2f/mitteilung", 404),
    ],
)
def test_a_form_that_there_is_not_is_refused_as_such(
    path: str, status: int, demo: PortalWorld
) -> None:
    assert httpx2.get(f"{demo.url}{FORMS}/{path}").status_code == status


def test_nobody_who_is_not_signed_in_learns_what_a_house_may_say(demo: PortalWorld) -> None:
    assert httpx2.get(f"{demo.url}{FORMS}").status_code == 401
