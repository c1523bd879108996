# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Art. 5, 7 and 16 DSGVO: no more than needed, consent with its bounds, errors put right."""

from typing import Any

import pytest

from tests.law.breaking import an_example, breaks, changed, keeps
from tests.law.holds import holds
from tests.law.shipped import STEPS, fullest, the_step

SHELTER = "schutzunterkunft-ohne-anschrift"
CONSENT = "einwilligung-mit-umfang-und-frist"
CONTRIBUTION = ("fallkonferenz", "beitrag")
WITH_SHELTERS = [
    (protocol.id, step.id) for protocol, step in STEPS if SHELTER in step.rules and step.opens
]


def whereabouts(part: Any) -> list[dict[str, Any]]:
    """Return every place of a content that says where a child is."""
    if isinstance(part, list):
        return [found for each in part for found in whereabouts(each)]
    if not isinstance(part, dict):
        return []
    own = [part["aufenthalt"]] if isinstance(part.get("aufenthalt"), dict) else []
    return own + [found for each in part.values() for found in whereabouts(each)]


@holds("rule:schutzunterkunft-ohne-anschrift")
@pytest.mark.parametrize(("protocol", "step"), WITH_SHELTERS)
def test_art_5_where_a_shelter_is_stands_in_no_message(protocol: str, step: str) -> None:
    """Whoever looks for those who fled there may be one of those who read."""
    content: Any = fullest(the_step(protocol, step))
    for place in whereabouts(content):
        place.clear()
        place.update(art="schutzunterkunft", angabe="Erfundene Straße 7")

    pointers = breaks(SHELTER, protocol, step, content)

    assert all(pointer.endswith("/aufenthalt/angabe") for pointer in pointers)


def consenting(**changes: Any) -> dict[str, Any]:
    content = an_example(*CONTRIBUTION, "mit-einwilligung")
    content["einwilligung"].update(changes)
    return content


@holds("rule:einwilligung-mit-umfang-und-frist")
def test_art_7_whoever_was_allowed_to_says_what_and_until_when() -> None:
    without = changed(consenting(), lambda it: it.pop("einwilligung"))

    pointers = breaks(CONSENT, *CONTRIBUTION, without, basis="dsgvo-7")

    assert pointers == ("/einwilligung",)


def test_art_7_consent_does_not_end_before_it_was_given() -> None:
    content = consenting(gilt_bis="2026-03-31")

    pointers = breaks(CONSENT, *CONTRIBUTION, content, basis="dsgvo-7")

    assert pointers == ("/einwilligung/gilt_bis",)


def test_art_7_nothing_is_contributed_that_it_does_not_cover() -> None:
    content = consenting(umfang=["sachstand"])

    pointers = breaks(CONSENT, *CONTRIBUTION, content, basis="dsgvo-7")

    assert pointers == ("/angaben/1",)


def test_art_7_what_it_covers_is_contributed() -> None:
    keeps(CONSENT, *CONTRIBUTION, consenting(), basis="dsgvo-7")


@holds("rule:berichtigung-nennt-das-richtige")
def test_art_16_whoever_corrects_says_what_is_right() -> None:
    content = {"grund": "irrtum"}

    pointers = breaks(
        "berichtigung-nennt-das-richtige", "auskunftsersuchen", "berichtigung", content
    )

    assert pointers == ("",)


@holds("rule:stand-nur-zum-berichtigten")
@pytest.mark.parametrize(
    ("corrected", "foreign"),
    [
        ("uebernahme", {"beendet_um": "2026-03-14T10:00:00+01:00"}),
        ("ende", {"uebernommen_um": "2026-03-13T23:10:00+01:00"}),
    ],
)
def test_art_16_of_a_takeover_nothing_is_corrected_that_belongs_to_its_end(
    corrected: str, foreign: dict[str, str]
) -> None:
    content = {"berichtigt": corrected, **foreign}

    pointers = breaks("stand-nur-zum-berichtigten", "inobhutnahme", "stand-berichtigung", content)

    assert pointers == tuple(f"/{name}" for name in foreign)
