# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The log's keys in this process: files that nobody but the hub can read.

Signs within the transaction of the group. What keeps it from signing two histories is the guard
file, and the care of whoever runs the machine; a signer of its own needs neither.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from hub.audit.checkpoint import Checkpoint, sign_checkpoint
from hub.audit.note import Signer, Verifier
from hub.audit.signing.growth import Growth
from hub.audit.signing.keyring import with_lines
from hub.errors import LogUnavailable


class OwnKeys:
    """The keys that lie here; read again where one is asked for that was not known."""

    is_elsewhere = False

    def __init__(self, load: Callable[[], Sequence[Ed25519PrivateKey]]) -> None:
        self._load = load
        self._keys: dict[bytes, Ed25519PrivateKey] = {}
        self._signers: dict[Verifier, Signer] = {}

    def sign(self, growth: Growth, verifiers: tuple[Verifier, ...]) -> str:
        """Return the note with a line of each key; fails where one of them is not here."""
        checkpoint = growth.checkpoint
        notes = [sign_checkpoint(checkpoint, self._signer(each)) for each in verifiers]
        return notes[0] if len(notes) == 1 else with_lines(checkpoint.text, notes)

    def reached(self) -> Checkpoint | None:
        """Nothing is remembered here."""
        return None

    def has(self, verifier: Verifier) -> bool:
        """Whether the private half of a key lies here."""
        if verifier.public not in self._keys:
            self._keys = {each.public_key().public_bytes_raw(): each for each in self._load()}
        return verifier.public in self._keys

    def _signer(self, verifier: Verifier) -> Signer:
        if verifier not in self._signers:
            if not self.has(verifier):
                raise LogUnavailable("A key of the log is not where it should be.")
            self._signers[verifier] = Signer(verifier.name, self._keys[verifier.public])
        return self._signers[verifier]


def keys_in(folder: Path, pattern: str = "log*.pem") -> tuple[Ed25519PrivateKey, ...]:
    """Return the keys of the log that lie in a folder, by the name of their files."""
    found = [load_pem_private_key(path.read_bytes(), None) for path in sorted(folder.glob(pattern))]
    if not all(isinstance(each, Ed25519PrivateKey) for each in found):
        raise TypeError("the key of the log is an Ed25519 key")
    return tuple(each for each in found if isinstance(each, Ed25519PrivateKey))
