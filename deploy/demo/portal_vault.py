# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a browser keeps at the portal for its person, in Python: made here, opened here alone."""

import os
from dataclasses import dataclass, field
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hub.sealing.canonical import b64, jcs, unb64
from hub.sealing.reader import ReaderPrivateKey, ReaderPublicKey

KEY: Final = 32
_IV: Final = 12
_STEP: Final = 1024
_HPKE: Final = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


@dataclass
class Vault:
    """The vault of one person, with the one device that opens it in memory."""

    person: str
    secret: bytes = field(default_factory=lambda: os.urandom(KEY), repr=False)
    device: bytes = field(default_factory=lambda: os.urandom(KEY), repr=False)

    def lock(self) -> dict[str, str]:
        """Return the vault's key, sealed under that of this device."""
        wrapped = _seal(self.device, self.secret, _label("vault", "lock", "device", self.person))
        return {"kind": "device", "name": "Vorführung", "wrapped": wrapped}

    def seal_seed(self, key: ReaderPrivateKey) -> str:
        return self.seal("seed", key.kid, {"seed": b64(key.seed), "origin": None})

    def seal(self, purpose: str, name: str, content: Any) -> str:
        """Seal a draft, a note or a seed, so that its length says little."""
        about = _label("vault", purpose, name)
        return _seal(self._derived(about), _padded(content), about)

    def _derived(self, about: bytes) -> bytes:
        return HKDF(SHA256(), KEY, salt=None, info=about).derive(self.secret)


def share(seed: ReaderPrivateKey, unit: str, colleague: str) -> str:
    """Seal the seed of a desk key to the key of a person."""
    to = ReaderPublicKey.from_b64(colleague)
    about = _label("share", unit, seed.kid, to.kid)
    return b64(_HPKE.encrypt(seed.seed, to.as_kem(), about))


def opened_share(shared: str, kid: str, unit: str, own: ReaderPrivateKey) -> ReaderPrivateKey:
    """Return a desk key; raises ``ValueError`` where another one was put in its place."""
    about = _label("share", unit, kid, own.kid)
    key = ReaderPrivateKey(_HPKE.decrypt(unb64(shared), own.as_kem(), about))
    if key.kid != kid:
        raise ValueError("that is another key")
    return key


def passed(draft: str, content: Any, colleague: str) -> dict[str, str]:
    """Seal a draft to the key of a colleague."""
    to, key = ReaderPublicKey.from_b64(colleague), os.urandom(KEY)
    about = _label("pass", draft, to.kid)
    wrap = b64(_HPKE.encrypt(key, to.as_kem(), about))
    return {"ciphertext": _seal(key, _padded(content), about), "wrap": wrap}


def _label(*labels: str) -> bytes:
    return jcs(["meldeweg", "portal", *labels])


def _seal(key: bytes, plaintext: bytes, about: bytes) -> str:
    iv = os.urandom(_IV)
    return b64(iv + AESGCM(key).encrypt(iv, plaintext, about))


def _padded(content: Any) -> bytes:
    raw = jcs(content)
    return raw + b" " * (-len(raw) % _STEP)
