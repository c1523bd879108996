# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2

import pytest

from hub.directory.kinds import KINDS, is_well_named, roles_of_kind


@pytest.mark.parametrize(
    "organisation",
    [
        "jugendamt:05170032",
        "landesjugendamt:lwl",
        "schule:999001",
        "schulaufsicht:051",
        "polizei:kpb-soest",
        "polizei:pp-koeln",
        "gericht:R1911",
        "staatsanwaltschaft:R1300S",
        "ordnungsamt:05978040",
        "krisendienst:rufbereitschaft-demo",
        "fachkraft:beratung-demo",
        "koordination:05170",
        "koordination:05978040",
        "aufsicht:ldi-nrw",
    ],
)
def test_an_organisation_is_named_by_its_official_key(organisation: str) -> None:
    assert is_well_named(organisation)


@pytest.mark.parametrize(
    "organisation",
    ["jugendamt:5170032", "jugendamt:05170032.asd", "schule:99900", "gasthof:krone", "schule"],
)
def test_no_other_name_is_an_organisation(organisation: str) -> None:
    assert not is_well_named(organisation)


def test_whoever_sees_counts_or_the_log_holds_no_role() -> None:
    assert roles_of_kind("koordination:05170") == frozenset()
    assert roles_of_kind("aufsicht:ldi-nrw") == frozenset()
    assert roles_of_kind("gasthof:krone") == frozenset()


def test_nobody_but_a_jugendamt_is_a_jugendamt() -> None:
    assert [kind for kind in KINDS if "jugendamt" in KINDS[kind].roles] == ["jugendamt"]


def test_whoever_seeks_advice_does_so_under_a_name_of_its_own() -> None:
    """§ 4 Abs. 2 KKG: shared keys would tie the pseudonymous question to the notice after it."""
    seeking = {kind for kind, known in KINDS.items() if "ratsuchende" in known.roles}

    assert seeking == {"beratung"}
    assert KINDS["beratung"].roles == {"ratsuchende"}
