# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""§ 8a SGB VIII: parents first, in a talk if it can be, and by name."""

from typing import Any

import pytest

from tests.law.breaking import an_example, breaks, changed, keeps
from tests.law.holds import holds

CALL = ("jugendamt-einschaltung", "ersuchen")
PARENTS = "eltern-zuerst-oder-warum-nicht"
NOTICE = ("jugendamt-mitteilung", "mitteilung")
TALK = "weitergabe-im-gespraech-oder-mit-grund"
OF_TRAEGER = ("traeger-mitteilung", "mitteilung")
INVOLVED = "einbezogen-oder-warum-nicht"


@holds("rule:eltern-zuerst-oder-warum-nicht")
@pytest.mark.parametrize(
    ("parents", "missing"),
    [
        ({"versucht": False}, "/eltern/grund"),
        ({"versucht": True}, "/eltern/ergebnis"),
    ],
)
def test_abs_3_parents_are_asked_first_or_it_says_why_not(
    parents: dict[str, Any], missing: str
) -> None:
    content = changed(an_example(*CALL), lambda it: it.update(eltern=parents))

    assert breaks(PARENTS, *CALL, content) == (missing,)


@holds("rule:einbezogen-oder-warum-nicht")
@pytest.mark.parametrize("partner", ["gespraech_kind", "gespraech_eltern"])
def test_abs_4_a_traeger_involves_child_and_parents_or_says_why_not(partner: str) -> None:
    content = changed(
        an_example(*OF_TRAEGER), lambda it: it["schritte"].update({partner: {"erfolgt": False}})
    )

    assert breaks(INVOLVED, *OF_TRAEGER, content) == (f"/schritte/{partner}/ergebnis",)


@holds("rule:weitergabe-im-gespraech-oder-mit-grund")
@pytest.mark.parametrize(
    ("talk", "missing"),
    [
        ({"erfolgt": False}, {"/gespraech/grund"}),
        ({"erfolgt": True}, {"/gespraech/am", "/gespraech/beteiligte"}),
    ],
)
def test_abs_6_it_is_passed_on_in_a_talk_or_says_why_that_follows(
    talk: dict[str, Any], missing: set[str]
) -> None:
    """„soll im Rahmen eines Gespräches … erfolgen“."""
    content = changed(an_example(*NOTICE), lambda it: it.update(gespraech=talk))

    assert set(breaks(TALK, *NOTICE, content)) == missing


def test_abs_6_a_talk_that_follows_is_no_hindrance() -> None:
    content = changed(
        an_example(*NOTICE),
        lambda it: it.update(gespraech={"erfolgt": False, "grund": "Es ist mitten in der Nacht."}),
    )

    keeps(TALK, *NOTICE, content)
