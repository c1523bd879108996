# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does somebody come in with a passkey or the account of the municipality, and nobody else?"""

from collections.abc import Iterator

import httpx2
import pytest

from hub import clock
from hub.people.books.sessions import IDLE, LONGEST
from hub.people.invitations import CODE_LASTS
from hub.people.oidc_fresh import LASTS
from tests.eingang.people import SIGN_IN, Somebody, joined, link_for
from tests.eingang.world import Inbox, an_inbox, words_of
from tests.portal.provider import CLIENT, SECRET, Provider, a_provider
from tests.world import World

OIDC = f"{SIGN_IN}/oidc"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with a_provider() as running:
        yield running


@pytest.fixture(scope="module")
def inbox(
    world: World, provider: Provider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Inbox]:
    """An inbox whose people may also have accounts at the provider."""
    said = f"""demo = false
oidc.issuer = "{provider.issuer}"
oidc.client_id = "{CLIENT}"
oidc.client_secret = "{SECRET}"
oidc.name = "Stadt Erfunden"
"""
    with an_inbox(world, tmp_path_factory.mktemp("anmeldung"), said) as made:
        yield made


@pytest.fixture
def duty(inbox: Inbox) -> Somebody:
    return joined(inbox, "Bereitschaft Erfunden-Nacht", "bereitschaft")


def test_a_duty_worker_is_at_the_list_after_one_touch(duty: Somebody) -> None:
    assert duty.enter().json()["to"] == "/eingang"
    assert "Bereitschaft Erfunden-Nacht" in duty.text("/eingang/konto")


def test_whoever_wanted_a_notice_is_led_to_it(inbox: Inbox, duty: Somebody) -> None:
    notice = "/eingang/mitteilung/01990000-0000-7000-8000-000000000000"

    wanted = Somebody(inbox).get(notice)

    assert wanted.status_code == 303
    to = httpx2.URL(wanted.headers["location"])
    assert to.path == SIGN_IN
    assert duty.enter(to.params["weiter"]).json()["to"] == notice


@pytest.mark.parametrize(
    "wanted",
    [
        "https://boese.example/",
        "//boese.example",
        "/eingang/../x",
        "/eingang//boese.example",
        "/portal",
        "/eingang/anmeldung",
    ],
)
def test_nobody_is_led_anywhere_else(duty: Somebody, wanted: str) -> None:
    assert duty.enter(wanted).json()["to"] == "/eingang"


def test_whoever_only_manages_people_is_led_to_them(inbox: Inbox) -> None:
    boss = joined(inbox, "Verwaltung Erfunden", "verwalten")

    assert boss.enter().json()["to"] == "/eingang/leute"


def test_a_link_in_a_mail_needs_no_second_sign_in(duty: Somebody) -> None:
    # A browser keeps the cookie to itself after a link of another site.
    browser = Somebody(duty.inbox)

    answer = browser.get("/eingang/konto", **{"sec-fetch-site": "cross-site"})

    assert 'content="0;url=/eingang/konto"' in answer.text


def test_a_device_that_does_not_ask_for_finger_or_pin_opens_nothing(duty: Somebody) -> None:
    duty.device.verifies = False

    assert duty.enter().status_code == 401


def test_an_answer_of_a_passkey_counts_once(duty: Somebody) -> None:
    shown = duty.device.show(duty.ask(f"{SIGN_IN}/passkey/frage", {}).json())
    first = duty.ask(f"{SIGN_IN}/passkey/antwort", {"credential": shown})

    again = duty.ask(f"{SIGN_IN}/passkey/antwort", {"credential": shown})

    assert (first.status_code, again.status_code) == (200, 401)


def test_an_unknown_passkey_is_answered_like_a_wrong_one(inbox: Inbox, duty: Somebody) -> None:
    stranger = Somebody(inbox)
    wrong = Somebody(inbox)
    wrong.device.credential = duty.device.credential

    said = [{**each.enter().json(), "trace": ""} for each in (stranger, wrong)]

    assert said[0] == said[1]
    assert said[0]["code"] == "token-invalid"


def test_a_one_time_code_says_whose_it_is_and_is_used_up_by_the_passkey(inbox: Inbox) -> None:
    link = link_for(inbox, "Fachkraft Erfunden-Neu", "fachkraft")
    person, code = Somebody(inbox), link.partition("code=")[2]
    asked = person.client.post(f"{SIGN_IN}/einmal", data={"code": code})
    assert "Fachkraft Erfunden-Neu" in asked.text

    assert person.join(link).status_code == 200

    assert Somebody(inbox).join(link).status_code == 401
    used = person.client.post(f"{SIGN_IN}/einmal", data={"code": code})
    assert (used.status_code, "gilt nicht mehr" in used.text) == (403, True)


def test_a_code_is_answered_alike_whether_it_was_used_or_never_was(inbox: Inbox) -> None:
    link = link_for(inbox, "Fachkraft Erfunden-Gleich", "fachkraft")
    Somebody(inbox).join(link).raise_for_status()

    said = [
        Somebody(inbox).client.post(f"{SIGN_IN}/einmal", data={"code": each}).text
        for each in (link.partition("code=")[2], "A" * 43)
    ]

    assert said[0] == said[1]


def test_a_code_ends_after_three_days(inbox: Inbox) -> None:
    link = link_for(inbox, "Fachkraft Erfunden-Spaet", "fachkraft")

    with clock.ahead(CODE_LASTS + 60):
        assert Somebody(inbox).join(link).status_code == 401


def test_a_code_alone_opens_a_session_at_no_inbox_that_is_real(inbox: Inbox) -> None:
    assert not inbox.room.is_demonstration
    code = link_for(inbox, "Fachkraft Erfunden-Echt", "fachkraft").partition("code=")[2]
    person = Somebody(inbox)

    answer = person.client.post(f"{SIGN_IN}/einmal/eintreten", data={"code": code})

    assert (answer.status_code, person.cookie) == (403, "")


def test_a_session_ends_after_a_quarter_of_an_hour_or_eight_hours(duty: Somebody) -> None:
    with clock.ahead(IDLE - 60):
        duty.text("/eingang/konto")
    with clock.ahead(2 * IDLE - 180):
        still = duty.get("/eingang/konto", **{"x-still": "1"})
        assert still.status_code == 200
    with clock.ahead(2 * IDLE):
        assert duty.get("/eingang/konto").status_code == 303
    duty.enter().raise_for_status()
    for second in range(0, LONGEST, IDLE - 60):
        with clock.ahead(second):
            duty.text("/eingang/konto")
    with clock.ahead(LONGEST + 60):
        assert duty.get("/eingang/konto").status_code == 303


def test_what_was_written_outlives_the_session(duty: Somebody) -> None:
    written = "Wo ist das Kind jetzt? „Zitat“ & <b>"
    marke = duty.marke
    with clock.ahead(IDLE + 60):
        late = duty.client.post("/eingang/konto/sitzung", data={"marke": marke, "text": written})

    assert late.status_code == 403
    assert "Noch nicht gesendet" in late.text
    assert 'name="text" value="Wo ist das Kind jetzt? „Zitat“ &amp; &lt;b&gt;"' in late.text
    assert marke not in late.text


def test_a_form_of_another_session_is_asked_about_again(duty: Somebody) -> None:
    marke = duty.marke
    duty.enter().raise_for_status()

    answer = duty.client.post("/eingang/konto/sitzungen", data={"marke": marke})

    assert answer.status_code == 403
    assert "als Bereitschaft Erfunden-Nacht , " in words_of(answer.text)
    assert "Office(" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://boese.example", "sec-fetch-site": "cross-site"},
        {"origin": "null", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_nothing_changes_for_a_page_of_another_site(
    duty: Somebody, headers: dict[str, str]
) -> None:
    said = {"marke": duty.marke}

    answer = duty.client.post("/eingang/konto/sitzungen", data=said, headers=headers)

    assert answer.status_code == 403
    assert "nochmal" not in answer.text


def test_a_page_of_another_site_gets_no_form_kept(inbox: Inbox) -> None:
    foreign = {"origin": "https://boese.example", "sec-fetch-site": "cross-site"}

    answer = Somebody(inbox).client.post(
        "/eingang/konto/sitzungen", data={"text": "untergeschoben"}, headers=foreign
    )

    assert (answer.status_code, "untergeschoben" in answer.text) == (401, False)


def test_the_cookie_is_kept_from_scripts_and_other_sites(duty: Somebody) -> None:
    said = duty.enter().headers["set-cookie"].lower()

    assert {"httponly", "samesite=strict", "path=/"} <= {each.strip() for each in said.split(";")}


def test_signing_out_ends_the_session_in_the_books_too(duty: Somebody) -> None:
    before = duty.cookie

    assert duty.post("/eingang/abmelden").status_code == 303

    duty.client.cookies.set("eingang", before)
    assert duty.get("/eingang/konto").status_code == 303


def test_signing_in_again_ends_the_session_before(inbox: Inbox, duty: Somebody) -> None:
    before = duty.cookie
    duty.enter().raise_for_status()
    thief = Somebody(inbox)
    thief.client.cookies.set("eingang", before)

    assert thief.get("/eingang/konto").status_code == 303


def bound(inbox: Inbox, provider: Provider, subject: str, *roles: str) -> Somebody:
    """Return somebody whose account was bound by a one-time code."""
    person = Somebody(inbox)
    code = link_for(inbox, "Fachkraft Erfunden-Konto", *roles).partition("code=")[2]
    page = person.client.post(OIDC, data={"code": code})
    assert page.status_code == 200, page.text
    url = page.text.partition('content="0;url=')[2].partition('"')[0].replace("&amp;", "&")
    back = person.client.get(f"{OIDC}/zurueck", params=provider.signed_in(url, subject))
    assert back.status_code == 200, back.text
    return person


def test_an_account_is_bound_by_a_code_and_comes_in_by_itself_afterwards(
    inbox: Inbox, provider: Provider
) -> None:
    assert "mit dem Dienstkonto" in bound(inbox, provider, "fk-1", "fachkraft").text(
        "/eingang/konto"
    )
    again = Somebody(inbox)
    left = again.get(f"{OIDC}?weiter=/eingang/konto")
    assert left.status_code == 303

    back = again.client.get(
        f"{OIDC}/zurueck", params=provider.signed_in(left.headers["location"], "fk-1")
    )

    assert 'content="0;url=/eingang/konto"' in back.text
    assert "Erfunden-Konto" in again.text("/eingang/konto")


def test_an_account_that_is_nobodys_opens_nothing(inbox: Inbox, provider: Provider) -> None:
    person = Somebody(inbox)
    left = person.get(OIDC)

    back = person.client.get(
        f"{OIDC}/zurueck", params=provider.signed_in(left.headers["location"], "fremd")
    )

    assert (back.status_code, person.cookie) == (403, "")


def test_a_sign_in_ends_in_the_browser_that_began_it(inbox: Inbox, provider: Provider) -> None:
    bound(inbox, provider, "fk-2", "fachkraft")
    victim, thief = Somebody(inbox), Somebody(inbox)
    taken = provider.signed_in(victim.get(OIDC).headers["location"], "fk-2")

    answer = thief.client.get(f"{OIDC}/zurueck", params=taken)

    assert (answer.status_code, thief.cookie) == (403, "")


def test_who_has_no_passkey_proves_at_the_provider_who_they_are(
    inbox: Inbox, provider: Provider
) -> None:
    boss = bound(inbox, provider, "verwaltung", "verwalten")
    with clock.ahead(LASTS + 60):
        asked = boss.post("/eingang/leute/neu", name="Fachkraft Erfunden", rollen=["fachkraft"])
        assert "Bei „Stadt Erfunden“ bestätigen" in words_of(asked.text)
        left = boss.get(f"{OIDC}?frisch=1").headers["location"]
        boss.client.get(
            f"{OIDC}/zurueck", params=provider.signed_in(left, "verwaltung")
        ).raise_for_status()
        made = boss.post("/eingang/leute/neu", name="Fachkraft Erfunden", rollen=["fachkraft"])
        assert "Der Link wird nur jetzt gezeigt" in made.text
