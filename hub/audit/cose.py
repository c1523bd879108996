# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Is this entry in the log, for those who read COSE (RFC 9942, receipt of inclusion)?

It says the same as a ``.tlog-proof``, in some hundred bytes. The root is not in it: whoever
verifies computes it from the entry and the path, and the signature is over that root. It is signed
by a key of its own, so that the log's key signs checkpoints and nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cbor2

from hub.audit.checkpoint import Checkpoint
from hub.audit.proof import Proof

MEDIA_TYPE: Final = "application/cose"
_SIGN1: Final = 18
"""The tag of an object with one signature (RFC 9052 § 4.2)."""
_ALG, _KID, _CLAIMS, _STRUCTURE, _PROOFS = 1, 4, 15, 395, 396
_EDDSA: Final = -8
_RFC9162_SHA256: Final = 1
_INCLUSION: Final = -1
_ISSUER, _SUBJECT = 1, 2


@dataclass(frozen=True)
class CoseKey:
    """The key of the receipts: its id, and how it signs with Ed25519."""

    kid: bytes
    sign: Callable[[bytes], bytes]


def cose_receipt(proof: Proof, checkpoint: Checkpoint, subject: str, key: CoseKey) -> bytes:
    """Return the receipt for the entry of a proof; ``subject`` is the id of the entry.

    Same entry, same checkpoint, same bytes: nothing in it is random or of this moment.
    """
    claims = {_ISSUER: checkpoint.origin, _SUBJECT: subject}
    protected = _encoded(
        {_ALG: _EDDSA, _KID: key.kid, _CLAIMS: claims, _STRUCTURE: _RFC9162_SHA256}
    )
    signed = _encoded(["Signature1", protected, b"", checkpoint.root])
    path = _encoded([checkpoint.size, proof.index, list(proof.hashes)])
    unprotected = {_PROOFS: {_INCLUSION: [path]}}
    # The root is left out: it has to come from the entry.
    parts = [protected, unprotected, None, key.sign(signed)]
    return _encoded(cbor2.CBORTag(_SIGN1, parts))


def _encoded(value: object) -> bytes:
    return cbor2.dumps(value, canonical=True)
