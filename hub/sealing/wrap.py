# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How do the class keys reach one reader? (SL1 § 5, step 4; RFC 9180)

Sender, addressee and message are bound into the wrap, so it opens for nothing else.
"""

from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from hub.errors import WrapUnopenable
from hub.sealing.canonical import jcs, unb64
from hub.sealing.keys import KEY_BYTES
from hub.sealing.reader import ReaderPrivateKey, ReaderPublicKey

ENCAPSULATION_BYTES: Final = 1120
TAG_BYTES: Final = 16
_SUITE: Final = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


@dataclass(frozen=True)
class WrapContext:
    """For which message, from whom, to whom a wrap is made."""

    message_id: str
    iss: str
    aud: str

    def info(self, kid: str) -> bytes:
        return jcs(["sl1", "wrap", self.message_id, self.iss, self.aud, kid])


def wrap_length(classes: int) -> int:
    """Return the bytes of a wrap for so many classes."""
    return ENCAPSULATION_BYTES + KEY_BYTES * classes + TAG_BYTES


def wrap(public: ReaderPublicKey, keys: bytes, info: bytes) -> bytes:
    """Encrypt class keys to a reading key."""
    return _SUITE.encrypt(keys, public.as_kem(), info)


def unwrap(private: ReaderPrivateKey, wrapped: str, context: WrapContext) -> bytes:
    """Decrypt the class keys, or refuse as ``wrap-unopenable``."""
    try:
        return _SUITE.decrypt(unb64(wrapped), private.as_kem(), context.info(private.kid))
    except (InvalidTag, ValueError):
        raise WrapUnopenable from None
