# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a hub and a reader of the vectors say to a message: SL1 § 7 from its first to its last step.

The hub itself asks its database, directory and clock; here these are what the vector states.
"""

from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from hub.errors import (
    HubMismatch,
    IdMismatch,
    IdReused,
    IssuedOutsideWindow,
    ReaderKeyStale,
    SchemaUnknown,
    SenderMismatch,
    SignatureInvalid,
)
from hub.model.json import JsonObject
from hub.model.message import Envelope, ParsedMessage
from hub.sealing.canonical import digest, unb64
from hub.sealing.envelope import env_digest, parse_claims, parse_message
from hub.sealing.form import check_form, cut
from hub.sealing.opening import Expectation, Opened, check_addressed, open_message
from hub.sealing.reader import ReaderPrivateKey
from hub.sealing.sealable import SealableSchema, parse_sealable

Vector = dict[str, Any]
FOR_EVER: Final = 2**53 - 1
HALF: Final = 32


def verify(jwk: JsonObject, alg: str, data: bytes, signature: bytes) -> bool:
    """Verify with the stored algorithm, whatever the header says."""
    x = unb64(str(jwk["x"]))
    try:
        if alg == "EdDSA":
            Ed25519PublicKey.from_public_bytes(x).verify(signature, data)
            return True
        if len(signature) != 2 * HALF:
            return False
        y = unb64(str(jwk["y"]))
        point = EllipticCurvePublicNumbers(int.from_bytes(x), int.from_bytes(y), SECP256R1())
        r, s = int.from_bytes(signature[:HALF]), int.from_bytes(signature[HALF:])
        point.public_key().verify(encode_dss_signature(r, s), data, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


@dataclass(frozen=True)
class World:
    """What all vectors of one file have in common."""

    file: Vector
    schemas: dict[str, SealableSchema]

    @classmethod
    def of(cls, file: Vector) -> "World":
        schemas = [parse_sealable(schema) for schema in file["schemas"]]
        return cls(file, {schema.digest: schema for schema in schemas})

    def hub(self, raw: bytes, about: Vector) -> None:
        """Go through the hub's seven steps."""
        parsed = parse_message(raw)
        self._check_signature(parsed, about)
        envelope = parse_claims(parsed)
        self._check_transport(raw, envelope, about)
        check_form(envelope, parsed, self._schema(envelope))
        reading = self.file["reading"] | about.get("reading", {})
        if not {reader.kid for reader in envelope.readers} <= set(reading[envelope.aud]):
            raise ReaderKeyStale

    def reader(self, raw: bytes, about: Vector) -> Opened:
        """Go through the reader's six steps."""
        parsed = parse_message(raw, delivered=True)
        self._check_signature(parsed, about)
        envelope = parse_claims(parsed)
        seed = about.get("seed", self.file["reader"]["seed"])
        key = ReaderPrivateKey.from_seed(unb64(seed))
        expected = Expectation(
            hub=str(about.get("hub", self.file["hub_id"])),
            parties=about.get("parties", self.file["reader"]["parties"]),
            kid=key.kid,
            now=about.get("now") or self.file["now"],
        )
        check_addressed(envelope, expected)
        for seen in about.get("seen", []):
            same_id = (seen["iss"], seen["jti"]) == (envelope.iss, envelope.jti)
            if same_id and seen["env"] != env_digest(parsed.env):
                raise IdReused
        delivered = parse_message(cut(parsed, {key.kid}), delivered=True)
        return open_message(delivered, envelope, self._schema(envelope), key)

    def _schema(self, envelope: Envelope) -> SealableSchema:
        if envelope.schema_digest not in self.schemas:
            raise SchemaUnknown
        return self.schemas[envelope.schema_digest]

    def _check_signature(self, parsed: ParsedMessage, about: Vector) -> None:
        valid = range(about.get("not_before", 0), about.get("not_after", FOR_EVER) + 1)
        signing_input, _, signature = parsed.env.rpartition(".")
        for key in self.file["signing"]:
            if (key["iss"], key["kid"]) != (parsed.iss, parsed.header["kid"]):
                continue
            if key["alg"] != parsed.header["alg"] or parsed.iat not in valid:
                continue
            if verify(key["jwk"], key["alg"], signing_input.encode(), unb64(signature)):
                return
        raise SignatureInvalid

    def _check_transport(self, raw: bytes, envelope: Envelope, about: Vector) -> None:
        if envelope.jti != about.get("address", envelope.jti):
            raise IdMismatch
        if envelope.iss != about.get("client", envelope.iss):
            raise SenderMismatch
        if envelope.hub != self.file["hub_id"]:
            raise HubMismatch
        for known in about.get("known", []):
            same = (known["client"], known["request"]) == (envelope.iss, digest(raw))
            if known["id"] == envelope.jti and not same:
                raise IdReused
        now = self.file["now"]
        if not now - 300 <= envelope.iat <= now + 60 or envelope.end <= now:
            raise IssuedOutsideWindow
