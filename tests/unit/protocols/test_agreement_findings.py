# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""An agreement never creates a legal basis and never loosens a clock; every gap has its place."""

from datetime import date, timedelta
from typing import Any

import pytest

from hub.directory.kinds import roles_of_kind
from hub.model.agreement import Agreement, Concluded, ContactPoint, Direction
from hub.protocols.agreement_findings import Surroundings, agreement_findings
from tests.unit.protocols.agreed import (
    OFFICE_ITSELF,
    SCHOOL_ITSELF,
    agreed_clocks,
    an_agreed,
    an_agreement,
    concluded,
    to_office,
)
from tests.unit.protocols.builders import a_catalogue, a_protocol

POLICE = "polizei:kpb-wesel"
BACK = Direction(sender="jugendamt", recipient="schule")


def places(agreement: Agreement, *known: Concluded, **members: Any) -> list[str]:
    around = Surroundings(a_catalogue(a_protocol(**members)), roles_of_kind, known)
    return [place for place, _ in agreement_findings(agreement, around)]


def test_an_agreement_between_two_who_have_something_to_say_is_sound() -> None:
    assert places(an_agreement()) == []


WRONG: dict[str, tuple[dict[str, Any], list[str]]] = {
    "ends before it begins": ({"valid_until": date(2025, 12, 31)}, ["/valid_until"]),
    "announced before it begins": ({"notice": timedelta(days=400)}, ["/notice"]),
    "a party twice": (
        {"parties": (OFFICE_ITSELF, SCHOOL_ITSELF, SCHOOL_ITSELF)},
        ["/parties/1", "/parties/2"],
    ),
    "a unit as party": (
        {"parties": (OFFICE_ITSELF, SCHOOL_ITSELF, "jugendamt:05170032.asd")},
        ["/parties/2"],
    ),
    "a party without a role": (
        {
            "parties": (OFFICE_ITSELF, SCHOOL_ITSELF, POLICE),
            "protocols": (an_agreed(between=to_office()),),
        },
        ["/parties/2"],
    ),
    "nobody has a role": (
        {"parties": (POLICE, "zoll:erfunden")},
        ["/protocols/0", "/parties/0", "/parties/1"],
    ),
    "roles unsaid where not all have one": (
        {"parties": (OFFICE_ITSELF, SCHOOL_ITSELF, POLICE)},
        ["/protocols/0/between", "/parties/2"],
    ),
    "a protocol nobody knows": (
        {"protocols": (an_agreed(), an_agreed(protocol="unbekannt/1"))},
        ["/protocols/1/protocol"],
    ),
    "a version nobody knows": (
        {"protocols": (an_agreed(), an_agreed(protocol="erfunden/1.7.0"))},
        ["/protocols/1/protocol"],
    ),
    "a protocol twice": (
        {"protocols": (an_agreed(), an_agreed())},
        ["/protocols/0/protocol", "/protocols/1/protocol"],
    ),
    "a direction that no opening has": (
        {"protocols": (an_agreed(between=(*to_office(), BACK)),)},
        ["/protocols/0/between/1"],
    ),
    "a clock later than the protocol's": (
        {"protocols": (an_agreed(clocks={"planbar": agreed_clocks(taken=3)}),)},
        ["/protocols/0/clocks/planbar/taken"],
    ),
    "a clock of another urgency": (
        {"protocols": (an_agreed(clocks={"unverzueglich": agreed_clocks(taken=1)}),)},
        ["/protocols/0/clocks/unverzueglich"],
    ),
    "clocks in the wrong order": (
        {"protocols": (an_agreed(clocks={"planbar": agreed_clocks(overdue=1)}),)},
        ["/protocols/0/clocks/planbar"],
    ),
    "a contact of a stranger": (
        {"contacts": (ContactPoint(party=POLICE, function="Opferschutz"),)},
        ["/contacts/0/party"],
    ),
    "a contact in another's role": (
        {"contacts": (ContactPoint(party=SCHOOL_ITSELF, role="jugendamt", function="Leitung"),)},
        ["/contacts/0/role"],
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_named_at_its_place(name: str) -> None:
    members, expected = WRONG[name]

    assert places(an_agreement(**members)) == expected


def test_a_withdrawn_version_is_not_agreed_on() -> None:
    assert places(an_agreement(), status="zurueckgezogen") == ["/protocols/0/protocol"]


def test_two_agreements_about_the_same_at_the_same_time_are_one_too_many() -> None:
    other = concluded(an_agreement(id="anderer-kreis"))

    assert places(an_agreement(), other) == ["/protocols/0"]


APART: dict[str, dict[str, Any]] = {
    "the version before": {"id": "erfundener-kreis", "version": 2},
    "another time": {"valid_from": date(2027, 1, 1), "valid_until": date(2027, 12, 31)},
    "other parties": {"parties": (OFFICE_ITSELF, "schule:999002")},
}


@pytest.mark.parametrize("name", APART)
def test_agreements_that_never_meet_are_left_alone(name: str) -> None:
    other = {"id": "anderer-kreis", **APART[name]}

    assert places(an_agreement(**other), concluded()) == []


def test_an_agreement_that_is_not_signed_by_all_is_in_nobodys_way() -> None:
    other = concluded(an_agreement(id="anderer-kreis"), but=SCHOOL_ITSELF)

    assert places(an_agreement(), other) == []
