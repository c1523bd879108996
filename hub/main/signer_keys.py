# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The keys of a signer: files of its own, or keys on a token that never leave it."""

import base64
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from hub.audit.note import Signer, Verifier
from hub.audit.signing.own import keys_in
from hub.audit.signing.strict import Key
from hub.client.wrapped import Locked
from hub.errors import LogUnavailable
from hub.sealing.canonical import b64, unb64

KEYS: Final = "keys"
PUBLIC: Final = 32
EDWARDS: Final = b"\x13\x0cedwards25519"
"""Name of the curve as tokens want it (PKCS #11 3.0 § 2.3.10), a printable string in DER."""
RAW: Final = 64
"""Bytes of a signature; some tokens put the length of an octet string in front."""


class TokenKey:
    """An Ed25519 key on a token (PKCS#11); a file names token, label and public half."""

    def __init__(self, name: str, said: Mapping[str, Any]) -> None:
        # Needed by hardly any hub, and a library of the system.
        from hub.client.pkcs11 import Slot  # noqa: PLC0415

        self._slot = Slot.of(said)
        self.verifier = Verifier(name, unb64(str(said["public"])))

    def sign(self, text: str) -> str:
        """Return the note; what the token gives back is verified before it leaves."""
        raw = self._raw(text.encode())
        try:
            Ed25519PublicKey.from_public_bytes(self.verifier.public).verify(raw, text.encode())
        except InvalidSignature:
            raise LogUnavailable("The token signs with another key.") from None
        blob = base64.b64encode(self.verifier.id + raw).decode("ascii")
        return f"{text}\n\u2014 {self.verifier.name} {blob}\n"

    def _raw(self, data: bytes) -> bytes:
        import pkcs11  # noqa: PLC0415

        def act(session: Any) -> bytes:
            key = session.get_key(pkcs11.ObjectClass.PRIVATE_KEY, label=self._slot.label)
            signature: bytes = key.sign(data, mechanism=pkcs11.Mechanism.EDDSA)
            return signature[-RAW:]

        try:
            return self._slot.use(act)
        except Locked as locked:
            raise LogUnavailable(str(locked)) from None


def make_on_token(folder: Path, name: str, said: Mapping[str, str]) -> Verifier:
    """Make a key on a token that never leaves it, and the file by which it is found.

    ``said`` has the members ``module``, ``token`` and ``label``.
    """
    import pkcs11  # noqa: PLC0415

    from hub.client.pkcs11 import STAYS, Slot  # noqa: PLC0415

    def act(session: Any) -> bytes:
        curve = session.create_domain_parameters(
            pkcs11.KeyType.EC_EDWARDS, {pkcs11.Attribute.EC_PARAMS: EDWARDS}, local=True
        )
        public, _ = curve.generate_keypair(
            mechanism=pkcs11.Mechanism.EC_EDWARDS_KEY_PAIR_GEN,
            label=said["label"],
            store=True,
            private_template=STAYS,
        )
        point: bytes = public[pkcs11.Attribute.EC_POINT]
        return point[-PUBLIC:]

    try:
        verifier = Verifier(name, Slot.of(said).use(act))
    except Locked as locked:
        raise LogUnavailable(str(locked)) from None
    text = json.dumps({**said, "public": b64(verifier.public)})
    _write(folder / f"{verifier.id.hex()}.json", text.encode())
    return verifier


def load_keys(state: Path, name: str) -> tuple[Key, ...]:
    """Return the keys of a signer, all of which bear the name of its log."""
    folder = state / KEYS
    files = [Signer(name, each) for each in keys_in(folder, "*.pem")]
    tokens = [
        TokenKey(name, json.loads(path.read_text("utf-8")))
        for path in sorted(folder.glob("*.json"))
    ]
    return (*files, *tokens)


def make_key(folder: Path, name: str, prefix: str = "") -> Verifier:
    """Make a key in a file that bears its id; it is on the disk when this returns."""
    private = Ed25519PrivateKey.generate()
    verifier = Signer(name, private).verifier
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write(folder / f"{prefix}{verifier.id.hex()}.pem", pem)
    return verifier


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
