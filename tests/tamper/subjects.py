# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A message that can be tampered with, and what a hub and its reader make of it.

Both go through the functions of the house, step by step as ``specs/sl1.md`` § 7 has them; only what
a database or a directory would say stands here.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hub.model.json import JsonObject
from hub.model.message import Envelope
from hub.model.participant import PublicJwk, SigningKey
from hub.sealing.canonical import digest, jcs, unb64
from hub.sealing.envelope import parse_claims, parse_message
from hub.sealing.form import check_form, cut
from hub.sealing.jws import MESSAGE_TYP, Signer, write_jws
from hub.sealing.opening import Expectation, Opened, check_addressed, open_message
from hub.sealing.reader import ReaderPrivateKey
from hub.sealing.sealable import SealableSchema, parse_sealable
from hub.trust.signatures import verify_signature
from specs.vectors.sl1.actors import Signing
from specs.vectors.sl1.messages import CASES, Case, seal_case
from tests.tamper.examples import Unshown

Members = dict[str, Any]


@dataclass(frozen=True)
class Subject(Unshown):
    """A message, who signed it, and who reads it."""

    raw: bytes
    signer: Signer
    key: SigningKey
    schema: SealableSchema
    reader: ReaderPrivateKey

    @property
    def members(self) -> Members:
        members: Members = json.loads(self.raw)
        return members

    @property
    def claims(self) -> Members:
        return claims_in(self.members)

    @property
    def delivered(self) -> bytes:
        """The message as its reader gets it."""
        return cut(parse_message(self.raw), {self.reader.kid})

    def decide(self, raw: bytes) -> Envelope:
        """Do what a hub does before it asks its database (``hub.submit.decide``)."""
        parsed = parse_message(raw)
        verify_signature(parsed, self.key)
        envelope = parse_claims(parsed)
        check_form(envelope, parsed, self.schema)
        return envelope

    def read(self, raw: bytes) -> Opened:
        """Do what a reader does, who knows the honest message's hub, addressee and moment."""
        parsed = parse_message(raw, delivered=True)
        verify_signature(parsed, self.key)
        envelope = parse_claims(parsed)
        own = self.claims
        expected = Expectation(own["hub"], (own["aud"],), self.reader.kid, own["iat"])
        check_addressed(envelope, expected)
        return open_message(parsed, envelope, self.schema, self.reader)

    def signed_anew(self, change: Callable[[Members, Members], object]) -> bytes:
        """Let the sender itself change claims and members, and sign what comes of it.

        ``change`` gets the claims and the members; the digest of the body is made anew before.
        """
        members, claims = self.members, self.claims
        change(claims, members)
        return self.with_claims(claims, members)

    def with_body(self, body: JsonObject) -> bytes:
        """Let the sender itself sign another body."""

        def change(claims: Members, members: Members) -> None:
            members["body"] = body
            claims["body"] = digest(jcs(body))

        return self.signed_anew(change)

    def with_claims(self, claims: Members, members: Members | None = None) -> bytes:
        env = write_jws(MESSAGE_TYP, claims, self.signer)
        return jcs((self.members if members is None else members) | {"env": env})


def claims_in(members: Members) -> Members:
    claims: Members = json.loads(unb64(members["env"].split(".")[1]))
    return claims


def public_half(signing: Signing) -> SigningKey:
    jwk = PublicJwk.model_validate(signing.jwk)
    return SigningKey(kid=signing.kid, alg=signing.alg, jwk=jwk, not_before=0)


def of_case(name: str, case: Case) -> Subject:
    """Return the message of a published vector; its first reader reads everything."""
    schema = parse_sealable(case.schema)
    raw = seal_case(name, case, schema).raw
    signer = case.signer
    return Subject(raw, signer, public_half(signer), schema, case.readers[0].private)


SUBJECTS: dict[str, Subject] = {name: of_case(name, case) for name, case in CASES.items()}
TWO_CLASSES, ES256, REPLY = SUBJECTS.values()
