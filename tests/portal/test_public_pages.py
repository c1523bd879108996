# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What everybody may read without signing in: help, plain language, privacy, accessibility."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx2
import pytest
from sqlalchemy import Connection
from typer.testing import CliRunner

from hub.errors import StorageFull
from hub.main.cli import app_for
from hub.main.portal import application, open_desk
from hub.portal import notices
from hub.portal.barriers import MOST_OPEN, Told, forget_old, statement, tell
from hub.portal.books.barriers import barriers
from hub.portal.books.mail_notices import take_up_notices
from hub.portal.desk import Desk
from hub.portal.settings import PortalSettings
from hub.protocols.legal import load_law
from hub.schemas import SPECS
from hub.web.server import Listener, serving
from tests.browser import a_page, chromium
from tests.portal.html import faults, shown
from tests.world import free_port

PAGES: Final = ("barrierefreiheit", "leichte-sprache", "hilfe", "datenschutz")
OPERATOR: Final = {
    "operator": "Erfundenes Rechenzentrum",
    "operator_mail": "portal@rechenzentrum.invalid",
    "operator_telephone": "0221 4710500",
}
FORM: Final = {"content-type": "application/x-www-form-urlencoded"}


@dataclass
class Place:
    """A portal without houses, and somebody at a browser who is not signed in."""

    desk: Desk
    url: str

    def get(self, path: str) -> httpx2.Response:
        return httpx2.get(self.url + path)

    def tell(self, origin: str | None = "", **said: str) -> httpx2.Response:
        """Send the form about barriers, as a browser does on this page."""
        headers = {"origin": self.url if origin == "" else origin} if origin is not None else {}
        return httpx2.post(f"{self.url}/barrierefreiheit", data=said, headers=headers)

    def told(self) -> list[str]:
        return [each.said for each in self.desk.books.read_now(barriers)]


@contextmanager
def a_place(home: Path, **said: object) -> Iterator[Place]:
    port = free_port()
    url = f"http://localhost:{port}"
    settings = PortalSettings(
        data_dir=home / "portal", hub="http://localhost:9", public_url=url, port=port,
        log_level="error",
    ).model_copy(update={**OPERATOR, **said})  # fmt: skip
    desk = open_desk(settings)
    with serving(application(desk), Listener(port=port)):
        yield Place(desk, url)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with a_place(tmp_path_factory.mktemp("pages")) as made:
        yield made


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["de", "en"])
def test_a_page_is_there_for_strangers_in_both_languages(
    place: Place, name: str, language: str
) -> None:
    page = place.get(f"/portal/{name}?lang={language}")

    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.text
    assert 'href="tel:110"' in page.text
    assert "script-src 'nonce-" in page.headers["content-security-policy"]


def test_the_statement_is_where_the_law_expects_it(place: Place) -> None:
    assert "Erklärung zur Barrierefreiheit" in place.get("/barrierefreiheit").text


def test_the_statement_says_all_that_the_law_asks_for(place: Place) -> None:
    """§ 10b Abs. 2 BGG NRW: parts, reasons, alternatives, form, contact, Ombudsverfahren."""
    text = place.get("/barrierefreiheit").text

    for each in statement().barriers:
        assert each["what"]["de"] in text
        assert each["why"]["de"] in text
        assert each["instead"]["de"] in text
    for said in (
        "EN 301 549",
        "22.11.2026",
        "Selbstbewertung",
        "höchstens 6 Wochen",
        "Ombudsstelle",
    ):
        assert said in text
    assert OPERATOR["operator"] in text
    assert "mailto:portal@rechenzentrum.invalid" in text
    assert statement().ombuds["url"] in text


def test_every_paragraph_on_these_pages_stands_in_the_law() -> None:
    """A page that cites a paragraph nobody can look up would be worse than none."""
    known = {each.citation for each in load_law(SPECS / "law").values()}
    cited = re.compile(
        r"(?:§ \d+[a-z]?|Art\. \d+)(?: Abs\. \d+)?(?: [A-ZÄ-Ü][\w]*)(?: (?:NRW|X|VIII))?"
    )
    templates = Path("hub/web/templates/portal")
    found = {
        each
        for name in PAGES
        for each in cited.findall((templates / f"{name}.html").read_text("utf-8"))
        if not each.endswith("GDPR")
    }

    assert len(found) > 8
    assert [each for each in sorted(found) if each not in known] == []


def test_somebody_tells_of_a_barrier_without_any_script(place: Place) -> None:
    before = len(place.told())
    answer = place.tell(seite="Mitteilung", barriere="Der Fokus springt.", antwort="")

    assert answer.status_code == 303
    assert len(place.told()) == before + 1
    thanks = place.get(answer.headers["location"])
    assert "Ihre Rückmeldung ist angekommen" in thanks.text
    assert "Der Fokus springt" not in thanks.text


def test_the_operator_hears_of_it_by_mail_and_the_mail_does_not_say_what(tmp_path: Path) -> None:
    settings = PortalSettings(data_dir=tmp_path / "portal").model_copy(update=OPERATOR)
    desk = open_desk(settings)
    told = Told("", "Ein geheimes Wort.", "")
    desk.books.write_now(lambda connection: tell(connection, told, settings, desk.second))
    due = desk.books.write_now(
        lambda connection: take_up_notices(connection, desk.second, desk.second + 1, 50)
    )
    desk.books.close()
    parcel = notices._parcel(due[0].address, due, desk)

    assert [each.address for each in due] == [OPERATOR["operator_mail"]]
    assert "1 Rückmeldung zur Barrierefreiheit" in parcel.text
    assert "geheimes" not in parcel.text


def test_an_answer_is_due_in_six_weeks(place: Place) -> None:
    """§ 5 Abs. 2 BITVNRW: „zwei bis zu maximal sechs Wochen“."""
    place.tell(barriere="Frist")
    told = place.desk.books.read_now(barriers)[-1]

    assert told.due_at - told.told_at == 42 * 86_400


def test_what_is_wrong_comes_back_with_everything_that_was_written(place: Place) -> None:
    before = len(place.told())
    answer = place.tell(seite="<script>alert(1)</script>", barriere="", antwort="x@y.invalid")

    assert answer.status_code == 422
    assert "<title>Fehler: " in answer.text
    assert 'role="alert"' in answer.text
    assert 'href="#barriere"' in answer.text
    assert "&lt;script&gt;" in answer.text
    assert "<script>alert" not in answer.text
    assert 'value="x@y.invalid"' in answer.text
    assert len(place.told()) == before


@pytest.mark.parametrize(
    "said",
    [
        {"barriere": "x" * 4001},
        {"barriere": "x", "seite": "y" * 201},
        {"barriere": "x", "antwort": "a\nb"},
        {"barriere": "mit\x00Null"},
    ],
)
def test_what_is_too_long_or_no_text_is_not_kept(place: Place, said: dict[str, str]) -> None:
    before = len(place.told())

    assert place.tell(**said).status_code == 422
    assert len(place.told()) == before


@pytest.mark.parametrize("origin", ["https://anderswo.invalid", "null", None])
def test_no_other_page_can_fill_the_form_in(place: Place, origin: str | None) -> None:
    before = len(place.told())

    assert place.tell(origin=origin, barriere="von anderswo").status_code == 403
    assert len(place.told()) == before


def test_a_body_that_is_no_form_is_refused(place: Place) -> None:
    headers = {"origin": place.url}
    path = f"{place.url}/barrierefreiheit"
    json = httpx2.post(path, json={"barriere": "x"}, headers=headers)
    broken = httpx2.post(path, content=b"\xff\xfe", headers=headers | FORM)

    assert (json.status_code, broken.status_code) == (415, 422)


def test_nothing_of_the_address_gets_on_the_page(place: Place) -> None:
    page = place.get("/barrierefreiheit?eingang=%3Cscript%3Ealert(1)%3C/script%3E")

    assert "alert(1)" not in page.text
    assert "ist angekommen" not in page.text


def test_the_books_cannot_be_filled_by_strangers(tmp_path: Path) -> None:
    settings = PortalSettings(data_dir=tmp_path / "portal")
    desk = open_desk(settings)

    def flood(connection: Connection) -> None:
        for number in range(MOST_OPEN):
            tell(connection, Told("", f"{number}", ""), settings, desk.second)

    desk.books.write_now(flood)
    with pytest.raises(StorageFull):
        desk.books.write_now(
            lambda connection: tell(connection, Told("", "zu viel", ""), settings, desk.second)
        )
    assert len(desk.books.read_now(barriers)) == MOST_OPEN
    desk.books.close()


def test_one_address_cannot_shut_the_form_for_all_others(tmp_path: Path) -> None:
    with a_place(tmp_path) as place:
        answers = [place.tell(barriere=f"{number}") for number in range(7)]

        assert [each.status_code for each in answers] == [303] * 5 + [429] * 2
        assert int(answers[-1].headers["retry-after"]) <= 60
        assert len(place.told()) == 5


def test_what_was_told_long_ago_is_forgotten(place: Place) -> None:
    place.tell(barriere="Altes")
    later = place.desk.second + statement().kept_days * 86_400 + 1
    removed = place.desk.books.write_now(lambda connection: forget_old(connection, later))

    assert removed > 0
    assert place.told() == []


def test_the_operator_reads_what_was_told_and_notes_the_answer(tmp_path: Path) -> None:
    with a_place(tmp_path) as place:
        place.tell(seite="Start", barriere="Zu wenig Kontrast.", antwort="0221 4710501")
        number = place.desk.books.read_now(barriers)[0].id
        folder = str(place.desk.settings.data_dir)
        asked = ["portal", "barriers", "--data-dir", folder]
        first = CliRunner().invoke(app_for(asked), asked)
        answered = [*asked, "--answered", number]
        second = CliRunner().invoke(app_for(answered), answered)
        unknown = [*asked, "--answered", "unbekannt"]
        third = CliRunner().invoke(app_for(unknown), unknown)

    assert "Zu wenig Kontrast." in first.output
    assert "Antwort an: 0221 4710501" in first.output
    assert "Nichts zu beantworten." in second.output
    assert third.exit_code == 1


def test_privacy_says_how_long_things_last_as_the_program_keeps_them(place: Place) -> None:
    text = place.get("/portal/datenschutz").text

    assert "7 Tage nach der letzten Änderung" in text
    assert "höchstens 8 Stunden" in text
    assert "höchstens 60 Tage" in text


def test_privacy_names_every_protocol_with_its_basis_and_how_sure_we_are(place: Place) -> None:
    text = place.get("/portal/datenschutz").text.replace("\N{NO-BREAK SPACE}", " ")
    titles = {each.title for each in place.desk.catalogue.all() if each.status != "zurueckgezogen"}

    assert len(titles) >= 20
    assert [title for title in titles if title not in text] == []
    assert "§ 4 Abs. 3 KKG" in text
    assert "(ungeprüft)" in text


def test_privacy_tells_of_the_identity_provider_only_where_there_is_one(tmp_path: Path) -> None:
    said = {"oidc_issuer": "https://idp.invalid", "oidc_name": "Erfundener Schulträger"}
    with a_place(tmp_path, **said) as place:
        assert "Kennung bei Erfundener Schulträger" in place.get("/portal/datenschutz").text


def test_plain_language_has_short_sentences(place: Place) -> None:
    """At most twelve words on average, and none beyond twenty."""
    text = place.get("/portal/leichte-sprache").text
    body = text[text.index('<div lang="de">') : text.index("</main>")]
    plain = re.sub(r"<[^>]+>", " ", re.sub(r"</(?:p|li|h\d)>|<br>", ". ", body))
    sentences = [each.split() for each in re.split(r"[.?!:]\s", plain) if each.split()]

    assert max(len(each) for each in sentences) <= 20
    assert sum(map(len, sentences)) / len(sentences) <= 12
    for said in ("110", "Jugendamt", "versiegeln", "§ 4 Abs. 3 KKG"):
        assert said in plain.replace("\N{NO-BREAK SPACE}", " ")


def test_nobody_is_said_to_read_or_filter_on_the_way(place: Place) -> None:
    """The hub reads nothing, so it filters nothing; and „gelesen“ is no state of a message."""
    for name in PAGES:
        text = place.get(f"/portal/{name}").text
        assert "filter" not in text.lower(), name


@pytest.mark.skipif(chromium() is None, reason="Chromium is missing")
def test_everybody_can_use_these_pages(place: Place, tmp_path: Path) -> None:
    """axe-core and html-validate, in both languages, all colours, wide and narrow."""
    found: list[str] = []
    seen: dict[str, str] = {}
    with a_page(tmp_path) as page:
        for name in (*PAGES, "barrierefreiheit?eingang=019a"):
            for language in ("de", "en"):
                for width in (1280, 320):
                    sign = "&" if "?" in name else "?"
                    page.open(f"{place.url}/portal/{name}{sign}lang={language}", width=width)
                    step = f"{name} {language} {width}"
                    if page.overflow(width):
                        found.append(f"{step}: sideways")
                    seen[step] = shown(page)
                    for scheme, forced in (("light", False), ("dark", False), ("light", True)):
                        page.prefer(scheme, forced=forced)
                        found += [f"{step} {scheme} {forced}: {each}" for each in page.axe()]
                    page.prefer("light")
        page.open(f"{place.url}/barrierefreiheit?lang=de", width=320)
        page.evaluate("document.querySelector('form').submit();0")
        page.wait_for("document.title", "Fehler: ")
        found += page.axe()
        seen["Fehler"] = shown(page)

    assert found == []
    assert faults(seen, tmp_path) == []
