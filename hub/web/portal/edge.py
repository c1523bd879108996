# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does every route of the portal need: the desk, the problems, and whose request it is?"""

from dataclasses import dataclass, field
from typing import Annotated, Final

from fastapi import Depends, Request

from hub.portal.desk import Desk
from hub.web.limits import Buckets, Rate
from hub.web.problems import Problems

VISITORS: Final = Rate(per_second=20, burst=200)
"""Requests of one session."""
STRANGERS: Final = Rate(per_second=20, burst=400)
"""Requests from one address of which nobody knows who asks; a whole school shares one."""


@dataclass(frozen=True)
class PortalEdge:
    """The desk as seen over HTTP."""

    desk: Desk
    problems: Problems
    visitors: Buckets = field(default_factory=lambda: Buckets(VISITORS))
    strangers: Buckets = field(default_factory=lambda: Buckets(STRANGERS))


async def edge_of(request: Request) -> PortalEdge:
    edge: PortalEdge = request.app.state.edge
    return edge


async def desk_of(request: Request) -> Desk:
    edge: PortalEdge = request.app.state.edge
    return edge.desk


ThePortal = Annotated[PortalEdge, Depends(edge_of)]
TheDesk = Annotated[Desk, Depends(desk_of)]
