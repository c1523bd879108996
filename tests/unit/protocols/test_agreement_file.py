# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A file says what is signed, a wrong file says every wrong place, a copy says what is missing."""

from pathlib import Path

import pytest

from hub.directory.kinds import roles_of_kind
from hub.model.agreement import ContactPoint
from hub.protocols.agreement_copy import PartyMissing, copied
from hub.protocols.agreement_file import (
    MAX_BYTES,
    AgreementInvalid,
    agreement_digest,
    canonical,
    load_agreement,
    parse_agreement,
    write_agreement,
    write_yaml,
)
from hub.protocols.agreement_findings import Surroundings, agreement_findings
from hub.protocols.compiled import load_known
from hub.schemas import SPECS
from tests.unit.protocols.agreed import OFFICE_ITSELF, SCHOOL_ITSELF, an_agreement

SAMPLES = sorted((SPECS / "agreements").glob("*.yaml"))
FILE = write_agreement(an_agreement())


def test_what_is_written_is_read_again_to_the_byte() -> None:
    assert canonical(parse_agreement(FILE.encode())) == canonical(an_agreement())


def test_another_word_is_another_digest() -> None:
    one, other = an_agreement(), an_agreement(title="Andere Vereinbarung")

    assert agreement_digest(one) != agreement_digest(other)


def test_every_wrong_place_is_named_at_once_and_in_german() -> None:
    wrong = FILE.replace("version: 1", "version: 0").replace("title:", "titel:")
    wrong = wrong.replace("2026-12-31", "irgendwann")

    with pytest.raises(AgreementInvalid) as refused:
        parse_agreement(wrong.encode())

    assert set(refused.value.findings) == {
        ("/version", "hat nicht die vorgeschriebene Form"),
        ("/title", "fehlt"),
        ("/valid_until", "ist kein Tag (JJJJ-MM-TT)"),
        ("", "enthält eine Angabe, die es hier nicht gibt"),
    }


@pytest.mark.parametrize(
    "raw",
    [b"", b"- a", b"a: [", b"\xff", b"id: a\nid: b", b"x" * (MAX_BYTES + 1), b"a: !!set {b}"],
    ids=["nothing", "a list", "no YAML", "no text", "a name twice", "too large", "a set"],
)
def test_what_is_no_agreement_is_not_read(raw: bytes) -> None:
    with pytest.raises(AgreementInvalid):
        parse_agreement(raw)


def test_there_is_no_member_for_a_legal_basis() -> None:
    with pytest.raises(AgreementInvalid):
        parse_agreement(f"{FILE}basis: kkg-4-3\n".encode())


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_each_sample_is_sound_and_says_that_it_is_one(path: Path) -> None:
    agreement = load_agreement(path)

    assert agreement_findings(agreement, Surroundings(load_known(), roles_of_kind)) == ()
    assert agreement.demo
    assert agreement.id == path.stem


def test_a_copy_has_neither_term_nor_telephone_and_names_its_template() -> None:
    contact = ContactPoint(
        party=OFFICE_ITSELF, role="jugendamt", function="Leitung", telephone="0221 4710 101"
    )
    template = an_agreement(contacts=(contact,))
    two = ["jugendamt:05170000", "jugendamt:05170032"]

    made = copied(template, "neuer-kreis", {OFFICE_ITSELF: two, SCHOOL_ITSELF: ["schule:999002"]})

    assert made.said["template_of"] == template.name
    assert made.said["parties"] == [*two, "schule:999002"]
    assert made.said["contacts"] == [
        {"party": party, "function": "Leitung", "role": "jugendamt"} for party in two
    ]
    assert made.open[:3] == ("/title", "/valid_from", "/valid_until")
    assert "/contacts/1/telephone" in made.open
    with pytest.raises(AgreementInvalid) as refused:
        parse_agreement(write_yaml(made.said).encode())
    assert {place for place, _ in refused.value.findings} == {"/valid_from", "/valid_until"}


@pytest.mark.parametrize("new", [[], ["polizei:kpb-wesel"]], ids=["nobody", "another kind"])
def test_in_the_place_of_each_party_stands_one_of_its_kind(new: list[str]) -> None:
    with pytest.raises(PartyMissing) as missing:
        copied(an_agreement(), "neuer-kreis", {OFFICE_ITSELF: new})

    assert (missing.value.party, missing.value.kind) == (OFFICE_ITSELF, "jugendamt")
