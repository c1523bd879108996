# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long does a session last, whose is it, and what does nobody else get by it?"""

from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import Connection, text

from hub import clock
from hub.people.books.sessions import IDLE, LONGEST
from hub.web.portal import account, house, vault
from tests import databases
from tests.portal.people import Somebody, joined
from tests.portal.world import PortalWorld, a_portal
from tests.world import OTHER_SCHOOL, SCHOOL

MISSING = "01990000-0000-7000-8000-000000000000"
KEY = "A" * 43
UNSAFE = frozenset({"DELETE", "POST", "PUT"})


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalWorld]:
    """A portal with two schools that know nothing of each other."""
    home = tmp_path_factory.mktemp("zwei")
    with databases.given_back(), a_portal(home, SCHOOL, OTHER_SCHOOL) as made:
        yield made


@pytest.fixture(scope="module")
def head(two: PortalWorld) -> Somebody:
    return joined(two, "Schulleitung Erfunden-Eins", first=True)


@pytest.fixture(scope="module")
def other_head(two: PortalWorld) -> Somebody:
    return joined(two, "Schulleitung Erfunden-Zwei", first=True, unit=OTHER_SCHOOL)


@pytest.fixture(scope="module")
def teacher(two: PortalWorld) -> Somebody:
    return joined(two, "Lehrkraft Erfunden-Schlicht", "verfassen")


def test_a_session_ends_after_a_quarter_of_an_hour_without_a_request(two: PortalWorld) -> None:
    person = joined(two, "Lehrkraft Erfunden-Pause", "verfassen")
    with clock.ahead(IDLE - 60):
        person.me()
    with clock.ahead(2 * IDLE - 120):
        person.me()
    with clock.ahead(3 * IDLE):
        assert person.client.get("/portal/api/ich").status_code == 401


def test_what_a_page_asks_by_itself_prolongs_nothing(two: PortalWorld) -> None:
    person = joined(two, "Lehrkraft Erfunden-Still", "verfassen")
    with clock.ahead(IDLE - 60):
        still = person.client.get("/portal/api/ich", headers={"x-still": "1"})
        assert still.status_code == 200
    with clock.ahead(IDLE + 60):
        assert person.client.get("/portal/api/ich").status_code == 401


def test_a_session_ends_after_eight_hours_in_any_case(two: PortalWorld) -> None:
    person = joined(two, "Lehrkraft Erfunden-Lang", "verfassen")
    for second in range(0, LONGEST, IDLE - 60):
        with clock.ahead(second):
            person.me()
    with clock.ahead(LONGEST + 1):
        assert person.client.get("/portal/api/ich").status_code == 401


def test_the_cookie_is_kept_from_scripts_and_from_other_sites(two: PortalWorld) -> None:
    person = Somebody(two)
    answer = person.join(two.link("Lehrkraft Erfunden-Keks", "verfassen"))
    said = answer.headers["set-cookie"].lower()
    assert "httponly" in said
    assert "samesite=strict" in said
    assert "path=/" in said


def test_the_secret_of_a_session_is_not_in_the_books(two: PortalWorld, head: Somebody) -> None:
    def everything(connection: Connection) -> str:
        return str(list(connection.execute(text("SELECT * FROM session"))))

    assert head.cookie
    assert head.cookie not in two.desk.books.read_now(everything)


def test_a_secret_that_somebody_else_chose_is_never_taken_over(two: PortalWorld) -> None:
    person, chosen = joined(two, "Lehrkraft Erfunden-Fixiert", "verfassen"), "A" * 43
    person.client.cookies.clear()
    person.client.cookies.set("portal", chosen)
    assert person.enter().status_code == 200
    other = Somebody(two)
    other.client.cookies.set("portal", chosen)
    assert other.client.get("/portal/api/ich").status_code == 401


def test_signing_in_again_ends_the_session_before(two: PortalWorld) -> None:
    person = joined(two, "Lehrkraft Erfunden-Neuanmeldung", "verfassen")
    before = person.cookie
    person.enter().raise_for_status()
    assert person.cookie != before
    thief = Somebody(two)
    thief.client.cookies.set("portal", before)
    assert thief.client.get("/portal/api/ich").status_code == 401


def test_one_sees_where_one_is_signed_in_and_ends_what_one_does_not_know(
    two: PortalWorld,
) -> None:
    here = joined(two, "Lehrkraft Erfunden-Liste", "verfassen")
    there = Somebody(two, system="Android 16")
    there.device = here.device
    there.enter().raise_for_status()
    shown = here.client.get("/portal/api/konto").json()["sessions"]
    other = next(each for each in shown if not each["here"])
    assert other["device"] == "Firefox, Android"
    assert here.send("DELETE", f"/portal/api/konto/sitzungen/{other['id']}").status_code == 204
    assert there.client.get("/portal/api/ich").status_code == 401


def test_nobody_ends_the_session_of_somebody_else(two: PortalWorld, head: Somebody) -> None:
    person = joined(two, "Lehrkraft Erfunden-Fremd", "verfassen")
    mine = head.client.get("/portal/api/konto").json()["sessions"][0]["id"]
    foreign = person.send("DELETE", f"/portal/api/konto/sitzungen/{mine}")
    missing = person.send("DELETE", f"/portal/api/konto/sitzungen/{'0' * 64}")
    assert foreign.status_code == missing.status_code == 404
    assert head.client.get("/portal/api/ich").status_code == 200


def test_signing_out_ends_the_session_in_the_books_too(two: PortalWorld) -> None:
    person = joined(two, "Lehrkraft Erfunden-Feierabend", "verfassen")
    before = person.cookie
    assert person.send("POST", "/portal/anmeldung/abmelden").status_code == 204
    person.client.cookies.set("portal", before)
    assert person.client.get("/portal/api/ich").status_code == 401


def test_a_second_passkey_lets_the_same_person_in(two: PortalWorld) -> None:
    person = joined(two, "Lehrkraft Erfunden-Doppelt", "verfassen")
    name, before = person.me()["person"]["id"], person.cookie
    asked = person.send("POST", "/portal/api/konto/passkeys/frage").json()
    second = Somebody(two)
    made = {"credential": second.device.make(asked), "label": "Telefon", "prf": False}
    assert person.send("POST", "/portal/api/konto/passkeys", made).status_code == 201
    assert person.cookie != before
    second.enter().raise_for_status()
    assert second.me()["person"]["id"] == name
    first = person.device.id
    assert second.send("DELETE", f"/portal/api/konto/passkeys/{first}").status_code == 204
    last = second.device.id
    assert second.send("DELETE", f"/portal/api/konto/passkeys/{last}").status_code == 403


def test_who_works_at_two_schools_has_one_account_and_changes_between_them(
    two: PortalWorld,
) -> None:
    person = joined(two, "Lehrkraft Erfunden-Wander", "verfassen")
    link = two.link("Lehrkraft Erfunden-Wander", "lesen", unit=OTHER_SCHOOL)
    code = {"code": link.partition("code=")[2]}
    assert person.send("POST", "/portal/api/konto/beitritt", code).status_code == 201
    before, first = person.cookie, person.me()
    assert {each["unit"] for each in first["houses"]} == {SCHOOL, OTHER_SCHOOL}
    changed = person.send("POST", "/portal/api/haus/wechsel", {"unit": OTHER_SCHOOL})
    assert changed.status_code == 204
    assert person.cookie != before
    said = person.me()
    assert (said["unit"], said["roles"]) == (OTHER_SCHOOL, ["lesen"])
    # No hub lets a key stand in two entries; the vault is the same one.
    assert said["vault"]["person_kid"] is None
    assert said["vault"]["locks"]
    assert said["pid"] != first["pid"]
    assert person.send("POST", "/portal/api/konto/beitritt", code).status_code == 401


def test_nobody_comes_into_another_house_by_managing_this_one(
    two: PortalWorld, head: Somebody
) -> None:
    person = joined(two, "Lehrkraft Erfunden-Beide", "verfassen")
    link = two.link("Lehrkraft Erfunden-Beide", "lesen", unit=OTHER_SCHOOL)
    person.send(
        "POST", "/portal/api/konto/beitritt", {"code": link.partition("code=")[2]}
    ).raise_for_status()
    path = f"/portal/api/haus/personen/{person.me()['person']['id']}/wiederherstellung"
    given = head.send("POST", path)
    again = Somebody(two)
    again.join(given.json()["link"]).raise_for_status()
    assert [each["unit"] for each in again.me()["houses"]] == [SCHOOL]


def test_nobody_changes_to_a_house_where_they_have_no_role(
    two: PortalWorld, head: Somebody
) -> None:
    assert two.houses == [SCHOOL, OTHER_SCHOOL]
    foreign = head.send("POST", "/portal/api/haus/wechsel", {"unit": OTHER_SCHOOL})
    missing = head.send("POST", "/portal/api/haus/wechsel", {"unit": "schule:999099"})
    assert foreign.status_code == missing.status_code == 404


ROUTES = sorted(
    (method, route.path)
    for router in (account.router, house.router, vault.router)
    for route in router.routes
    if isinstance(route, APIRoute) and route.path.startswith("/portal/api")
    for method in route.methods or ()
)
OF_OTHERS = [each for each in ROUTES if "{" in each[1]]
MANAGED = [each for each in ROUTES if "/api/haus" in each[1] and "wechsel" not in each[1]]
BODIES: dict[str, dict[str, object]] = {
    "/rollen": {"roles": ["lesen"]},
    "/schluessel/{kid}/{person}": {"share": "A" * 60},
}


def body_for(path: str) -> dict[str, object]:
    return next((said for end, said in BODIES.items() if path.endswith(end)), {})


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_stranger_is_let_in_nowhere(two: PortalWorld, method: str, path: str) -> None:
    place = path.format(person=MISSING, kid=KEY, digest="0" * 64, credential=KEY)
    assert Somebody(two).client.request(method, place, json={}).status_code == 401


@pytest.mark.parametrize(("method", "path"), OF_OTHERS)
def test_what_belongs_to_another_house_is_as_if_it_were_not(
    head: Somebody, other_head: Somebody, method: str, path: str
) -> None:
    theirs = other_head.me()
    foreign = path.format(
        person=theirs["person"]["id"],
        kid=theirs["house_keys"][0]["kid"],
        digest=other_head.client.get("/portal/api/konto").json()["sessions"][0]["id"],
        credential=other_head.device.id,
    )
    nobody = path.format(person=MISSING, kid=KEY, digest="0" * 64, credential=KEY)
    said = body_for(path)
    answers = [head.send(method, place, said) for place in (foreign, nobody)]
    assert [each.status_code for each in answers] == [404, 404]
    told = [{k: v for k, v in each.json().items() if k != "trace"} for each in answers]
    assert told[0] == told[1]
    assert other_head.me()["vault"] == theirs["vault"]


@pytest.mark.parametrize(("method", "path"), [each for each in ROUTES if each[0] in UNSAFE])
def test_nothing_changes_for_a_page_of_another_site(head: Somebody, method: str, path: str) -> None:
    place = path.format(person=MISSING, kid=KEY, digest="0" * 64, credential=KEY)
    marke = head.me()["marke"]
    foreign = {"origin": "https://boese.example", "sec-fetch-site": "cross-site"}
    for headers in ({}, {"x-marke": "A" * 43}, {"x-marke": marke, **foreign}):
        answer = head.client.request(method, place, json=body_for(path), headers=headers)
        assert answer.status_code == 403


@pytest.mark.parametrize(("method", "path"), MANAGED)
def test_whoever_does_not_manage_the_house_changes_nothing_in_it(
    teacher: Somebody, method: str, path: str
) -> None:
    place = path.format(person=MISSING, kid=KEY, digest="0" * 64, credential=KEY)
    assert teacher.send(method, place, body_for(path)).status_code == 403
