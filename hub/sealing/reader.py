# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is a reading key, and when is one valid? (SL1 § 2)

X-Wing joins ML-KEM-768 and X25519, so a recorded message stays closed as long as one of the two
holds.
"""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey, MLKEM768X25519PublicKey

from hub.errors import ReaderKeyInvalid
from hub.model.json import JsonObject
from hub.sealing.canonical import b64, digest, jcs, unb64

SEED_BYTES: Final = 32
PUBLIC_BYTES: Final = 1216
_MLKEM_PUBLIC_BYTES: Final = 1184
_MLKEM_SEED_BYTES: Final = 64
_EXPANDED_BYTES: Final = 96
# Any scalar tells a point of low order, which gives nothing but zeros: this one is not a secret.
_PROBE: Final = X25519PrivateKey.from_private_bytes(bytes(range(32)))


@dataclass(frozen=True)
class ReaderPublicKey:
    """An X-Wing public key that passed both input checks; make it with ``from_b64``."""

    raw: bytes = field(repr=False)

    def __post_init__(self) -> None:
        _check_key(self.raw)

    @classmethod
    def from_b64(cls, pub: str) -> "ReaderPublicKey":
        """Read a key as the directory states it, or refuse it as ``reader-key-invalid``."""
        try:
            return cls(unb64(pub))
        except ValueError:
            raise ReaderKeyInvalid from None

    @cached_property
    def b64(self) -> str:
        return b64(self.raw)

    @property
    def jwk(self) -> JsonObject:
        return {"alg": "X-Wing", "kty": "AKP", "pub": self.b64}

    @cached_property
    def kid(self) -> str:
        """Thumbprint of the key (RFC 7638)."""
        return digest(jcs(self.jwk))

    def as_kem(self) -> MLKEM768X25519PublicKey:
        return MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(self.raw[:_MLKEM_PUBLIC_BYTES]),
            X25519PublicKey.from_public_bytes(self.raw[_MLKEM_PUBLIC_BYTES:]),
        )


@dataclass(frozen=True)
class ReaderPrivateKey:
    """The seed that opens. Whoever has it reads everything that was sealed to it."""

    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.seed) != SEED_BYTES:
            raise ReaderKeyInvalid("The seed of a reading key has 32 bytes.")

    @classmethod
    def from_seed(cls, seed: bytes) -> "ReaderPrivateKey":
        return cls(seed)

    @classmethod
    def generate(cls, entropy: Callable[[int], bytes] = os.urandom) -> "ReaderPrivateKey":
        return cls(entropy(SEED_BYTES))

    @cached_property
    def _parts(self) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
        expanded = hashlib.shake_256(self.seed).digest(_EXPANDED_BYTES)
        return (
            MLKEM768PrivateKey.from_seed_bytes(expanded[:_MLKEM_SEED_BYTES]),
            X25519PrivateKey.from_private_bytes(expanded[_MLKEM_SEED_BYTES:]),
        )

    @cached_property
    def public(self) -> ReaderPublicKey:
        lattice, curve = self._parts
        return ReaderPublicKey(
            lattice.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()
        )

    @property
    def kid(self) -> str:
        return self.public.kid

    def as_kem(self) -> MLKEM768X25519PrivateKey:
        return MLKEM768X25519PrivateKey(*self._parts)


def _check_key(raw: bytes) -> None:
    if len(raw) != PUBLIC_BYTES:
        raise ReaderKeyInvalid("A public reading key has 1216 bytes.")
    try:
        # The first refuses coefficients that are not reduced (FIPS 203 § 7.2), the second a
        # point whose shared secret is zero (RFC 7748 § 6.1).
        MLKEM768PublicKey.from_public_bytes(raw[:_MLKEM_PUBLIC_BYTES])
        _PROBE.exchange(X25519PublicKey.from_public_bytes(raw[_MLKEM_PUBLIC_BYTES:]))
    except ValueError:
        raise ReaderKeyInvalid from None
