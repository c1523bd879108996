# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""§ 68 SGB X: seven things, one person, half a year."""

from datetime import timedelta
from typing import Any

import pytest

from tests.law.breaking import an_example, breaks, changed, keeps
from tests.law.holds import holds
from tests.law.shipped import schema_of, the_protocol, the_step

REQUEST = ("auskunftsersuchen", "ersuchen")
ANSWER = ("auskunftsersuchen", "auskunft")
LISTED = {
    "name", "vorname", "geburtsdatum", "geburtsort", "anschrift", "aufenthaltsort", "arbeitgeber",
}  # fmt: skip


def test_abs_1_lists_seven_things_and_no_eighth_can_be_asked_for() -> None:
    asked = schema_of(the_step(*REQUEST)).pointers["/erbeten/0"].schema["enum"]

    assert isinstance(asked, list)
    assert set(asked) == LISTED


@holds("void_after:auskunftsersuchen")
def test_abs_1_a_request_is_void_after_six_months() -> None:
    """``test_time.py`` among the journeys lets the hub's clock say so."""
    void = the_protocol("auskunftsersuchen").void_after

    assert void is not None
    assert void.within <= timedelta(days=184)
    assert void.source.startswith("§ 68 Abs. 1 SGB X")


@holds("rule:ersuchen-meint-eine-person")
def test_abs_1_a_request_means_one_person() -> None:
    """„im Einzelfall“: a name alone is a search."""
    content = changed(an_example(*REQUEST), lambda it: it["person"].pop("geburt"))

    assert breaks("ersuchen-meint-eine-person", *REQUEST, content) == ("/person",)


@holds("rule:auskunft-je-angabe")
@pytest.mark.parametrize(
    ("results", "values", "where"),
    [
        ([("anschrift", "mitgeteilt")], {}, "/angaben/anschrift"),
        ([("name", "nicht-bekannt")], {"familienname": "Beispiel-Erfunden"}, None),
        ([("name", "mitgeteilt"), ("name", "nicht-bekannt")], {}, "/ergebnisse/1"),
    ],
    ids=["said and not there", "there and not said", "said twice"],
)
def test_abs_1_what_is_given_is_what_the_answer_says_is_given(
    results: list[tuple[str, str]], values: dict[str, Any], where: str | None
) -> None:
    said = [{"angabe": item, "ergebnis": result} for item, result in results]
    content = changed(an_example(*ANSWER, "vollstaendig"), lambda it: it.update(ergebnisse=said))
    content["angaben"] = values
    if not values:
        del content["angaben"]

    pointers = breaks("auskunft-je-angabe", *ANSWER, content)

    assert (where or "/angaben/familienname") in pointers


def test_abs_1_item_by_item_an_answer_is_given() -> None:
    keeps("auskunft-je-angabe", *ANSWER, an_example(*ANSWER, "vollstaendig"))
