# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""§ 64 SGB VIII: what the Jugendamt may tell those who told it."""

import re

import pytest

from hub.errors import ContentInvalid, SchemaUnknown
from hub.model.json import JsonObject
from hub.protocols.schemas import load_schemas
from hub.schemas import SCHEMAS
from hub.sealing.content import check_content

REGISTRY = load_schemas(SCHEMAS)
RUECKMELDUNG = REGISTRY.by_name("schule-mitteilung/1.0.0/rueckmeldung")
BERICHTIGUNG = REGISTRY.by_name("schule-mitteilung/1.0.0/berichtigung")

WHAT_ABS_4_NAMES: JsonObject = {
    "anhaltspunkte_bestaetigt": True,
    "taetig_geworden": True,
    "noch_taetig": False,
}


def test_abs_4_a_rueckmeldung_says_whether_and_nothing_else() -> None:
    """The word in the statute is „ausschließlich“: one field more is a disclosure."""
    assert {leaf.pointer for leaf in RUECKMELDUNG.leaves} == {
        f"/{name}" for name in WHAT_ABS_4_NAMES
    }
    assert {leaf.kind for leaf in RUECKMELDUNG.leaves} == {"boolean"}


def test_abs_4_the_kind_of_help_is_refused_and_not_repeated() -> None:
    """The refusal names the place and keeps to itself what stood there."""
    with pytest.raises(ContentInvalid) as refused:
        check_content(RUECKMELDUNG, WHAT_ABS_4_NAMES | {"massnahme": "Inobhutnahme"})

    assert refused.value.pointers == ("",)
    assert not re.search("massnahme|Inobhutnahme", str(refused.value))


@pytest.mark.parametrize("missing", WHAT_ABS_4_NAMES)
def test_abs_4_all_three_questions_are_answered(missing: str) -> None:
    said = {name: value for name, value in WHAT_ABS_4_NAMES.items() if name != missing}

    with pytest.raises(ContentInvalid):
        check_content(RUECKMELDUNG, said)


def test_abs_4_whoever_looks_from_outside_cannot_tell_yes_from_no() -> None:
    assert {leaf.sealed_length for leaf in RUECKMELDUNG.leaves} == {167}


def test_abs_4_a_corrected_rueckmeldung_says_no_more_than_the_first() -> None:
    corrected = {leaf.pointer for leaf in BERICHTIGUNG.leaves if "/rueckmeldung/" in leaf.pointer}

    assert corrected == {f"/rueckmeldung/{name}" for name in WHAT_ABS_4_NAMES}
    check_content(
        BERICHTIGUNG,
        {"teil": "rueckmeldung", "grund": "irrtum", "rueckmeldung": WHAT_ABS_4_NAMES},
    )


def test_abs_4_the_police_get_a_receipt_and_no_rueckmeldung() -> None:
    """Abs. 4 speaks of notices under § 4 Abs. 3 KKG; the police is not named there."""
    with pytest.raises(SchemaUnknown):
        REGISTRY.by_name("polizei-mitteilung/1.0.0/rueckmeldung")

    for name in REGISTRY.names:
        if name.startswith("polizei-mitteilung/"):
            pointers = {leaf.pointer for leaf in REGISTRY.by_name(name).leaves}
            assert not any("rueckmeldung" in pointer for pointer in pointers), name
