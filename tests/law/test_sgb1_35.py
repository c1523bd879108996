# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""§ 35 SGB I: Sozialgeheimnis, also of whoever called, and towards a school."""

from typing import Any

import pytest

from tests.law.breaking import an_example, breaks, changed, keeps
from tests.law.holds import holds

PROMISED = "zugesagte-anonymitaet-ohne-angaben"
HANDOVER = ("krisendienst-uebergabe", "uebergabe")
NOTED = "jugendamt-nimmt-nur-zur-kenntnis"
DONE = ("schulabsentismus", "erledigung")
OF_THE_JUGENDAMT = "sgb8-64-1"


def a_call(**caller: Any) -> dict[str, Any]:
    return changed(
        an_example(*HANDOVER, "vollstaendig"),
        lambda it: it.update(anrufende_person={"anonymitaet_zugesagt": True, **caller}),
    )


@holds("rule:zugesagte-anonymitaet-ohne-angaben")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", {"familienname": "Nachbarin-Erfunden"}),
        ("kontakt", {"kanal": "03", "kennung": "0171 3920024"}),
    ],
)
def test_whoever_was_promised_it_is_not_named(name: str, value: dict[str, str]) -> None:
    pointers = breaks(PROMISED, *HANDOVER, a_call(**{name: value}))

    assert pointers == (f"/anrufende_person/{name}",)


def test_that_somebody_called_is_handed_over_without_a_name() -> None:
    keeps(PROMISED, *HANDOVER, a_call())


@holds("rule:jugendamt-nimmt-nur-zur-kenntnis")
@pytest.mark.parametrize("step", ["erledigung", "erledigung-berichtigung"])
def test_a_school_hears_from_the_jugendamt_that_it_knows_and_no_more(step: str) -> None:
    content = {"ergebnis": "durchgefuehrt", "am": "2026-03-24"}

    pointers = breaks(NOTED, "schulabsentismus", step, content, basis=OF_THE_JUGENDAMT)

    assert pointers == ("/ergebnis", "/am")


def test_the_ordnungsamt_says_that_it_was_done() -> None:
    keeps(NOTED, *DONE, {"ergebnis": "durchgefuehrt", "am": "2026-03-24"})
