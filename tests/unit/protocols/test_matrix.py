# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The matrix says of every exchange what the protocol says of it, as table, data and picture."""

import json
import re
from functools import cache
from xml.etree import ElementTree as ET

import pytest

from hub.protocols.compiled import load_compiled
from hub.protocols.exchanges import exchanges
from hub.protocols.matrix import Matrix, make_matrix, newest
from hub.protocols.matrix_data import as_json
from hub.protocols.matrix_svg import STYLE_POLICY, as_svg
from hub.protocols.matrix_text import as_table, of_role
from hub.protocols.wording import WIDTH
from tests.unit.protocols.builders import a_catalogue, a_protocol

SVG = "{http://www.w3.org/2000/svg}"


@cache
def shipped() -> Matrix:
    return make_matrix(load_compiled())


def a_matrix(**members: object) -> Matrix:
    return make_matrix(a_catalogue(a_protocol(**members)))


def test_it_has_a_cell_for_every_exchange_and_for_nothing_else() -> None:
    expected = [
        (protocol.name, each.step.id, each.sender, each.recipient)
        for protocol in shipped().protocols
        for each in exchanges(protocol)
    ]

    cells = shipped().cells
    said = [(each.protocol.name, each.step.id, each.sender, each.recipient) for each in cells]
    assert said == expected


def test_of_every_protocol_the_newest_version_counts_that_is_not_withdrawn() -> None:
    versions = ("1.2.0", "1.10.0", "2.0.0")
    known = [a_protocol(version=each) for each in versions]
    withdrawn = [*known[:2], a_protocol(version="2.0.0", status="zurueckgezogen")]

    assert [each.version for each in newest(known)] == ["2.0.0"]
    assert [each.version for each in newest(withdrawn)] == ["1.10.0"]
    whole = make_matrix(a_catalogue(*withdrawn), every_version=True)
    assert sorted(each.version for each in whole.protocols) == sorted(versions)


def test_a_cell_names_the_law_of_these_two_roles() -> None:
    """Where one of several roles has its own basis, the others' does not stand in its cell."""
    own = (
        a_protocol()
        .steps[0]
        .model_copy(
            update={
                "basis_sender_of": {"schule": ("kkg-4-4",)},
                "basis_recipient_of": {"jugendamt": ("sgb8-64-4",)},
            }
        )
    )
    cell = make_matrix(a_catalogue(a_protocol(own))).between("schule", "jugendamt")[0]

    assert [each.code for each in cell.basis_sender] == ["kkg-4-4"]
    assert [each.code for each in cell.basis_recipient] == ["sgb8-64-4"]


def test_a_cell_says_whether_all_the_law_that_carries_it_was_read() -> None:
    for cell in shipped().cells:
        carrying = (*cell.basis_sender, *cell.basis_recipient)
        assert cell.is_verified == all(each.pruefstand == "geprueft" for each in carrying)
    assert {cell.is_verified for cell in shipped().cells} == {True, False}


def test_a_role_sees_its_own_row_and_column() -> None:
    own = shipped().of("schule")

    assert own.cells
    assert all("schule" in {each.sender, each.recipient} for each in own.cells)
    assert len(own.cells) == sum(
        "schule" in {each.sender, each.recipient} for each in shipped().cells
    )


def test_what_opens_can_be_seen_alone() -> None:
    opening = shipped().opening()

    assert all(each.step.opens for each in opening.cells)
    assert {each.id for each in opening.protocols} == {each.id for each in shipped().protocols}


def test_as_data_each_cell_has_basis_deadlines_and_fields() -> None:
    said = json.loads(json.dumps(as_json(a_matrix())))
    cell = next(each for each in said["cells"] if each["step"] == "rueckmeldung")

    assert cell["sender"] == "jugendamt"
    assert cell["basis_sender"] == [
        {"code": "kkg-4-4", "citation": "§ 4 Abs. 4 KKG", "pruefstand": "geprueft"}
    ]
    assert cell["deadlines"] == {
        "planbar": {
            "noticed": "PT1M",
            "taken": "PT2M",
            "acknowledged": "PT10M",
            "overdue": "PT10M",
        }
    }
    assert (cell["leaves"], cell["fields"], cell["closes"]) == (1, {"wahr": "wahr"}, True)
    assert said["roles"] == [
        {"id": "schule", "title": "Schule"},
        {"id": "jugendamt", "title": "Jugendamt"},
    ]


def test_as_data_a_protocol_says_what_is_open_about_it() -> None:
    points = ("Wortlaut lesen.",)
    said = json.loads(json.dumps(as_json(a_matrix(open_points=points, status="entwurf"))))

    assert said["protocols"][0]["open_points"] == list(points)
    assert {each["status"] for each in said["cells"]} == {"entwurf"}


@pytest.mark.parametrize("role", sorted(shipped().roles))
def test_in_a_terminal_each_role_reads_its_row_with_law_deadlines_and_fields(role: str) -> None:
    text = of_role(shipped(), role)
    own = shipped().of(role)

    assert max(map(len, text.splitlines())) <= WIDTH
    assert {cell.step.title for cell in own.cells} <= set(re.findall(r": (.+)", text))
    flat = " ".join(text.split())
    assert all(point in flat for each in own.protocols for point in each.open_points)


def test_the_table_fits_a_terminal_and_counts_right() -> None:
    text = as_table(shipped())
    numbers = [sum(map(int, re.findall(r"\((\d+)\)", line))) for line in _lists(text)]

    assert max(map(len, text.splitlines())) <= WIDTH
    assert sum(numbers) == len(shipped().cells)


def _lists(text: str) -> list[str]:
    listed, _, _ = text.partition("\n* Entwurf")
    return [line for line in listed.splitlines() if "(" in line]


def test_a_draft_is_marked_in_every_form() -> None:
    draft, sound = a_matrix(status="entwurf"), a_matrix()

    assert "P00* (4)" in as_table(draft)
    assert "P00 (4)" in as_table(sound)
    assert 'class="entwurf"' in as_svg(draft).replace('class="entwurf" x="24"', "")
    assert 'class="entwurf"' not in as_svg(sound).replace('class="entwurf" x="24"', "")


def test_the_picture_can_be_heard() -> None:
    root = ET.fromstring(as_svg(shipped()))  # noqa: S314  our own words
    heard = root.findtext(f"{SVG}desc") or ""

    assert root.get("role") == "img"
    assert root.get("lang") == "de"
    assert root.findtext(f"{SVG}title") == "Wer darf wem was mitteilen?"
    for sender, word in shipped().roles.items():
        for recipient, other in shipped().roles.items():
            is_told = f"{word} an {other}: " in heard
            assert is_told == bool(shipped().between(sender, recipient))


def test_the_picture_refers_to_nothing_and_runs_nothing() -> None:
    drawn = as_svg(shipped())
    root = ET.fromstring(drawn)  # noqa: S314  our own words
    named = {name for element in root.iter() for name in element.attrib}

    assert {each.tag.removeprefix(SVG) for each in root.iter()} == {
        *("svg", "title", "desc", "style", "defs", "pattern", "rect", "line", "g", "text")
    }
    assert not any(name.startswith("on") or "href" in name for name in named)
    assert re.findall(r"url\((.*?)\)", drawn) == ["#schraffur"]
    assert STYLE_POLICY.startswith("'sha256-")


def test_the_picture_shows_a_foreign_title_as_text() -> None:
    drawn = as_svg(a_matrix(title='<script>"&'))

    assert "<script>" not in drawn
    assert "&lt;script&gt;" in drawn


def test_a_catalogue_without_protocols_has_an_empty_matrix() -> None:
    empty = make_matrix(a_catalogue(a_protocol(status="zurueckgezogen")))

    assert (empty.cells, dict(empty.roles)) == ((), {})
    assert "Kein Verfahren ist geladen." in as_svg(empty)
    assert as_table(empty)
