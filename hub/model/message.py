# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A message: the signed envelope, the sealed body, the wrapped keys (``specs/sl1.md``)."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from hub.model.ids import Digest, Party, Uuid
from hub.model.json import Json
from hub.model.noun import Noun

ClassName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,15}$")]
Seconds = Annotated[int, Field(ge=0, le=2**53 - 1)]


class ReaderClaim(Noun):
    """One key that may open, the classes it opens, and the digest of its wrap."""

    classes: Annotated[tuple[ClassName, ...], Field(min_length=1, max_length=8)]
    kid: Digest
    rel: Literal["now", "escalation"]
    wrap: Digest


class Envelope(Noun):
    """What the sender signed and the hub may see: every claim of SL1 § 6, and no other."""

    suite: Literal["SL1"]
    hub: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.:/-]{2,127}$")]
    iss: Party
    aud: Party
    jti: Uuid
    iat: Seconds
    end: Seconds
    proto: Annotated[
        str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{2,39}/[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}$")
    ]
    step: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
    schema_digest: Annotated[Digest, Field(alias="schema")]
    cnv: Uuid
    pos: Annotated[int, Field(ge=1, le=2**53 - 1)]
    prv: Digest | None = None
    """``env`` digest of the last message seen; absent for the opener only."""
    cau: Uuid | None = None
    urg: Annotated[str, StringConstraints(pattern=r"^[a-z]{4,16}$")]
    lb: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{1,39}$")]
    readers: Annotated[tuple[ReaderClaim, ...], Field(min_length=1, max_length=8)]
    commit: Annotated[dict[ClassName, Digest], Field(min_length=1, max_length=8)]
    body: Digest
    sd_alg: Annotated[Literal["sha-256"], Field(alias="_sd_alg")]
    sd: Annotated[tuple[Digest, ...], Field(min_length=1, max_length=160, alias="_sd")]

    @property
    def opens_conversation(self) -> bool:
        return self.cnv == self.jti


@dataclass(frozen=True)
class WrappedKey:
    """The class keys of a message, wrapped for one reader."""

    kid: str
    wrap: str


@dataclass(frozen=True)
class ParsedMessage:
    """A message whose bytes are strict JSON of the right members; nothing about it is verified."""

    raw: bytes
    env: str
    """Compact JWS, as it came."""
    header: dict[str, Json]
    payload: bytes
    """The signed claims as JSON bytes."""
    iss: str
    iat: int
    body: Json
    body_bytes: bytes
    """JCS of the body, as it stood in the message."""
    keys: tuple[WrappedKey, ...]
    added: str | None = None
    """Statement of a reader added later (SL1 § 8); only in deliveries."""
