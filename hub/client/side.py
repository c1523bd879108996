# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a received message needs of the line it came on."""

from typing import Any, Protocol

from hub.client.agency import Agency
from hub.client.directory import DirectoryView
from hub.client.drafts import Draft, Wish
from hub.client.line import Line
from hub.client.outbox import Outbox
from hub.client.proofs import ProvenReceipt
from hub.client.thread import Thread
from hub.protocols.catalogue import Catalogue


class Side(Protocol):
    """One unit's side of a hub; in the house that is ``hub.client.hub.Hub``."""

    @property
    def agency(self) -> Agency: ...
    @property
    def catalogue(self) -> Catalogue: ...
    @property
    def line(self) -> Line: ...
    @property
    def outbox(self) -> Outbox: ...

    async def state(self, message_id: str) -> dict[str, Any]: ...
    async def conversation(self, conversation_id: str) -> Thread: ...
    async def directory_with(self, *units: str) -> DirectoryView: ...
    async def compose_in(self, wish: Wish) -> Draft: ...
    async def submit(self, draft: Draft) -> ProvenReceipt: ...
