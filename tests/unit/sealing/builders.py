# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Messages for tests, sealed by invented parties with fixed randomness."""

from dataclasses import dataclass, replace
from typing import Any

from hub.model.json import Json, JsonObject
from hub.model.message import Envelope, ParsedMessage
from hub.sealing.envelope import parse_claims, parse_message
from hub.sealing.opening import Opened, open_message
from hub.sealing.reader import ReaderPrivateKey
from hub.sealing.seal import Claims, ReaderChoice, Sealed, seal
from hub.sealing.sealable import SealableSchema, parse_sealable
from specs.vectors.sl1.actors import DESK, SCHOOL, Signing
from specs.vectors.sl1.contents import CONFIRMED
from specs.vectors.sl1.messages import OPENER, REPLY
from specs.vectors.sl1.schemas import SMALL


@dataclass(frozen=True)
class Letter:
    """A sealed message with all that its reader knows."""

    sealed: Sealed
    schema: SealableSchema
    parsed: ParsedMessage
    envelope: Envelope

    def opened_by(self, key: ReaderPrivateKey = DESK) -> Opened:
        return open_message(self.parsed, self.envelope, self.schema, key)


def some_claims(**changes: Any) -> Claims:
    return replace(REPLY, **changes)


def opening_claims(**changes: Any) -> Claims:
    return replace(OPENER, **changes)


def a_letter(
    content: Json = None,
    schema: JsonObject | None = None,
    readers: list[ReaderChoice] | None = None,
    signer: Signing = SCHOOL,
    claims: Claims = REPLY,
) -> Letter:
    sealable = parse_sealable(schema or SMALL)
    chosen = readers or [ReaderChoice(DESK.public, sealable.classes)]
    said = CONFIRMED if content is None else content
    sealed = seal(sealable, said, claims, signer, chosen)
    parsed = parse_message(sealed.raw)
    return Letter(sealed, sealable, parsed, parse_claims(parsed))
