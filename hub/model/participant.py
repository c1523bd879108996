# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who takes part: organisations, their units, and whose key is whose."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from hub.model.contact import Reached
from hub.model.ids import Digest, Party
from hub.model.noun import Noun
from hub.model.roster import Roster, Service

Algorithm = Literal["EdDSA", "ES256"]
Office = Literal["richter", "staatsanwalt"]
"""Whose order § 5 Abs. 1 S. 3 KKG asks for; the word covers every holder of the office."""
Doubt = Literal["compromised", "lost", "holder-left"]
"""Why a key is revoked: somebody else may have it, nobody has it, or whoever had it has gone."""
Status = Literal["proposed", "invited", "enrolled", "valid", "suspended"]


class PublicJwk(Noun):
    """A public signature key: Ed25519 or P-256, and nothing else (RFC 7517)."""

    kty: Literal["OKP", "EC"]
    crv: Literal["Ed25519", "P-256"]
    x: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]
    y: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")] | None = None


class SigningKey(Noun):
    """A key for signatures of one purpose; the algorithm belongs to the key, never to a header."""

    kid: Digest
    alg: Algorithm
    jwk: PublicJwk
    not_before: Annotated[int, Field(ge=0)]
    not_after: Annotated[int, Field(ge=0)] | None = None
    revoked: Doubt | None = None
    """It ended because it is not to be trusted, and not because another took its place."""
    office: Office | None = None
    """Issued to the holder of this office in person, and to nobody else of the unit."""

    def valid_at(self, second: int) -> bool:
        return self.not_before <= second and (self.not_after is None or second <= self.not_after)


class ReadingKey(Noun):
    """An X-Wing key that can open (SL1 § 2)."""

    kid: Digest
    pub: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1622}$")]
    use: Literal["desk", "person"]
    """``person``: key of a reporting person, for feedback alone; no name stands beside it."""
    not_before: Annotated[int, Field(ge=0)]
    not_after: Annotated[int, Field(ge=0)] | None = None
    revoked: Doubt | None = None

    def valid_at(self, second: int) -> bool:
        return self.not_before <= second and (self.not_after is None or second <= self.not_after)


class Unit(Noun):
    """The addressee of every message: a part of an organisation with keys of its own."""

    id: Party
    name: str
    roles: tuple[str, ...]
    """Protocol roles it may hold."""
    telephone: str
    """Where a person can be reached when the way through the hub fails."""
    signing: tuple[SigningKey, ...]
    token: tuple[SigningKey, ...]
    reading: tuple[ReadingKey, ...]
    roster: Roster | None = None
    """Who acts for it when; without one nothing of the urgency ``sofort`` begins with it."""
    serves: Annotated[tuple[Service, ...], Field(max_length=8)] = ()
    """For which organisations it stands in when their rosters name it."""
    callback: Reached | None = None
    """Where it hears that nobody took note of what it sent."""


class DirectoryEntry(Noun):
    """What an organisation says of itself, signed with its root key and entered in the log."""

    hub: str
    organisation: Party
    name: str
    version: Annotated[int, Field(ge=1)]
    iat: Annotated[int, Field(ge=0)]
    prv: Digest | None = None
    """Digest of the entry that this one replaces."""
    root: SigningKey
    units: Annotated[tuple[Unit, ...], Field(min_length=1, max_length=16)]


class Succession(Noun):
    """Another organisation takes over its duties."""

    by: Party
    on: str
    """The day, as people read it."""
    since: Annotated[int, Field(ge=0)]
    """The second at which that day begins where the organisation is."""


class Revocation(Noun):
    """A key that the operator ended in an emergency; the entry of its owner still lists it."""

    kid: Digest
    at: Annotated[int, Field(ge=0)]
    reason: Doubt


class Participant(Noun):
    """An organisation as the hub knows it."""

    organisation: Party
    name: str
    status: Status
    entry: DirectoryEntry | None = None
    entry_jws: str | None = None
    succession: Succession | None = None
    revoked: tuple[Revocation, ...] = ()
    changes: Annotated[int, Field(ge=0)] = 0
    """How often it changed: the version of its entry, and what the operator did about it."""
