# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whoever has other software and seals what is forbidden, has it refused by the hub over HTTP.

``tests/law`` tries every field of every step; these few go the whole way.
"""

import httpx2
import pytest

from hub.protocols.sides import pairs
from specs.vectors.sl1.spoil import body
from tests.greedy import Greedy, seal_anyway
from tests.journeys.protocols.cast import CAST
from tests.journeys.protocols.wishes import a_wish
from tests.law.shipped import the_protocol, the_step
from tests.world import World

LEAF = "A" * 167
FORBIDDEN = [
    ("polizei-mitteilung", "mitteilung", "vorstrafen"),
    ("zoll-mitteilung", "mitteilung", "rueckmeldung_an"),
    ("ordnungsamt-mitteilung", "mitteilung", "einschaetzung"),
    ("jugendamt-einschaltung", "ersuchen", "anvertrautes"),
    ("inobhutnahme", "uebergabe", "unterbringungsanschrift"),
    ("schulabsentismus", "antrag", "gruende"),
    ("fachberatung", "frage", "name"),
    ("jugendgerichtshilfe", "unterrichtung", "geschaedigte"),
]


@pytest.mark.parametrize(("protocol_id", "step_id", "name"), FORBIDDEN)
def test_what_is_forbidden_is_not_carried(
    everybody: World, protocol_id: str, step_id: str, name: str
) -> None:
    protocol, step = the_protocol(protocol_id), the_step(protocol_id, step_id)
    sender, recipient = min(pairs(step, protocol))
    teller, listener = CAST[sender][0], CAST[recipient][-1]
    with Greedy(everybody, teller) as speaker, Greedy(everybody, listener) as office:
        raw = seal_anyway(a_wish(speaker, office, protocol, step), body(**{name: LEAF}))
        answer = speaker.submit(raw)

    assert answer.status_code == httpx2.codes.UNPROCESSABLE_CONTENT
    assert answer.json()["code"] == "scope-exceeded"
    assert answer.json()["pointers"] == ["/body"]
    assert LEAF not in answer.text
