# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The law as data: complete, and never surer of itself than whoever read it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hub.protocols.guarded import GUARDED
from hub.protocols.legal import load_law
from hub.protocols.rules import RULES
from hub.schemas import SCHEMAS, SPECS

LAW = load_law(SPECS / "law")

STATUTES = sorted(
    {re.search(r"\(([^()]+)\)$", basis.statute)[1] for basis in LAW.values()},  # type: ignore[index]
    key=len,
    reverse=True,
)
"""As they are cited: ``KKG``, ``SGB VIII``, ``PolG NRW``; the longest first."""

CITATION = re.compile(
    r"(?P<place>(?:§|Art\.) \d+[a-z]?)(?P<paragraph> Abs\. \d+[a-z]?)?"
    r"(?: S\. \d+| Nr\. \d+| (?:lit\.|Buchst\.) [a-z])*"
    rf" (?P<statute>{'|'.join(STATUTES)})\b"
)

A_STATUTE = """\
statute: Erfundenes Gesetz (ErfG)
stand: 2026-01-01
source: erfunden
provisions:
  - {code: erfg-1, citation: § 1 ErfG, pruefstand: ungeprueft, meaning: Nichts.}
"""


def comments(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (str(value[name]) for name in ("$comment",) if name in value)
        for member in value.values():
            yield from comments(member)
    elif isinstance(value, list):
        for item in value:
            yield from comments(item)


def a_folder(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "code",
    [
        "kkg-4-1", "kkg-4-2", "kkg-4-3", "kkg-4-3-s3", "kkg-4-4", "kkg-4-5", "kkg-5-1",
        "sgb8-8a-1", "sgb8-8a-2", "sgb8-8a-3", "sgb8-8a-4", "sgb8-8a-5", "sgb8-8a-6", "sgb8-8b-1",
        "sgb8-42", "sgb8-50", "sgb8-52", "sgb8-62-3", "sgb8-63", "sgb8-64-4", "sgb8-65-1",
        "sgb8-86c-2", "sgb10-67-4", "sgb10-67c-4", "sgb10-67d-3", "sgb10-68", "sgb10-73",
        "sgb10-78", "sgb10-84", "schulgnrw-41-4", "schulgnrw-42-6", "schulgnrw-120",
        "schulgnrw-126", "polgnrw-27", "polgnrw-34a", "polgnrw-35", "lkischgnrw-4-2",
        "heilbergnrw-32-1", "obgnrw-24", "eggvg-17-5", "eggvg-20", "jgg-38", "jgg-70", "bdsg-76",
        "dsgvo-5", "dsgvo-16", "dsgvo-17",
    ],
)  # fmt: skip
def test_every_legal_basis_that_a_protocol_can_name_is_there(code: str) -> None:
    assert LAW[code].code == code


@pytest.mark.parametrize("code", sorted(LAW))
def test_every_provision_says_where_it_stands_and_what_it_means(code: str) -> None:
    basis = LAW[code]

    assert re.match(r"(§|Art\.|Nr\.|PDV) \d", basis.citation)
    assert basis.meaning.endswith(".")
    assert basis.source
    assert basis.meaning.count("„") == basis.meaning.count("“")


def named() -> set[str]:
    """Return every code that a protocol, a rule or a guard names."""
    paths = [*SPECS.glob("protocols/*/*/protocol.yaml"), *SPECS.glob("muster/**/protocol.yaml")]
    written = {
        word for path in paths for word in re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)+", path.read_text())
    }
    return (
        written
        | {rule.basis or "" for rule in RULES.values()}
        | {g.basis for g in GUARDED.values()}
    )


NAMED = named()
SHOWN = "\n".join(
    path.read_text("utf-8")
    for path in [*SCHEMAS.glob("*/*/*.json"), *SPECS.glob("protocols/*/*/protocol.yaml")]
)


@pytest.mark.parametrize("code", sorted(LAW))
def test_every_provision_is_used_or_says_what_it_frames(code: str) -> None:
    """Law that nobody needs would only look thorough."""
    basis = LAW[code]
    is_cited = re.search(re.escape(basis.citation) + r"\b", SHOWN)

    assert code in NAMED or is_cited or basis.remark.startswith("Rahmen: ")


@pytest.mark.parametrize("statute", sorted({basis.statute for basis in LAW.values()}))
def test_every_statute_says_what_the_act_of_2021_changed(statute: str) -> None:
    said = [basis.kjsg for basis in LAW.values() if basis.statute == statute and basis.kjsg]

    assert said
    assert all(each.endswith(".") for each in said)


@pytest.mark.parametrize(
    "code", ["kkg-4-3-s3", "kkg-4-4", "kkg-4-5", "kkg-4-6", "kkg-5-1", "sgb8-64-4", "sgb8-8a-5"]
)
def test_what_is_new_since_the_act_of_2021_says_so(code: str) -> None:
    assert LAW[code].kjsg.startswith("Neu")


@pytest.mark.parametrize("code", ["sgb8-65-1", "sgb8-86c-2", "sgb8-64-2a"])
def test_what_has_stayed_says_so(code: str) -> None:
    assert "unverändert" in LAW[code].kjsg


SURE = ("ungeprueft", "sinngemaess", "geprueft")


@pytest.mark.parametrize("code", sorted(LAW))
def test_a_whole_is_no_surer_than_its_parts(code: str) -> None:
    parts = [basis for other, basis in LAW.items() if other.startswith(f"{code}-")]

    assert all(SURE.index(LAW[code].pruefstand) <= SURE.index(part.pruefstand) for part in parts)


@pytest.mark.parametrize(
    ("code", "pruefstand"),
    [
        ("sgb8-42-1", "sinngemaess"),
        ("sgb8-42-2", "geprueft"),
        ("sgb8-42-4", "sinngemaess"),
        ("sgb8-42-5", "geprueft"),
        ("sgb8-50-2", "geprueft"),
        ("polgnrw-35", "sinngemaess"),
        ("schulgnrw-41-4", "sinngemaess"),
        ("schulgnrw-120", "ungeprueft"),
        ("obgnrw-24", "ungeprueft"),
        ("dsgnrw-3", "ungeprueft"),
        ("stpo-161", "ungeprueft"),
        ("stpo-479-1", "geprueft"),
    ],
)
def test_nobody_became_surer_by_copying(code: str, pruefstand: str) -> None:
    """Whoever reads the wording changes this line too, and with it the date and the source."""
    assert LAW[code].pruefstand == pruefstand


def test_no_citation_has_two_codes() -> None:
    citations = [basis.citation for basis in LAW.values()]

    assert sorted(citations) == sorted(set(citations))


def test_the_police_act_is_not_called_verified() -> None:
    """Nobody has seen the wording in force, so the users of P05 must be told."""
    assert LAW["polgnrw-27"].pruefstand == "sinngemaess"
    assert LAW["polgnrw-27"].remark


@pytest.mark.parametrize("code", sorted(code for code in LAW if code.startswith("dsgvo-")))
def test_what_was_written_down_from_memory_says_so(code: str) -> None:
    assert LAW[code].pruefstand == "ungeprueft"


def test_whatever_was_not_read_has_a_source_that_says_so() -> None:
    for basis in LAW.values():
        if basis.pruefstand == "ungeprueft":
            assert "nicht nachgelesen" in basis.source, basis.code


@pytest.mark.parametrize(
    "path", sorted(SCHEMAS.glob("*/*/*.json")), ids=lambda path: "/".join(path.parts[-3:])
)
def test_every_citation_in_a_schema_is_in_the_law(path: Path) -> None:
    known = {basis.citation for basis in LAW.values()}
    for comment in comments(json.loads(path.read_text("utf-8"))):
        cited = list(CITATION.finditer(comment))
        assert len(cited) == len(re.findall(r"§|Art\.", comment)), comment
        for found in cited:
            whole = f"{found['place']}{found['paragraph'] or ''} {found['statute']}"
            assert known & {found[0], whole, f"{found['place']} {found['statute']}"}, whole


def test_a_provision_that_says_nothing_of_its_statute_takes_it_from_the_head(
    tmp_path: Path,
) -> None:
    law = load_law(a_folder(tmp_path, erfg=A_STATUTE))

    assert law["erfg-1"].statute == "Erfundenes Gesetz (ErfG)"
    assert law["erfg-1"].stand.isoformat() == "2026-01-01"


def test_certainty_is_not_inherited(tmp_path: Path) -> None:
    text = A_STATUTE.replace(" pruefstand: ungeprueft,", "")

    with pytest.raises(ValueError, match="erfg-1 ist unvollständig"):
        load_law(a_folder(tmp_path, erfg=text))


def test_a_code_is_there_once(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="erfg-1 steht doppelt"):
        load_law(a_folder(tmp_path, erfg=A_STATUTE, noch_einmal=A_STATUTE))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (A_STATUTE + "comment: zu viel\n", "der Kopf ist"),
        (A_STATUTE.replace("meaning:", "sinn: x, meaning:"), "sagt zu viel"),
        (A_STATUTE + "stand: 2026-01-02\n", "steht doppelt"),
        (A_STATUTE.replace("ungeprueft", "sicher"), "unvollständig"),
        (A_STATUTE + "  - erfg-2\n", "eine Zuordnung"),
        ("- erfg-1\n", "der Kopf ist"),
    ],
)
def test_a_law_file_with_anything_else_is_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        load_law(a_folder(tmp_path, erfg=text))
