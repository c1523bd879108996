# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What schools and desks do at the hub: its own lines, and receipts that are really signed."""

import json
from dataclasses import dataclass
from uuid import uuid4

from uuid_utils.compat import uuid7

from hub.deliver.leases import Leased, LeaseRequest, lease, return_lease
from hub.deliver.receipts import HandedIn, receive_receipt
from hub.model.evidence import AuthenticatedClient
from hub.model.ids import organisation_of
from hub.model.json import JsonObject
from hub.model.receipt import Word
from hub.node import Node
from hub.sealing.canonical import digest
from hub.sealing.envelope import env_digest
from hub.store.receipts import chain_of
from hub.submit import Submission, submit
from hub.trust.receipts import make_receipt
from tests.year.books import Books
from tests.year.founding import Land
from tests.year.letters import Letter

LEASED_FOR = 300
"""Seconds."""


@dataclass(frozen=True)
class Desk:
    """One unit at a hub that runs."""

    unit: str
    land: Land
    node: Node
    books: Books

    async def send(self, letter: Letter, now: int) -> JsonObject:
        """Submit a notice and return what its receipt says of the clocks."""
        answer = await submit(Submission(self._client(now), letter.id, letter.raw, now), self.node)
        receipt = json.loads(answer.body)["receipt"]
        said: JsonObject = self.books.event_of(receipt)["due"]
        return said

    async def fetch(self, now: int) -> list[Leased]:
        kids = (self.land.keys[self.unit].reading.kid,)
        return await lease(LeaseRequest(self._client(now), kids, 20, LEASED_FOR), self.node, 0)

    async def opened(self, message: str, env: str, now: int) -> None:
        kid = self.land.keys[self.unit].reading.kid
        await self._say("opened", message, env, now, {"kid": kid, "classes": ["main"]})

    async def took(self, message: str, env: str, now: int) -> None:
        await self._say("taken", message, env, now, {})

    async def handed_over(self, leased: Leased, now: int) -> None:
        """End a lease of what somebody else took before: it is durable here too."""
        client = self._client(now)
        await return_lease(client, leased.lease, self.node, failed=False, handed_over=True)

    async def noted(self, message: str, env: str, now: int) -> None:
        """Say that a person has taken note."""
        await self._say("acknowledged", message, env, now, {"role": digest("fachkraft")})

    async def withdrew(self, message: str, env: str, now: int) -> None:
        await self._say("withdrawn", message, env, now, {})

    async def _say(self, word: Word, message: str, env: str, now: int, members: JsonObject) -> None:
        chain = chain_of(word)
        last = self.books.last_of(message, chain)
        said = {"env": env_digest(env), **({"prv": last} if last else {}), **members}
        about = self.books.sender_of(message) if chain == "visible" else self.node.hub_id
        receipt = str(uuid7())
        jws = make_receipt(
            self.land.keys[self.unit].signing,
            word,
            iss=self.unit,
            aud=about,
            message_id=message,
            receipt_id=receipt,
            iat=now,
            members=said,
        )
        handed = HandedIn(self._client(now), message, receipt, jws)
        await receive_receipt(handed, self.node)

    def _client(self, now: int) -> AuthenticatedClient:
        organisation = organisation_of(self.unit)
        return AuthenticatedClient(self.unit, organisation, str(uuid4()), now + 120)
