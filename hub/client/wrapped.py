# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does a secret of 32 bytes lie on the disk: as it is, or wrapped?

Wrapped by a passphrase (scrypt) or by a key of a token (PKCS#11), a stolen disk opens nothing. How
new secrets of a unit are wrapped says ``lock.json`` beside its keys; each file says for itself how
it is to be opened, so old ones stay readable while the lock changes.
"""

import json
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from hub.sealing.canonical import b64, unb64

LOCK: Final = "lock.json"
VARIABLE: Final = "MELDEWEG_PASSPHRASE_FILE"
"""In the environment: path of the file with the passphrase, on another disk than the keys."""
SECRET: Final = 32
_COST: Final = {"n": 2**17, "r": 8, "p": 1}
_MOST: Final = 2**20
"""Cost that a file may ask for: whoever can write it must not stop the process with it."""
_NONCE: Final = 12
_ABOUT: Final = b"meldeweg wrapped secret 1"


class Locked(PermissionError):  # noqa: N818  a state of the key
    """A secret cannot be opened: the passphrase is missing or wrong, or the token refuses."""


class Lock(Protocol):
    """A way to wrap secrets."""

    def wrap(self, secret: bytes) -> dict[str, Any]:
        """Return what is written instead of the secret."""
        ...

    def as_json(self) -> dict[str, Any]:
        """Return what ``lock.json`` says; no secret."""
        ...


class Passphrase:
    """Wraps by a passphrase that the environment names a file for."""

    def __init__(self) -> None:
        self._salt = os.urandom(16)

    def wrap(self, secret: bytes) -> dict[str, Any]:
        return {
            "v": 1,
            "wrap": "scrypt",
            **_COST,
            "salt": b64(self._salt),
            **seal(_derived(_passphrase(), self._salt, *_COST.values()), secret),
        }

    def as_json(self) -> dict[str, Any]:
        return {"v": 1, "wrap": "scrypt"}


def read_secret(path: Path) -> bytes:
    """Read a secret from a file that its owner alone can read; raises ``Locked``."""
    if path.stat().st_mode & 0o077:
        raise PermissionError(f"{path.name} can be read by others")
    text = path.read_text("ascii").strip()
    return _opened(path.name, json.loads(text)) if text.startswith("{") else unb64(text)


def write_secret(path: Path, secret: bytes, lock: Lock | None) -> None:
    """Write a secret where there is no file yet, wrapped where there is a lock."""
    text = b64(secret) if lock is None else json.dumps(lock.wrap(secret))
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(descriptor)


def secret_of(path: Path, lock: Lock | None) -> bytes:
    """Return the secret of a file, which is made where there is none."""
    if not path.exists():
        new = path.with_suffix(".new")
        new.unlink(missing_ok=True)
        write_secret(new, os.urandom(SECRET), lock)
        new.replace(path)
    return read_secret(path)


def lock_in(folder: Path) -> Lock | None:
    """Return how new secrets of a folder of keys are wrapped; None where they are not."""
    try:
        said = json.loads((folder / LOCK).read_bytes())
    except FileNotFoundError:
        return None
    if said["wrap"] == "scrypt":
        return Passphrase()
    from hub.client.pkcs11 import TokenLock  # noqa: PLC0415  without a token, none is loaded

    return TokenLock.of(said)


def relock(folder: Path, lock: Lock | None, *more: Path) -> tuple[str, ...]:
    """Wrap all secrets of a folder, and some others, by a lock, or unwrap them.

    Each is replaced as a whole, so that a power cut leaves the old or the new one. Returns names.
    """
    files = [*sorted(folder.glob("*.key")), *(each for each in more if each.exists())]
    for file in files:
        secret, new = read_secret(file), file.with_suffix(".relocked")
        new.unlink(missing_ok=True)
        write_secret(new, secret, lock)
        new.replace(file)
    about = folder / LOCK
    if lock is None:
        about.unlink(missing_ok=True)
    else:
        about.write_text(json.dumps(lock.as_json()), "utf-8")
    return tuple(each.name for each in files)


def seal(key: bytes, secret: bytes) -> dict[str, str]:
    """Seal a secret under a key of 32 bytes."""
    nonce = os.urandom(_NONCE)
    return {"nonce": b64(nonce), "sealed": b64(AESGCM(key).encrypt(nonce, secret, _ABOUT))}


def _opened(name: str, said: Mapping[str, Any]) -> bytes:
    if said["wrap"] == "pkcs11":
        from hub.client.pkcs11 import TokenLock  # noqa: PLC0415  without a token, none is loaded

        return TokenLock.of(said).unwrap(said)
    cost = tuple(int(said[each]) for each in _COST)
    if cost[0] * cost[1] * cost[2] > _MOST * 8:
        raise Locked(f"{name}: die Hülle verlangt mehr, als ein Rechner hat.")
    key = _derived(_passphrase(), unb64(said["salt"]), *cost)
    try:
        return AESGCM(key).decrypt(unb64(said["nonce"]), unb64(said["sealed"]), _ABOUT)
    except InvalidTag:
        raise Locked(f"{name}: die Passphrase ist eine andere.") from None


def _passphrase() -> bytes:
    file = os.environ.get(VARIABLE)
    if not file:
        raise Locked(f"Die Schlüssel sind verschlossen; {VARIABLE} nennt keine Datei.")
    phrase = Path(file).read_bytes().rstrip(b"\r\n")
    if not phrase:
        raise Locked("Die Passphrase ist leer.")
    return phrase


@lru_cache(maxsize=8)
def _derived(phrase: bytes, salt: bytes, n: int, r: int, p: int) -> bytes:
    return Scrypt(salt=salt, length=SECRET, n=n, r=r, p=p).derive(phrase)
