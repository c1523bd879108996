# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whoever coordinates a network sees its affairs, and never a message, a child or a single case."""

import asyncio
import html
import re
from collections.abc import Iterator
from itertools import pairwise

import httpx2
import pytest

from tests.browser import AXE, Page, a_page, chromium
from tests.journeys.stories import SCHOOL_NOTICE, notify
from tests.people import HTML, OTHERS, code_of, entered, filled, named
from tests.world import SCHOOL, World

NET = "/netzwerk/05170"
PAGES = tuple(
    f"{NET}{each}"
    for each in (
        "",
        "/mitglieder",
        "/kontakte",
        "/bereitschaft",
        "/vereinbarungen",
        "/geschaeftsordnung",
        "/kalender",
        "/wege",
        "/auswertung",
    )
)
MEETING: dict[str, str | list[str]] = {
    "titel": "Netzwerkkonferenz, Frühjahr; offen für alle",
    "art": "Netzwerkkonferenz",
    "am_tag": "15",
    "am_monat": "3",
    "am_jahr": "2032",
    "von": "14:00",
    "bis": "16.30",
    "ort": "Kreishaus, großer Saal",
    "eingeladen": ["schule", "jugendamt"],
}
VERSION = {
    "titel": "Geschäftsordnung des Netzes",
    "fassung": "7",
    "vom_tag": "1",
    "vom_monat": "9",
    "vom_jahr": "2026",
    "wortlaut": "Das Netz trifft sich jährlich.\r\nÜber einzelne Kinder wird nicht gesprochen.",
}
ACCEPTANCE = {
    "mitglied": "jugendamt:05170032",
    "zu": "geschaeftsordnung/7",
    "am_tag": "3",
    "am_monat": "11",
    "am_jahr": "2026",
    "funktion": "Leitung des Jugendamts",
    "quelle": "Protokoll vom 3.11.2026, Punkt 2",
}
NO_BROWSER = pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine")
NO_AXE = pytest.mark.skipif(not AXE.exists(), reason="npm ci has not run: make sets it up")


@pytest.fixture(scope="module")
def coordinator(world: World) -> httpx2.Client:
    """The browser of whoever coordinates this network."""
    return entered(world, named(world))


def notice(world: World) -> str:
    """Let a school tell the Jugendamt of Rheinberg something; returns the id of the message."""

    async def tell() -> str:
        async with world.hub(SCHOOL) as school:
            return (await notify(school, SCHOOL_NOTICE)).id

    return asyncio.run(tell())


def words(answer: httpx2.Response) -> str:
    text = re.sub(r"<[^>]*>", " ", answer.text)
    return " ".join(html.unescape(text).replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_is_shown_where_to_sign_in_and_nothing_else(world: World, path: str) -> None:
    answer = httpx2.get(f"{world.url}{path}", headers=HTML)

    assert answer.status_code == 403
    assert "Mit Passkey anmelden" in answer.text
    assert "Rheinberg" not in answer.text


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    ("role", "organisation", "status"),
    [
        ("koordination", "koordination:05170", 200),
        ("koordination", "koordination:05170000", 200),
        ("koordination", "koordination:05170032", 403),
        ("koordination", OTHERS, 403),
        ("datenschutz", "jugendamt:05170032", 403),
        ("betrieb", "", 200),
    ],
)
def test_only_its_coordination_and_the_operator_see_a_network(
    world: World, path: str, role: str, organisation: str, status: int
) -> None:
    browser = entered(world, named(world, role, organisation))

    assert browser.get(path).status_code == status


def test_forms_too_are_for_those_alone(world: World) -> None:
    browser = entered(world, named(world, organisation=OTHERS))
    for path, fields in (
        ("/kalender", MEETING),
        ("/kalender/absage", {"termin": "x"}),
        ("/geschaeftsordnung/fassungen", VERSION),
        ("/geschaeftsordnung/zustimmungen", ACCEPTANCE),
    ):
        assert filled(browser, f"{NET}{path}", **fields).status_code == 403


def test_a_token_of_a_machine_opens_no_page(world: World) -> None:
    answer = httpx2.get(
        f"{world.url}{NET}", headers={**HTML, "authorization": "DPoP abc", "dpop": "abc"}
    )

    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/netzwerk", *PAGES, "/anmeldung"])
def test_a_page_runs_nothing_and_is_kept_nowhere(coordinator: httpx2.Client, path: str) -> None:
    answer = coordinator.get(path)
    if path == "/netzwerk":
        assert answer.headers["location"] == NET
    policy = answer.headers["content-security-policy"]

    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert "default-src 'none'; style-src 'self'; form-action 'self'" in policy
    assert answer.headers["cache-control"] == "no-store"
    assert "<script" not in answer.text
    assert not re.search(r'\s(style|on[a-z]+)="', answer.text)


def test_members_stand_there_with_units_numbers_and_how_they_stand(
    world: World, coordinator: httpx2.Client
) -> None:
    shown = words(coordinator.get(f"{NET}/mitglieder"))
    told = {"valid": "nimmt teil", "proposed": "vorgeschlagen"}

    for organisation in world.node.networks[0].participants:
        status = world.node.directory.status(organisation.id)
        assert f"{organisation.name} {organisation.id} {told[str(status)]}" in shown
        assert all(unit.telephone in shown for unit in organisation.units)


def test_contacts_stand_under_their_role(coordinator: httpx2.Client) -> None:
    text = coordinator.get(f"{NET}/kontakte").text
    police = text.partition('<h2 id="polizei">')[2].partition("<h2")[0]

    assert "Kreispolizeibehörde Wesel" in police
    assert "Jugendamt der Stadt Rheinberg" not in police


def test_a_version_is_put_before_the_members_and_one_accepts(coordinator: httpx2.Client) -> None:
    put = filled(coordinator, f"{NET}/geschaeftsordnung/fassungen", **VERSION)
    before = words(coordinator.get(f"{NET}/geschaeftsordnung"))
    accepted = filled(coordinator, f"{NET}/geschaeftsordnung/zustimmungen", **ACCEPTANCE)
    after = words(coordinator.get(f"{NET}/geschaeftsordnung"))
    twice = filled(coordinator, f"{NET}/geschaeftsordnung/zustimmungen", **ACCEPTANCE)
    changed = filled(coordinator, f"{NET}/geschaeftsordnung/fassungen", **VERSION)

    assert (put.status_code, accepted.status_code) == (303, 303)
    assert "Über einzelne Kinder wird nicht gesprochen." in before
    assert re.search(r"0 von \d+ Mitgliedern haben zugestimmt", before)
    assert re.search(r"1 von \d+ Mitgliedern haben zugestimmt", after)
    assert "Leitung des Jugendamts; Protokoll vom 3.11.2026, Punkt 2" in after
    assert (twice.status_code, changed.status_code) == (422, 422)
    assert "schon zugestimmt" in twice.text
    assert "gibt es schon" in changed.text
    assert "Fassung 7 zugestimmt" in words(coordinator.get(f"{NET}/mitglieder"))
    assert "nicht zugestimmt" in words(coordinator.get(NET))


def test_a_meeting_goes_out_as_an_invitation_and_is_called_off(coordinator: httpx2.Client) -> None:
    assert filled(coordinator, f"{NET}/kalender", **MEETING).status_code == 303
    text = coordinator.get(f"{NET}/kalender").text
    link = re.search(rf'href="({NET}/kalender/[^"]+\.ics)"', text)
    assert link is not None

    invitation = coordinator.get(link[1])
    lines = invitation.content.decode().split("\r\n")
    whole = invitation.content.decode().replace("\r\n ", "")

    assert invitation.headers["content-type"] == "text/calendar; charset=utf-8"
    assert all(len(each.encode()) <= 75 for each in lines)
    assert "SUMMARY:Netzwerkkonferenz\\, Frühjahr\\; offen für alle (Kreis Wesel)" in whole
    assert "DTSTART:20320315T130000Z" in whole, "14 o'clock in winter is 13 UTC"
    assert "DTEND:20320315T153000Z" in whole
    assert "Eingeladen: Schule\\, Jugendamt." in whole

    called_off = filled(
        coordinator, f"{NET}/kalender/absage", termin=link[1].rpartition("/")[2][:-4]
    )
    after = coordinator.get(link[1]).text
    assert called_off.status_code == 303
    assert "STATUS:CANCELLED" in after
    assert "SEQUENCE:1" in after
    assert "abgesagt" in coordinator.get(f"{NET}/kalender").text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("titel", "", "Es fehlt: worum es geht."),
        ("titel", "x" * 201, "höchstens 200 Zeichen"),
        ("am_tag", "31a", "Diesen Tag gibt es nicht"),
        ("am_monat", "13", "Diesen Tag gibt es nicht"),
        ("am_jahr", "32", "das Jahr mit vier Ziffern"),
        ("von", "25:00", "Stunde und Minute"),
        ("bis", "13:00", "Es liegt nicht nach dem Beginn"),
        ("art", "Fallbesprechung", "Bitte wählen Sie"),
        ("eingeladen", "geheimdienst", "Bitte wählen Sie neu"),
    ],
)
def test_what_is_not_right_comes_back_with_everything_that_was_filled_in(
    coordinator: httpx2.Client, field: str, value: str, said: str
) -> None:
    answer = filled(coordinator, f"{NET}/kalender", **{**MEETING, field: value})
    anchor = re.search(r'<a href="#([^"]+)">[^<]*' + re.escape(said), answer.text)

    assert answer.status_code == 422
    assert "<title>Fehler: " in answer.text
    assert anchor is not None
    assert f'id="{anchor[1]}"' in answer.text
    assert "Kreishaus, großer Saal" in answer.text


def test_what_somebody_fills_in_is_shown_and_not_carried_out(coordinator: httpx2.Client) -> None:
    words_ = "<script>alert(1)</script>"
    answer = filled(coordinator, f"{NET}/kalender", **{**MEETING, "ort": words_, "von": ""})

    assert "<script" not in answer.text
    assert html.escape(words_) in answer.text


def test_the_picture_has_the_ways_that_both_sides_adopted(
    world: World, coordinator: httpx2.Client
) -> None:
    shown = coordinator.get(f"{NET}/wege").text
    linked = set(re.findall(r'href="/verfahren/([^"]+)"', shown)) - {""}
    adopted = {protocol for _, protocol, _ in world.node.directory.adoptions}
    picture = coordinator.get(f"{NET}/wege.svg")

    assert linked == adopted
    assert "Ordnungsamt" not in shown
    assert picture.headers["content-type"].startswith("image/svg+xml")


def test_nothing_of_a_conversation_can_be_reached(world: World, coordinator: httpx2.Client) -> None:
    """Not its id, nor that it is there, nor by an address of the machines."""
    sent = notice(world)
    pages = [coordinator.get(path).text for path in PAGES]
    api = [coordinator.get(f"/v1/messages/{sent}"), coordinator.get("/v1/log/entries/1")]

    assert all(sent not in page for page in pages)
    assert [each.status_code for each in api] == [401, 401]


@pytest.fixture(scope="module")
def page(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with a_page(tmp_path_factory.mktemp("chromium")) as opened:
        opened.open(f"{world.url}/anmeldung/einmal?code={code_of(named(world))}", width=1280)
        opened.press("form button", until=NET)
        yield opened


@NO_BROWSER
@NO_AXE
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("path", [*PAGES, "/anmeldung"])
def test_nobody_is_kept_out(world: World, page: Page, path: str, width: int, scheme: str) -> None:
    """WCAG 2.2 as far as a program can tell: axe-core finds nothing, no line is too wide."""
    page.prefer(scheme)
    page.settle()
    page.objections.clear()

    page.open(f"{world.url}{path}", width=width)

    assert page.axe() == []
    assert page.overflow(width) == 0
    assert page.objections == []


@NO_BROWSER
def test_everything_is_reached_by_keyboard_in_the_order_of_reading(
    world: World, page: Page
) -> None:
    page.settle()
    page.open(f"{world.url}{NET}/kalender", width=1280)
    visited = page.tab_through()

    assert visited[0] == "Zum Inhalt"
    tops = page.evaluate("window.besucht.map(each => each.top)")
    assert visited.index("Abmelden") < visited.index("Übersicht") < visited.index("Auswertung")
    assert visited[-2:] == ["Termin eintragen", "110"]
    # What stands side by side in a line differs by some pixels.
    assert all(later >= earlier - 10 for earlier, later in pairwise(tops))
