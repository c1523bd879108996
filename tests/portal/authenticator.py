# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""An authenticator in software, for tests without a browser: ES256, attested by nobody.

It verifies its user, always; and, where it can, derives a secret from a salt (``hmac-secret``).
"""

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from hub.sealing.canonical import b64, unb64

PRESENT: Final = 0x01
VERIFIED: Final = 0x04
ATTESTED: Final = 0x40
_COORDINATE: Final = 32
_PRF: Final = b"WebAuthn PRF\x00"


@dataclass
class Authenticator:
    """A device in somebody's hand, at one address."""

    origin: str
    prf: bool = True
    verifies: bool = True
    """Whether it asks for finger or PIN."""
    count: int = 0
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    user: str = ""
    _key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1()), repr=False
    )
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    @property
    def id(self) -> str:
        return b64(self.credential)

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer what ``navigator.credentials.create`` is asked."""
        self.user = options["user"]["id"]
        attested = b"".join(
            (bytes(16), len(self.credential).to_bytes(2, "big"), self.credential, self._cose())
        )
        said = cbor2.dumps(
            {"fmt": "none", "attStmt": {}, "authData": self._said(ATTESTED) + attested}
        )
        response = {
            "clientDataJSON": b64(self._client("webauthn.create", options["challenge"])),
            "attestationObject": b64(said),
        }
        return self._answer(response)

    def show(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer what ``navigator.credentials.get`` is asked."""
        self.count += 1
        client = self._client("webauthn.get", options["challenge"])
        said = self._said(0)
        signature = self._key.sign(said + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": b64(client),
            "authenticatorData": b64(said),
            "signature": b64(signature),
            "userHandle": self.user or None,
        }
        return self._answer(response)

    def derived(self, salt: bytes) -> bytes | None:
        """Return the output of the PRF extension; None where the device has none."""
        salted = hashlib.sha256(_PRF + salt).digest()
        return hmac.digest(self._secret, salted, "sha256") if self.prf else None

    def _answer(self, response: dict[str, Any]) -> dict[str, Any]:
        return {"id": self.id, "rawId": self.id, "type": "public-key", "response": response}

    def _client(self, kind: str, challenge: str) -> bytes:
        assert unb64(challenge)
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said, separators=(",", ":")).encode()

    def _said(self, more: int) -> bytes:
        place = (urlsplit(self.origin).hostname or "").encode()
        flags = PRESENT | more | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(place).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _cose(self) -> bytes:
        numbers = self._key.public_key().public_numbers()
        x, y = (each.to_bytes(_COORDINATE, "big") for each in (numbers.x, numbers.y))
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
