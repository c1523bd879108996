# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""People sign in at the hub: by passkey, by a link where nothing is at stake, never otherwise."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from hub import clock
from hub.store.people import read_grants
from hub.store.people_tables import SessionRow, SignInCodeRow
from hub.store.sessions import IDLE, LONGEST
from tests import databases
from tests.browser import Page, a_page, chromium
from tests.people import (
    COORDINATION,
    HTML,
    OTHERS,
    a_browser,
    act,
    code_of,
    entered,
    filled,
    named,
    token_of,
)
from tests.world import NETWORK, Clock, World, founded

NO_BROWSER = pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine")


@pytest.fixture(scope="module")
def earnest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A hub whose network is no demonstration."""
    home = tmp_path_factory.mktemp("ernst")
    network = home / "netz.yaml"
    said = NETWORK.read_text("utf-8").replace("demo: true", "demo: false")
    network.write_text(re.sub(r"heute([+-][0-9]+)", day, said), "utf-8")
    with databases.given_back(), founded(home, network) as world:
        yield world


def day(counted: re.Match[str]) -> str:
    """Write a day that is counted from today as the day it is: only demonstrations may count."""
    return str(clock.today() + timedelta(days=int(counted[1])))


def cookie(answer: httpx2.Response) -> str:
    return answer.headers["set-cookie"]


def kinds(world: World) -> list[tuple[str, str]]:
    """Return kind and object of every entry of the log, as they lie there."""
    with world.node.readers._engine.connect() as connection:  # the test reads what nobody serves
        rows = connection.exec_driver_sql("SELECT body FROM audit_body").all()
    entries = [json.loads(bytes(row[0])) for row in rows]
    return [(each["k"], each["obj"]["id"]) for each in entries]


def test_a_link_opens_a_session_once_where_all_is_for_show(world: World) -> None:
    made = named(world)
    browser = a_browser(world)

    looked = browser.get("/anmeldung/einmal", params={"code": code_of(made)})
    again = browser.get("/anmeldung/einmal", params={"code": code_of(made)})
    first = browser.post("/anmeldung/einmal", data={"code": code_of(made)})
    second = a_browser(world).post("/anmeldung/einmal", data={"code": code_of(made)})

    assert looked.status_code == again.status_code == 200, "looking at it uses nothing up"
    assert (first.status_code, first.headers["location"]) == (303, "/netzwerk")
    assert second.status_code == 403
    assert "set-cookie" not in second.headers
    assert browser.get("/netzwerk/05170").status_code == 200


def test_what_opens_a_session_is_in_the_browser_alone(world: World) -> None:
    made = named(world)
    answer = a_browser(world).post("/anmeldung/einmal", data={"code": code_of(made)})
    secret = cookie(answer).partition(";")[0].partition("=")[2]

    def kept(connection: Any) -> str:
        rows = [connection.execute(select(row)).all() for row in (SessionRow, SignInCodeRow)]
        return repr(rows)

    whole = world.node.readers.run_now(kept)
    assert len(secret) == 43
    assert secret not in whole
    assert code_of(made) not in whole


def test_the_cookie_of_a_demonstration_says_all_but_secure(world: World) -> None:
    said = cookie(a_browser(world).post("/anmeldung/einmal", data={"code": code_of(named(world))}))

    assert re.fullmatch(
        r"meldeweg=[\w-]{43}; HttpOnly; Max-Age=28800; Path=/; SameSite=strict", said
    )


def test_a_link_lets_nobody_in_where_something_is_at_stake(earnest: World) -> None:
    made = named(earnest)
    browser = a_browser(earnest)

    page = browser.get("/anmeldung/einmal", params={"code": code_of(made)})
    answer = browser.post("/anmeldung/einmal", data={"code": code_of(made)})

    assert "Passkey einrichten" in page.text
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_a_link_ends_after_ten_minutes(world: World, clock: Clock) -> None:
    made = named(world)
    clock.ahead = 601

    answer = a_browser(world).post("/anmeldung/einmal", data={"code": code_of(made)})

    assert answer.status_code == 403


def test_a_new_link_ends_the_one_before(world: World) -> None:
    made = named(world)
    newer = act(world, "people-link", person=made["person"])

    assert (
        a_browser(world).post("/anmeldung/einmal", data={"code": code_of(made)}).status_code == 403
    )
    assert entered(world, newer).get("/netzwerk/05170").status_code == 200


def test_an_unknown_link_is_answered_like_a_used_one(world: World) -> None:
    made = named(world)
    entered(world, made)
    browser = a_browser(world)

    used = browser.get("/anmeldung/einmal", params={"code": code_of(made)})
    never = browser.get("/anmeldung/einmal", params={"code": "x" * 43})
    long = browser.get("/anmeldung/einmal", params={"code": "x" * 5000})

    assert (used.status_code, used.text) == (never.status_code, never.text)
    assert (long.status_code, long.text) == (404, never.text)


def test_a_session_that_somebody_brings_along_is_none(world: World) -> None:
    """Session fixation: the id is always ours, and a new one at each sign-in."""
    browser = a_browser(world)
    browser.cookies.set("meldeweg", "A" * 43)

    answer = browser.post("/anmeldung/einmal", data={"code": code_of(named(world))})

    assert "A" * 43 not in cookie(answer)
    with httpx2.Client(base_url=world.url, headers=HTML) as other:
        other.cookies.set("meldeweg", "A" * 43)
        assert other.get("/netzwerk/05170").status_code == 403


def test_signing_in_again_ends_the_session_before(world: World) -> None:
    made = named(world)
    browser = entered(world, made)
    before = dict(browser.cookies)

    answer = browser.post(
        "/anmeldung/einmal",
        data={"code": code_of(act(world, "people-link", person=made["person"]))},
    )

    assert answer.status_code == 303
    assert before != dict(browser.cookies)
    stale = httpx2.get(f"{world.url}/netzwerk/05170", cookies=before, headers=HTML)
    assert stale.status_code == 403


def test_whoever_signs_out_is_out_at_the_hub_too(world: World) -> None:
    browser = entered(world, named(world))
    kept = dict(browser.cookies)

    answer = filled(browser, "/anmeldung/ende")

    assert answer.status_code == 303
    assert "Max-Age=0" in cookie(answer)
    again = httpx2.get(f"{world.url}/netzwerk/05170", cookies=kept, headers=HTML)
    assert again.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://fremd.invalid", "sec-fetch-site": "cross-site"},
        {"origin": "null", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": "http://localhost:1"},
        {},
    ],
)
def test_what_another_page_sends_changes_nothing(world: World, headers: dict[str, str]) -> None:
    browser = entered(world, named(world))
    token = token_of(browser)
    kept = dict(browser.cookies)

    with httpx2.Client(base_url=world.url, headers={**HTML, **headers}, cookies=kept) as foreign:
        out = foreign.post("/anmeldung/ende", data={"marke": token})
        entering = foreign.post("/anmeldung/einmal", data={"code": code_of(named(world))})
        asked = foreign.post("/anmeldung/passkey/frage", json={})

    assert [each.status_code for each in (out, entering, asked)] == [403, 403, 403]
    assert browser.get("/netzwerk/05170").status_code == 200


@pytest.mark.parametrize("token", ["", "x", "ü"])
def test_a_form_without_the_token_of_its_session_changes_nothing(world: World, token: str) -> None:
    browser = entered(world, named(world))
    foreign = token_of(entered(world, named(world)))

    for shown in (token, foreign):
        answer = browser.post("/anmeldung/ende", data={"marke": shown})
        assert answer.status_code == 403
    assert browser.get("/netzwerk/05170").status_code == 200


def test_a_session_ends_when_nobody_uses_it(world: World, clock: Clock) -> None:
    browser = entered(world, named(world))
    clock.ahead = IDLE - 5
    assert browser.get("/netzwerk/05170").status_code == 200

    clock.ahead = 2 * IDLE - 20
    assert browser.get("/netzwerk/05170").status_code == 200, "it was used in between"
    clock.ahead = 3 * IDLE
    assert browser.get("/netzwerk/05170").status_code == 403


def test_a_session_ends_after_a_working_day_whatever_happens(world: World, clock: Clock) -> None:
    browser = entered(world, named(world))
    for clock.ahead in range(0, LONGEST, IDLE - 60):
        assert browser.get("/netzwerk/05170").status_code == 200

    clock.ahead = LONGEST + 1

    assert browser.get("/netzwerk/05170").status_code == 403


def test_one_sees_ones_open_sessions_and_ends_another(world: World) -> None:
    made = named(world)
    here = entered(world, made)
    there = entered(world, act(world, "people-link", person=made["person"]))
    stranger = entered(world, named(world))

    listed = re.findall(r'name="sitzung" value="([0-9a-f]{64})"', here.get("/anmeldung").text)
    assert len(listed) == 1
    assert filled(stranger, "/anmeldung/sitzung", sitzung=listed[0]).status_code == 404
    assert there.get("/netzwerk/05170").status_code == 200

    assert filled(here, "/anmeldung/sitzung", sitzung=listed[0]).status_code == 303
    assert there.get("/netzwerk/05170").status_code == 403


def test_a_role_that_is_taken_back_counts_no_more_at_once(world: World) -> None:
    made = named(world)
    browser = entered(world, made)
    act(
        world,
        "people-revoke",
        person=made["person"],
        role="koordination",
        organisation=COORDINATION,
    )

    assert browser.get("/netzwerk/05170").status_code == 403
    logged = [kind for kind, about in kinds(world) if about == made["person"]]
    assert logged == ["role.granted", "role.revoked"]
    grants = world.node.readers.run_now(lambda connection: read_grants(connection, made["person"]))
    assert [each.revoked_at is not None for each in grants] == [True]


def test_a_role_for_some_time_ends_by_itself(world: World, clock: Clock) -> None:
    until = str(int(world.node.clock()) + 300)
    made = named(world, "aufsicht", "aufsicht:ldi-nrw", until=until)
    browser = entered(world, made)
    assert "Aufsicht" in browser.get("/anmeldung").text

    clock.ahead = 301

    assert "Mit Passkey anmelden" in browser.get("/anmeldung").text


def test_a_change_of_roles_makes_no_session_longer(world: World, clock: Clock) -> None:
    made = named(world, "betrieb", "")
    grant = {"person": made["person"], "role": "koordination", "organisation": COORDINATION}
    act(world, "people-grant", **grant)
    browser = entered(world, made)
    for clock.ahead in range(0, LONGEST, IDLE - 60):
        assert browser.get("/netzwerk/05170").status_code == 200
    assert filled(browser, "/anmeldung/rolle", rolle=f"koordination {COORDINATION}").is_redirect

    clock.ahead = LONGEST + 1

    assert browser.get("/netzwerk/05170").status_code == 403


def test_somebody_with_two_roles_changes_between_them_in_a_new_session(world: World) -> None:
    made = named(world, "datenschutz", "jugendamt:05170032")
    browser = entered(world, made)
    assert browser.get("/netzwerk/05170").status_code == 403
    act(
        world,
        "people-grant",
        person=made["person"],
        role="koordination",
        organisation=COORDINATION,
    )
    before = dict(browser.cookies)

    answer = filled(browser, "/anmeldung/rolle", rolle=f"koordination {COORDINATION}")

    assert answer.status_code == 303
    assert dict(browser.cookies) != before
    assert browser.get("/netzwerk/05170").status_code == 200
    refused = filled(browser, "/anmeldung/rolle", rolle="betrieb meldeweg.invalid/test")
    assert refused.status_code == 404


@pytest.mark.parametrize(
    ("role", "organisation"),
    [
        ("verfassen", "schule:999001"),
        ("koordination", "jugendamt:05170032"),
        ("koordination", "koordination:wesel"),
        ("datenschutz", COORDINATION),
        ("betrieb", COORDINATION),
        ("aufsicht", "aufsicht:ldi-nrw"),
    ],
)
def test_nobody_is_given_a_role_that_does_not_fit(
    world: World, role: str, organisation: str
) -> None:
    from hub.errors import NotPermitted  # noqa: PLC0415  only here

    with pytest.raises(NotPermitted):
        named(world, role, organisation)


def test_where_a_device_is_lost_its_sessions_end(world: World) -> None:
    made = named(world)
    browser = entered(world, made)

    newer = act(world, "people-lock-out", person=made["person"])

    assert browser.get("/netzwerk/05170").status_code == 403
    assert entered(world, newer).get("/netzwerk/05170").status_code == 200


@pytest.mark.parametrize(
    "shown",
    [
        {},
        {"credential": {}},
        {"credential": {"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {}}},
        {"credential": {"id": "ü", "response": None}},
        {"credential": {"id": ["AAAA"]}},
        {"credential": {}, "mehr": 1},
    ],
)
def test_what_is_no_passkey_opens_nothing(earnest: World, shown: dict[str, Any]) -> None:
    browser = a_browser(earnest)
    browser.headers["accept"] = "application/json"

    answer = browser.post("/anmeldung/passkey/antwort", json=shown)

    assert answer.status_code in {400, 401}
    assert "set-cookie" not in answer.headers


def test_the_question_is_the_same_for_everybody_and_never_twice(earnest: World) -> None:
    browser = a_browser(earnest)

    first, second = (browser.post("/anmeldung/passkey/frage", json={}).json() for _ in range(2))

    assert first["userVerification"] == "required"
    assert first["allowCredentials"] == []
    assert first.pop("challenge") != second.pop("challenge")
    assert first == second


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with a_page(tmp_path_factory.mktemp("chromium")) as opened:
        yield opened


@NO_BROWSER
def test_a_passkey_is_made_by_the_link_and_opens_every_session_after(
    earnest: World, page: Page
) -> None:
    made = named(earnest)
    page.give_authenticator()
    page.objections.clear()

    page.open(made["link"], width=1280)
    page.press("#passkey", until="/netzwerk/05170")
    page.open(f"{earnest.url}/netzwerk/05170", width=1280)
    page.press(".wer button", until="/anmeldung")
    page.press("#passkey", until="/netzwerk/05170")

    assert "Netz Kreis Wesel" in page.evaluate("document.body.textContent")
    assert page.evaluate("document.cookie") == "", "no script sees the session"
    assert page.cookies() == [("__Host-meldeweg", True, True, "Strict", "/")]
    # What a browser says of clicks that no hand has made; a policy that is broken is another code.
    assert set(page.objections) <= {"GenericIssue", "PerformanceIssue"}
    assert ("key.enrolled", made["person"]) in kinds(earnest)


@NO_BROWSER
def test_a_passkey_that_has_asked_nobody_is_not_enough(earnest: World, page: Page) -> None:
    """User verification: who finds the device must not be its owner."""
    made = named(earnest)
    page.give_authenticator(verifies=False)

    page.open(made["link"], width=1280)
    page.evaluate("document.getElementById('passkey').click();0")
    told = page.wait_for("document.getElementById('meldung').textContent", "Es wurde kein Passkey")

    assert "kein Passkey" in told
    browser = a_browser(earnest)
    assert browser.get("/anmeldung/einmal", params={"code": code_of(made)}).status_code == 200


def test_another_network_is_none_of_ones_business(world: World) -> None:
    browser = entered(world, named(world, organisation=OTHERS))
    foreign = browser.get("/netzwerk/05170")
    missing = browser.get("/netzwerk/09999")

    assert foreign.status_code == missing.status_code == 403
    assert foreign.text == missing.text
