# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""§ 67d Abs. 1 SGB X: who sends social data answers for it, also when correcting."""

import pytest

from tests.law.breaking import an_example, breaks, changed, keeps
from tests.law.holds import holds

RULE = "jugendamt-berichtigt-nur-seine-frage"
ASKED_ONLY = ("polizei-mitteilung", "schule-mitteilung", "zoll-mitteilung",
              "ordnungsamt-mitteilung", "justiz-mitteilung", "gesundheit-mitteilung",
              "traeger-mitteilung")  # fmt: skip


@holds("rule:jugendamt-berichtigt-nur-seine-frage")
@pytest.mark.parametrize("protocol", ASKED_ONLY)
def test_where_the_jugendamt_only_asked_it_corrects_only_the_question(protocol: str) -> None:
    """Else a free text could tell the police what the Rückfrage must not."""
    step = (protocol, "berichtigung")
    foreign = changed(an_example(*step), lambda it: it.update(teil="absender", richtig="Text"))
    too_long = changed(an_example(*step), lambda it: it.update(teil="frage", richtig="a" * 1001))
    question = changed(an_example(*step), lambda it: it.update(teil="frage", richtig="Wo?"))

    assert breaks(RULE, *step, foreign, by="jugendamt") == ("/teil",)
    assert breaks(RULE, *step, too_long, by="jugendamt") == ("/richtig",)
    keeps(RULE, *step, question, by="jugendamt")


@pytest.mark.parametrize("protocol", ASKED_ONLY)
def test_who_reported_corrects_every_part(protocol: str) -> None:
    step = (protocol, "berichtigung")

    foreign = changed(an_example(*step), lambda it: it.update(teil="absender"))
    keeps(RULE, *step, foreign, by=protocol.partition("-")[0])
