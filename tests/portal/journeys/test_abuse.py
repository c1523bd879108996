# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What another page, another school and a stranger get of the portal: nothing, on every route."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import httpx2
import pytest
from uuid_utils.compat import uuid7

from deploy.demo.portal_client import Person, RefusedByPortal, Wish
from tests import databases
from tests.portal.routes import FOR_ANYBODY, NAMED, OWN, SIGN_IN, UNSAFE, filled, routes
from tests.portal.world import EVERYTHING, PortalWorld, a_portal
from tests.world import FEEDBACK, OTHER_SCHOOL, RHEINBERG, SCHOOL, example

GONE: Final = {
    "digest": "A" * 43,
    "credential": "A" * 43,
    "person": "0193504f-7c2a-7d41-8e5b-00000000000f",
    "kid": "A" * 43,
}
HOSTILE: Final[dict[str, bytes]] = {
    "nothing": b"",
    "a list": b"[]",
    "null": b"null",
    "a string": b'"<script>alert(1)</script>"',
    "not JSON": b"{code:1}",
    "not UTF-8": b'{"code":"\xff\xfe"}',
    "half a surrogate": b'{"code":"\\ud800"}',
    "twice the same": b'{"code":"a","code":"b"}',
    "a huge number": b'{"digest":1e400,"payload":' + b"9" * 4000 + b"}",
    "a strange member": b'{"__proto__":{"x":1},"constructor":{"prototype":{}}}',
    "deep": b"[" * 30_000 + b"]" * 30_000,
    "deep inside": b'{"payload":' + b'{"a":' * 20_000 + b"1" + b"}" * 20_000 + b"}",
    "wrong kinds": json.dumps(
        {name: [{}] for name in ("code", "credential", "payload", "share", "roles", "unit", "lock")}
    ).encode(),
    "nulls": b'{"ciphertext":"\\u0000","wrap":"\\u0000","name":"\\u0000","digest":"\\u0000"}',
}


@dataclass
class School:
    """A school with somebody who may do everything there, and what lies there."""

    head: Person
    names: dict[str, str] = field(default_factory=dict)


@dataclass
class Two:
    """Two schools at one portal."""

    portal: PortalWorld
    robbed: School
    robber: School
    # A connection for each request: the server may close one that was sent too much.
    client: httpx2.Client = field(
        default_factory=lambda: httpx2.Client(
            timeout=30, limits=httpx2.Limits(max_keepalive_connections=0)
        )
    )


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    home = tmp_path_factory.mktemp("two")
    with (
        databases.given_back(),
        a_portal(home, SCHOOL, OTHER_SCHOOL, demo=True) as portal,
        _patient(portal),
        _head(portal, SCHOOL) as first,
        _head(portal, OTHER_SCHOOL) as second,
    ):
        yield Two(portal, _furnished(portal, first), School(second))


@contextmanager
def _patient(portal: PortalWorld) -> Iterator[None]:
    portal.have_patience()
    yield


def _head(portal: PortalWorld, unit: str) -> Person:
    person = Person(portal.url, portal.world.catalogue)
    person.enter(portal.link(f"Leitung Erfunden-{unit[-1]}", *EVERYTHING, unit=unit))
    person.set_up()
    portal.confirm(unit)
    person.refresh()
    return person


def _furnished(portal: PortalWorld, head: Person) -> School:
    """Let a school have one of everything that a name in a path can be about."""
    assert head.vault is not None
    draft = str(uuid7())
    sealed = {"ciphertext": head.vault.seal("draft", draft, {"title": "Erfunden"})}
    head.ask("PUT", f"/portal/api/entwuerfe/{draft}", sealed, **{"if-none-match": "*"})
    content = example("schule-mitteilung", "mitteilung")
    wish = Wish("schule-mitteilung/1.1.0", "mitteilung", RHEINBERG, "unverzueglich", content)
    sent, _ = head.file(wish)
    portal.answered("rueckmeldung", FEEDBACK)
    portal.turn()
    account = head.ask("GET", "/portal/api/konto")
    return School(
        head,
        {
            "draft_id": draft,
            "message_id": sent,
            "conversation_id": sent,
            "letter_id": head.inbox()["letters"][0]["id"],
            "person": head.me["person"]["id"],
            "kid": head.me["house_keys"][0]["kid"],
            "digest": account["sessions"][0]["id"],
            "credential": "A" * 43,
        },
    )


def _state(school: School) -> Any:
    """Return all that could be changed at a school, as its head sees it."""
    paths = ("eingang", "konto", "haus", "entwuerfe")
    said = [school.head.ask("GET", f"/portal/api/{path}", **{"x-still": "1"}) for path in paths]
    for each in said:
        if isinstance(each, dict):
            each.pop("now", None)
    return json.loads(json.dumps(said))


def _asked(two: Two, method: str, path: str, **more: Any) -> httpx2.Response:
    two.client.cookies = two.robber.head.client.cookies
    return two.client.request(method, two.portal.url + path, **more)


def _headers(two: Two, **changes: str | None) -> dict[str, str]:
    said: dict[str, str | None] = {
        "origin": two.portal.url,
        "sec-fetch-site": "same-origin",
        "x-marke": two.robber.head.me["marke"],
        "accept": "application/json",
        **changes,
    }
    return {name: value for name, value in said.items() if value is not None}


def test_every_route_says_whom_it_is_for(two: Two) -> None:
    known = FOR_ANYBODY | SIGN_IN | OWN | NAMED

    assert routes(two.portal) - known == frozenset(), "nobody has said whom these are for"
    assert known - routes(two.portal) == frozenset(), "these are not there"


def test_a_stranger_is_let_in_nowhere(two: Two) -> None:
    with httpx2.Client(base_url=two.portal.url) as stranger:
        got = {
            route: stranger.request(
                route.split()[0],
                filled(route.split()[1], two.robbed.names),
                headers={"origin": two.portal.url, "accept": "application/json"},
                json={},
            ).status_code
            for route in sorted(OWN | NAMED)
        }

    assert {route: status for route, status in got.items() if status not in {303, 401}} == {}


@pytest.mark.parametrize(
    "changed",
    [
        {"x-marke": None},
        {"x-marke": "A" * 43},
        {"origin": "https://anderswo.invalid"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": None, "sec-fetch-site": None},
    ],
    ids=str,
)
def test_another_page_changes_nothing_in_the_name_of_somebody(
    two: Two, changed: dict[str, str | None]
) -> None:
    """CSRF: each way to change something asks for the token and looks where it comes from."""
    unsafe = sorted(each for each in OWN | NAMED if each.split()[0] in UNSAFE)
    names = two.robbed.names | {"person": two.robber.head.me["person"]["id"]}
    got = {}
    for route in unsafe:
        method, path = route.split()
        answer = _asked(two, method, filled(path, names), headers=_headers(two, **changed), json={})
        got[route] = (answer.status_code, answer.json().get("code"))

    assert {each: said for each, said in got.items() if said != (403, "not-permitted")} == {}


def test_another_page_signs_nobody_in(two: Two) -> None:
    """Who is signed in to somebody else's account without knowing types into the wrong hands."""
    with httpx2.Client(base_url=two.portal.url) as victim:
        got = {
            route: victim.post(
                route.split()[1],
                headers={"origin": "https://anderswo.invalid", "sec-fetch-site": "cross-site"},
                json={"code": "A" * 43},
            ).status_code
            for route in sorted(SIGN_IN)
            if route.startswith("POST")
        }

    assert {route: status for route, status in got.items() if status != 403} == {}


def test_what_is_of_another_school_is_not_there(two: Two) -> None:
    """Whoever knows a name gets the same answer as for a name that nobody bears."""
    before = _state(two.robbed)
    wrong = {}
    for route in sorted(NAMED):
        method, path = route.split()
        bodies: list[Any] = _bodies(route, two)
        for body in bodies:
            headers = _headers(two, **{"if-match": '"1"'})
            answer = _asked(two, method, filled(path, two.robbed.names), headers=headers, json=body)
            if answer.status_code not in {403, 404, 409, 422} or _leaks(answer, two):
                wrong[route] = (answer.status_code, answer.text[:120])

    assert wrong == {}
    assert _state(two.robbed) == before


def _bodies(route: str, two: Two) -> list[Any]:
    """Return what would do it, if the thing were one's own."""
    share = two.robbed.head.me["house_keys"][0]["share"]
    said: dict[str, Any] = {
        "rollen": {"roles": ["verwalten"]},
        "wechsel": {"unit": SCHOOL},
        "schluessel": {"share": share},
        "entwuerfe": {"ciphertext": "A" * 64},
        "weitergabe": {
            "to": two.robber.head.me["person"]["id"],
            "ciphertext": "A" * 64,
            "wrap": "A" * 64,
        },
        "PUT /portal/api/mitteilungen": _of_theirs(two),
        "geoeffnet": {"kid": two.robbed.names["kid"], "classes": ["main"]},
        "abgelehnt": {"problems": [{"code": "expired", "pointers": []}]},
    }
    # The word that says most about a route stands last in it.
    return [body for word, body in said.items() if word in route][-1:] or [{}]


def _of_theirs(two: Two) -> dict[str, Any]:
    """Return a message of one's own under the name of one that another school has sent."""
    content = example("schule-mitteilung", "mitteilung")
    wish = Wish("schule-mitteilung/1.1.0", "mitteilung", RHEINBERG, "unverzueglich", content)
    notice = two.robber.head.prepare(wish)
    claims = {**notice.payload, "jti": two.robbed.names["message_id"]}
    claims["cnv"] = claims["jti"]
    said = {"payload": claims, "body": notice.body, "keys": notice.keys}
    return {**said, "confirmation": {"kind": "code"}, "note": None, "draft": None}


def _leaks(answer: httpx2.Response, two: Two) -> bool:
    """Say whether an answer tells more than that there is nothing."""
    names = [two.robbed.head.me["person"]["name"], "Gesamtschule"]
    return any(name in answer.text for name in names)


def test_what_is_sealed_for_another_school_is_not_signed_here(two: Two) -> None:
    content = example("schule-mitteilung", "mitteilung")
    wish = Wish("schule-mitteilung/1.1.0", "mitteilung", RHEINBERG, "unverzueglich", content)
    notice = two.robber.head.prepare(wish)
    notice.payload["iss"] = SCHOOL

    with pytest.raises(RefusedByPortal) as refused:
        two.robber.head.submit(notice)

    assert refused.value.code == "sender-mismatch"


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_json_is_refused_in_a_sentence(two: Two, name: str) -> None:
    """Never a failure of ours, never a word of what was sent, and nothing is changed."""
    wrong = {}
    headers = _headers(two, **{"content-type": "application/json", "if-match": '"1"'})
    names = {**GONE, "draft_id": str(uuid7()), "message_id": str(uuid7())}
    # Whoever signs out with a strange body is signed out.
    left_out = {"POST /portal/anmeldung/abmelden", "DELETE /portal/api/konto/sitzungen"}
    for route in sorted((OWN | NAMED | SIGN_IN) - left_out):
        method, path = route.split()
        if method not in UNSAFE:
            continue
        answer = _asked(two, method, filled(path, names), headers=headers, content=HOSTILE[name])
        is_bodyless = method == "DELETE" or path.endswith(("frage", "einladung", "bestaetigt"))
        fine = answer.status_code in {400, 401, 403, 404, 409, 413, 422, 428}
        if not fine and not (is_bodyless and answer.status_code < 300):
            wrong[route] = (answer.status_code, answer.text[:200])
        if "alert(1)" in answer.text:
            wrong[route] = (answer.status_code, "it says again what was sent")

    assert wrong == {}


@pytest.mark.parametrize("size", [1_048_577, 5_000_000])
def test_a_body_that_is_too_large_is_refused_before_it_is_read(two: Two, size: int) -> None:
    headers = _headers(two, **{"content-type": "application/json"})
    path = f"/portal/api/entwuerfe/{uuid7()}"

    answer = _asked(two, "PUT", path, headers=headers, content=b'"' + b"a" * size + b'"')

    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


def test_no_page_can_be_framed_and_none_loads_from_elsewhere(two: Two) -> None:
    """Clickjacking: a button of the portal under somebody else's picture."""
    for route in sorted(routes(two.portal)):
        method, path = route.split()
        if method != "GET" or "dateien" in path or path == "/portal/anmeldung/oidc":
            continue
        answer = _asked(two, "GET", filled(path, two.robber.names), headers={"accept": "text/html"})
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy, route
        assert "default-src 'none'" in policy, route
        assert "unsafe" not in policy, route
        assert "http" not in policy, route
        assert answer.headers["x-content-type-options"] == "nosniff", route
        if answer.headers.get("content-type", "").startswith("text/html") and answer.is_success:
            assert "require-trusted-types-for 'script'" in policy, route


def test_a_session_that_somebody_else_chose_is_none(two: Two) -> None:
    """Fixation: what was in the browser before signing in opens nothing afterwards."""
    planted = "A" * 43
    with httpx2.Client(base_url=two.portal.url, cookies={"portal": planted}) as victim:
        code = two.portal.link("Lehrkraft Erfunden-Neu", "verfassen").partition("code=")[2]
        headers = {"origin": two.portal.url, "sec-fetch-site": "same-origin"}
        entered = victim.post("/portal/anmeldung/einmal", json={"code": code}, headers=headers)
        assert entered.is_success, entered.text

    cookie = entered.headers["set-cookie"]
    assert planted not in cookie
    assert all(word in cookie for word in ("HttpOnly", "SameSite=strict", "Path=/"))
    with httpx2.Client(base_url=two.portal.url, cookies={"portal": planted}) as thief:
        assert thief.get("/portal/api/ich").status_code == 401


def test_a_one_time_link_opens_one_session(two: Two) -> None:
    code = two.portal.link("Lehrkraft Erfunden-Einmal", "verfassen").partition("code=")[2]
    headers = {"origin": two.portal.url, "sec-fetch-site": "same-origin"}
    statuses = [
        httpx2.post(
            f"{two.portal.url}/portal/anmeldung/einmal", json={"code": code}, headers=headers
        ).status_code
        for _ in range(2)
    ]

    assert statuses[0] == 200
    assert statuses[1] >= 400


@pytest.mark.parametrize(
    "wanted",
    [
        "https://anderswo.invalid/",
        "//anderswo.invalid/portal",
        "/\\anderswo.invalid",
        "/portal/../../anderswo",
        "javascript:alert(1)",
        "/portal\r\nset-cookie: a=b",
        "/portal@anderswo.invalid",
        "https:anderswo.invalid",
    ],
)
def test_nobody_is_led_elsewhere_after_signing_in(two: Two, wanted: str) -> None:
    answer = _asked(two, "GET", "/portal/anmeldung", params={"weiter": wanted})

    assert answer.is_success
    assert "anderswo" not in answer.text
    assert "alert(1)" not in answer.text
    assert "a" not in answer.cookies


def test_a_host_that_is_not_ours_is_not_answered(two: Two) -> None:
    answer = _asked(two, "GET", "/portal", headers={"host": "anderswo.invalid"})

    assert answer.status_code in {400, 421}
    assert "anderswo" not in answer.text
