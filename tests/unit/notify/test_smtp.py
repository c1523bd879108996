# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
import asyncio
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.notify.channel import SENT, Result
from hub.notify.notice import Notice, pack
from hub.notify.smtp import Mail, Mailserver
from tests.receivers import Certificates, Mailbox, a_mailbox, certificates, free_port

SENDER = "meldeweg@hub.invalid"
DESK = "bereitschaft@asd.invalid"
OTHER = "leitung@asd.invalid"
LOGIN = "hub%40haus:ge%3Aheim%2F%40"


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with a_mailbox() as mailbox:
        yield mailbox


def send(
    url: str,
    *addresses: str,
    context: ssl.SSLContext | None = None,
    patience: float = 10,
    altogether: float = 20,
) -> list[Result]:
    server = Mailserver.parse(url)
    mail = Mail(server, SENDER, context=context, patience=patience, altogether=altogether)
    parcels = [pack(to, [Notice(to[:9], "waiting", "sofort", "0193")]) for to in addresses]
    return asyncio.run(mail.send(parcels))


def test_a_mail_arrives_as_it_has_to_be(mailbox: Mailbox) -> None:
    assert send(f"smtp://localhost:{mailbox.port}", DESK) == [SENT]

    (mail,) = mailbox.got(DESK)
    assert mail["From"] == f"Meldeweg <{SENDER}>"
    assert mail["To"] == DESK
    assert mail["Subject"] == "1 Mitteilung, sofort, Kennung 0193"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == f"<{DESK[:9]}@hub.invalid>"
    assert mail.get_content_type() == "text/plain"
    assert "Bitte den Eingang öffnen." in mail.get_content()


def test_a_repetition_is_the_same_mail(mailbox: Mailbox) -> None:
    send(f"smtp://localhost:{mailbox.port}", DESK)
    send(f"smtp://localhost:{mailbox.port}", DESK)

    first, second = mailbox.got(DESK)
    assert first["Message-ID"] == second["Message-ID"]


def test_all_go_over_one_connection(mailbox: Mailbox) -> None:
    assert send(f"smtp://localhost:{mailbox.port}", DESK, OTHER, "dritte@asd.invalid") == [SENT] * 3

    assert mailbox.connections == 1
    assert len(mailbox.mails) == 3


def test_with_starttls_the_mail_is_encrypted(tls: Certificates) -> None:
    with a_mailbox(starttls=tls.server) as mailbox:
        url = f"smtp://localhost:{mailbox.port}?starttls"

        assert send(url, DESK, context=tls.trusting) == [SENT]
        assert mailbox.was_encrypted == {True}


def test_with_implicit_tls_the_mail_is_encrypted(tls: Certificates) -> None:
    with a_mailbox(implicit=tls.server) as mailbox:
        url = f"smtps://localhost:{mailbox.port}"

        assert send(url, DESK, context=tls.trusting) == [SENT]
        assert mailbox.got(DESK)


@pytest.mark.parametrize("way", ["implicit", "starttls"])
def test_a_certificate_that_nobody_knows_gets_no_mail(tls: Certificates, way: str) -> None:
    is_first = way == "implicit"
    with a_mailbox(
        implicit=tls.server if is_first else None, starttls=None if is_first else tls.server
    ) as mailbox:
        url = f"{'smtps' if is_first else 'smtp'}://localhost:{mailbox.port}"
        url += "" if is_first else "?starttls"

        assert send(url, DESK) == [Result("later", "SSLCertVerificationError")]
        assert mailbox.mails == []


def test_a_certificate_for_another_name_gets_no_mail(tmp_path: Path) -> None:
    other = certificates(tmp_path, "mail.invalid")
    with a_mailbox(implicit=other.server) as mailbox:
        url = f"smtps://localhost:{mailbox.port}"

        assert send(url, DESK, context=other.trusting)[0].reason == "SSLCertVerificationError"
        assert mailbox.mails == []


def test_the_hub_says_who_it_is_where_the_server_asks(tls: Certificates) -> None:
    with a_mailbox(starttls=tls.server, wants_login=True) as mailbox:
        url = f"smtp://{LOGIN}@localhost:{mailbox.port}?starttls"

        assert send(url, DESK, context=tls.trusting) == [SENT]
        assert mailbox.logins == [b"hub@haus"]


def test_a_wrong_password_is_nobodys_fault_who_is_to_be_told(tls: Certificates) -> None:
    with a_mailbox(starttls=tls.server, wants_login=True) as mailbox:
        url = f"smtp://hub%40haus:falsch@localhost:{mailbox.port}?starttls"

        assert send(url, DESK, context=tls.trusting) == [Result("later", "smtp-535")]


def test_an_address_that_nobody_has_is_given_up(mailbox: Mailbox) -> None:
    mailbox.to_address[DESK] = ["550 No such user"]

    results = send(f"smtp://localhost:{mailbox.port}", DESK, OTHER)

    assert results == [Result("refused", "smtp-550"), SENT]
    assert mailbox.got(OTHER)


def test_who_greylists_is_asked_again(mailbox: Mailbox) -> None:
    mailbox.to_address[DESK] = ["451 Greylisted, try again"]
    url = f"smtp://localhost:{mailbox.port}"

    assert send(url, DESK, OTHER) == [Result("later", "smtp-451"), SENT]
    assert send(url, DESK) == [SENT]


@pytest.mark.parametrize(("answer", "outcome"), [("452 Full", "later"), ("554 No", "refused")])
def test_a_mail_that_is_not_taken_at_the_end_is_not_sent(
    mailbox: Mailbox, answer: str, outcome: str
) -> None:
    mailbox.to_data = [answer]

    results = send(f"smtp://localhost:{mailbox.port}", DESK, OTHER)

    assert [each.outcome for each in results] == [outcome, "sent"]


def test_where_nobody_listens_nothing_is_lost() -> None:
    assert send(f"smtp://localhost:{free_port()}", DESK, OTHER) == [
        Result("later", "ConnectionRefusedError"),
        Result("later", "ConnectionRefusedError"),
    ]


def test_a_server_that_says_nothing_is_not_waited_for_for_ever() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"smtp://localhost:{silent.getsockname()[1]}"

        assert send(url, DESK, patience=0.3)[0] == Result("later", "SMTPServerDisconnected")


def test_a_server_that_takes_a_few_and_then_says_nothing_is_hung_up_on(mailbox: Mailbox) -> None:
    """What it has taken counts; it may not hold up everything else for what it has not."""
    mailbox.most = 2

    results = send(
        f"smtp://localhost:{mailbox.port}",
        *(f"stelle{at}@asd.invalid" for at in range(4)),
        altogether=1.5,
    )

    assert results == [SENT] * 2 + [Result("later", "timeout")] * 2


@pytest.mark.parametrize(
    "url",
    [
        "smtp://mail.example.invalid",
        "smtp://mail.example.invalid:25",
        "smtp://localhost?tls",
        "smtps://",
        "smtps://mail.example.invalid/pfad",
        "http://mail.example.invalid",
        "mail.example.invalid:25",
    ],
)
def test_a_setting_that_could_not_work_or_would_be_read_along_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"Mailserver"):
        Mailserver.parse(url)


def test_no_error_and_no_picture_of_a_server_holds_the_password() -> None:
    with pytest.raises(ValueError, match="Mailserver") as refused:
        Mailserver.parse("smtp://hub:geheim@mail.example.invalid")

    assert "geheim" not in str(refused.value)
    assert "geheim" not in repr(Mailserver.parse("smtps://hub:geheim@mail.example.invalid"))


def test_the_usual_ports_need_not_be_named() -> None:
    assert Mailserver.parse("smtps://mail.example.invalid").port == 465
    assert Mailserver.parse("smtp://mail.example.invalid?starttls").port == 587
    assert Mailserver.parse("smtp://localhost").port == 25


def test_whoever_only_looks_sends_nothing(mailbox: Mailbox) -> None:
    mail = Mail(Mailserver.parse(f"smtp://localhost:{mailbox.port}"), SENDER)

    assert asyncio.run(mail.trouble()) == ""
    assert mailbox.mails == []
