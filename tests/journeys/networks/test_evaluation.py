# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""S5, Krefeld: the network conference sees half a year in numbers, and nobody's case."""

import asyncio
import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import httpx2
import pikepdf
import pytest
from sqlalchemy import Connection

from hub import clock
from hub.inquire.halves import Half
from hub.web.report_pdf import STANDARDS
from tests.browser import AXE, Page, a_page, chromium
from tests.databases import sqlite_only
from tests.journeys.networks.past import CALLS, HANDOVERS, NOTICES, PASSED, WITHOUT_ANSWER, Past
from tests.journeys.networks.places import a_place, on_a
from tests.people import HTML, code_of, entered, named
from tests.world import World, example

COORDINATION: Final = "koordination:05114000"
SCHOOL: Final = "schule:999030"
TOWN: Final = "jugendamt:05114000.asd"
HERE: Final = "/netzwerk/05114/auswertung"
PAST: Final = Half(2026, 1)
NEXT: Final = Half(2026, 2)
SPRING: Final = datetime(2027, 3, 15, 10, 0, tzinfo=clock.BERLIN)
REAL: Final = 6
FORMS: Final = ("", ".csv", ".pdf")
ID: Final = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    home: Path = tmp_path_factory.mktemp("krefeld")
    with a_place(home, "krefeld", joining=("jugendamt:05114000", SCHOOL)) as made:
        made.node.writer.commit_now(lambda connection: Past(connection, PAST).enter())
        yield made


@pytest.fixture
def browser(world: World) -> httpx2.Client:
    return entered(world, named(world, organisation=COORDINATION))


def figures(browser: httpx2.Client, half: Half) -> dict[tuple[str, str, str], str]:
    """Return what the spreadsheet says, by table, line and column."""
    answer = browser.get(f"{HERE}.csv?halbjahr={half.key}")
    assert answer.status_code == 200, answer.text
    rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    return {(row[2], row[3], row[4]): row[5] for row in rows}


def test_the_conference_sees_the_half_year_in_numbers(browser: httpx2.Client) -> None:
    told = figures(browser, PAST)
    by_sender, feedback = (
        "Mitteilungen nach absendender Stelle",
        "Von der Annahme bis zur Rückmeldung",
    )

    assert NOTICES == 212
    assert told[by_sender, "Alle Stellen", "Mitteilungen"] == str(NOTICES)
    assert told[by_sender, "Schulen", "Mitteilungen"] == "88"
    assert told["Mitteilungen nach Dringlichkeit", "sofort", "Mitteilungen"] == "106"
    assert told["Besonderes", "an ein anderes Jugendamt weitergegeben", "ja"] == str(PASSED)
    assert told[feedback, "später oder bis zum Stichtag nicht", "Mitteilungen"] == str(
        WITHOUT_ANSWER
    )
    assert told[feedback, "Mitteilungen, auf die eine Rückmeldung vorgesehen ist", "Median"] == (
        "dann binnen 30 Tagen"
    )
    assert told["Übergaben des Krisendienstes", "nach einem Anruf", "Übergaben"] == str(CALLS)
    assert told["Übergaben des Krisendienstes", "Alle Übergaben", "Übergaben"] == str(HANDOVERS)


def test_small_numbers_are_not_there_whatever_they_are(browser: httpx2.Client) -> None:
    """Two notices of the court, one of customs, none of others: they look the same."""
    told = figures(browser, PAST)
    senders = ("Gerichte", "Zoll", "Staatsanwaltschaften", "Sonstiges")

    for each in senders:
        shown = told["Mitteilungen nach absendender Stelle", each, "Mitteilungen"]
        assert shown == "unter 5" or shown.startswith("höchstens ")
    assert not {"0", "1", "2", "3", "4"} & set(told.values())


@pytest.mark.parametrize("form", FORMS)
def test_no_id_leaves(browser: httpx2.Client, form: str) -> None:
    content = browser.get(f"{HERE}{form}?halbjahr={PAST.key}").content

    assert not ID.search(content)
    assert SCHOOL.encode() not in content


@pytest.mark.parametrize("form", FORMS)
def test_it_is_for_the_coordination_and_the_operator_alone(world: World, form: str) -> None:
    others = entered(world, named(world, organisation="koordination:05170"))
    operator = entered(world, named(world, "betrieb", ""))
    path = f"{HERE}{form}?halbjahr={PAST.key}"

    assert httpx2.get(f"{world.url}{path}", headers=HTML).status_code == 403
    assert others.get(path).status_code == 403
    assert operator.get(path).status_code == 200


@pytest.mark.parametrize("half", ["2026-2", "2027-1", "2026-3", "2026", "x"])
def test_a_half_year_that_is_not_settled_is_not_there(browser: httpx2.Client, half: str) -> None:
    """In one that runs, two looks a day apart would show a single case."""
    for form in FORMS:
        assert browser.get(f"{HERE}{form}?halbjahr={half}").status_code == 404


def test_what_comes_later_changes_nothing(world: World, browser: httpx2.Client) -> None:
    """Otherwise the difference of two looks would be a case."""
    before = [browser.get(f"{HERE}{form}?halbjahr={PAST.key}").content for form in FORMS[1:]]

    def enter(connection: Connection) -> None:
        late = Past(connection, PAST, first=0x1000)
        unheard = late.opening("schule:999030", "schule-mitteilung/1.1.0", PAST.ends, "sofort")
        late.say(unheard, "acknowledged", PAST.ends + 60)
        [first] = connection.exec_driver_sql(
            "SELECT id FROM message WHERE sender = 'zoll:erfunden'"
        ).scalars()
        late.say(type(unheard)(**{**vars(unheard), "id": first}), "passed-on", PAST.settled)

    world.node.writer.commit_now(enter)

    assert [
        browser.get(f"{HERE}{form}?halbjahr={PAST.key}").content for form in FORMS[1:]
    ] == before


def test_notices_over_http_are_in_the_next_half_year(world: World) -> None:
    async def tell() -> None:
        async with world.hub(SCHOOL) as school, world.hub(TOWN) as town:
            await school.directory()
            for _ in range(REAL):
                content = example("schule-mitteilung", "mitteilung")
                await school.submit(
                    school.compose(
                        protocol="schule-mitteilung",
                        step="mitteilung",
                        to=TOWN,
                        urgency="unverzueglich",
                        content=content,
                    )
                )
            for message in await town.lease(limit=20):
                await message.open()
                await message.take()
                await message.acknowledge("fachkraft")

    asyncio.run(tell())
    before = clock.now()
    with on_a(SPRING):
        world.clock.ahead += clock.now() - before
        try:
            told = figures(entered(world, named(world, organisation=COORDINATION)), NEXT)
        finally:
            world.clock.ahead -= clock.now() - before

    # One of the rows of the test before may have been accepted in its first second.
    assert told["Mitteilungen nach absendender Stelle", "Alle Stellen", "Mitteilungen"] in {
        str(REAL),
        str(REAL + 1),
    }
    assert ("Besonderes", "einem Krisendienst im Dienst zugestellt", "ja") in told


def test_the_spreadsheet_opens_by_a_double_click(browser: httpx2.Client) -> None:
    answer = browser.get(f"{HERE}.csv?halbjahr={PAST.key}")

    assert answer.content.startswith(b"\xef\xbb\xbfNetz;Halbjahr;")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="auswertung-05114-2026-1.csv"' in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"


@pytest.fixture
def paper(browser: httpx2.Client) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(browser.get(f"{HERE}.pdf?halbjahr={PAST.key}").content)) as opened:
        yield opened


def test_the_paper_says_that_it_is_pdf_a_and_pdf_ua(paper: pikepdf.Pdf) -> None:
    """What it says of itself; no full validator of both standards runs here."""
    with paper.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Auswertung 1. Halbjahr 2026, Netz Krefeld"
    assert STANDARDS == ("a-3a", "ua-1")
    assert str(paper.Root.Lang).startswith("de")
    assert bool(paper.Root.MarkInfo.Marked)
    assert bool(paper.Root.ViewerPreferences.DisplayDocTitle)
    assert paper.Root.OutputIntents[0].S == "/GTS_PDFA1"


def test_the_paper_can_be_heard(paper: pikepdf.Pdf) -> None:
    """Headings, tables with headings of columns, and every plot in words."""
    elements = list(_elements(paper.Root.StructTreeRoot))
    kinds = [str(each.S) for each in elements]
    pictures = [each for each in elements if str(each.S) == "/Figure"]

    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") == 10
    assert kinds.count("/Table") >= 9
    assert "/TH" in kinds
    assert len(pictures) == 3
    assert all("Schulen: 88" in str(each.Alt) for each in pictures[:1])
    assert all(len(str(each.Alt)) > 50 for each in pictures)


def test_every_letter_of_the_paper_is_inside(paper: pikepdf.Pdf) -> None:
    fonts = [each for each in paper.objects if _is(each, "/FontDescriptor")]

    assert fonts
    assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(each.keys()) for each in fonts)
    assert not any(_is(each, "/JavaScript") or "/JS" in _keys(each) for each in paper.objects)


def test_the_spreadsheet_is_inside_the_paper(paper: pikepdf.Pdf, browser: httpx2.Client) -> None:
    attached = paper.attachments["auswertung-05114-2026-1.csv"]

    assert attached.relationship == pikepdf.Name.Data
    assert attached.get_file().read_bytes() == browser.get(f"{HERE}.csv").content


@sqlite_only
def test_the_command_says_the_same(world: World, browser: httpx2.Client, tmp_path: Path) -> None:
    """A process of its own opens the folder; which database is behind it says the store's tests."""
    seconds = int(world.clock())
    lived = (
        f"from hub import clock; clock.live_by(lambda: {seconds}); from hub.__main__ import main"
    )

    def run(*arguments: str) -> bytes:
        asked = ["report", "--network", "05114", "--data-dir", str(world.data.path), *arguments]
        code = f"{lived}; import sys; sys.argv[1:] = {asked!r}; main()"
        return subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, cwd=tmp_path
        ).stdout

    said: dict[str, Any] = json.loads(run())
    assert said["halbjahr"] == PAST.key
    assert {"zeile": "Schulen", "Mitteilungen": "88"} in said["tabellen"]["stellen"]
    assert run("--format", "csv", "--half", "2026-1") == browser.get(f"{HERE}.csv").content
    run("--format", "pdf", "--to", "bericht.pdf")
    assert (tmp_path / "bericht.pdf").read_bytes() == browser.get(f"{HERE}.pdf").content


@pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine")
@pytest.mark.skipif(not AXE.exists(), reason="npm ci has not run: make sets it up")
def test_nobody_is_kept_out(world: World, tmp_path: Path) -> None:
    """WCAG 2.2 as far as a program can tell, wide and narrow, light and dark; no violation."""
    with a_page(tmp_path) as page:
        code = code_of(named(world, organisation=COORDINATION))
        page.open(f"{world.url}/anmeldung/einmal?code={code}", width=1280)
        page.press("form button", until="/netzwerk/05114")
        for scheme in ("light", "dark"):
            page.prefer(scheme)
            for width in (1280, 320):
                _look(page, f"{world.url}{HERE}", width)


def _look(page: Page, url: str, width: int) -> None:
    page.settle()
    page.objections.clear()
    page.open(url, width=width)

    assert page.axe() == []
    assert page.overflow(width) == 0
    assert page.objections == []


def _elements(element: Any) -> Iterator[Any]:
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from _elements(kid)


def _keys(each: Any) -> set[str]:
    return set(each.keys()) if isinstance(each, pikepdf.Dictionary | pikepdf.Stream) else set()


def _is(each: Any, kind: str) -> bool:
    return "/Type" in _keys(each) and str(each["/Type"]) == kind
