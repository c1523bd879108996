# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What other offices send in the journeys, and words that not everybody may read.

Nothing in it is true, and nobody bears these names.
"""

import json
from typing import Any, Final

from hub.client import Draft
from hub.schemas import SCHEMAS
from tests.eingang.world import Inbox
from tests.world import KREIS

ENTRUSTED: Final = "dass sie sich nachts aus Angst nicht nach Hause traut"
"""From what a mother has entrusted to a professional."""
FULL: Final = SCHEMAS / "jugendamt-mitteilung" / "1.0.0" / "examples"


def entrusted_by_the_kreis(inbox: Inbox) -> Draft:
    """Have another office pass on a notice, with all that can stand in one."""
    content: dict[str, Any] = json.loads((FULL / "mitteilung.valid.vollstaendig.json").read_bytes())
    assert ENTRUSTED in content["anvertrautes"]["text"]
    return inbox.send(
        KREIS, protocol="jugendamt-mitteilung", content=content, urgency="unverzueglich"
    )
