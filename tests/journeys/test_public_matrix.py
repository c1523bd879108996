# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Anybody reads who may tell whom what, without signing in: on paper, on a telephone, by ear.

§ 9 LKiSchG NRW asks for transparent ways of notification; a page that shows other rules than the
hub keeps would be the opposite.
"""

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx2
import pytest

from hub.protocols.matrix import Matrix, make_matrix
from hub.protocols.matrix_data import as_json
from hub.protocols.matrix_svg import STYLE_POLICY
from hub.web.verfahren import Site, get_matrix
from tests.browser import AXE, Page, a_page, chromium
from tests.unit.protocols.builders import a_catalogue, a_protocol, the_steps
from tests.world import World

PAGES = ("/verfahren", "/verfahren?rolle=schule", "/verfahren/schule-mitteilung/1.0.0")
FILES = ("/verfahren/matrix.svg", "/verfahren/matrix.json", "/static/verfahren.css")
NO_BROWSER = pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine")
NO_AXE = pytest.mark.skipif(not AXE.exists(), reason="npm ci has not run: make sets it up")


class Read(HTMLParser):
    """A page as it is parsed: its elements, their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(name, value or "") for name, value in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def words(self) -> str:
        return " ".join(self.text.split())

    def links(self) -> set[str]:
        return {value for name, value in self.attributes if name in {"href", "src"}}


def fetched(world: World, path: str, **headers: str) -> httpx2.Response:
    return httpx2.get(f"{world.url}{path}", headers=headers)


def page_of(world: World, path: str) -> Read:
    answer = fetched(world, path)
    assert answer.status_code == 200
    return Read(answer.text)


@pytest.fixture(scope="module")
def matrix(world: World) -> Matrix:
    return make_matrix(world.catalogue)


@pytest.mark.parametrize("path", [*PAGES, *FILES])
def test_whoever_asks_gets_it_and_may_keep_it(world: World, path: str) -> None:
    answer = fetched(world, path)
    again = fetched(world, path, **{"If-None-Match": f'"other", {answer.headers["etag"]}'})

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert "set-cookie" not in answer.headers
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == answer.headers["etag"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_may_load_one_thing_only_and_runs_nothing(world: World, path: str) -> None:
    answer = fetched(world, path)
    policy = answer.headers["content-security-policy"]
    read = Read(answer.text)

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert policy.startswith("default-src 'none'; style-src 'self'; frame-ancestors 'none'")
    assert "unsafe" not in policy
    assert read.tags.isdisjoint({"script", "style", "iframe", "object", "form", "img"})
    assert not any(name.startswith("on") or name == "style" for name, _ in read.attributes)
    assert all(link.startswith(("/", "#", "tel:")) for link in read.links())
    assert ("lang", "de") in read.attributes


@pytest.mark.parametrize("path", [*PAGES, *FILES])
def test_a_page_answers_to_head_and_to_a_tag_that_a_proxy_weakened(world: World, path: str) -> None:
    """RFC 9110 § 9.1, § 13.1.2: a proxy that compresses puts W/ before the tag."""
    page = fetched(world, path)
    head = httpx2.head(f"{world.url}{path}")
    tags = (f"W/{page.headers['etag']}", f'"other", W/{page.headers["etag"]}', "*")

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == page.headers["etag"]
    assert {fetched(world, path, **{"if-none-match": tag}).status_code for tag in tags} == {304}


def test_programs_find_the_matrix_in_the_description_of_the_interface(world: World) -> None:
    paths = fetched(world, "/openapi.json").json()["paths"]

    assert list(paths["/verfahren/matrix.json"]) == ["get"]


@pytest.mark.parametrize("path", PAGES)
def test_every_link_leads_somewhere(world: World, path: str) -> None:
    read = page_of(world, path)
    ids = {value for name, value in read.attributes if name == "id"}
    inner = {link.removeprefix("#") for link in read.links() if link.startswith("#")}
    outer = {link for link in read.links() if link.startswith("/")}

    assert inner <= ids
    assert {fetched(world, html.unescape(link)).status_code for link in outer} == {200}


def test_the_table_has_a_link_for_every_protocol_of_every_cell(
    world: World, matrix: Matrix
) -> None:
    text = fetched(world, "/verfahren").text
    rows = re.findall(r'<tr role="row">(.*?)</tr>', text, re.DOTALL)[1:]

    assert len(rows) == len(matrix.roles)
    for (sender, word), row in zip(matrix.roles.items(), rows, strict=True):
        cells = re.findall(r"<td.*?</td>", row, re.DOTALL)
        assert word in row
        for recipient, cell in zip(matrix.roles, cells, strict=True):
            linked = re.findall(
                r'href="/verfahren/([^"]+)">([^<]+) <span class="zahl">· (\d+)', cell
            )
            expected = [
                (protocol.name, protocol.number, str(len(steps)))
                for protocol, steps in matrix.by_protocol(sender, recipient)
            ]
            assert linked == expected


def test_drafts_and_open_points_are_shown_wherever_a_protocol_is(
    world: World, matrix: Matrix
) -> None:
    whole = page_of(world, "/verfahren").words
    for protocol in matrix.protocols:
        page = page_of(world, f"/verfahren/{protocol.name}").words
        role = page_of(world, f"/verfahren?rolle={protocol.roles[0].id}").words
        for point in protocol.open_points:
            kept = " ".join(point.split())
            assert all(kept in shown for shown in (whole, page, role))
        is_draft = protocol.status == "entwurf"
        assert ("Entwurf. " in page) == is_draft
        assert f"{protocol.title} {'Entwurf' if is_draft else 'in Kraft'}" in whole


def test_one_sees_the_row_and_the_column_of_ones_own_agency(world: World, matrix: Matrix) -> None:
    for role, word in matrix.roles.items():
        own = matrix.of(role)
        read = page_of(world, f"/verfahren?rolle={role}")

        assert ("aria-current", "page") in read.attributes
        assert word in read.words
        assert all(cell.step.title in read.words for cell in own.cells)
        linked = {
            link.partition("#")[0].removeprefix("/verfahren/")
            for link in read.links()
            if re.match(r"/verfahren/[a-z]", link)
        }
        assert linked == {each.name for each in own.protocols}


def test_the_page_of_a_protocol_says_all_that_decides(world: World) -> None:
    catalogue = world.catalogue
    for protocol in catalogue.all():
        words = page_of(world, f"/verfahren/{protocol.name}").words
        expected = [protocol.title, protocol.purpose, protocol.retention, protocol.digest]
        expected += [each.reason for each in protocol.absent_steps]
        for step in protocol.steps:
            expected += [step.title, step.guidance, *step.absent]
            expected += [catalogue.law[code].meaning for code in step.bases]
            expected += [
                str(leaf.schema.get("title", ""))
                for leaf in catalogue.schemas.by_name(step.schema_name).leaves
                # Of a list of plain values, the list is named and not each of them.
                if not leaf.pointer[-1].isdigit()
            ]

        kept = words.replace("\N{NO-BREAK SPACE}", " ")
        missing = [each for each in expected if " ".join(each.split()) not in kept]
        assert missing == [], protocol.name


def test_as_data_it_is_the_matrix_of_this_hub(world: World, matrix: Matrix) -> None:
    answer = fetched(world, "/verfahren/matrix.json")

    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == as_json(matrix)


def test_the_picture_may_style_itself_and_nothing_else(world: World) -> None:
    answer = fetched(world, "/verfahren/matrix.svg")

    assert answer.headers["content-type"] == "image/svg+xml; charset=utf-8"
    assert answer.headers["content-security-policy"].startswith(
        f"default-src 'none'; style-src {STYLE_POLICY};"
    )
    assert "<script" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/verfahren?rolle=Kevin%3Cscript%3E",
        "/verfahren?rolle=" + "a" * 2000,
        "/verfahren/Kevin%3Cscript%3E/1.0.0",
        "/verfahren/schule-mitteilung/9.9.9",
        "/verfahren/schule-mitteilung",
    ],
)
def test_what_is_not_there_is_not_repeated(world: World, path: str) -> None:
    answer = fetched(world, path)

    assert answer.status_code == 404
    assert "Kevin" not in answer.text
    assert "aaaa" not in answer.text


def test_what_a_protocol_says_is_shown_and_not_carried_out() -> None:
    """A Kreis can write protocols of its own; their words are data."""
    words = '<script>alert(1)</script>"&'
    first, *rest = the_steps()
    step = first.model_copy(update={"title": words, "guidance": words, "absent": (words,)})
    protocol = a_protocol(step, *rest, title=words, purpose=words, open_points=(words,))
    site = Site(a_catalogue(protocol))

    for role in ("", "schule"):
        shown = bytes(get_matrix(a_request(), site, role).body).decode()
        assert "<script" not in shown
        assert html.escape(words, quote=False).replace('"', "&#34;") in shown


def a_request() -> Any:
    from starlette.requests import Request  # noqa: PLC0415  nowhere else is one made by hand

    return Request({"type": "http", "method": "GET", "headers": [], "path": "/verfahren"})


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with a_page(tmp_path_factory.mktemp("chromium")) as opened:
        yield opened


@NO_BROWSER
@NO_AXE
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("path", [*PAGES, "/verfahren/polizei-mitteilung/1.0.0"])
def test_nobody_is_kept_out(world: World, page: Page, path: str, width: int, scheme: str) -> None:
    """WCAG 2.2 as far as a program can tell: axe-core finds nothing, no line is too wide."""
    page.objections.clear()

    page.prefer(scheme)
    page.open(f"{world.url}{path}", width=width)

    assert page.axe() == []
    assert page.overflow(width) == 0
    assert page.objections == []


@NO_BROWSER
def test_the_browser_lets_the_picture_style_itself(world: World, page: Page) -> None:
    page.objections.clear()
    page.open(f"{world.url}/verfahren/matrix.svg", width=1280)

    bold = page.evaluate("getComputedStyle(document.querySelector('.gross')).fontWeight")
    assert (bold, page.objections) == ("700", [])


@NO_BROWSER
def test_a_browser_would_say_what_a_page_may_not_do(page: Page, tmp_path: Path) -> None:
    """Otherwise the silence above would show nothing."""
    forbidden = tmp_path / "seite.html"
    forbidden.write_text(
        "<meta http-equiv=Content-Security-Policy content=\"style-src 'none'\">"
        "<style>p{color:red}</style><p>x<img src=fehlt.png>",
        "utf-8",
    )
    page.objections.clear()
    page.open(forbidden.as_uri(), width=320)

    assert page.objections
    assert any(found.startswith("image-alt") for found in page.axe())
