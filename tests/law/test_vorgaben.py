# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What no statute asks for and the project does, so that what is told can be used."""

import pytest

from tests.law.breaking import an_example, breaks, changed, keeps
from tests.law.holds import holds

NOTICE = ("schule-mitteilung", "mitteilung")


@holds("rule:geburtstag-nur-mit-monat")
@pytest.mark.parametrize(
    "birth",
    [
        {"jahr": 2015, "tag": 3},
        {"jahr": 2015, "monat": 2, "tag": 29},
        {"jahr": 2016, "monat": 11, "tag": 31},
    ],
    ids=["no month", "no leap year", "no such day"],
)
def test_a_day_of_birth_is_a_day_that_there_was(birth: dict[str, int]) -> None:
    content = changed(an_example(*NOTICE), lambda it: it["kind"].update(geburt=birth))

    assert breaks("geburtstag-nur-mit-monat", *NOTICE, content) == ("/kind/geburt/tag",)


@pytest.mark.parametrize("birth", [{"jahr": 2016, "monat": 2, "tag": 29}, {"jahr": 2015}])
def test_a_birth_is_told_as_far_as_it_is_known(birth: dict[str, int]) -> None:
    content = changed(an_example(*NOTICE), lambda it: it["kind"].update(geburt=birth))

    keeps("geburtstag-nur-mit-monat", *NOTICE, content)


@holds("rule:anruf-mit-zeit-und-stelle")
@pytest.mark.parametrize("missing", ["zeitpunkt", "stelle"])
def test_whoever_says_that_they_rang_says_when_and_who_answered(missing: str) -> None:
    """In the morning somebody has to find whoever knows already."""
    call = {"erfolgt": True, "zeitpunkt": "2026-03-17T07:50:00+01:00", "stelle": "jugendamt"}
    del call[missing]
    content = changed(an_example(*NOTICE), lambda it: it.update(anruf=call))

    assert breaks("anruf-mit-zeit-und-stelle", *NOTICE, content) == (f"/anruf/{missing}",)


@holds("rule:anruf-mit-zeit")
def test_whoever_rings_the_one_place_that_there_is_says_when() -> None:
    content = changed(
        an_example("vermisste", "mitteilung"), lambda it: it.update(anruf={"erfolgt": True})
    )

    pointers = breaks("anruf-mit-zeit", "vermisste", "mitteilung", content)

    assert pointers == ("/anruf/zeitpunkt",)


@holds("rule:gespraech-belegt-oder-begruendet")
@pytest.mark.parametrize(
    ("talk", "missing"),
    [
        ({"erfolgt": False}, {"/gespraech/grund"}),
        ({"erfolgt": True, "am": "2026-04-07"}, {"/gespraech/beteiligte"}),
        ({"erfolgt": True, "beteiligte": ["kind"]}, {"/gespraech/am"}),
    ],
)
def test_a_talk_that_is_said_to_have_been_had_has_a_day_and_people(
    talk: dict[str, object], missing: set[str]
) -> None:
    content = changed(
        an_example("fallabgabe", "gespraech"),
        lambda it: it.update(hilfeplanfall=False, gespraech=talk),
    )

    pointers = breaks("gespraech-belegt-oder-begruendet", "fallabgabe", "gespraech", content)

    assert set(pointers) == missing


@holds("rule:sperre-und-information-widersprechen")
def test_nobody_is_told_and_kept_in_the_dark_at_once() -> None:
    content = changed(
        an_example("justiz-mitteilung", "mitteilung", "vollstaendig"),
        lambda it: it["informationssperre"].update(gilt=True),
    )

    pointers = breaks(
        "sperre-und-information-widersprechen", "justiz-mitteilung", "mitteilung", content
    )

    assert pointers == ("/informationssperre/gilt",)
