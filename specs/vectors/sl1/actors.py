# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who takes part in the vectors? Invented parties whose keys anybody may know."""

import hashlib
from dataclasses import dataclass
from typing import Final, Literal

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, derive_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from hub.model.json import JsonObject
from hub.sealing.canonical import b64, digest, jcs, unb64
from hub.sealing.reader import ReaderPrivateKey, ReaderPublicKey
from hub.sealing.seal import Wrap
from specs.vectors.sl1 import wrapping

HUB: Final = "hub.meldeweg.example"
SCHULE: Final = "schule:999001"
JUGENDAMT: Final = "jugendamt:99999999.asd"
BEREITSCHAFT: Final = "jugendamt:99999999.bereitschaft"
MESSAGE_ID: Final = "0193504f-7c2a-7d41-8e5b-000000000002"
OPENER_ID: Final = "0193504f-7c2a-7d41-8e5b-000000000001"
NOW: Final = 1_790_000_000
"""Second at which the messages of the vectors are submitted and opened."""


class Stream:
    """Bytes that look random and are the same every time."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._count = 0

    def __call__(self, length: int) -> bytes:
        self._count += 1
        return hashlib.shake_256(f"{self._label}/{self._count}".encode()).digest(length)


@dataclass(frozen=True)
class Ed25519Signer:
    seed: bytes
    alg: Literal["EdDSA"] = "EdDSA"

    @property
    def jwk(self) -> JsonObject:
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key()
        return {"crv": "Ed25519", "kty": "OKP", "x": b64(public.public_bytes_raw())}

    @property
    def kid(self) -> str:
        return digest(jcs(self.jwk))

    def sign(self, data: bytes) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(data)


@dataclass(frozen=True)
class Es256Signer:
    """Signs with the deterministic nonces of RFC 6979, so that the vectors can be made again."""

    scalar: bytes
    alg: Literal["ES256"] = "ES256"

    @property
    def jwk(self) -> JsonObject:
        point = derive_private_key(int.from_bytes(self.scalar), SECP256R1()).public_key()
        numbers = point.public_numbers()
        x, y = b64(numbers.x.to_bytes(32)), b64(numbers.y.to_bytes(32))
        return {"crv": "P-256", "kty": "EC", "x": x, "y": y}

    @property
    def kid(self) -> str:
        return digest(jcs(self.jwk))

    def sign(self, data: bytes) -> bytes:
        key = derive_private_key(int.from_bytes(self.scalar), SECP256R1())
        signature = key.sign(data, ECDSA(SHA256(), deterministic_signing=True))
        r, s = decode_dss_signature(signature)
        return r.to_bytes(32) + s.to_bytes(32)


Signing = Ed25519Signer | Es256Signer


def wrapping_with(stream: Stream) -> Wrap:
    """Return an HPKE that takes its randomness from a stream."""

    def wrap(public: ReaderPublicKey, keys: bytes, info: bytes) -> bytes:
        return wrapping.wrap(public.raw, keys, info, stream(wrapping.ENTROPY_BYTES))

    return wrap


def a_reader(label: str) -> ReaderPrivateKey:
    return ReaderPrivateKey(Stream(f"reader/{label}")(32))


SCHOOL: Final = Ed25519Signer(Stream("signer/schule")(32))
SCHOOL_P256: Final = Es256Signer(Stream("signer/schule-p256")(32))
STRANGER: Final = Ed25519Signer(Stream("signer/stranger")(32))
DESK: Final = ReaderPrivateKey(unb64("LFvuPg5BXkyNixitz_JJO9UVTkdIBLAynWxtN2cloZY"))
DUTY: Final = a_reader("bereitschaft")
CLERK: Final = a_reader("sachbearbeitung")
OUTSIDER: Final = a_reader("outsider")
