# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
import asyncio
import threading
from collections.abc import Iterator

import pytest

from hub.notify.channel import LONGEST_WAIT, SENT, Result
from hub.notify.notice import Notice, pack
from hub.notify.sms import ShortMessages
from tests.receivers import Desk, a_desk, certificates, free_port

MOBILE = "+491713920001"
OTHER = "+491713920002"
TOKEN = "geheimes-token"


@pytest.fixture
def gateway() -> Iterator[Desk]:
    with a_desk() as desk:
        yield desk


def send(url: str, *numbers: str, patience: float = 10) -> list[Result]:
    channel = ShortMessages(f"{url}/sms", TOKEN, patience=patience)
    parcels = [pack(to, [Notice(f"n{to}", "waiting", "sofort", "0193")]) for to in numbers]
    return asyncio.run(channel.send(parcels))


def test_a_gateway_gets_number_text_and_id(gateway: Desk) -> None:
    assert send(gateway.url, MOBILE) == [SENT]

    ((path, head, _),) = gateway.asked
    assert (path, head["authorization"]) == ("/sms", f"Bearer {TOKEN}")
    assert head["content-type"] == "application/json"
    assert gateway.bodies() == [
        {
            "to": MOBILE,
            "text": "Meldeweg: 1 Mitteilung, sofort, Kennung 0193. Bitte den Eingang öffnen.",
            "id": f"n{MOBILE}",
        }
    ]


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, "sent"),
        (202, "sent"),
        (204, "sent"),
        (302, "later"),
        (400, "refused"),
        (404, "refused"),
        (422, "refused"),
        (408, "later"),
        (429, "later"),
        (500, "later"),
        (503, "later"),
    ],
)
def test_the_status_decides(gateway: Desk, status: int, outcome: str) -> None:
    gateway.answers["/sms"] = [(status, {"location": f"{gateway.url}/anderswo"})]

    assert send(gateway.url, MOBILE)[0].outcome == outcome
    assert len(gateway.asked) == 1, "nobody follows anywhere"


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_that_is_refused_is_not_the_fault_of_a_number(gateway: Desk, status: int) -> None:
    gateway.answers["/sms"] = [(status, {})]

    assert send(gateway.url, MOBILE) == [Result("later", f"http-{status}")]


def test_one_number_that_is_refused_stops_no_other(gateway: Desk) -> None:
    gateway.answers["/sms"] = [(400, {})]

    assert sorted(each.outcome for each in send(gateway.url, MOBILE, OTHER)) == ["refused", "sent"]


@pytest.mark.parametrize(
    ("header", "seconds"), [("120", 120), ("99999999", LONGEST_WAIT), ("bald", None), ("-1", None)]
)
def test_a_gateway_is_given_the_time_it_asks_for(
    gateway: Desk, header: str, seconds: int | None
) -> None:
    gateway.answers["/sms"] = [(503, {"retry-after": header})]

    assert send(gateway.url, MOBILE)[0].retry_after == seconds


def test_a_gateway_that_does_not_answer_is_asked_again(gateway: Desk) -> None:
    let_go = threading.Event()
    gateway.before_answer = lambda: let_go.wait(10)

    results = send(gateway.url, MOBILE, patience=0.5)
    let_go.set()

    assert results[0].outcome == "later"


def test_a_gateway_that_is_not_there_is_asked_again() -> None:
    assert send(f"http://localhost:{free_port()}", MOBILE) == [Result("later", "ConnectError")]


def test_the_certificate_of_a_gateway_is_looked_at(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    known = certificates(tmp_path_factory.mktemp("known"))
    other = certificates(tmp_path_factory.mktemp("other"))
    parcel = pack(MOBILE, [Notice("n", "waiting", "sofort")])
    with a_desk(known.server) as desk:
        trusting = ShortMessages(desk.url, TOKEN, context=known.trusting)
        doubting = ShortMessages(desk.url, TOKEN, context=other.trusting)

        assert asyncio.run(trusting.send([parcel])) == [SENT]
        assert asyncio.run(doubting.send([parcel]))[0].outcome == "later"
        assert len(desk.asked) == 1


@pytest.mark.parametrize(
    "url", ["http://sms.example.invalid", "ftp://localhost", "https://", "https://ich@sms.invalid"]
)
def test_a_setting_that_would_be_read_along_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="SMS-Gateway"):
        ShortMessages(url, TOKEN)


def test_whoever_only_looks_sends_nothing(gateway: Desk) -> None:
    assert asyncio.run(ShortMessages(gateway.url, TOKEN).trouble()) == ""
    nobody = ShortMessages(f"http://localhost:{free_port()}", TOKEN)

    assert asyncio.run(nobody.trouble()) == "ConnectionRefusedError"
    assert gateway.asked == []
