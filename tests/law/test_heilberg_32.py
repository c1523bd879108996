# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""§ 32 HeilBerG NRW: from doctor to doctor, and to nobody else."""

import pytest

from hub.protocols.sides import pairs
from tests.law.shipped import CATALOGUE, schema_of, the_protocol

P04B = the_protocol("aerzte-austausch")


def test_nr_1_everything_stays_among_those_who_treat() -> None:
    told = {pair for step in P04B.steps for pair in pairs(step, P04B)}

    assert told == {("gesundheit", "gesundheit")}


def test_nr_1_carries_what_is_said_about_the_suspicion() -> None:
    carrying = {code for step in P04B.steps if not step.corrects for code in step.basis_sender}

    assert [CATALOGUE.cite(code) for code in carrying] == ["§ 32 Nr. 1 HeilBerG NRW"]
    assert P04B.status == "entwurf"


@pytest.mark.parametrize("step", P04B.steps, ids=lambda step: step.id)
def test_no_insurer_has_a_place_in_it(step: object) -> None:
    """§ 294a Abs. 1 S. 2 SGB V: there is no duty to tell it."""
    pointers = schema_of(step).pointers  # type: ignore[arg-type]

    assert not any("kasse" in pointer or "versicher" in pointer for pointer in pointers)
