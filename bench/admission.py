# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Messages accepted in this process, without HTTP: for what is about the hub's own work alone."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Self

from bench.ground import Ground
from bench.sender import Message, Sender
from bench.submissions import Submissions
from hub.main.assembly import open_node
from hub.node import Node
from hub.submit import Submission, submit
from hub.trust.proofs import Request, make_dpop_proof
from hub.trust.tokens import AssertionVerified, AuthorizationServer, Presented

AT_ONCE: Final = 32
_WARM_UP: Final = 64


@dataclass(frozen=True)
class Admission:
    """A node with an authorization server, and a token for every school."""

    node: Node
    server: AuthorizationServer
    submissions: Submissions
    tokens: dict[str, str]

    @classmethod
    @contextmanager
    def opened(cls, ground: Ground, name: str, protocol: str) -> Iterator[Self]:
        """Open a copy of the founded hub, and accept some messages so that all is compiled."""
        with open_node(ground.copied(name), ground.url) as node:
            node.catalogue = ground.catalogue
            server = AuthorizationServer(node.public_url, node.keys.token)
            submissions = Submissions(ground, protocol)
            now = int(node.clock())
            tokens = {
                sender.agency.id: server.issue_access_token(_verified(sender, now), now)
                for sender in submissions.senders
            }
            admission = cls(node, server, submissions, tokens)
            admission.accept(_WARM_UP)
            yield admission

    def accept(self, count: int) -> float:
        """Have so many messages accepted; returns this process' processor time for each, in ms."""
        asked = [self._asked(*each) for each in self.submissions.messages(count)]
        begun = time.process_time()
        asyncio.run(self._all(asked))
        return (time.process_time() - begun) / count * 1000

    def _asked(self, sender: Sender, message: Message) -> tuple[Presented, Message]:
        request = Request("PUT", f"{self.node.public_url}/v1/messages/{message.id}")
        token, now = self.tokens[sender.agency.id], int(self.node.clock())
        proof = make_dpop_proof(sender.binding, request, now, access_token=token)
        return Presented([f"DPoP {token}"], [proof], request), message

    async def _all(self, asked: list[tuple[Presented, Message]]) -> None:
        for at in range(0, len(asked), AT_ONCE):
            await asyncio.gather(*(self._one(*each) for each in asked[at : at + AT_ONCE]))

    async def _one(self, presented: Presented, message: Message) -> None:
        node, now = self.node, self.node.clock()
        client = self.server.authenticate(presented, node.directory, int(now))
        await submit(Submission(client, message.id, message.raw, now), node)


def _verified(sender: Sender, now: int) -> AssertionVerified:
    return AssertionVerified(
        unit=sender.agency.id,
        key=sender.agency.token.kid,
        jkt=sender.binding.kid,
        assertion_id="",
        assertion_expires_at=now,
        proof_id="",
        proof_expires_at=now,
    )
