# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does somebody come in by their account at a provider, and nobody by what only looks like it?"""

from collections.abc import Iterator

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from pydantic import SecretStr

from hub import clock
from hub.people.oidc_fresh import LASTS
from hub.people.oidc_provider import RARELY, provider_of
from tests import databases
from tests.portal.people import Somebody
from tests.portal.provider import CLIENT, OUTSIDE, SECRET, Provider, a_provider
from tests.portal.world import PortalWorld, a_portal
from tests.world import OTHER_SCHOOL, SCHOOL

BEGIN = "/portal/anmeldung/oidc"
RETURN = "/portal/anmeldung/oidc/zurueck"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with a_provider() as running:
        yield running


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory, provider: Provider) -> Iterator[PortalWorld]:
    """A portal whose people have accounts at the provider."""
    home = tmp_path_factory.mktemp("oidc")
    said = {
        "oidc_issuer": provider.issuer,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SecretStr(SECRET),
    }
    with databases.given_back(), a_portal(home, SCHOOL, OTHER_SCHOOL, **said) as made:
        yield made


@pytest.fixture(autouse=True)
def honest(provider: Provider) -> Iterator[None]:
    """The provider lies in one test at a time."""
    yield
    provider.lies.clear()


def begun(person: Somebody, **said: str) -> str:
    """Return where the portal leads somebody."""
    answer = person.client.get(BEGIN, params=said)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def bound(person: Somebody, code: str) -> str:
    """Return where the portal leads somebody who binds an account by a one-time code."""
    answer = person.post(BEGIN, {"code": code})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["to"])


def returned(person: Somebody, back: dict[str, str]) -> httpx2.Response:
    return person.client.get(RETURN, params=back)


def entered(school: PortalWorld, provider: Provider, subject: str) -> Somebody:
    """Return somebody whose account was bound by a one-time code."""
    person = Somebody(school)
    code = school.link("Lehrkraft Erfunden-Konto", "verfassen").partition("code=")[2]
    answer = returned(person, provider.signed_in(bound(person, code), subject))
    assert answer.status_code == 200, answer.text
    return person


def test_an_account_is_bound_by_a_one_time_code_and_comes_in_by_itself_afterwards(
    school: PortalWorld, provider: Provider
) -> None:
    first = entered(school, provider, "lehrkraft-1").me()
    assert first["session"]["opened_by"] == "oidc"
    again = Somebody(school)
    answer = returned(again, provider.signed_in(begun(again), "lehrkraft-1"))
    assert answer.status_code == 200
    assert again.me()["person"] == first["person"]


def test_the_way_back_ends_on_a_page_that_leads_on(school: PortalWorld, provider: Provider) -> None:
    person = entered(school, provider, "lehrkraft-seite")
    person.set_up().raise_for_status()
    answer = returned(
        person, provider.signed_in(begun(person, weiter="/portal/konto"), "lehrkraft-seite")
    )
    assert '<meta http-equiv="refresh" content="0;url=/portal/konto">' in answer.text


@pytest.mark.parametrize(
    "onward", ["https://boese.example/", "//boese.example", "/portal/../x", "/portal/%2f%2fx"]
)
def test_nobody_is_led_anywhere_else(school: PortalWorld, provider: Provider, onward: str) -> None:
    person = entered(school, provider, onward)
    person.set_up().raise_for_status()
    back = provider.signed_in(begun(person, weiter=onward), onward)
    assert 'content="0;url=/portal"' in returned(person, back).text


def test_an_account_that_nobody_here_has_is_not_let_in(
    school: PortalWorld, provider: Provider
) -> None:
    stranger = Somebody(school)
    answer = returned(stranger, provider.signed_in(begun(stranger), "fremd"))
    assert answer.status_code == 403
    assert stranger.cookie == ""


def test_another_browser_cannot_end_what_one_began(school: PortalWorld, provider: Provider) -> None:
    person, other = Somebody(school), Somebody(school)
    back = provider.signed_in(begun(person), "lehrkraft-1")
    begun(other)
    assert returned(other, back).status_code == 403


def test_a_state_leads_back_once(school: PortalWorld, provider: Provider) -> None:
    person = entered(school, provider, "lehrkraft-einmal")
    back = provider.signed_in(begun(person), "lehrkraft-einmal")
    assert returned(person, back).status_code == 200
    assert returned(person, back).status_code == 403


@pytest.mark.parametrize("iss", ["https://anderer.example", ""])
def test_an_answer_in_the_name_of_another_provider_counts_for_nothing(
    school: PortalWorld, provider: Provider, iss: str
) -> None:
    person = Somebody(school)
    back = provider.signed_in(begun(person), "lehrkraft-1")
    said = {name: each for name, each in (back | {"iss": iss}).items() if each}
    assert returned(person, said).status_code == 403


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://anderer.example"},
        {"aud": "ein-anderer-client"},
        {"aud": [CLIENT, "ein-anderer-client"]},
        {"azp": "ein-anderer-client"},
        {"exp": 1},
        {"iat": 1},
        {"iat": True},
        {"auth_time": None},
        {"auth_time": 1},
        {"amr": ["pwd"]},
        {"amr": None},
        {"sub": None},
        {"sub": ""},
    ],
    ids=str,
)
def test_a_token_that_says_something_else_counts_for_nothing(
    school: PortalWorld, provider: Provider, lie: dict[str, object]
) -> None:
    person = Somebody(school)
    back = provider.signed_in(begun(person), "lehrkraft-1")
    provider.lies.update(lie)
    assert returned(person, back).status_code == 403


def test_a_key_that_the_provider_has_changed_is_fetched_and_another_is_refused(
    school: PortalWorld, provider: Provider
) -> None:
    person = entered(school, provider, "lehrkraft-schluessel")
    provider.key, provider.kid = rsa.generate_private_key(OUTSIDE, 2048), "schluessel-2"
    # It was asked a moment ago; a stranger's token must not make us ask again and again.
    assert (
        returned(person, provider.signed_in(begun(person), "lehrkraft-schluessel")).status_code
        == 403
    )
    provider_of(provider.issuer)._keys_at -= RARELY + 1
    back = provider.signed_in(begun(person), "lehrkraft-schluessel")
    assert returned(person, back).status_code == 200


def test_a_fresh_sign_in_keeps_the_session_under_a_new_secret(
    school: PortalWorld, provider: Provider
) -> None:
    person = entered(school, provider, "lehrkraft-frisch")
    before, ends = person.cookie, person.me()["session"]["ends_at"]
    with clock.ahead(LASTS + 1):
        url = begun(person, frisch="1")
        assert "prompt=login" in url
        assert returned(person, provider.signed_in(url, "lehrkraft-frisch")).status_code == 200
        assert person.me()["session"]["ends_at"] == ends
    assert person.cookie != before


def test_somebody_else_cannot_make_a_session_fresh(school: PortalWorld, provider: Provider) -> None:
    entered(school, provider, "kollegin")
    person = entered(school, provider, "lehrkraft-selbst")
    back = provider.signed_in(begun(person, frisch="1"), "kollegin")
    assert returned(person, back).status_code == 403


def test_a_fresh_sign_in_is_one_that_took_place_now(
    school: PortalWorld, provider: Provider
) -> None:
    person = entered(school, provider, "lehrkraft-alt")
    back = provider.signed_in(begun(person, frisch="1"), "lehrkraft-alt")
    provider.lies["auth_time"] = int(clock.now()) - 200
    assert returned(person, back).status_code == 403


def test_a_request_is_pushed_where_the_provider_takes_that(
    school: PortalWorld, provider: Provider
) -> None:
    known = provider_of(provider.issuer)
    provider.says["pushed_authorization_request_endpoint"] = f"{provider.issuer}/par"
    known._said_at = float("-inf")
    person = entered(school, provider, "lehrkraft-par")
    url = begun(person)
    provider.says.clear()
    known._said_at = float("-inf")
    assert "request_uri=urn" in url
    assert "nonce" not in url
    assert returned(person, provider.signed_in(url, "lehrkraft-par")).status_code == 200


def test_a_second_house_comes_to_the_same_account(school: PortalWorld, provider: Provider) -> None:
    person = entered(school, provider, "lehrkraft-zwei")
    name = person.me()["person"]["id"]
    link = school.link("Lehrkraft Erfunden-Konto", "lesen", unit=OTHER_SCHOOL)
    code = link.partition("code=")[2]
    back = provider.signed_in(bound(person, code), "lehrkraft-zwei")
    assert returned(person, back).status_code == 200
    said = person.me()
    assert said["person"]["id"] == name
    assert {each["unit"] for each in said["houses"]} == {SCHOOL, OTHER_SCHOOL}
    assert said["unit"] == OTHER_SCHOOL


def test_the_session_before_ends_where_an_account_opens_a_new_one(
    school: PortalWorld, provider: Provider
) -> None:
    """A browser keeps its strict cookie to itself on the way back from another site."""
    person = entered(school, provider, "lehrkraft-vorher")
    before, url = person.cookie, begun(person)
    person.client.cookies.delete("portal")
    returned(person, provider.signed_in(url, "lehrkraft-vorher")).raise_for_status()

    old = Somebody(school)
    old.client.cookies.set("portal", before)
    assert old.client.get("/portal/api/ich").status_code == 401
    assert person.client.get("/portal/api/ich").status_code == 200
