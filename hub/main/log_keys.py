# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which keys does the log of this hub have, and who signs with them?"""

from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from hub.audit.checkpoint import origin_of
from hub.audit.log import Log
from hub.audit.note import Verifier
from hub.audit.openings.store import Openings
from hub.audit.signing.growth import Authority
from hub.audit.signing.keyring import Keyring, LogKey, read_keyring
from hub.audit.signing.own import OwnKeys, keys_in
from hub.audit.signing.remote import SignerProcess
from hub.audit.signing.signatures import Signatures
from hub.errors import ReadOnly
from hub.main.folder import DataDir
from hub.settings import Settings

NODE: Final = "hub-1"


def load_log(data: DataDir, keyring: Keyring | None, openings: Openings | None = None) -> Log:
    """Return the log of a hub with whoever signs it, not yet opened.

    Raises ``ReadOnly`` for a database in which the log has no key: no hub has made that.
    """
    if keyring is None:
        raise ReadOnly("The log of this database has no key.")
    signatures = Signatures(authority_of(data), keyring, read_keyring)
    return Log(signatures, NODE, openings=openings)


def first_keyring(data: DataDir, hub_id: str) -> Keyring:
    """Return the one key of a log that has yet to begin."""
    public = load_private(data.key("log")).public_key().public_bytes_raw()
    return Keyring((LogKey(Verifier(origin_of(hub_id), public)),))


def authority_of(data: DataDir) -> Authority:
    """Return who signs: the process that the settings name, or else this one."""
    path = Settings().signer
    return SignerProcess(path) if path else OwnKeys(lambda: keys_in(data.keys))


def load_private(path: Path) -> Ed25519PrivateKey:
    """Read a key of a log."""
    private = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(private, Ed25519PrivateKey):
        raise TypeError("the key of the log is an Ed25519 key")
    return private
