# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who lets whom in at an office, who lets them go, and does everybody who manages people see it?"""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hub import clock
from hub.clock import BERLIN
from hub.main.cli import app_for
from hub.people.oidc_fresh import LASTS
from tests.eingang.people import Somebody, joined, link_for
from tests.eingang.world import Inbox, an_inbox, words_of
from tests.world import World

PAGE = "/eingang/leute"
MISSING = "01990000-0000-7000-8000-000000000000"
_LINK = re.compile(r'<code id="link">([^<]+)</code>')
ACTS = ("rollen", "link", "neubeginn", "entlassen")


@pytest.fixture(scope="module")
def inbox(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inbox]:
    """The inbox of an office that nothing has been sent to."""
    with an_inbox(world, tmp_path_factory.mktemp("leute")) as made:
        yield made


@pytest.fixture(scope="module")
def head(inbox: Inbox) -> Somebody:
    return joined(inbox, "Verwaltung Erfunden-Eins", "verwalten")


@pytest.fixture
def boss(head: Somebody) -> Somebody:
    """Who manages people and works on no notice; just signed in."""
    head.enter().raise_for_status()
    return head


@pytest.fixture
def duty(inbox: Inbox) -> Somebody:
    return joined(inbox, "Bereitschaft Erfunden-Schlicht", "bereitschaft")


def in_days(days: int) -> str:
    today = datetime.fromtimestamp(clock.now(), BERLIN).date()
    return (today + timedelta(days)).isoformat()


def test_somebody_is_invited_and_comes_in_with_the_link(inbox: Inbox, boss: Somebody) -> None:
    answer = boss.post(f"{PAGE}/neu", name="Fachkraft Erfunden-Gast", rollen=["fachkraft"])
    link = _LINK.search(answer.text)
    assert link
    guest = Somebody(inbox)

    assert guest.join(link[1]).json()["to"] == "/eingang"

    assert "Fachkraft Erfunden-Gast" in guest.text("/eingang/konto")
    assert link[1] not in boss.get(PAGE).text
    assert "Fachkraft Erfunden-Gast eingeladen" in boss.text(PAGE)


def test_a_form_that_lacks_something_says_what(boss: Somebody) -> None:
    answer = boss.post(f"{PAGE}/neu", name="", bis=in_days(-1))

    said = words_of(answer.text)
    assert answer.status_code == 422
    assert "Geben Sie bitte einen Namen an." in said
    assert "mindestens eine Rolle" in said
    assert "Enddatum liegt nicht in der Zukunft" in said


@pytest.mark.parametrize("wrong", ["gestern", "2026-02-30", "9999-99-99", "0001-01-01"])
def test_no_day_is_taken_for_none(boss: Somebody, wrong: str) -> None:
    answer = boss.post(
        f"{PAGE}/neu", name="Fachkraft Erfunden-Tag", rollen=["fachkraft"], bis=wrong
    )

    assert answer.status_code == 422


def test_a_role_counts_through_its_last_day_and_no_longer(inbox: Inbox, boss: Somebody) -> None:
    answer = boss.post(
        f"{PAGE}/neu", name="Fachkraft Erfunden-Befristet", rollen=["fachkraft"], bis=in_days(2)
    )
    guest = Somebody(inbox)
    link = _LINK.search(answer.text)
    assert link
    guest.join(link[1]).raise_for_status()
    midnight = datetime.fromisoformat(in_days(3)).replace(tzinfo=BERLIN).timestamp() - clock.now()
    with clock.ahead(int(midnight) - 60):
        assert guest.enter().status_code == 200
        assert guest.get("/eingang/konto").status_code == 200
    with clock.ahead(int(midnight) + 60):
        assert guest.get("/eingang/konto").status_code == 303
        assert guest.enter().status_code == 401


def test_a_changed_role_counts_from_the_next_request_on(inbox: Inbox, boss: Somebody) -> None:
    person = joined(inbox, "Fachkraft Erfunden-Wechsel", "fachkraft")
    assert person.get(PAGE).status_code == 403

    boss.post(f"{PAGE}/{person.id}/rollen", rollen=["fachkraft", "verwalten"])
    assert person.get(PAGE).status_code == 200

    boss.post(f"{PAGE}/{person.id}/rollen", rollen=["leitung"], bis=in_days(30))
    assert person.get(PAGE).status_code == 403
    shown = boss.get(f"{PAGE}/{person.id}").text
    assert f'value="{in_days(30)}"' in shown
    assert "Rollen von Fachkraft Erfunden-Wechsel geändert" in boss.text(PAGE)


def test_the_end_of_roles_is_put_off_and_taken_away(inbox: Inbox, boss: Somebody) -> None:
    person = joined(inbox, "Fachkraft Erfunden-Verlaengert", "fachkraft")
    for day in (in_days(10), in_days(20), ""):
        boss.post(f"{PAGE}/{person.id}/rollen", rollen=["fachkraft"], bis=day)
        assert f'name="bis" value="{day}"' in boss.get(f"{PAGE}/{person.id}").text


def test_whoever_is_let_go_is_out_at_once(inbox: Inbox, boss: Somebody) -> None:
    person = joined(inbox, "Fachkraft Erfunden-Fort", "fachkraft")

    boss.post(f"{PAGE}/{person.id}/entlassen")

    assert person.get("/eingang/konto").status_code == 303
    assert person.enter().status_code == 401
    assert "Fachkraft Erfunden-Fort den Zugang genommen" in boss.text(PAGE)


def test_somebody_always_manages_people_without_an_end(boss: Somebody) -> None:
    mine = f"{PAGE}/{boss.id}"
    for role, day in (("leitung", ""), ("verwalten", in_days(9))):
        answer = boss.post(f"{mine}/rollen", rollen=[role], bis=day)
        assert "niemand mehr ohne Enddatum" in words_of(answer.text)
    assert boss.get(PAGE).status_code == 200


@pytest.mark.parametrize(
    "wanted", [{"rollen": ["verwalten", "leitung"]}, {"rollen": ["fachkraft"]}]
)
def test_nobody_gives_themself_a_role(
    inbox: Inbox, boss: Somebody, wanted: dict[str, list[str]]
) -> None:
    """Managing people is no way to what they read (§ 65 SGB VIII among it)."""
    other = joined(inbox, "Verwaltung Erfunden-Zwei", "verwalten")

    answer = other.post(f"{PAGE}/{other.id}/rollen", **wanted)

    assert answer.status_code == 403
    assert "Sich selbst gibt niemand eine Rolle" in words_of(answer.text)
    assert other.get(f"{PAGE}/{other.id}").text.count(" checked") == 1
    boss.post(f"{PAGE}/{other.id}/entlassen")


def test_nobody_puts_off_the_end_of_their_own_role(inbox: Inbox, boss: Somebody) -> None:
    other = joined(inbox, "Verwaltung Erfunden-Drei", "verwalten")
    boss.post(f"{PAGE}/{other.id}/rollen", rollen=["verwalten"], bis=in_days(5))

    later = other.post(f"{PAGE}/{other.id}/rollen", rollen=["verwalten"], bis=in_days(50))
    sooner = other.post(f"{PAGE}/{other.id}/rollen", rollen=["verwalten"], bis=in_days(3))

    assert (later.status_code, sooner.status_code) == (403, 303)


@pytest.mark.parametrize("act", ["link", "neubeginn"])
def test_nobody_makes_a_link_for_themself(boss: Somebody, act: str) -> None:
    answer = boss.post(f"{PAGE}/{boss.id}/{act}")

    assert answer.status_code == 403
    assert "Sich selbst gibt niemand" in words_of(answer.text)
    assert not _LINK.search(answer.text)


def test_nobody_takes_for_themself_what_they_gave_to_an_invented_colleague(boss: Somebody) -> None:
    answer = boss.post(f"{PAGE}/neu", name="Fachkraft Erfunden-Strohmann", rollen=["fachkraft"])
    link = _LINK.search(answer.text)
    assert link

    code = link[1].partition("code=")[2]
    refused = boss.post("/eingang/konto/beitritt", code=code)

    assert refused.status_code == 403
    assert boss.get("/eingang").headers["location"] == PAGE


def test_lost_devices_need_a_second_person(inbox: Inbox, boss: Somebody) -> None:
    person = joined(inbox, "Fachkraft Erfunden-Verloren", "fachkraft")
    lost = person.id

    answer = boss.post(f"{PAGE}/{lost}/neubeginn")

    assert person.get("/eingang/konto").status_code == 303
    assert person.enter().status_code == 401
    link = _LINK.search(answer.text)
    assert link
    again = Somebody(inbox)
    again.join(link[1]).raise_for_status()
    assert again.id == lost
    assert boss.post(f"{PAGE}/{boss.id}/neubeginn").status_code == 403
    assert boss.post(f"{PAGE}/{boss.id}/entlassen").status_code == 403


def test_a_new_link_ends_the_one_before(inbox: Inbox, boss: Somebody) -> None:
    first = link_for(inbox, "Fachkraft Erfunden-Spaet", "fachkraft")
    page = boss.get(PAGE).text
    person = re.findall(r'/eingang/leute/([0-9a-f-]{36})"><bdi>Fachkraft Erfunden-Spaet<', page)[0]

    second = _LINK.search(boss.post(f"{PAGE}/{person}/link").text)

    assert second
    assert Somebody(inbox).join(first).status_code == 401
    guest = Somebody(inbox)
    guest.join(second[1]).raise_for_status()
    refused = boss.post(f"{PAGE}/{guest.id}/link")
    assert "war schon angemeldet" in words_of(refused.text)


def test_nothing_about_people_changes_without_a_passkey_shown_just_now(boss: Somebody) -> None:
    with clock.ahead(LASTS + 60):
        said = {"marke": boss.marke, "name": "Fachkraft Erfunden-Ohne", "rollen": "fachkraft"}
        answer = boss.client.post(f"{PAGE}/neu", data=said)
        assert answer.status_code == 403
        assert 'name="name" value="Fachkraft Erfunden-Ohne"' in answer.text
        assert "Erfunden-Ohne" not in boss.text(PAGE)
        boss.post(f"{PAGE}/neu", name="Fachkraft Erfunden-Ohne", rollen=["fachkraft"])
        assert "Erfunden-Ohne" in boss.text(PAGE)


@pytest.mark.parametrize("act", ["neu", *(f"{MISSING}/{each}" for each in ACTS)])
def test_whoever_does_not_manage_people_changes_none(duty: Somebody, act: str) -> None:
    answer = duty.post(f"{PAGE}/{act}", name="Fachkraft Erfunden-Selbst", rollen=["verwalten"])

    assert answer.status_code == 403


@pytest.mark.parametrize("act", ACTS)
def test_whoever_is_of_no_office_or_another_one_is_not_there(boss: Somebody, act: str) -> None:
    for person in (MISSING, "..%2f", "1"):
        answer = boss.post(f"{PAGE}/{person}/{act}", rollen=["fachkraft"])
        assert answer.status_code == 404, (person, act)


@pytest.mark.parametrize("path", ["", "/neu", f"/{MISSING}"])
def test_the_pages_are_for_whoever_manages_people(inbox: Inbox, duty: Somebody, path: str) -> None:
    assert duty.get(PAGE + path).status_code == 403
    assert Somebody(inbox).get(PAGE + path).status_code == 303


def test_at_a_demonstration_on_this_machine_the_link_alone_is_enough(inbox: Inbox) -> None:
    assert inbox.room.is_demonstration
    code = link_for(inbox, "Verwaltung Erfunden-Schau", "verwalten").partition("code=")[2]
    guest = Somebody(inbox)
    asked = guest.client.post("/eingang/anmeldung/einmal", data={"code": code})
    assert "Zur Vorführung anmelden" in asked.text

    entered = guest.client.post("/eingang/anmeldung/einmal/eintreten", data={"code": code})

    assert entered.headers["location"] == PAGE
    made = guest.post(f"{PAGE}/neu", name="Fachkraft Erfunden-Schau", rollen=["fachkraft"])
    assert _LINK.search(made.text)
    again = guest.client.post("/eingang/anmeldung/einmal/eintreten", data={"code": code})
    assert again.status_code == 403


@pytest.fixture(scope="module")
def file(inbox: Inbox, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of this connector, as whoever runs it has it."""
    path = tmp_path_factory.mktemp("betrieb") / "anbindung.toml"
    home = inbox.house.state.parent
    path.write_text(
        f'data_dir = "{home}"\nagencies = ["{inbox.house.agency.path}"]\n'
        f'[inbox]\npublic_url = "{inbox.url}"\n',
        encoding="utf-8",
    )
    return path


def run(file: Path, *said: str) -> tuple[int, str]:
    """Return the exit code and what the command said."""
    arguments = ["connector", "people", *said, "--config", str(file)]
    done = CliRunner().invoke(app_for(arguments), arguments)
    return done.exit_code, done.output


def told(file: Path, *said: str) -> Any:
    code, text = run(file, *said, "--json")
    assert code == 0, text
    return json.loads(text)


def test_a_command_lets_the_first_person_in(inbox: Inbox, file: Path) -> None:
    link = told(file, "add", "Verwaltung Erfunden-Erste")["link"]
    assert link.startswith(f"{inbox.url}/eingang/anmeldung/einmal#code=")
    first = Somebody(inbox)

    assert first.join(link).json()["to"] == PAGE

    assert "Betrieb dieses Eingangs" in first.text(PAGE)
    assert "Verwaltung Erfunden-Erste: verwalten" in run(file, "list")[1]


def test_a_command_makes_a_new_link_and_takes_an_access_away(inbox: Inbox, file: Path) -> None:
    name = "Fachkraft Erfunden-Befehl"
    person, again = Somebody(inbox), Somebody(inbox)
    first = told(file, "add", name, "--role", "fachkraft")["link"]
    person.join(told(file, "code", name)["link"]).raise_for_status()
    assert Somebody(inbox).join(first).status_code == 401
    assert run(file, "code", name)[0] == 1

    again.join(told(file, "code", name, "--lost")["link"]).raise_for_status()
    assert person.enter().status_code == 401

    assert run(file, "remove", name)[0] == 0
    assert again.enter().status_code == 401


@pytest.mark.parametrize(
    "said",
    [
        ("add", "Fachkraft Erfunden", "--role", "freigeben"),
        ("add", ""),
        ("code", "Niemand Erfunden"),
        ("remove", "Niemand Erfunden"),
        ("list", "--unit", "jugendamt:05999999.asd"),
    ],
)
def test_a_command_says_what_does_not_fit(file: Path, said: tuple[str, ...]) -> None:
    code, text = run(file, *said)

    assert code == 1
    assert "Traceback" not in text
