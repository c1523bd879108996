# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Requests that submit a message: to the hub, to the route that drops it, to the plain handler."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from bench.catalogue import probe_content
from bench.contest import spread
from bench.ground import Ground
from bench.hub_process import ASIDE
from bench.load import Played
from bench.sender import Message, Sender, written
from hub.client.line import JSON
from hub.client.proofs import check_answer
from hub.model.json import JsonObject
from hub.schemas import SCHEMAS
from hub.trust.jose import sign_compact
from hub.trust.keys import PrivateSigningKey, jwk_members

PROBE = "messprobe/1.0.0"
NOTICE = "schule-mitteilung/1.0.0"
Queues = Sequence[Sequence[bytes]]


def content_of(protocol: str) -> Mapping[str, Any]:
    """Return an invented content of the first step of a protocol."""
    if protocol == PROBE:
        return probe_content()
    folder = SCHEMAS / protocol / "examples"
    content: dict[str, Any] = json.loads(min(folder.glob("mitteilung.valid*.json")).read_bytes())
    content.pop("rueckmeldung_an", None)
    return content


class Submissions:
    """Everything that one kind of message is sent as."""

    def __init__(self, ground: Ground, protocol: str) -> None:
        self.ground = ground
        self.protocol = protocol
        self.content = content_of(protocol)
        self.senders = [Sender(school, ground) for school in ground.schools]
        self._bearer = PrivateSigningKey.generate()

    def messages(self, count: int) -> list[tuple[Sender, Message]]:
        """Return fresh messages, the schools by turns."""
        each = -(-count // len(self.senders))
        made = [
            [(sender, message) for message in sender.messages(self.protocol, self.content, each)]
            for sender in self.senders
        ]
        return list(chain.from_iterable(zip(*made, strict=True)))[:count]

    def bodies(self, count: int) -> list[bytes]:
        """Return bodies for somebody who does not look at them: a few, again and again."""
        made = [message.raw for _, message in self.messages(64)]
        return (made * (-(-count // len(made))))[:count]

    def to_hub(self, count: int) -> Queues:
        return spread(self.requests(count))

    def requests(self, count: int) -> list[bytes]:
        """Return requests to the hub, each with its token and its proof."""
        return [
            sender.request("PUT", f"/v1/messages/{message.id}", message.raw)
            for sender, message in self.messages(count)
        ]

    def to_drop(self, count: int) -> Queues:
        return spread(self.dropped(count))

    def dropped(self, count: int) -> list[bytes]:
        """Return the same requests for the route that reads and drops."""
        return [
            request.replace(b"PUT /v1/messages/", f"PUT {ASIDE}/drop/".encode(), 1)
            for request in self._repeated(self.requests, count)
        ]

    def to_plain(self, count: int) -> Queues:
        return spread(
            [
                written(
                    "PUT",
                    f"/messages/{message.id}",
                    message.raw,
                    {"authorization": f"Bearer {self._token(sender)}", "content-type": JSON},
                )
                for sender, message in self.messages(count)
            ]
        )

    def set_plain(self, folder: Path) -> None:
        """Write what the plain handler has to know: keys and the schema of the body."""
        schema = self.ground.catalogue.known(self.protocol).steps[0].schema_digest
        sealed = self.ground.catalogue.schemas.by_digest(schema).sealed
        participants = [
            {
                "kid": school.signing.kid,
                "unit": school.id,
                "jwk": json.dumps(jwk_members(school.signing.jwk)),
            }
            for school in self.ground.schools
        ]
        setting = {
            "participants": participants,
            "schemas": {schema: sealed},
            "token_key": {**jwk_members(self._bearer.jwk), "alg": "EdDSA"},
        }
        (folder / "setting.json").write_text(json.dumps(setting), "utf-8")

    def check(self, played: Played) -> None:
        """Verify some of the answers as a participant does: receipt, entry, inclusion proof."""
        for answer in played.samples[:5]:
            check_answer(answer, self.ground.schools[0].hub)

    def _token(self, sender: Sender) -> str:
        now = int(time.time())
        claims: JsonObject = {"sub": sender.agency.id, "aud": "plain", "iat": now, "exp": now + 300}
        return sign_compact(self._bearer, {"alg": "EdDSA", "typ": "JWT"}, claims)

    def _repeated(self, make: Callable[[int], list[bytes]], count: int) -> list[bytes]:
        made = make(min(count, 512))
        return (made * (-(-count // len(made))))[:count]
