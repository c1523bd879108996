# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whatever the hub calls the law can be looked up in ``specs/law``."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.protocols.legal import load_law
from hub.schemas import SPECS
from tests.house.source import ROOT

KNOWN = {basis.citation for basis in load_law(SPECS / "law").values()}
PLACE = (
    r"(?:§|Art\.) \d+[a-z]?"
    r"(?: (?:Abs\.|S\.|Nr\.|lit\.|Buchst\.) \d*[a-z]?(?:(?:,| and| und) \d+[a-z]?)*)*"
)
STATUTES = sorted({re.sub(rf"^(?:{PLACE}|Nr\. \d+) ", "", known) for known in KNOWN}, key=len)
CITATION = re.compile(rf"({PLACE}) ({'|'.join(map(re.escape, reversed(STATUTES)))})\b")
ABSATZ = re.compile(r"(?:§|Art\.) \d+[a-z]? (?:Abs|lit|Buchst)\. ?\S{0,12}")
FILES = [
    *sorted((ROOT / "hub").rglob("*.py")),
    *sorted(
        path
        for folder in ("protocols", "codelists", "networks")
        for path in (SPECS / folder).rglob("*")
        if path.suffix in {".yaml", ".md"}
    ),
    SPECS / "problems.yaml",
]


def text_of(path: Path) -> str:
    """Return a file as one line: comments and wrapped strings read on where they go on."""
    lines = path.read_text(encoding="utf-8").splitlines()
    bare = (re.sub(r'^\s*(?:#|f?")?\s?|"?$', "", line) for line in lines)
    return re.sub(r"\s+", " ", " ".join(bare))


def cited(text: str) -> Iterator[tuple[str, str]]:
    """Return paragraph with Absatz, and statute, of each citation of a law."""
    for place, statute in CITATION.findall(text):
        first = re.match(r"(?:§|Art\.) \d+[a-z]?(?: Abs\. \d+[a-z]?)?", place)
        assert first is not None
        yield first[0], statute


def is_known(place: str, statute: str) -> bool:
    """Whether the paragraph is there as a whole, or the Absatz, or for a paragraph one of its."""
    whole = place.partition(" Abs.")[0]
    finer = (f"{place} Abs. ", f"{place} Nr. ")
    return bool(KNOWN & {f"{place} {statute}", f"{whole} {statute}"}) or any(
        known.startswith(finer) and known.endswith(f" {statute}") for known in KNOWN
    )


def test_every_citation_stands_in_the_law() -> None:
    unknown = [
        (str(path.relative_to(ROOT)), *found)
        for path in FILES
        for found in cited(text_of(path))
        if not is_known(*found)
    ]

    assert unknown == []


def test_an_absatz_says_of_which_statute() -> None:
    """„§ 4 Abs. 3“ alone sends the reader looking in ten statutes."""
    loose = [
        (str(path.relative_to(ROOT)), found)
        for path in FILES
        for found in ABSATZ.findall(CITATION.sub("", text_of(path)))
    ]

    assert loose == []


def test_there_are_citations_to_look_at() -> None:
    places = {place for path in FILES for place in cited(text_of(path))}

    assert len(places) > 15


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("nach § 4 Abs. 3 KKG und", [("§ 4 Abs. 3", "KKG")]),
        ("§ 64 Abs. 4 S. 1 SGB VIII", [("§ 64 Abs. 4", "SGB VIII")]),
        ("§ 4 Abs. 1 Nr. 7 KKG", [("§ 4 Abs. 1", "KKG")]),
        ("§ 4 Abs. 2 and 5 KKG", [("§ 4 Abs. 2", "KKG")]),
        ("§ 27 PolG NRW (sinngemäß)", [("§ 27", "PolG NRW")]),
        ("Art. 5 Abs. 1 lit. c DSGVO", [("Art. 5 Abs. 1", "DSGVO")]),
        ("§ 67d Abs. 3 SGB X", [("§ 67d Abs. 3", "SGB X")]),
        ("RFC 9449 § 11.1 and SL1 § 7", []),
    ],
)
def test_a_citation_is_recognised(text: str, found: list[tuple[str, str]]) -> None:
    assert list(cited(text)) == found


@pytest.mark.parametrize(
    ("place", "statute", "known"),
    [
        ("§ 4 Abs. 3", "KKG", True),
        ("§ 4 Abs. 9", "KKG", False),
        ("§ 4", "KKG", True),
        ("§ 27 Abs. 1", "PolG NRW", True),
        ("§ 4 Abs. 3", "SGB VIII", False),
        ("§ 999", "SGB X", False),
    ],
)
def test_what_is_not_in_the_law_is_not_known(place: str, statute: str, *, known: bool) -> None:
    assert is_known(place, statute) is known
