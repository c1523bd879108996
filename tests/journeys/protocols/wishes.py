# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Messages of any protocol, for clients that go round the SDK."""

from uuid_utils.compat import uuid4

from hub.model.protocol import Protocol, Step
from tests.greedy import Greedy, Talk, Wish
from tests.law.shipped import fullest


def a_wish(
    speaker: Greedy, listener: Greedy, protocol: Protocol, step: Step, *, talk: Talk | None = None
) -> Wish:
    """Return an honest message of a step, with its fullest example."""
    roles = speaker.world.node.directory.roles(speaker.agency.id)
    wish = speaker.wish(
        listener.agency.id,
        step.id,
        protocol=protocol.name,
        talk=talk,
        content=fullest(step),
        urgency=step.urgencies[-1],
    )
    wish = wish.saying(lb=next(iter(step.bases_of(roles)), step.basis_sender[0]))
    if not protocol.unlinked:
        return wish
    name = str(uuid4())
    return wish.saying(jti=name, cnv=talk.id if talk else name)
