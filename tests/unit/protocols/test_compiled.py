# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What was compiled says what the files say, and counts for these files alone."""

import json
import shutil
from pathlib import Path

import pytest

from hub.protocols.catalogue import Catalogue, load_catalogue
from hub.protocols.compiled import FILE, load_compiled, text
from hub.protocols.load import ProtocolInvalid
from hub.schemas import SCHEMAS, SPECS

PROTOCOL = Path("protocols/schule-mitteilung/1.0.0/protocol.yaml")


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    """The shipped law, two protocols and their schemas, compiled."""
    specs, schemas = tmp_path / "specs", tmp_path / "schemas"
    shutil.copytree(SPECS / "law", specs / "law")
    shutil.copytree(SCHEMAS / "vokabular", schemas / "vokabular")
    for name in ("schule-mitteilung", "polizei-mitteilung"):
        shutil.copytree(SPECS / "protocols" / name, specs / "protocols" / name)
        shutil.copytree(SCHEMAS / name, schemas / name)
    (specs / FILE).write_text(text(specs, schemas), "utf-8")
    return specs


def schemas_of(specs: Path) -> Path:
    return specs.parent / "schemas"


def said(catalogue: Catalogue) -> dict[str, object]:
    """Return everything that a catalogue says."""
    schemas = catalogue.schemas
    return {
        "protocols": dict(catalogue.protocols),
        "law": dict(catalogue.law),
        "schemas": [
            # As text, because forms follow the order of members.
            (name, schemas.digest_of(name), json.dumps(schemas.bundled(name)))
            for name in schemas.names
        ],
    }


def test_the_shipped_file_is_compiled_from_the_files_as_they_are() -> None:
    path = SPECS / FILE

    assert path.exists(), "make catalogue"
    assert path.read_text("utf-8") == text(), "the files have changed since: make catalogue"


def test_it_says_what_the_files_say(specs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from_files = load_catalogue(specs, schemas_of(specs))
    # From here on the files themselves can no longer be asked.
    monkeypatch.setattr("hub.protocols.compiled.load_catalogue", None)

    assert said(load_compiled(specs, schemas_of(specs))) == said(from_files)


def test_it_is_written_the_same_way_every_time(specs: Path) -> None:
    assert text(specs, schemas_of(specs)) == (specs / FILE).read_text("utf-8")


def test_a_definition_that_many_schemas_share_stands_there_once(specs: Path) -> None:
    written = (specs / FILE).read_text("utf-8")

    assert written.count("Namen in der Schreibweise") <= 1
    assert written.count('"Ruecknahmegrund"') <= 1


def test_where_a_file_is_another_one_the_files_count(specs: Path) -> None:
    path = specs / PROTOCOL
    path.write_text(path.read_text("utf-8").replace("P90D", "P91D", 1), "utf-8")

    with pytest.raises(ProtocolInvalid, match="weicht von der veröffentlichten Fassung ab"):
        load_compiled(specs, schemas_of(specs))


@pytest.mark.parametrize("spoilt", ["", "{}", "[]", '{"sources": {}}'])
def test_where_it_cannot_be_read_the_files_count(specs: Path, spoilt: str) -> None:
    (specs / FILE).write_text(spoilt, "utf-8")

    loaded = load_compiled(specs, schemas_of(specs))

    assert said(loaded) == said(load_catalogue(specs, schemas_of(specs)))


def test_two_definitions_of_one_name_stay_apart(specs: Path) -> None:
    """A second version of the vocabulary may say something else under the same name."""
    schemas = schemas_of(specs)
    shutil.copytree(schemas / "vokabular" / "1.0.0", schemas / "vokabular" / "1.1.0")
    path = schemas / "vokabular" / "1.1.0" / "nachtrag.json"
    path.write_text(path.read_text("utf-8").replace('"doppelt",', ""), "utf-8")
    target = schemas / "schule-mitteilung" / "1.0.1"
    target.mkdir()
    name = "ruecknahme.schema.json"
    older = (schemas / "schule-mitteilung" / "1.0.0" / name).read_text("utf-8")
    newer = older.replace("vokabular/1.0.0", "vokabular/1.1.0").replace(":1.0.0:", ":1.0.1:")
    (target / name).write_text(newer, "utf-8")
    (specs / FILE).write_text(text(specs, schemas), "utf-8")

    assert said(load_compiled(specs, schemas)) == said(load_catalogue(specs, schemas))
