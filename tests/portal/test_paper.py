# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What can be printed: a receipt that proves itself, and every form for a day without a screen."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pikepdf
import pytest

from deploy.demo.portal_client import Person
from hub.audit.verify import verify_answer
from hub.portal.paper.form import Blank, sheets
from hub.portal.paper.receipt import STANDARDS, short_number
from tests.portal.filing import a_notice, somebody
from tests.portal.world import PortalWorld
from tests.world import RHEINBERG

KEY = "/quittung.pdf"


@pytest.fixture(scope="module")
def person(demo: PortalWorld) -> Iterator[Person]:
    with somebody(demo, "Erfunden-Lehrer, Anna") as made:
        yield made


@pytest.fixture(scope="module")
def filed(demo: PortalWorld, person: Person) -> str:
    """The id of a notice that was accepted."""
    del demo
    message_id, _ = person.file(a_notice())
    return message_id


def fetched(person: Person, message_id: str) -> httpx2.Response:
    return person.client.get(f"{person.url}/portal/api/mitteilungen/{message_id}{KEY}")


@pytest.fixture(scope="module")
def raw(person: Person, filed: str) -> bytes:
    answer = fetched(person, filed)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    return answer.content


@pytest.fixture
def paper(raw: bytes) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(raw)) as opened:
        yield opened


def test_the_receipt_says_that_it_is_pdf_a_and_pdf_ua(paper: pikepdf.Pdf) -> None:
    """What it says of itself; no full validator of both standards runs here."""
    with paper.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Quittung über eine Mitteilung"
    assert STANDARDS == ("a-3a", "ua-1")
    assert str(paper.Root.Lang).startswith("de")
    assert bool(paper.Root.MarkInfo.Marked)


def test_the_file_inside_convinces_the_auditors_program(
    demo: PortalWorld, paper: pikepdf.Pdf, filed: str, tmp_path: Path
) -> None:
    attached = paper.attachments[f"quittung-{filed}.json"]
    found = tmp_path / "quittung.json"
    found.write_bytes(attached.get_file().read_bytes())

    assert attached.relationship == pikepdf.Name.Data
    assert verify_answer(found, demo.desk.line("schule:999001").agency.hub.log) == []


def test_an_answer_that_somebody_changed_convinces_nobody(
    demo: PortalWorld, paper: pikepdf.Pdf, filed: str, tmp_path: Path
) -> None:
    answer = json.loads(paper.attachments[f"quittung-{filed}.json"].get_file().read_bytes())
    answer["entry"]["obj"]["id"] = filed.replace(filed[0], "f")
    found = tmp_path / "quittung.json"
    found.write_text(json.dumps(answer), encoding="utf-8")

    assert verify_answer(found, demo.desk.line("schule:999001").agency.hub.log)


def test_the_same_receipt_is_the_same_file(person: Person, filed: str, raw: bytes) -> None:
    assert fetched(person, filed).content == raw


def test_the_short_number_is_the_end_of_the_long_one() -> None:
    assert short_number("01a202f6-07c0-7fd1-b42d-16e000bd6fdb") == "00BD-6FDB"


def test_nothing_of_the_content_is_on_the_receipt(paper: pikepdf.Pdf) -> None:
    """The server could not print it: it has none."""
    inside = b"".join(
        each.read_bytes() for each in paper.objects if isinstance(each, pikepdf.Stream)
    )

    assert b"Erfunden-Beispiel" not in inside
    assert b"Flecken" not in inside


def test_a_receipt_of_nothing_or_of_somebody_else_is_not_found(
    demo: PortalWorld, person: Person, filed: str
) -> None:
    unknown = "0193504f-7c2a-7d41-8e5b-000000000002"
    assert fetched(person, unknown).status_code == 404
    with somebody(demo, "Erfunden-Kollege, Ben", "verfassen") as colleague:
        assert fetched(colleague, filed).status_code == 404


def test_whoever_is_not_signed_in_gets_no_receipt(demo: PortalWorld, filed: str) -> None:
    answer = httpx2.get(f"{demo.url}/portal/api/mitteilungen/{filed}{KEY}")

    assert answer.status_code == 401


def test_the_forms_on_paper_need_no_script_and_nobody_signed_in(demo: PortalWorld) -> None:
    listed = httpx2.get(f"{demo.url}/portal/papier")
    form = httpx2.get(f"{demo.url}/portal/papier/schule-mitteilung/mitteilung")

    assert "/portal/papier/schule-mitteilung/mitteilung" in listed.text
    assert "tel:110" in form.text
    assert "Familienname" in form.text
    assert "☐" not in form.text, "boxes are drawn, so that nobody hears them"


def test_the_form_on_paper_names_the_offices_to_ring(demo: PortalWorld, person: Person) -> None:
    """Of an unknown list there would be none, so somebody has joined before."""
    del person
    office = demo.world.node.directory.unit(RHEINBERG)
    assert office is not None

    assert office.telephone in httpx2.get(f"{demo.url}/portal/papier").text


def test_there_is_no_form_for_what_nobody_may_begin(demo: PortalWorld) -> None:
    for path in ("schule-mitteilung/rueckmeldung", "gibt-es-nicht/mitteilung"):
        assert httpx2.get(f"{demo.url}/portal/papier/{path}").status_code == 404


def field(kind: str, **more: Any) -> dict[str, Any]:
    said = {"label": "Frage", "hint": "", "required": True, "when": None, "kind": kind}
    return {**said, **more}


def test_every_kind_of_question_has_room_on_paper() -> None:
    fields = [
        field("line"),
        field("paragraph", max=1500),
        field("yes-no"),
        field("choice", choices=[{"value": "01", "label": "Erstes"}]),
        field("confirm"),
        field("birth"),
        field("machine"),
        field("list", fields=[field("line")], item=None, item_label="Kind", max=4),
        field("group", fields=[field("moment", required=False)], when={"pointer": "/x", "in": [1]}),
    ]
    page: Any = {"title": "Blatt", "hint": "", "fields": fields}
    [sheet] = sheets({"pages": [page]})

    assert [each.kind for each in sheet.fields] == [
        "line", "box", "boxes", "boxes", "boxes", "day", "group", "group", "group",
    ]  # fmt: skip
    assert sheet.fields[1].lines > 3
    assert sheet.fields[2].choices == ("Ja", "Nein")
    assert sheet.fields[3].choices == ("Erstes",)
    assert [each.is_needed for each in sheet.fields[-3:]] == [True, False, False]
    assert sheet.fields[-1].fields == (Blank("Frage", "", "moment", is_needed=False),)
