# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A receipt in COSE is written in one way, and says nothing that is not signed or proven."""

import cbor2
import pytest
from cryptography.exceptions import InvalidSignature

from hub.audit.checkpoint import verify_checkpoint
from hub.audit.cose import CoseKey, cose_receipt
from hub.audit.merkle import leaf_hash, verify_inclusion
from hub.audit.proof import Proof
from hub.audit.tree import Tree
from tests.unit.audit.builders import a_grown_log, a_private_key, a_signer

PRIVATE = a_private_key("cose")
KEY = CoseKey(b"k" * 32, PRIVATE.sign)
ID = "019a0000-0000-7000-8000-000000000001"


def proven(index: int) -> Proof:
    engine, _ = a_grown_log(70, group=70)
    with engine.connect() as connection:
        return Tree().proof(connection, index)


def receipt(proof: Proof, key: CoseKey = KEY) -> bytes:
    return cose_receipt(proof, verify_checkpoint(proof.checkpoint, a_signer().verifier), ID, key)


@pytest.mark.parametrize("index", [0, 41, 69])
def test_the_root_comes_from_the_entry_and_the_signature_is_over_it(index: int) -> None:
    proof = proven(index)
    checkpoint = verify_checkpoint(proof.checkpoint, a_signer().verifier)

    said = cbor2.loads(receipt(proof))

    assert said.tag == 18
    protected, unprotected, payload, signature = said.value
    assert payload is None
    head = cbor2.loads(protected)
    assert dict(head) == {1: -8, 4: b"k" * 32, 15: {1: checkpoint.origin, 2: ID}, 395: 1}
    [path] = unprotected[396][-1]
    size, at, hashes = cbor2.loads(path)
    assert (size, at) == (70, index)
    assert proof.extra is not None
    verify_inclusion(leaf_hash(proof.extra), at, size, hashes, checkpoint.root)
    signed = cbor2.dumps(["Signature1", protected, b"", checkpoint.root], canonical=True)
    PRIVATE.public_key().verify(signature, signed)
    with pytest.raises(InvalidSignature):
        PRIVATE.public_key().verify(signature, signed[:-1] + b"\x00")


def test_the_same_entry_has_the_same_receipt_a_year_later() -> None:
    assert receipt(proven(41)) == receipt(proven(41))
    assert receipt(proven(41)) != receipt(proven(42))


def test_a_receipt_needs_no_entry_that_is_still_there() -> None:
    """Bytes of an entry go; what was proven of it stays."""
    whole = proven(41)
    assert receipt(whole) == receipt(Proof(whole.index, whole.hashes, whole.checkpoint, None))
