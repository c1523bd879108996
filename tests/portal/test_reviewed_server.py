# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a review found at the portal's server, each as what must not happen any more."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError

from hub import clock
from hub.client.answers import Unreachable
from hub.client.entry import ENDED, sign_entry
from hub.client.renewal import Renewal
from hub.model.participant import ReadingKey
from hub.people.acts import LASTS as ACTS_LAST
from hub.people.acts import enter_act, forget_old_acts, last_acts
from hub.people.change import OPERATOR, Change
from hub.people.grants import Naming
from hub.people.invitations import Code, link_of
from hub.people.naming import name_person
from hub.people.oidc_fresh import LASTS
from hub.people.oidc_provider import Provider, ProviderSilent
from hub.portal import delivery, delivery_doubts, room
from hub.portal.books.database import Books
from hub.portal.books.mail_filings import add_filing, read_filing
from hub.portal.books.mail_tables import notice
from hub.portal.books.people_houses import add_house
from hub.portal.books.people_keys import StoredPersonKey, add_person_key, end_person_key
from hub.portal.desk import Desk
from hub.portal.filings_sending import send
from hub.portal.four_eyes import set_four_eyes
from hub.portal.rules import RULES
from hub.portal.settings import PortalSettings
from hub.sealing.canonical import b64, digest
from hub.trust.keys import PrivateSigningKey
from tests import databases
from tests.portal.people import Somebody, joined
from tests.portal.test_reviewed import a_filing
from tests.portal.visits import visiting
from tests.portal.world import PortalWorld, a_portal
from tests.world import OTHER_SCHOOL, SCHOOL, free_port

MANAGES = "/portal/api/haus/personen"


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalWorld]:
    """A portal with two schools."""
    home = tmp_path_factory.mktemp("zwei")
    with databases.given_back(), a_portal(home, SCHOOL, OTHER_SCHOOL) as made:
        yield made


@pytest.fixture(scope="module")
def head(two: PortalWorld) -> Somebody:
    return joined(two, "Schulleitung Erfunden-Eins", first=True, mail="leitung@example.invalid")


def _joined_at_both(two: PortalWorld, name: str) -> Somebody:
    person = joined(two, name, "verfassen", unit=OTHER_SCHOOL)
    code = two.link(name, "verfassen").partition("code=")[2]
    person.send("POST", "/portal/api/konto/beitritt", {"code": code}).raise_for_status()
    return person


def _recovered(head: Somebody, person: str) -> dict[str, Any]:
    said: dict[str, Any] = (
        head.send("POST", f"{MANAGES}/{person}/wiederherstellung").raise_for_status().json()
    )
    return said


def test_who_lets_somebody_begin_anew_ends_nothing_of_theirs_at_another_house(
    two: PortalWorld, head: Somebody
) -> None:
    person = _joined_at_both(two, "Lehrkraft Erfunden-Beide")
    before = person.me()

    given = _recovered(head, before["person"]["id"])

    # There the passkey, the session and the key count as before.
    assert person.me()["vault"] == before["vault"]
    assert [each["unit"] for each in person.me()["houses"]] == [OTHER_SCHOOL]
    person.enter().raise_for_status()
    again = Somebody(two)
    again.join(given["link"]).raise_for_status()
    assert again.me()["person"]["id"] != before["person"]["id"]
    assert again.me()["person"]["name"] == before["person"]["name"]
    assert (again.me()["unit"], again.me()["roles"]) == (SCHOOL, ["verfassen"])


def test_who_works_nowhere_else_begins_anew_as_the_same_person(
    two: PortalWorld, head: Somebody
) -> None:
    person = joined(two, "Lehrkraft Erfunden-Verloren", "verfassen")
    name = person.me()["person"]["id"]

    assert _recovered(head, name)["person"] == name
    assert person.client.get("/portal/api/ich").status_code == 401


LETTING_IN: tuple[tuple[str, str, Any], ...] = (
    ("POST", "/portal/api/konto/passkeys/frage", None),
    ("POST", "/portal/api/konto/passkeys", {"credential": {}}),
    ("DELETE", "/portal/api/konto/passkeys/{passkey}", None),
    ("POST", "/portal/api/tresor/neu", {}),
    ("PUT", "/portal/api/haus/regeln", {"four_eyes": False}),
    ("POST", MANAGES, {"name": "Lehrkraft Erfunden-Herein", "roles": ["verwalten"]}),
    ("PUT", MANAGES + "/{person}/rollen", {"roles": ["verwalten"]}),
    ("POST", MANAGES + "/{person}/einladung", {}),
    ("POST", MANAGES + "/{person}/wiederherstellung", {}),
)


@pytest.mark.parametrize(("method", "path", "said"), LETTING_IN, ids=lambda each: str(each)[:48])
def test_an_unlocked_screen_is_not_enough_to_let_anybody_in(
    two: PortalWorld, head: Somebody, method: str, path: str, said: Any
) -> None:
    colleague = joined(two, "Lehrkraft Erfunden-Kollegium", "verfassen").me()["person"]["id"]
    head.enter().raise_for_status()
    place = path.format(passkey=head.device.id, person=colleague)

    with clock.ahead(LASTS + 1):
        answer = head.send_once(method, place, said)
        assert answer.status_code == 403
        assert head.prove().status_code == 204
        assert head.send_once("POST", "/portal/api/konto/passkeys/frage").status_code == 200


def test_only_ones_own_passkey_proves_anything_and_once(two: PortalWorld, head: Somebody) -> None:
    other = joined(two, "Lehrkraft Erfunden-Andere", "verfassen")
    head.enter().raise_for_status()
    with clock.ahead(LASTS + 1):
        path = "/portal/api/konto/nachweis"
        asked = head.send_once("POST", f"{path}/frage").json()
        assert [each["id"] for each in asked["publicKey"]["allowCredentials"]] == [head.device.id]
        foreign = {"credential": other.device.show(asked["publicKey"])}
        assert head.send_once("POST", path, foreign).status_code == 401
        mine = {"credential": head.device.show(asked["publicKey"])}
        assert head.send_once("POST", path, mine).status_code == 204
        assert head.send_once("POST", path, mine).status_code == 401
        assert head.send_once("POST", f"{path}/frage").json() == {"kind": "fresh"}


def test_what_a_removed_passkey_has_opened_is_shut(two: PortalWorld) -> None:
    person = joined(two, "Lehrkraft Erfunden-Bestohlen", "verfassen")
    asked = person.send("POST", "/portal/api/konto/passkeys/frage").json()
    second = Somebody(two)
    made = {"credential": second.device.make(asked), "label": "Telefon", "prf": False}
    person.send("POST", "/portal/api/konto/passkeys", made).raise_for_status()
    second.enter().raise_for_status()

    path = f"/portal/api/konto/passkeys/{second.device.id}"
    assert person.send("DELETE", path).status_code == 204

    assert second.client.get("/portal/api/ich").status_code == 401
    assert person.client.get("/portal/api/ich").status_code == 200


# -- what a house does, everybody who manages it hears of --------------------------------------


def test_whoever_manages_the_house_hears_and_sees_who_was_let_in_and_which_rule_fell(
    tmp_path: Path, two: PortalWorld
) -> None:
    books = Books(tmp_path / "portal.db")
    house, second = two.house(), 1_000_000
    by = books.write_now(lambda connection: _school(connection, house, second))

    def rule(*, is_on: bool) -> None:
        books.write_now(
            lambda connection: set_four_eyes(
                Change(connection, RULES, by, second), SCHOOL, four_eyes=is_on
            )
        )

    rule(is_on=True)
    # That it stays as it is, nobody has to hear.
    rule(is_on=True)
    rule(is_on=False)

    told = books.read_now(lambda connection: connection.execute(notice.select()).all())
    assert [(each.kind, each.address) for each in told] == [
        ("haus", "eins@example.invalid"),
        ("haus", "zwei@example.invalid"),
    ] * 2
    acts = books.read_now(lambda connection: last_acts(connection, SCHOOL))
    assert [each["word"] for each in acts] == ["vier-augen-aus", "vier-augen-an"]
    assert {each["by"] for each in acts} == {"Leitung Erfunden-Eins"}
    books.close()


def _school(connection: Connection, house: Any, second: int) -> str:
    add_house(connection, replace(house, four_eyes=False))
    change = Change(connection, RULES, OPERATOR, second)
    people = [
        name_person(change, Naming(name, (role,), SCHOOL, mail))
        for name, role, mail in (
            ("Leitung Erfunden-Eins", "verwalten", "eins@example.invalid"),
            ("Leitung Erfunden-Zwei", "verwalten", "zwei@example.invalid"),
            ("Lehrkraft Erfunden-Drei", "verfassen", "drei@example.invalid"),
        )
    ]
    return people[0]


def test_letting_in_and_beginning_anew_stand_on_the_page_of_the_house(head: Somebody) -> None:
    said = {"name": "Lehrkraft Erfunden-Neu", "roles": ["verwalten"], "mail": "neu@example.invalid"}
    given = head.send("POST", MANAGES, said).raise_for_status().json()
    _recovered(head, given["person"])

    acts = head.client.get("/portal/api/haus").json()["acts"][:2]

    assert [each["word"] for each in acts] == ["neu-begonnen", "eingeladen"]
    assert {each["about"] for each in acts} == {"Lehrkraft Erfunden-Neu"}
    assert {each["by"] for each in acts} == {"Schulleitung Erfunden-Eins"}


def test_what_was_done_cannot_be_changed_and_goes_after_half_a_year(tmp_path: Path) -> None:
    books = Books(tmp_path / "portal.db")
    books.write_now(
        lambda connection: enter_act(
            Change(connection, RULES, OPERATOR, 1_000_000), "schluessel-neu", "", SCHOOL
        )
    )

    with pytest.raises(DatabaseError):
        books.write_now(
            lambda connection: connection.execute(text("UPDATE house_act SET by = 'niemand'"))
        )

    def left(second: int) -> int:
        books.write_now(lambda connection: forget_old_acts(connection, second))
        return len(books.read_now(lambda connection: last_acts(connection, SCHOOL)))

    assert left(1_000_000 + ACTS_LAST) == 1
    assert left(1_000_001 + ACTS_LAST) == 0
    books.close()


# -- sending and fetching ----------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path: Path, two: PortalWorld) -> Iterator[Desk]:
    made = Desk(
        PortalSettings(data_dir=tmp_path), Books(tmp_path / "portal.db"), two.desk.catalogue
    )
    yield made
    made.books.close()


@dataclass(eq=False)
class _Line:
    """A line on which the first attempt is lost under way, and the second finds nobody."""

    reasons: list[str]

    @property
    def line(self) -> "_Line":
        return self

    @property
    def agency(self) -> "_Line":
        return self

    @property
    def hub(self) -> None:
        return None

    async def put_confirmed(self, *_: object, **__: object) -> bytes:
        reason = self.reasons.pop(0)
        # The other attempt has all the time to go wrong in between.
        for _turn in range(50):
            await asyncio.sleep(0)
        raise Unreachable(reason)


def test_one_attempt_waits_for_the_other_so_none_calls_unsent_what_may_have_arrived(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Worker and person send at a time, each with the row as it was before."""
    row = replace(a_filing(), sendable_until=desk.second + 600, confirmed="code;verfassen;pid")
    desk.books.write_now(lambda connection: add_filing(connection, row))
    line = _Line(["ReadTimeout", "ConnectError"])
    sent = SimpleNamespace(id=row.id, body=b"")
    monkeypatch.setattr("hub.portal.filings_sending.relayed", lambda _: sent)
    monkeypatch.setattr(desk, "line", lambda _: line)

    async def both() -> None:
        await asyncio.gather(send(row, desk), send(row, desk))

    asyncio.run(both())

    kept = desk.books.read_now(lambda connection: read_filing(connection, row.id))
    assert kept is not None
    assert (kept.is_unsure, kept.tries) == (True, 2)


def test_one_notice_that_cannot_be_read_keeps_no_other_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        replace(a_filing(), id=name, unit=SCHOOL, due_at=0, sendable_until=desk.second + 600)
        for name in ("erste", "zweite")
    ]
    for row in rows:
        desk.books.write_now(partial(add_filing, stored=row))
    tried: list[str] = []

    async def broken(row: Any, _: Desk) -> None:
        tried.append(row.id)
        raise KeyError(row.id)

    monkeypatch.setattr(delivery, "send", broken)
    asyncio.run(delivery._send_due(SCHOOL, desk))

    assert sorted(tried) == ["erste", "zweite"]


def test_five_failures_of_a_letter_take_more_than_an_hour(two: PortalWorld) -> None:
    line = two.desk.line(SCHOOL)
    second, failures = 1_000_000, list[int]()
    while len(failures) < 5:
        if not delivery_doubts.has_to_wait(line, "brief", second):
            failures.append(second)
            delivery_doubts.note_doubt(line, "brief", second)
        second += 2

    assert failures[1] - failures[0] >= 60
    assert failures[-1] - failures[0] >= 3600
    assert not delivery_doubts.has_to_wait(line, "ein anderer", second)


# -- the identity provider, the link, the entry, the page --------------------------------------


def test_a_silent_provider_is_not_asked_again_by_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    async def silent(url: str) -> dict[str, Any]:
        asked.append(url)
        raise ProviderSilent

    monkeypatch.setattr("hub.people.oidc_provider.get_json", silent)
    provider = Provider(f"http://localhost:{free_port()}")

    for _ in range(5):
        with pytest.raises(ProviderSilent):
            asyncio.run(provider.metadata())

    assert len(asked) == 1


def test_no_server_and_no_log_gets_the_code_of_a_link(two: PortalWorld) -> None:
    code = two.link("Lehrkraft Erfunden-Link", "verfassen").partition("code=")[2]
    link = urlsplit(link_of(Code("person", code, 0), two.desk))
    assert (link.query, link.fragment) == ("", f"code={code}")
    person = Somebody(two)

    page = person.client.get(link.path)
    assert page.status_code == 200
    assert person.client.get(link.path, params={"code": code}).text.count(code) == 0
    asked = person.post("/portal/anmeldung/einmal/frage", {"code": code})
    assert asked.json()["name"] == "Lehrkraft Erfunden-Link"
    foreign = httpx2.post(f"{two.url}/portal/anmeldung/einmal/frage", json={"code": code})
    assert foreign.status_code == 403
    wrong = person.post("/portal/anmeldung/einmal/frage", {"code": "verbraucht"})
    assert wrong.status_code == 401


def _key(kid: str, person: str, begins: int) -> StoredPersonKey:
    return StoredPersonKey(kid, SCHOOL, person, "pub", "seed", begins)


def test_a_key_stays_listed_as_long_as_an_answer_to_its_person_can_arrive(
    desk: Desk, two: PortalWorld
) -> None:
    house, begins, ends = two.house(), 1_000_000, 2_000_000

    def ended(connection: Connection) -> None:
        _school(connection, house, begins)
        for name in ("filed", "never"):
            naming = Naming(f"Lehrkraft Erfunden-{name}", ("verfassen",), SCHOOL)
            person = name_person(Change(connection, RULES, OPERATOR, begins), naming)
            add_person_key(connection, _key(name, person, begins))
            end_person_key(connection, name, ends, "lost")
            if name == "filed":
                row = replace(a_filing(), unit=SCHOOL, person=person, made_at=ends - 10)
                add_filing(connection, row)

    desk.books.write_now(ended)

    def listed(second: int) -> set[str]:
        return desk.books.read_now(
            lambda connection: {each.kid for each in room.listed_keys(connection, SCHOOL, second)}
        )

    assert listed(ends + 1) == {"filed"}
    assert listed(ends + ENDED - 1) == {"filed"}
    assert listed(ends + ENDED) == set()


def test_who_manages_hears_that_the_entry_becomes_tight_before_anybody_is_refused(
    two: PortalWorld, head: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = head.client.get("/portal/api/haus").json()["room"]
    assert not keys["is_tight"]
    assert keys["most"] * room.KEY_BYTES + room.REST_BYTES <= 262_144

    monkeypatch.setattr(room, "MOST", keys["keys"] + room.FEW - 1)
    assert head.client.get("/portal/api/haus").json()["room"]["is_tight"]
    monkeypatch.setattr(room, "MOST", keys["keys"])
    somebody = Somebody(two)
    somebody.join(two.link("Lehrkraft Erfunden-Zuviel", "verfassen")).raise_for_status()
    refused = somebody.set_up()
    assert (refused.status_code, refused.json()["pointers"]) == (403, ["/person_pub"])
    monkeypatch.undo()
    assert somebody.set_up().status_code == 201


def test_a_full_entry_of_the_reckoned_size_is_one_that_a_hub_takes(
    two: PortalWorld, head: Somebody
) -> None:
    """The size of a listed key is reckoned; an entry that is signed has to be no larger."""
    assert head.me()
    two.confirm()
    path = two.desk.folder_of(SCHOOL)
    with Renewal(path) as renewal:
        [unit] = renewal.entry.units
        pub = unit.reading[0].pub
        many = tuple(
            ReadingKey(
                kid=digest(b64(str(number).encode())),
                pub=pub,
                use="person",
                not_before=1_790_000_000,
                not_after=1_790_000_001,
                revoked="holder-left",
            )
            for number in range(room.MOST)
        )
        entry = renewal.entry.model_copy(
            update={"units": (unit.model_copy(update={"reading": many}),)}
        )
    assert len(sign_entry(entry, PrivateSigningKey.load(path / "root.pem"))) <= 262_144


def test_the_privacy_page_names_who_is_asked_about_data_protection(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home = tmp_path_factory.mktemp("datenschutz")
    contact = "datenschutz@example.invalid, Postfach 1"
    with databases.given_back(), a_portal(home, data_protection_contact=contact) as portal:
        for language in ("de", "en"):
            page = httpx2.get(f"{portal.url}/portal/datenschutz", params={"lang": language})
            assert contact in page.text


def test_a_page_takes_the_code_out_of_the_address_and_asks_for_a_proof_before_it_loosens_a_rule(
    two: PortalWorld, head: Somebody, tmp_path: Path
) -> None:
    assert head.me()
    link = two.link("Konrektorat Erfunden-Hell")
    with visiting(tmp_path, two.url, "konrektorat") as visit:
        visit.go(link)
        visit.await_text("Willkommen, Konrektorat Erfunden-Hell")
        assert "code" not in str(visit.js("location.href + document.referrer"))
        visit.press("English")
        visit.await_text("Welcome, Konrektorat Erfunden-Hell")
        visit.press("Deutsch")
        visit.await_text("Ihr Gerät legt jetzt einen Passkey an")
        visit.press("Passkey einrichten und anmelden")
        visit.await_path("/portal/einrichten")
        visit.press("Schlüssel anlegen")
        visit.await_text("Alles ist eingerichtet")
        with clock.ahead(LASTS + 1):
            visit.go("/portal/haus")
            visit.tick("vier-augen")
            visit.press("Sichern")
            visit.await_text("Zu jeder Mitteilung gehören jetzt zwei Personen.")
        visit.look("haus mit taten")
        assert (visit.found, visit.violations) == ([], [])
    assert two.house().four_eyes
