# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is a signing key, where does it live, and does a signature hold under it?

Two algorithms, Ed25519 and P-256 with SHA-256. The algorithm belongs to the key; a header can
repeat it, never choose it. No public key is used before it was looked at once
(``check_public_key``), wherever it came from.
"""

import os
import stat
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeAlias

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import ECAlgorithm
from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError
from pydantic import ValidationError

from hub.errors import EnvelopeInvalid, SignatureInvalid
from hub.model.json import Json, JsonObject
from hub.model.participant import Algorithm, PublicJwk, SigningKey
from hub.sealing.canonical import b64, digest, jcs, unb64
from hub.trust.edwards import check_point

_Loaded: TypeAlias = bytes | ec.EllipticCurvePublicKey
"""A key to verify with: the 32 bytes of one of Ed25519, or a point of P-256."""
_Public: TypeAlias = Ed25519PublicKey | ec.EllipticCurvePublicKey
_Private: TypeAlias = Ed25519PrivateKey | ec.EllipticCurvePrivateKey

_P256_FIELD: Final = 2**256 - 2**224 + 2**192 + 2**96 - 1
_COORDINATE: Final = 32
_SIGNATURE: Final = 64
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_ES256: Final = ECAlgorithm(ECAlgorithm.SHA256, ec.SECP256R1)


class PrivateSigningKey:
    """A key that can sign. Its secret half leaves only through ``save``."""

    def __init__(self, private: _Private) -> None:
        self._private = private
        self.jwk: Final = _jwk_of(private.public_key())
        self.kid: Final = thumbprint(self.jwk)
        self.alg: Final = algorithm_of(self.jwk)

    def __repr__(self) -> str:
        return f"PrivateSigningKey(kid={self.kid!r})"

    @classmethod
    def generate(cls, alg: Algorithm = "EdDSA") -> "PrivateSigningKey":
        if alg == "EdDSA":
            return cls(Ed25519PrivateKey.generate())
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def load(cls, path: Path) -> "PrivateSigningKey":
        """Read a key file (PEM, PKCS 8) that nobody else on this machine can read.

        Raises ``PermissionError`` if somebody could, ``ValueError`` if it holds another kind of
        key; neither quotes the file.
        """
        return cls(_parse_private(_read_own_file(path)))

    def save(self, path: Path) -> None:
        """Write the key where there is no file yet, readable by its owner alone."""
        pem = self._private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(descriptor)
        _sync_directory(path.parent)

    def sign(self, data: bytes) -> bytes:
        """Return 64 bytes, for ES256 r and s one after the other (RFC 7518 § 3.4)."""
        if isinstance(self._private, Ed25519PrivateKey):
            return self._private.sign(data)
        return _ES256.sign(data, self._private)

    def public(self, not_before: int, not_after: int | None = None) -> SigningKey:
        """Return the public half as the directory keeps it."""
        return SigningKey(
            kid=self.kid, alg=self.alg, jwk=self.jwk, not_before=not_before, not_after=not_after
        )


def thumbprint(jwk: PublicJwk) -> str:
    """Return the key id: digest of the required members (SL1 § 2, RFC 7638)."""
    return digest(jcs(jwk_members(jwk)))


def jwk_members(jwk: PublicJwk) -> JsonObject:
    """Return the key as JSON, without a member that it does not have."""
    members: JsonObject = {"crv": jwk.crv, "kty": jwk.kty, "x": jwk.x}
    return members if jwk.y is None else members | {"y": jwk.y}


def algorithm_of(jwk: PublicJwk) -> Algorithm:
    """Return the one algorithm that a key is for."""
    return "EdDSA" if jwk.kty == "OKP" else "ES256"


def parse_jwk(value: Json, *, at: str = "") -> PublicJwk:
    """Read a public key; one with a private, symmetric or unknown member is none (RFC 7517)."""
    try:
        return PublicJwk.model_validate(value)
    except ValidationError:
        raise _unfit(at) from None


def check_public_key(jwk: PublicJwk, *, kid: str | None = None, at: str = "") -> None:
    """Refuse a key under which a signature would prove nothing, or that has a second spelling.

    That is a point off its curve, of small order or in other than its shortest form, members of
    two kinds of key mixed, and a ``kid`` that is not the thumbprint. ``at`` is the pointer to
    the key in what was sent.
    """
    try:
        _load_public(jwk)
    except ValueError:
        raise _unfit(at) from None
    if kid is not None and kid != thumbprint(jwk):
        raise _unfit(f"{at}/kid")


def check_signing_key(key: SigningKey, *, at: str = "") -> None:
    """Refuse a key that cannot be registered: id, algorithm and key have to fit each other."""
    check_public_key(key.jwk, at=f"{at}/jwk")
    if key.kid != thumbprint(key.jwk):
        raise _unfit(f"{at}/kid")
    if key.alg != algorithm_of(key.jwk):
        raise _unfit(f"{at}/alg")


def verify_raw(jwk: PublicJwk, alg: str, signature: bytes, data: bytes) -> None:
    """Refuse a signature that the key did not make over exactly these bytes."""
    if alg != algorithm_of(jwk) or len(signature) != _SIGNATURE:
        raise SignatureInvalid
    try:
        public = _load_public(jwk)
    except ValueError:
        raise SignatureInvalid from None
    if not _holds(public, signature, data):
        raise SignatureInvalid


def _holds(public: _Loaded, signature: bytes, data: bytes) -> bool:
    if not isinstance(public, bytes):
        return _ES256.verify(data, public, signature)
    try:
        # libsodium takes half the time of OpenSSL, and accepts nothing that OpenSSL does not.
        crypto_sign_open(signature + data, public)
    except BadSignatureError:
        return False
    return True


@lru_cache(maxsize=8192)
def _load_public(jwk: PublicJwk) -> _Loaded:
    x = unb64(jwk.x)
    if (jwk.kty, jwk.crv) == ("OKP", "Ed25519") and jwk.y is None:
        check_point(x)
        return x
    if (jwk.kty, jwk.crv) == ("EC", "P-256") and jwk.y is not None:
        return _load_p256(x, unb64(jwk.y))
    raise ValueError("members of two kinds of key")


def _load_p256(x: bytes, y: bytes) -> ec.EllipticCurvePublicKey:
    point = ec.EllipticCurvePublicNumbers(
        int.from_bytes(x, "big"), int.from_bytes(y, "big"), ec.SECP256R1()
    )
    # OpenSSL reduces a coordinate that is too large, which would give one key two ids.
    if max(point.x, point.y) >= _P256_FIELD:
        raise ValueError("not reduced")
    return point.public_key()


def _jwk_of(public: _Public) -> PublicJwk:
    if isinstance(public, Ed25519PublicKey):
        return PublicJwk(kty="OKP", crv="Ed25519", x=b64(public.public_bytes_raw()))
    numbers = public.public_numbers()
    x, y = (b64(number.to_bytes(_COORDINATE, "big")) for number in (numbers.x, numbers.y))
    return PublicJwk(kty="EC", crv="P-256", x=x, y=y)


def _read_own_file(path: Path) -> bytes:
    with path.open("rb") as file:
        # The open file is asked, not the path: nothing can be exchanged in between.
        status = os.fstat(file.fileno())
        if status.st_mode & _OTHERS or status.st_uid not in {0, os.geteuid()}:
            raise PermissionError(f"{path} has to be readable by its owner alone (chmod 0600)")
        return file.read()


def _sync_directory(path: Path) -> None:
    # Without this a power cut can take the name of a file whose content is safe.
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _parse_private(pem: bytes) -> _Private:
    try:
        private = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):
        raise ValueError("not a private key in PEM without a passphrase") from None
    if isinstance(private, Ed25519PrivateKey):
        return private
    if isinstance(private, ec.EllipticCurvePrivateKey) and private.curve.name == "secp256r1":
        return private
    raise ValueError("not an Ed25519 or P-256 key")


def _unfit(pointer: str) -> EnvelopeInvalid:
    return EnvelopeInvalid(
        "This is not a public key that may sign.", pointers=(pointer,) if pointer else ()
    )
