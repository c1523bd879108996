# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
import asyncio
import json
import threading
import time
from collections.abc import Iterator

import pytest

from hub.model.participant import PublicJwk
from hub.notify.channel import SENT, NotAnEndpoint, Result
from hub.notify.notice import Notice, pack
from hub.notify.push import HOSTS, KEPT, Push, Vapid
from hub.sealing.canonical import b64, unb64
from hub.trust.keys import PrivateSigningKey, verify_raw
from tests.receivers import Desk, a_desk, certificates, free_port

SUBJECT = "mailto:betrieb@hub.invalid"
KEY = PrivateSigningKey.generate("ES256")
PUBLIC = b64(b"\x04" + unb64(KEY.jwk.x) + unb64(KEY.jwk.y or ""))


@pytest.fixture
def service() -> Iterator[Desk]:
    with a_desk() as desk:
        yield desk


def a_push(*hosts: str, patience: float = 10) -> Push:
    vapid = Vapid(PUBLIC, SUBJECT, KEY.sign, time.time)
    return Push(vapid, hosts or ("localhost",), patience=patience)


def wake(endpoint: str, urgency: str = "sofort", *, patience: float = 10) -> Result:
    parcel = pack(endpoint, [Notice("n", "waiting", urgency, "0193")])
    return asyncio.run(a_push(patience=patience).send([parcel]))[0]


def test_a_browser_is_woken_without_a_word(service: Desk) -> None:
    assert wake(f"{service.url}/wpush/abc") == SENT

    ((path, head, body),) = service.asked
    assert (path, body, head["content-length"]) == ("/wpush/abc", b"", "0")
    assert (head["ttl"], head["urgency"]) == (str(KEPT), "high")
    assert 0 < len(head["topic"]) <= 32
    assert "content-encoding" not in head
    assert "0193" not in str(head)


def test_what_is_not_urgent_does_not_say_so(service: Desk) -> None:
    wake(f"{service.url}/wpush/abc", "planbar")

    assert service.asked[0][1]["urgency"] == "normal"


def test_the_hub_signs_who_it_is_for_this_push_service_alone(service: Desk) -> None:
    wake(f"{service.url}/wpush/abc")

    scheme, token, public = service.asked[0][1]["authorization"].replace(",", "").split(" ")
    header, claims, signature = token.removeprefix("t=").split(".")
    point = unb64(public.removeprefix("k="))
    jwk = PublicJwk(kty="EC", crv="P-256", x=b64(point[1:33]), y=b64(point[33:]))
    verify_raw(jwk, "ES256", unb64(signature), f"{header}.{claims}".encode())
    said = json.loads(unb64(claims))

    assert (scheme, len(point), point[0]) == ("vapid", 65, 4)
    assert json.loads(unb64(header)) == {"alg": "ES256", "typ": "JWT"}
    assert (said["aud"], said["sub"]) == (service.url, SUBJECT)
    assert 0 < said["exp"] - time.time() <= 86_400


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, "sent"),
        (201, "sent"),
        (202, "sent"),
        (404, "gone"),
        (410, "gone"),
        (403, "refused"),
        (307, "later"),
        (429, "later"),
        (500, "later"),
    ],
)
def test_the_status_decides(service: Desk, status: int, outcome: str) -> None:
    service.answers["/wpush/abc"] = [(status, {"location": f"{service.url}/anderswo"})]

    assert wake(f"{service.url}/wpush/abc").outcome == outcome
    assert len(service.asked) == 1, "nobody follows anywhere"


def test_a_push_service_is_given_the_time_it_asks_for(service: Desk) -> None:
    service.answers["/wpush/abc"] = [(429, {"retry-after": "60"})]

    assert wake(f"{service.url}/wpush/abc") == Result("later", "http-429", 60)


def test_a_push_service_that_is_not_there_is_asked_again() -> None:
    assert wake(f"http://localhost:{free_port()}/x") == Result("later", "ConnectError")


def test_the_certificate_has_to_be_for_the_name_and_not_for_the_address(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """The call goes to the address that was looked at; the name still has to be proven."""
    right = certificates(tmp_path_factory.mktemp("right"), "localhost")
    wrong = certificates(tmp_path_factory.mktemp("wrong"), "anderswo.invalid")
    for given, outcome in ((right, "sent"), (wrong, "later")):
        with a_desk(given.server) as desk:
            vapid = Vapid(PUBLIC, SUBJECT, KEY.sign, time.time)
            push = Push(vapid, ("localhost",), context=given.trusting)
            parcel = pack(f"{desk.url}/x", [Notice("n", "waiting", "sofort")])

            assert asyncio.run(push.send([parcel]))[0].outcome == outcome


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc:DEF-_",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
        "https://web.push.apple.com/QGu",
        "https://wns2-db5p.notify.windows.com/w/?token=abc%2b",
        "https://fcm.googleapis.com:443/fcm/send/x",
    ],
)
def test_what_the_usual_browsers_name_is_called(endpoint: str) -> None:
    a_push(*HOSTS).check(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com.example.invalid/x",
        "https://example.invalid/fcm.googleapis.com",
        "https://notify.windows.com.invalid/x",
        "https://evilnotify.windows.com/x",
        "https://notify.windows.com@127.0.0.1/x",
        "https://ich:du@fcm.googleapis.com/x",
        "https://fcm.googleapis.com/x#y",
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://[::1]/x",
        "https://169.254.169.254/latest",
        "https://10.0.0.1/x",
        "https://0x7f000001/x",
        "https://fcm.googleapis.com\\@127.0.0.1/x",
        "https://fcm.googleapis.com/\r\nx: y",
        "https://fcm.googleapis.com/ä",
        "https://fcm.googleapis.com:99999/x",
        "https://[::1/x",
        "file:///etc/passwd",
        "",
        "https://fcm.googleapis.com/" + "x" * 2000,
    ],
)
def test_nothing_else_is_called(endpoint: str) -> None:
    with pytest.raises(NotAnEndpoint):
        a_push(*HOSTS).check(endpoint)


def test_a_listed_name_that_leads_into_the_house_is_not_called(service: Desk) -> None:
    """Whoever can write into the name service could aim the hub at what stands beside it."""
    port = service.url.rpartition(":")[2]
    vapid = Vapid(PUBLIC, SUBJECT, KEY.sign, time.time)
    push = Push(vapid, ("ip6-localhost", "localhost.localdomain", "localhost4"))
    for name in ("ip6-localhost", "localhost.localdomain", "localhost4"):
        parcel = pack(f"https://{name}/x", [Notice("n", "waiting", "sofort")])

        assert asyncio.run(push.send([parcel]))[0].outcome in {"gone", "later"}
        with pytest.raises(NotAnEndpoint):
            push.check(f"http://{name}:{port}/x")
    assert service.asked == []


def test_an_endpoint_that_was_taken_off_the_list_is_forgotten(service: Desk) -> None:
    parcel = pack(f"{service.url}/x", [Notice("n", "waiting", "sofort")])

    assert asyncio.run(a_push(*HOSTS).send([parcel])) == [Result("gone", "NotAnEndpoint")]
    assert service.asked == []


def test_a_slow_push_service_does_not_hold_up_another(service: Desk) -> None:
    with a_desk() as slow:
        was_called = threading.Event()
        slow.before_answer = lambda: was_called.wait(10)
        service.before_answer = was_called.set
        parcels = [
            pack(f"{url}/x", [Notice("n", "waiting", "sofort")])
            for url in [slow.url] * 3 + [service.url]
        ]
        results = asyncio.run(a_push().send(parcels))

        assert results == [SENT] * 4
        assert was_called.is_set()
