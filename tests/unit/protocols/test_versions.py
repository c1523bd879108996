# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The number of a version says what it does, and a wider one was approved by somebody."""

import shutil
from pathlib import Path

import pytest

from hub.model.protocol import Protocol
from hub.protocols.approval import FILE
from hub.protocols.catalogue import load_catalogue, make_catalogue
from hub.protocols.load import ProtocolInvalid
from hub.protocols.publish import main, publish
from hub.protocols.versions import number_of, predecessor, said_by_number, version_findings
from hub.schemas import SCHEMAS as SHIPPED
from hub.schemas import SPECS
from hub.sealing.canonical import digest
from tests.unit.protocols.builders import LAW, SCHEMAS, a_protocol, the_steps

ID = "muster-verfahren"
APPROVED = """
protocol: {protocol}
digest: {digest}
approved_on: 2027-01-31
approved_by: [{by}]
reference: DSB-erfunden 7/2027
weighed: Die längere Aufbewahrung überbrückt die Ferien; ein kürzerer Weg war nicht zu finden.
"""


def a_version(version: str, at_most: int = 2, title: str = "Erfunden") -> Protocol:
    """Return the invented protocol; more questions are a wider version."""
    steps = (
        step.model_copy(update={"at_most": at_most}) if step.id == "rueckfrage" else step
        for step in the_steps()
    )
    return a_protocol(*steps, version=version, title=title)


def findings(root: Path, *protocols: Protocol) -> list[str]:
    found = version_findings(protocols, SCHEMAS, LAW, root)
    return [f"{protocol.version} {finding}" for protocol, finding in found]


def approve(root: Path, version: Protocol, **other: str) -> None:
    folder = root / version.id / version.version
    folder.mkdir(parents=True, exist_ok=True)
    said = {
        "protocol": version.name,
        "digest": version.digest,
        "by": "Datenschutzbeauftragte des Kreises",
    }
    (folder / FILE).write_text(APPROVED.format(**{**said, **other}), "utf-8")


def test_a_version_stands_behind_the_highest_one_below_it() -> None:
    versions = [a_version(each) for each in ("1.0.0", "1.10.0", "1.9.0", "2.0.0")]

    assert predecessor(versions[1], versions) == versions[2]
    assert predecessor(versions[0], versions) is None
    assert max(versions[:3], key=number_of) == versions[1]


@pytest.mark.parametrize(
    ("older", "newer", "said"),
    [
        ("1.9.9", "2.0.0", "weiter"),
        ("1.0.9", "1.1.0", "enger"),
        ("1.1.0", "1.1.1", "wort"),
    ],
)
def test_a_number_says_what_a_version_does(older: str, newer: str, said: str) -> None:
    assert said_by_number(a_version(older), a_version(newer)) == said


@pytest.mark.parametrize(
    ("newer", "wanted"),
    [
        (a_version("1.1.0", at_most=3), "Hauptfassung"),
        (a_version("1.0.1", at_most=3), "Hauptfassung"),
        (a_version("2.0.0", at_most=1), "Nebenfassung"),
        (a_version("1.0.1", at_most=1), "Nebenfassung"),
        (a_version("1.1.0", title="Anders"), "Wortfassung"),
        (a_version("1.1.0"), "gar keine neue Fassung"),
    ],
    ids=str,
)
def test_a_number_that_says_something_else_is_a_finding(
    newer: Protocol, wanted: str, tmp_path: Path
) -> None:
    [found] = findings(tmp_path, a_version("1.0.0"), newer)

    assert wanted in found


def test_fitting_numbers_are_no_finding(tmp_path: Path) -> None:
    wider = a_version("2.0.0", at_most=3)
    approve(tmp_path, wider)

    narrower, worded = a_version("1.1.0", at_most=1), a_version("1.1.1", 1, "Anders")
    assert findings(tmp_path, a_version("1.0.0"), narrower, worded, wider) == []


def test_a_wider_version_needs_an_approval_of_just_this_digest(tmp_path: Path) -> None:
    older, wider = a_version("1.0.0"), a_version("2.0.0", at_most=3)

    [missing] = findings(tmp_path, older, wider)
    assert wider.digest in missing, "whoever is to approve has to know what"

    approve(tmp_path, wider, digest=digest("something else"))
    [other] = findings(tmp_path, older, wider)
    assert "gibt anderes frei" in other

    approve(tmp_path, wider, protocol="erfunden/3.0.0")
    assert len(findings(tmp_path, older, wider)) == 1

    approve(tmp_path, wider)
    assert findings(tmp_path, older, wider) == []


@pytest.mark.parametrize(
    "spoilt",
    [
        "approved_by: [Herr Erfunden]",
        "approved_by: []",
        "approved_on: bald",
        "weighed: ''",
        "digest: kurz",
        "extra: 1",
        "protocol: [",
    ],
)
def test_an_approval_is_closed_and_names_data_protection_officers(
    spoilt: str, tmp_path: Path
) -> None:
    wider = a_version("2.0.0", at_most=3)
    approve(tmp_path, wider)
    path = tmp_path / wider.id / wider.version / FILE
    name = spoilt.partition(":")[0]
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith(name)]
    path.write_text("\n".join([*lines, spoilt]), "utf-8")

    [found] = findings(tmp_path, a_version("1.0.0"), wider)

    assert found.startswith(f"2.0.0 {FILE}: ")
    assert "Herr Erfunden" not in found


# --- As files ---


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    """The template of a protocol, with the shipped law, as a catalogue of its own."""
    shutil.copytree(SPECS / "law", tmp_path / "specs" / "law")
    shutil.copytree(SPECS / "muster" / "protocols", tmp_path / "specs" / "protocols")
    schemas = tmp_path / "schemas"
    shutil.copytree(SHIPPED / "vokabular", schemas / "vokabular")
    shutil.copytree(SPECS / "muster" / "schemas", schemas, dirs_exist_ok=True)
    return tmp_path / "specs"


def schemas_of(specs: Path) -> Path:
    return specs.parent / "schemas"


def a_copy(specs: Path, version: str, *changes: tuple[str, str]) -> None:
    """Lay a version beside the first one, with the same schemas."""
    folder = specs / "protocols" / ID
    text = (folder / "1.0.0" / "protocol.yaml").read_text("utf-8")
    for old, new in (("version: 1.0.0", f"version: {version}"), *changes):
        assert old in text
        text = text.replace(old, new)
    (folder / version).mkdir()
    (folder / version / "protocol.yaml").write_text(text, "utf-8")


WIDER = ("at_most: 3", "at_most: 4")
NARROWER = ("at_most: 3", "at_most: 2")


def test_a_catalogue_with_an_unapproved_widening_is_not_loaded(specs: Path) -> None:
    a_copy(specs, "2.0.0", WIDER)

    with pytest.raises(ProtocolInvalid, match=r"2\.0\.0: freigabe\.yaml: .*fehlt die Freigabe"):
        load_catalogue(specs, schemas_of(specs))


def test_a_narrowing_version_is_loaded_beside_the_older_one(specs: Path) -> None:
    a_copy(specs, "1.1.0", NARROWER)

    names = {each.name for each in load_catalogue(specs, schemas_of(specs)).all()}
    assert names == {f"{ID}/1.0.0", f"{ID}/1.1.0"}


def test_publishing_writes_what_loading_asks_for(specs: Path) -> None:
    written = publish(f"{ID}/1.0.0", specs, schemas_of(specs))

    assert [path.name for path in written] == ["published.sha256"] * 2
    [line] = [each for each in written[0].read_text("utf-8").splitlines() if each[:1].isalnum()]
    known = load_catalogue(specs, schemas_of(specs)).known(f"{ID}/1.0.0")
    assert line == f"{known.digest}  {ID}/1.0.0"
    assert publish(f"{ID}/1.0.0", specs, schemas_of(specs)) == written, "the same can be said again"


def test_a_published_version_is_not_published_as_something_else(specs: Path) -> None:
    publish(f"{ID}/1.0.0", specs, schemas_of(specs))
    path = specs / "protocols" / ID / "1.0.0" / "protocol.yaml"
    path.write_text(path.read_text("utf-8").replace(*NARROWER), "utf-8")

    with pytest.raises(ProtocolInvalid, match="hält anderes fest"):
        publish(f"{ID}/1.0.0", specs, schemas_of(specs))
    with pytest.raises(ProtocolInvalid, match="weicht von der veröffentlichten Fassung ab"):
        load_catalogue(specs, schemas_of(specs))

    publish(f"{ID}/1.0.0", specs, schemas_of(specs), again=True)
    assert load_catalogue(specs, schemas_of(specs)).get(f"{ID}/1.0.0")


def test_an_unapproved_widening_is_not_published(
    specs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_copy(specs, "2.0.0", WIDER)
    asked = ["--specs", str(specs), "--schemas", str(schemas_of(specs))]

    assert main([f"{ID}/2.0.0", *asked]) == 1
    assert "es fehlt die Freigabe der Prüfsumme" in capsys.readouterr().err
    assert not (specs / "protocols" / ID / "2.0.0" / "published.sha256").exists()
    assert main([f"{ID}/1.0.0", *asked]) == 0, "the other version stands by itself"


def test_a_version_that_leaves_somebody_waiting_is_not_published(specs: Path) -> None:
    path = specs / "protocols" / ID / "1.0.0" / "protocol.yaml"
    path.write_text(path.read_text("utf-8").replace("    at_most: 3\n", ""), "utf-8")

    with pytest.raises(ProtocolInvalid, match="beliebig oft"):
        publish(f"{ID}/1.0.0", specs, schemas_of(specs))


def test_a_withdrawn_version_still_counts_as_the_one_before() -> None:
    older = a_version("1.0.0").model_copy(update={"status": "zurueckgezogen"})
    catalogue = make_catalogue((older, a_version("1.1.0", 1)), SCHEMAS, LAW)

    assert predecessor(a_version("1.1.0", 1), catalogue.all()) == older
