# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What do both programs have to know to seal and to open the same message?"""

from dataclasses import dataclass, replace
from functools import cached_property
from random import Random
from typing import Any, Final
from uuid import UUID

from hub.errors import Refusal
from hub.model.json import Json, JsonObject
from hub.protocols.schemas import load_schemas
from hub.schemas import SCHEMAS
from hub.sealing.canonical import b64
from hub.sealing.envelope import parse_message
from hub.sealing.form import cut
from hub.sealing.seal import Claims, ReaderChoice, seal
from hub.sealing.sealable import SealableSchema, parse_sealable
from specs.vectors.sl1.actors import (
    CLERK,
    DESK,
    DUTY,
    HUB,
    JUGENDAMT,
    NOW,
    SCHOOL,
    SCHOOL_P256,
    SCHULE,
    Es256Signer,
    Signing,
)
from specs.vectors.sl1.messages import OPENER, REPLY
from specs.vectors.sl1.schemas import LARGE
from tests.interop.drawn import a_content
from tests.interop.node import Peer, Refused
from tests.unit.sealing.verdicts import World

REGISTRY: Final = load_schemas(SCHEMAS)
PUBLISHED: Final = tuple(REGISTRY.by_name(name) for name in REGISTRY.names)
EXPECTATION: Final[JsonObject] = {
    "parties": [JUGENDAMT],
    "hub": HUB,
    "now": NOW,
    "signatories": [{"iss": SCHULE, "jwk": signer.jwk} for signer in (SCHOOL, SCHOOL_P256)],
}
CLASSES: Final = parse_sealable(LARGE)
"""A schema of two classes; the published ones have one."""


@dataclass(frozen=True)
class Letter:
    """A content with all that is needed to seal it; the same for both programs."""

    schema: SealableSchema
    content: JsonObject
    claims: Claims
    signer: Signing
    deputy: bool
    """Whether the duty service reads it after an escalation."""

    @property
    def choices(self) -> list[ReaderChoice]:
        everything = self.schema.classes
        choices = [ReaderChoice(DESK.public, everything)]
        if self.deputy:
            choices.append(ReaderChoice(DUTY.public, everything, "escalation"))
        if len(everything) > 1:
            choices.append(ReaderChoice(CLERK.public, everything[-1:]))
        return choices

    def seal_here(self) -> bytes:
        return seal(self.schema, self.content, self.claims, self.signer, self.choices).raw

    @cached_property
    def question(self) -> dict[str, Any]:
        """What the other program is asked to seal."""
        readers = [
            {"pub": choice.public.b64, "classes": [*choice.classes], "rel": choice.rel}
            for choice in self.choices
        ]
        return {
            "schema": self.schema.plain,
            "content": self.content,
            "claims": self.claims.as_json(),
            "jwk": private_jwk(self.signer),
            "readers": readers,
        }


def a_letter(random: Random, schema: SealableSchema) -> Letter:
    """Draw a letter: any content, either algorithm, an opener or a later message."""
    message_id = str(UUID(int=random.getrandbits(128), version=4))
    opens = random.random() < 1 / 2
    claims = replace(
        OPENER if opens else REPLY, jti=message_id, cnv=message_id if opens else REPLY.cnv
    )
    signer = random.choice((SCHOOL, SCHOOL_P256))
    return Letter(schema, a_content(random, schema), claims, signer, random.random() < 1 / 2)


def private_jwk(signer: Signing) -> JsonObject:
    secret = signer.scalar if isinstance(signer, Es256Signer) else signer.seed
    return signer.jwk | {"d": b64(secret)}


def world_of(*schemas: SealableSchema) -> World:
    """Return a reader that runs here, with the knowledge that the other program is given."""
    signing: list[Json] = [
        {"iss": SCHULE, "alg": signer.alg, "kid": signer.kid, "jwk": signer.jwk}
        for signer in (SCHOOL, SCHOOL_P256)
    ]
    reader = {"seed": b64(DESK.seed), "parties": [JUGENDAMT]}
    file = {"hub_id": HUB, "now": NOW, "signing": signing, "reader": reader}
    return World(file, {schema.digest: schema for schema in schemas})


def delivered(raw: bytes) -> bytes:
    """Cut a message for the desk, as the hub does."""
    return cut(parse_message(raw), {DESK.kid})


def verdict_here(world: World, raw: bytes) -> str | None:
    """Return the code with which a delivery is refused here; None if it is opened."""
    try:
        world.reader(raw, {})
    except Refusal as refusal:
        return refusal.code
    return None


def open_there(peer: Peer, raw: bytes, *schemas: SealableSchema) -> dict[str, Any]:
    plain = [schema.plain for schema in schemas]
    return peer.ask(
        "open", raw=b64(raw), schemas=plain, seed=b64(DESK.seed), expectation=EXPECTATION
    )


def verdict_there(peer: Peer, raw: bytes, *schemas: SealableSchema) -> str | None:
    """Return the code with which a delivery is refused there; None if it is opened."""
    try:
        open_there(peer, raw, *schemas)
    except Refused as refused:
        return refused.code
    return None
