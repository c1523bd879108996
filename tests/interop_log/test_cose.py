# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Receipts in COSE (RFC 9942) are accepted by scitt-cose, and whatever differs from one is not."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hub.audit.checkpoint import verify_checkpoint
from hub.audit.cose import CoseKey, cose_receipt
from hub.audit.note import parse_vkey
from hub.audit.proof import parse_proof
from tests.interop_log.exports import Export, an_export, flip
from tests.interop_log.foreign import ask_python
from tests.unit.audit.builders import a_private_key

PRIVATE = a_private_key("cose")


def kept(export: Export, index: int) -> Path:
    """Put an entry, its receipt and the key beside the export; returns the receipt."""
    proof = parse_proof(export.keep(index).read_text("utf-8"))
    checkpoint = verify_checkpoint(proof.checkpoint, parse_vkey(export.vkey))
    assert proof.extra is not None
    entry = json.loads(proof.extra)
    key = CoseKey(b"invented key id", PRIVATE.sign)
    place = export.directory / "entry.cose"
    place.write_bytes(cose_receipt(proof, checkpoint, entry["id"], key))
    pem = PRIVATE.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (export.directory / "cose.pem").write_bytes(pem)
    return place


def asked(receipt: Path) -> str:
    folder = receipt.parent
    return ask_python("receipt", str(receipt), str(folder / "entry.json"), str(folder / "cose.pem"))


@pytest.fixture(scope="module")
def mine(export: Export, tmp_path_factory: pytest.TempPathFactory) -> Export:
    return export.copied(tmp_path_factory.mktemp("cose"))


@pytest.mark.parametrize("index", [0, 1, 49, 50, 255, 256, 300, 511, 512, 599])
def test_scitt_accepts_a_receipt(mine: Export, index: int) -> None:
    receipt = kept(mine, index)

    assert asked(receipt) == "holds\n"
    assert len(receipt.read_bytes()) < 600


def test_scitt_accepts_the_receipt_of_the_only_entry(tmp_path: Path) -> None:
    assert asked(kept(an_export(tmp_path, 1), 0)) == "holds\n"


def test_scitt_refuses_the_receipt_of_another_entry(mine: Export) -> None:
    receipt = kept(mine, 300)
    entry = mine.directory / "entry.json"
    entry.write_bytes(entry.read_bytes().replace(b'"v":1', b'"v":2'))

    assert asked(receipt).startswith("refused")


def test_scitt_refuses_a_flipped_bit_in_what_is_signed_or_proven(mine: Export) -> None:
    """The id of the key and the claims are signed too."""
    receipt = kept(mine, 300)
    honest = receipt.read_bytes()
    for at in (4, 20, len(honest) // 2, len(honest) - 40, len(honest) - 1):
        flip(receipt, at)
        assert asked(receipt).startswith("refused"), at
        receipt.write_bytes(honest)
    assert asked(receipt) == "holds\n"


def test_scitt_refuses_the_key_of_the_log(mine: Export) -> None:
    """The log's key signs checkpoints and nothing else."""
    receipt = kept(mine, 5)
    other = a_private_key("log").public_key()
    pem = other.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (mine.directory / "cose.pem").write_bytes(pem)

    assert asked(receipt).startswith("refused")
