# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What tests have the operator do in a hub that runs, as the commands do it."""

from typing import Any

from hub.enrol.acts import Operator
from hub.errors import NotPermitted
from hub.main.betrieb import _act_now
from tests.world import World

ANNA, BERND = Operator("anna.erfunden"), Operator("bernd.erfunden")


def operated(world: World, act: str, **request: str) -> dict[str, Any]:
    """Carry out an act; raises ``NotPermitted`` with what was refused."""
    answer = _act_now(world.node, {"act": act, **request})
    if "refused" in answer:
        raise NotPermitted(str(answer["refused"]))
    return answer
