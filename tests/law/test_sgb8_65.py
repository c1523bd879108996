# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""§ 65 SGB VIII: what was entrusted goes to those few alone, and nowhere by accident."""

from typing import Any

import pytest

from hub.protocols.guarded import GUARDED
from hub.protocols.sides import pairs
from tests.law.breaking import breaks, keeps
from tests.law.holds import holds
from tests.law.shipped import STEPS, schema_of

RULE = "anvertrautes-nur-im-eigenen-feld"
CORRECTIONS = [(protocol.id, step.id) for protocol, step in STEPS if RULE in step.rules]


@holds("guarded:anvertraut", "guarded:schutzadresse")
@pytest.mark.parametrize("name", sorted(GUARDED))
def test_guarded_data_reach_nobody_but_jugendamt_and_court(name: str) -> None:
    """Not by any step of any protocol: the place for it does not exist there."""
    carrying = [each for each in STEPS if name in schema_of(each[1]).classes]
    recipients = {role for protocol, step in carrying for _, role in pairs(step, protocol)}

    assert carrying
    assert recipients <= GUARDED[name].recipients == {"jugendamt", "gericht"}


@holds("rule:anvertrautes-nur-im-eigenen-feld")
@pytest.mark.parametrize(("protocol", "step"), CORRECTIONS)
@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"teil": "anvertrautes", "richtig": "Es war die Tante."}, "/richtig_anvertraut"),
        ({"teil": "absender", "richtig_anvertraut": "Es war die Tante."}, "/richtig"),
    ],
)
def test_a_correction_does_not_carry_it_into_the_open(
    protocol: str, step: str, said: dict[str, Any], where: str
) -> None:
    pointers = breaks(RULE, protocol, step, {"grund": "irrtum", **said})

    assert where in pointers


@pytest.mark.parametrize(("protocol", "step"), CORRECTIONS)
def test_in_its_own_place_it_is_corrected(protocol: str, step: str) -> None:
    said = {"teil": "anvertrautes", "grund": "irrtum", "richtig_anvertraut": "Es war die Tante."}

    keeps(RULE, protocol, step, said)
