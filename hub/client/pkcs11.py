# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Keys that never leave a token: one that signs (P-256), and one that wraps the reading keys.

The file of such a key names token and label and holds the public half; the PIN comes from a file
that the environment names. Anything that speaks PKCS#11 serves: a card, an HSM, SoftHSM.
"""

import hashlib
import json
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, NoReturn, TypeVar

import pkcs11
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from pkcs11.exceptions import PinIncorrect, PKCS11Error

from hub.client.wrapped import Locked
from hub.sealing.canonical import b64, unb64
from hub.trust.keys import PrivateSigningKey

PIN_FILE: Final = "MELDEWEG_TOKEN_PIN_FILE"
"""In the environment: path of the file with the PIN."""
_P256: Final = bytes.fromhex("06082a8648ce3d030107")
"""Name of the curve in DER (RFC 5480 § 2.1.1.1)."""
_HALF: Final = 32
_NONCE: Final = 12
_TAG: Final = 128
_ABOUT: Final = b"meldeweg wrapped secret 1"
_ONE_AT_A_TIME: Final = threading.RLock()
_sessions: Final[dict[tuple[str, str], pkcs11.Session]] = {}
T = TypeVar("T")


@dataclass(frozen=True)
class Slot:
    """A key on a token: by which library, on which token, under which label."""

    module: str
    token: str
    label: str

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "Slot":
        return cls(*(str(said[name]) for name in ("module", "token", "label")))

    def use(self, act: Callable[[pkcs11.Session], T]) -> T:
        """Do something in a session; a token that was pulled and put back is signed in to again.

        Raises ``Locked`` where the token is not there or refuses; what it says is not repeated.
        """
        with _ONE_AT_A_TIME:
            try:
                try:
                    return act(self._session())
                except PinIncorrect:
                    # Each further attempt could lock the token for good.
                    raise
                except PKCS11Error:
                    _sessions.pop((self.module, self.token), None)
                    return act(self._session())
            except PKCS11Error as error:
                kind = type(error).__name__
                raise Locked(f"Der Token „{self.token}“ gibt nichts her ({kind}).") from None

    def _session(self) -> pkcs11.Session:
        place = (self.module, self.token)
        if place not in _sessions:
            token = _library(self.module).get_token(token_label=self.token)
            _sessions[place] = token.open(user_pin=_pin(), rw=True)
        return _sessions[place]


class TokenPrivateKey(ec.EllipticCurvePrivateKey):
    """The private half of a P-256 key on a token; signs, and tells nothing."""

    def __init__(self, slot: Slot, public: ec.EllipticCurvePublicKey) -> None:
        self._slot = slot
        self._public = public

    @property
    def curve(self) -> ec.EllipticCurve:
        return self._public.curve

    @property
    def key_size(self) -> int:
        return self._public.key_size

    def public_key(self) -> ec.EllipticCurvePublicKey:
        return self._public

    def sign(self, data: Any, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        """Sign a digest made here: every token can do that, few hash by themselves."""
        if not isinstance(signature_algorithm.algorithm, hashes.SHA256):
            raise TypeError("a token signs with SHA-256 alone")
        digest = hashlib.sha256(data).digest()

        def act(session: pkcs11.Session) -> bytes:
            key: Any = session.get_key(pkcs11.ObjectClass.PRIVATE_KEY, label=self._slot.label)
            raw: bytes = key.sign(digest, mechanism=pkcs11.Mechanism.ECDSA)
            return raw

        raw = self._slot.use(act)
        r, s = (int.from_bytes(half, "big") for half in (raw[:_HALF], raw[_HALF:]))
        return encode_dss_signature(r, s)

    def exchange(self, *_said: Any) -> NoReturn:
        raise Locked("A key that signs does nothing else.")

    def private_numbers(self) -> NoReturn:
        raise Locked("This key does not leave its token.")

    def private_bytes(self, *_said: Any) -> NoReturn:
        raise Locked("This key does not leave its token.")

    def __copy__(self) -> "TokenPrivateKey":
        return self

    def __deepcopy__(self, _memo: object) -> "TokenPrivateKey":
        return self


class TokenLock:
    """Wraps secrets by a key of a token (AES-GCM), which stays there."""

    def __init__(self, slot: Slot) -> None:
        self._slot = slot

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "TokenLock":
        return cls(Slot.of(said))

    @classmethod
    def make(cls, slot: Slot) -> "TokenLock":
        """Make the key on the token, unless it is there."""

        def act(session: pkcs11.Session) -> None:
            found = list(session.get_objects({pkcs11.Attribute.LABEL: slot.label}))
            if not found:
                session.generate_key(
                    pkcs11.KeyType.AES, 256, label=slot.label, store=True, template=STAYS
                )

        slot.use(act)
        return cls(slot)

    def wrap(self, secret: bytes) -> dict[str, Any]:
        nonce = os.urandom(_NONCE)
        sealed = self._do(nonce, lambda key, how: key.encrypt(secret, **how))
        return {**self.as_json(), "nonce": b64(nonce), "sealed": b64(sealed)}

    def unwrap(self, said: Mapping[str, Any]) -> bytes:
        """Open what ``wrap`` returned; raises ``Locked``."""
        sealed = unb64(said["sealed"])
        return self._do(unb64(said["nonce"]), lambda key, how: key.decrypt(sealed, **how))

    def as_json(self) -> dict[str, Any]:
        return {"v": 1, "wrap": "pkcs11", **asdict(self._slot)}

    def _do(self, nonce: bytes, act: Callable[[Any, dict[str, Any]], bytes]) -> bytes:
        how = {
            "mechanism": pkcs11.Mechanism.AES_GCM,
            "mechanism_param": pkcs11.GCMParams(nonce, _ABOUT, _TAG),
        }

        def work(session: pkcs11.Session) -> bytes:
            key = session.get_key(pkcs11.ObjectClass.SECRET_KEY, label=self._slot.label)
            return act(key, how)

        return self._slot.use(work)


def make_token_key(slot: Slot, file: Path) -> PrivateSigningKey:
    """Make a P-256 key on a token, and the file by which a keyring finds it.

    Raises ``FileExistsError`` where the file is there, and ``Locked``.
    """

    def act(session: pkcs11.Session) -> bytes:
        curve = session.create_domain_parameters(
            pkcs11.KeyType.EC, {pkcs11.Attribute.EC_PARAMS: _P256}, local=True
        )
        public, _ = curve.generate_keypair(label=slot.label, store=True, private_template=STAYS)
        point: bytes = public[pkcs11.Attribute.EC_POINT]
        return point

    # An uncompressed point, wrapped in an octet string of two bytes before it.
    point = slot.use(act)[-(2 * _HALF + 1) :]
    said = {"v": 1, **asdict(slot), "point": b64(point)}
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as written:
        json.dump(said, written)
        written.flush()
        os.fsync(descriptor)
    return load_token_key(file)


def load_token_key(file: Path) -> PrivateSigningKey:
    """Return the key that a file names; the token is asked when something is signed."""
    said = json.loads(file.read_bytes())
    point = unb64(said["point"])
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    return PrivateSigningKey(TokenPrivateKey(Slot.of(said), public))


STAYS: Final[dict[Any, Any]] = {
    pkcs11.Attribute.SENSITIVE: True,
    pkcs11.Attribute.EXTRACTABLE: False,
}


@cache
def _library(module: str) -> Any:
    return pkcs11.lib(module)


def _pin() -> str:
    file = os.environ.get(PIN_FILE)
    if not file:
        raise Locked(f"Der Token ist verschlossen; {PIN_FILE} nennt keine Datei.")
    return Path(file).read_text("utf-8").rstrip("\r\n")
