# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The private keys of a unit, as they lie in its folder now.

Keys change while programs run, so what is kept here is read again whenever a file comes or goes. A
file name with seconds behind it says from when a key is used: ``signing-1800000000.pem`` lies there
from the day its rotation was announced, and signs nothing before. A file that ends in ``.p11`` in
place of ``.pem`` names a key on a token (``hub.client.pkcs11``); how reading keys are wrapped says
``hub.client.wrapped``.
"""

import contextlib
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal, TypeVar

from hub import clock
from hub.client.wrapped import lock_in, read_secret, write_secret
from hub.sealing.reader import ReaderPrivateKey
from hub.trust.keys import PrivateSigningKey

DESK: Final = ("dienst", "leitung")
"""Two desk keys from the start, the second for the head: one lost disk loses no notice."""
PERSON: Final = "person"
Use = Literal["signing", "token", "dienst", "leitung"]
SIGNATURES: Final = ("signing", "token")
PATIENCE: Final = 5
"""How often a folder is read that changes meanwhile."""
REFERENCE: Final = ".p11"
"""Ending of a file that names a key on a token."""
_SIGNING: Final = (".pem", REFERENCE)
_READING: Final = (".key",)
_USED_FROM: Final = re.compile(r"-([0-9]{9,11})$")
K = TypeVar("K")


class Keyring:
    """All private keys of a unit; cheap to ask, because files are read once."""

    def __init__(self, folder: Path) -> None:
        self.folder: Final = folder
        self._names: tuple[str, ...] = ()
        self._signatures: dict[str, PrivateSigningKey] = {}
        self._readers: dict[str, ReaderPrivateKey] = {}
        self._read()
        if not self.files("signing") or not self.files("token"):
            raise FileNotFoundError(folder / "signing.pem")

    def current(self, use: str) -> PrivateSigningKey:
        """Return the key that signs now: the last one whose time has come."""
        self._read()
        now = clock.now()
        files = self.files(use)
        begun = [path for path in files if used_from(path) <= now]
        return self._signatures[(begun or files)[-1].name]

    def signatures(self, use: str) -> tuple[PrivateSigningKey, ...]:
        """Return the keys of a use, the newest first, also those whose time has not come."""
        self._read()
        return tuple(self._signatures[path.name] for path in reversed(self.files(use)))

    @property
    def desk(self) -> tuple[ReaderPrivateKey, ...]:
        """Keys that open for the desk; old ones stay, to read what was sealed to them."""
        return tuple(key for name in DESK for key in self.readers(name))

    def readers(self, use: str) -> tuple[ReaderPrivateKey, ...]:
        """Return the reading keys of one use, the oldest first."""
        self._read()
        return tuple(self._readers[path.name] for path in self.files(use))

    @property
    def persons(self) -> tuple[ReaderPrivateKey, ...]:
        """Keys of reporting persons, the newest last."""
        self._read()
        return tuple(self._readers[name] for name in self._readers if name.startswith(PERSON))

    @property
    def kids(self) -> frozenset[str]:
        """Key ids of all private halves that lie here."""
        self._read()
        signatures = {key.kid for key in self._signatures.values()}
        return frozenset(signatures | {key.kid for key in self._readers.values()})

    def files(self, use: str) -> list[Path]:
        """Return the files of a use in the order in which they are used."""
        kinds = _SIGNING if use in SIGNATURES else _READING
        found = [
            self.folder / name
            for name in self._names
            if name.endswith(kinds) and _USED_FROM.sub("", Path(name).stem) == use
        ]
        return sorted(found, key=used_from)

    def next(self, use: str) -> "NextKey":
        """Return the key that is to come, which lies ready and is used by nobody yet.

        One that lies there already is taken: an answer was lost, and the hub may have it; or
        somebody has made it on a token.
        """
        made = self.folder / f"{use}.next{REFERENCE}"
        if made.exists():
            return NextKey(made, use)
        kind = "pem" if use in SIGNATURES else "key"
        path = self.folder / f"{use}.next.{kind}"
        if not path.exists():
            if use in SIGNATURES:
                PrivateSigningKey.generate().save(path)
            else:
                save_reading_key(path, ReaderPrivateKey.generate())
        return NextKey(path, use)

    def drop(self, kid: str) -> None:
        """Destroy the private half of a key, unless it is the only one of its use."""
        self._read()
        known: dict[str, PrivateSigningKey | ReaderPrivateKey] = {
            **self._signatures,
            **self._readers,
        }
        for name, key in known.items():
            use = _USED_FROM.sub("", Path(name).stem)
            if key.kid == kid and (len(self.files(use)) > 1 or use.startswith(PERSON)):
                (self.folder / name).unlink(missing_ok=True)

    def _read(self) -> None:
        for _ in range(PATIENCE):
            names = tuple(sorted(os.listdir(self.folder)))  # noqa: PTH208  names alone, asked often
            if names == self._names:
                return
            # A key that another program puts in its place just now is there under its new name.
            with contextlib.suppress(FileNotFoundError):
                self._take(names)

    def _take(self, names: tuple[str, ...]) -> None:
        signatures = self._loaded(names, _SIGNING, self._signatures, load_signing_key)
        readers = self._loaded(names, _READING, self._readers, load_reading_key)
        self._signatures, self._readers, self._names = signatures, readers, names

    def _loaded(
        self,
        names: tuple[str, ...],
        kinds: tuple[str, ...],
        known: dict[str, K],
        load: Callable[[Path], K],
    ) -> dict[str, K]:
        return {
            name: known[name] if name in known else load(self.folder / name)
            for name in names
            if name.endswith(kinds) and ".next." not in name
        }


class NextKey:
    """A key that was made and is not used yet."""

    def __init__(self, path: Path, use: str) -> None:
        self._path = path
        self._use = use

    @property
    def signature(self) -> PrivateSigningKey:
        return load_signing_key(self._path)

    @property
    def reader(self) -> ReaderPrivateKey:
        return load_reading_key(self._path)

    def use_from(self, second: int) -> None:
        """Put it among the others, to be used from a second on; the hub has its public half."""
        self._path.replace(self._path.with_name(f"{self._use}-{second}{self._path.suffix}"))


def used_from(path: Path) -> int:
    """Return from when the key of a file is used."""
    found = _USED_FROM.search(path.stem)
    return int(found[1]) if found else 0


def load_signing_key(path: Path) -> PrivateSigningKey:
    """Read a key that signs, or find it on its token."""
    if path.suffix != REFERENCE:
        return PrivateSigningKey.load(path)
    from hub.client.pkcs11 import load_token_key  # noqa: PLC0415  without a token, none is loaded

    return load_token_key(path)


def load_reading_key(path: Path) -> ReaderPrivateKey:
    """Read the seed of a reading key (SL1 § 2) from a file that only its owner can read."""
    return ReaderPrivateKey.from_seed(read_secret(path))


def save_reading_key(path: Path, key: ReaderPrivateKey) -> None:
    """Write a key where there is none yet, wrapped as the others in its folder are."""
    write_secret(path, key.seed, lock_in(path.parent))
