# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a target gets: every example of every protocol in every form, and what no form may do."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pikepdf
import pytest
from jsonschema_rs import validator_for
from lxml import etree  # type: ignore[import-untyped]

from hub.adapters.base import TargetRefused
from hub.adapters.delivery import Delivery
from hub.adapters.forms.age import age
from hub.adapters.forms.as_csv import FORMULA, as_csv, guarded
from hub.adapters.forms.as_json import as_json
from hub.adapters.forms.as_pdf import STANDARDS, as_pdf
from hub.adapters.forms.as_xml import as_xml
from hub.adapters.forms.document import NAMESPACE, file_name
from hub.adapters.forms.glance import LABELS
from hub.adapters.forms.told import Told
from hub.adapters.stand import MARKED, a_delivery
from hub.protocols.compiled import load_compiled
from hub.schemas import SCHEMAS, SPECS

CATALOGUE = load_compiled()
XSD = etree.XMLSchema(etree.parse(SPECS / "adapters" / "uebergabe.xsd"))
FRAME = validator_for(json.loads((SPECS / "adapters" / "uebergabe.schema.json").read_text("utf-8")))


def every_example() -> Iterator[Delivery]:
    for protocol in CATALOGUE.all():
        for step in protocol.steps:
            folder, _, name = step.schema_name.rpartition("/")
            for path in sorted((SCHEMAS / folder / "examples").glob(f"{name}.valid.*.json")):
                content = json.loads(path.read_text("utf-8"))
                yield a_delivery(protocol=protocol.name, step=step.id, content=content)


def told(**said: Any) -> Told:
    return Told.of(a_delivery(**said), CATALOGUE)


def test_every_example_of_every_protocol_has_every_form() -> None:
    """240 of them; a protocol that is added needs no form of its own."""
    seen = 0
    for delivery in every_example():
        read = Told.of(delivery, CATALOGUE)
        XSD.assertValid(etree.fromstring(as_xml(read).content))
        FRAME.validate(json.loads(as_json(delivery).content))
        assert len(as_csv(read).content.decode("utf-8-sig").splitlines()) >= 2
        seen += 1

    assert seen > 200


def test_nothing_that_was_said_is_missing_in_xml() -> None:
    for delivery in every_example():
        written = etree.fromstring(as_xml(Told.of(delivery, CATALOGUE)).content)
        found = {e.get("pfad"): e.text or "" for e in written.iter(f"{{{NAMESPACE}}}angabe")}

        assert found == dict(flat(delivery.content))


def flat(said: Any, at: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(said, dict):
        for name, each in said.items():
            yield from flat(each, f"{at}/{name}")
    elif isinstance(said, list):
        for number, each in enumerate(said):
            yield from flat(each, f"{at}/{number}")
    else:
        yield at, str(said).lower() if isinstance(said, bool) else str(said)


def test_whoever_is_on_duty_reads_in_the_order_in_which_they_decide() -> None:
    lines = [line.kind for line in told().glance]

    assert lines == [kind for kind in LABELS if kind in lines]
    assert {"dringlichkeit", "kind", "alter", "aufenthalt", "geschehen", "gefahr"} < set(lines)
    alarms = {line.kind for line in told().glance if line.is_alarm}
    assert alarms == {"dringlichkeit", "gefahr"}


def test_an_answer_has_no_lines_about_a_child_that_it_does_not_name() -> None:
    content = {"gegenstand": "einsatz", "ergebnis": "nicht-bekannt"}
    kinds = [line.kind for line in told(step="antwort", content=content).glance]

    assert kinds == ["dringlichkeit", "meldende"]


@pytest.mark.parametrize(
    ("born", "said"),
    [
        ({"jahr": 2020, "monat": 11, "tag": 3}, "5 Jahre"),
        ({"jahr": 2020, "monat": 3, "tag": 14}, "5 Jahre"),
        ({"jahr": 2020, "monat": 3, "tag": 13}, "6 Jahre"),
        ({"jahr": 2025, "monat": 2, "tag": 13}, "1 Jahr und 1 Monat"),
        ({"jahr": 2026, "monat": 2, "tag": 14}, "0 Monate"),
        ({"jahr": 2014, "monat": 5}, "etwa 11 Jahre"),
        ({"jahr": 2012}, "13 oder 14 Jahre"),
        ({}, ""),
    ],
)
def test_an_age_is_as_exact_as_the_date_of_birth(born: dict[str, Any], said: str) -> None:
    assert age(born, date(2026, 3, 13)) == said


@pytest.fixture(scope="module")
def paper() -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(as_pdf(told()).content)) as opened:
        yield opened


def test_the_paper_says_that_it_is_pdf_a_and_pdf_ua(paper: pikepdf.Pdf) -> None:
    """What it says of itself; no full validator of both standards runs here."""
    with paper.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        assert metadata["pdfuaid:part"] == "1"
    assert STANDARDS == ("a-3a", "ua-1")
    assert str(paper.Root.Lang).startswith("de")
    assert bool(paper.Root.MarkInfo.Marked)


def test_the_json_is_inside_the_paper(paper: pikepdf.Pdf) -> None:
    delivery = a_delivery()
    attached = paper.attachments[f"{delivery.id}.json"]

    assert attached.get_file().read_bytes() == as_json(delivery).content


def test_the_same_delivery_is_the_same_file() -> None:
    assert as_pdf(told()).content == as_pdf(told()).content


@pytest.mark.parametrize("sign", [*FORMULA, "  =", " \n@"])
def test_no_cell_is_calculated(sign: str) -> None:
    assert guarded(f"{sign}cmd").startswith("'")
    assert guarded(f"a{sign}") == f"a{sign}"


FORMULA_SAID = a_delivery().content | {"einsatz": {"zeitpunkt": "2026-03-13T22:40:00+01:00"}}
"""Without a code in front, what happened begins with what somebody has typed: ``=…``."""


def test_a_formula_is_refused_with_its_place_and_without_its_words() -> None:
    with pytest.raises(TargetRefused) as refused:
        as_csv(told(content=FORMULA_SAID))
    assert refused.value.code == "formula-in-csv"
    assert refused.value.pointers == ("/sachverhalt",)
    assert "Was geschehen ist" in refused.value.reason
    assert not any(word in refused.value.reason for word in MARKED)


def test_an_office_that_wants_it_gets_the_formula_guarded() -> None:
    raw = as_csv(told(content=FORMULA_SAID), "guard").content.decode("utf-8-sig")
    row = dict(zip(*csv.reader(io.StringIO(raw), delimiter=";"), strict=True))

    assert row["Was geschehen ist"].startswith("'=")
    assert not any(cell.startswith(FORMULA) for cell in row.values())


@pytest.mark.parametrize(
    ("number", "is_written"),
    [("+49 221 4710456", True), ("+492214710456", True), ("+49+221", False), ("+A1", False)],
)
def test_a_telephone_number_is_no_formula(number: str, is_written: bool) -> None:
    absender = {"kontakt": {"kanal": "02", "kennung": number}}
    delivery = told(content=a_delivery().content | {"absender": absender})
    if is_written:
        assert number in as_csv(delivery).content.decode("utf-8-sig")
    else:
        with pytest.raises(TargetRefused) as refused:
            as_csv(delivery)
        assert refused.value.pointers == ("/absender/kontakt/kennung",)


@pytest.mark.parametrize("name", ["../x", "a/b", "", "0193504f-7c2a-7d41-8e5b-00000000000g"])
def test_what_is_no_id_becomes_no_name(name: str) -> None:
    with pytest.raises(ValueError, match="id"):
        file_name(name, "json")
