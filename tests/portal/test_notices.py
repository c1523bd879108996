# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""People hear by mail that something is there, and a mail says nothing of what it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr
from uuid_utils.compat import uuid7

from deploy.demo.portal_client import Person
from hub.people.change import OPERATOR
from hub.people.grants import Naming, set_roles
from hub.people.place import changing_now
from hub.portal import expiry, notices
from hub.portal.drafts import LASTS
from tests import databases
from tests.portal.filing import a_notice, somebody
from tests.portal.test_drafts import put
from tests.portal.world import PortalWorld, a_portal
from tests.receivers import Mailbox, a_mailbox, free_port
from tests.world import FEEDBACK, SCHOOL, example

SENDER = "portal@schultraeger.invalid"
TEACHER = "lehrer@schule.invalid"
DESK = "sekretariat@schule.invalid"
DAY = 86_400
LATER = 700
"""Seconds after which everything that failed is tried again."""


@pytest.fixture(scope="module")
def mailport() -> int:
    return free_port()


@pytest.fixture(scope="module")
def post(mailport: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalWorld]:
    """A portal that sends mails."""
    home: Path = tmp_path_factory.mktemp("post")
    said = {
        "smtp_url": SecretStr(f"smtp://localhost:{mailport}"),
        "mail_from": SENDER,
        "demo": True,
    }
    with databases.given_back(), a_portal(home, **said) as made:
        yield made


@pytest.fixture(scope="module")
def teacher(post: PortalWorld) -> Iterator[Person]:
    with somebody(post, "Petra Erfunden-Leitung") as head:
        mail = TEACHER
        with (
            somebody(post, "Ole Erfunden-Lehrer", "verfassen", mail=mail) as person,
            somebody(post, "Ada Erfunden-Sekretariat", "lesen", mail=DESK),
        ):
            head.refresh()
            yield person


@contextmanager
def mails(post: PortalWorld, port: int, later: int = LATER) -> Iterator[Mailbox]:
    """Let the portal send to a real mail server, also what it has tried in vain before."""
    post.world.hands.ahead += later
    try:
        with a_mailbox(port=port) as box:
            yield box
            post.run(notices.turn)
    finally:
        post.world.hands.ahead -= later


def test_the_person_a_letter_is_for_hears_of_it_without_a_word_of_what_it_is(
    post: PortalWorld, mailport: int, teacher: Person
) -> None:
    teacher.file(a_notice())
    post.answered("rueckmeldung", FEEDBACK)
    post.turn()
    with mails(post, mailport) as box:
        pass

    [mail] = box.got(TEACHER)
    assert mail["subject"] == "Im Meldeportal liegt 1 neue Nachricht für Sie"
    text = mail.get_content()
    assert text.startswith("Im Meldeportal liegt 1 neue Nachricht für Sie.")
    for word in ("schule", "jugendamt", "Rückmeldung", "Erfunden", teacher.inbox()["now"]):
        assert str(word).casefold() not in text.casefold().replace(post.url, "")
    assert DESK not in box.reached()


def test_several_letters_are_one_mail(post: PortalWorld, mailport: int, teacher: Person) -> None:
    for _ in range(2):
        teacher.file(a_notice())
        post.answered("rueckfrage", example("schule-mitteilung", "rueckfrage"))
    post.turn()
    with mails(post, mailport) as box:
        pass

    [mail] = box.got(DESK)
    assert mail.get_content().startswith("Im Meldeportal liegen 2 neue Nachrichten für Sie.")


def test_what_a_mail_server_does_not_take_is_tried_again_and_sent_once(
    post: PortalWorld, mailport: int, teacher: Person
) -> None:
    teacher.file(a_notice())
    post.answered("rueckmeldung", FEEDBACK)
    post.turn()
    post.run(notices.turn)
    with mails(post, mailport) as box:
        box.to_address[TEACHER].append("451 spaeter")
    assert box.got(TEACHER) == []
    with mails(post, mailport, 2 * LATER) as box:
        pass
    assert len(box.got(TEACHER)) == 1
    with mails(post, mailport, 3 * LATER) as box:
        pass
    assert box.got(TEACHER) == []


def test_an_author_hears_a_day_before_that_a_draft_ends(
    post: PortalWorld, mailport: int, teacher: Person
) -> None:
    put(teacher, str(uuid7()), "ZWlucw")
    ahead = LASTS - DAY + 60
    post.world.hands.ahead += ahead
    try:
        post.run(expiry.turn)
        post.run(expiry.turn)
        with mails(post, mailport) as box:
            pass
    finally:
        post.world.hands.ahead -= ahead

    [mail] = box.got(TEACHER)
    assert mail.get_content().startswith("Im Meldeportal endet morgen 1 Entwurf von Ihnen.")


def test_who_reads_no_more_hears_no_more(post: PortalWorld, mailport: int, teacher: Person) -> None:
    teacher.refresh()
    clerk = next(each for each in teacher.me["colleagues"] if "Sekretariat" in each["name"])
    person = clerk["person"]
    _set(post, person, "verfassen")
    teacher.file(a_notice())
    post.answered("rueckfrage", example("schule-mitteilung", "rueckfrage"))
    post.turn()
    with mails(post, mailport) as box:
        pass
    _set(post, person, "lesen")

    assert DESK not in box.reached()


def _set(post: PortalWorld, person: str, role: str) -> None:
    wanted = Naming("", (role,), SCHOOL)
    changing_now(post.desk, OPERATOR, lambda change: set_roles(change, person, wanted))
