# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A cosignature says who saw which tree when, and none of the three can be altered."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from hub.audit.checkpoint import Checkpoint, sign_checkpoint
from hub.audit.cosignature import Cosigner, cosigned, parse_lines, parse_witness_key
from hub.audit.merkle import Unproven
from hub.audit.note import key_id, parse_note
from tests.unit.audit.builders import ORIGIN, a_private_key, a_signer
from tests.unit.audit.witnesses import BEGIN, NAME, a_cosigner, a_later_cosigner

HEAD = Checkpoint(ORIGIN, 70_000, b"\x07" * 32)
BOTH = pytest.mark.parametrize("witness", [a_cosigner(), a_later_cosigner()], ids=["ed", "ml"])


def blob_of(line: str) -> bytes:
    return base64.b64decode(line.rstrip("\n").rpartition(" ")[2])


def test_a_cosignature_of_ed25519_is_over_what_the_specification_says() -> None:
    """The bytes are put together here once more, by hand, from the text of C2SP."""
    blob = blob_of(a_cosigner().cosign(HEAD.text, BEGIN))

    public = a_private_key(NAME).public_key().public_bytes_raw()
    assert blob[:4] == key_id(NAME, b"\x04" + public)
    assert int.from_bytes(blob[4:12]) == BEGIN
    said = f"cosignature/v1\ntime {BEGIN}\n{ORIGIN}\n70000\n{'BwcH' * 10}Bwc=\n"
    Ed25519PublicKey.from_public_bytes(public).verify(blob[12:], said.encode())


def test_a_cosignature_of_ml_dsa_commits_to_the_name_and_to_the_whole_tree() -> None:
    witness = a_later_cosigner()
    blob = blob_of(witness.cosign(HEAD.text, BEGIN))

    assert blob[:4] == key_id(NAME, b"\x06" + witness.key.public)
    assert len(blob) == 4 + 8 + 2420
    said = b"subtree/v1\n\x00" + bytes([len(NAME)]) + NAME.encode() + BEGIN.to_bytes(8)
    said += bytes([len(ORIGIN)]) + ORIGIN.encode() + bytes(8) + (70_000).to_bytes(8) + HEAD.root
    MLDSA44PublicKey.from_public_bytes(witness.key.public).verify(blob[12:], said)


@BOTH
def test_the_key_on_one_line_is_the_key(witness: Cosigner) -> None:
    assert parse_witness_key(witness.key.vkey) == witness.key


@BOTH
def test_a_note_says_which_of_the_known_witnesses_saw_it_and_when(witness: Cosigner) -> None:
    note = sign_checkpoint(HEAD, a_signer()) + witness.cosign(HEAD.text, BEGIN)
    stranger = a_cosigner("fremd.invalid/1").cosign(HEAD.text, BEGIN + 1)

    assert cosigned(parse_note(note + stranger), [witness.key]) == {witness.key.label: BEGIN}


@BOTH
@pytest.mark.parametrize("at", [5, 11, 12, 40])
def test_neither_time_nor_signature_can_change(witness: Cosigner, at: int) -> None:
    blob = bytearray(blob_of(witness.cosign(HEAD.text, BEGIN)))
    blob[at] ^= 1

    with pytest.raises(Unproven):
        witness.key.verify(HEAD.text, bytes(blob))


@BOTH
def test_a_cosignature_is_for_one_checkpoint(witness: Cosigner) -> None:
    blob = blob_of(witness.cosign(HEAD.text, BEGIN))

    with pytest.raises(Unproven):
        witness.key.verify(Checkpoint(ORIGIN, 70_001, HEAD.root).text, blob)


def test_a_signature_of_the_log_itself_is_no_cosignature() -> None:
    """The same key under another type has another id; so no line stands for two statements."""
    as_a_log = sign_checkpoint(HEAD, a_signer(NAME, NAME))

    assert cosigned(parse_note(as_a_log), [a_cosigner().key]) == {}


def test_a_witness_answers_with_lines_of_which_the_known_ones_are_kept() -> None:
    one, two = a_cosigner(), a_later_cosigner()
    note = sign_checkpoint(HEAD, a_signer())
    answer = one.cosign(HEAD.text, BEGIN) + two.cosign(HEAD.text, BEGIN)

    kept = parse_lines(note, answer, [two.key])

    assert list(kept) == [two.key.label]
    seen = cosigned(parse_note(note + "".join(kept.values())), [one.key, two.key])
    assert seen == {two.key.label: BEGIN}


@pytest.mark.parametrize("answer", ["", "not a line\n", "\u2014 x AAAAAAA=\n\n"])
def test_what_is_no_lines_is_refused(answer: str) -> None:
    with pytest.raises(Unproven):
        parse_lines(sign_checkpoint(HEAD, a_signer()), answer, [a_cosigner().key])


def test_a_key_of_a_log_is_none_of_a_witness() -> None:
    with pytest.raises(Unproven):
        parse_witness_key(a_signer().verifier.vkey)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "x" * 256])
def test_a_name_that_could_be_read_in_two_ways_is_none(name: str) -> None:
    with pytest.raises(ValueError, match="key name"):
        a_cosigner(name)
