# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""No bit of a receipt, or of an answer with its log entry and proof, can be changed."""

import base64
import json
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.audit import verify
from hub.audit.checkpoint import verify_checkpoint
from hub.audit.merkle import Unproven
from hub.audit.proof import Proof, parse_proof, verify_proof
from hub.client import Untrustworthy
from hub.client.proofs import check_answer
from hub.errors import Refusal
from hub.sealing.canonical import jcs
from hub.trust.receipts import verify_receipt
from tests.tamper.bits import draw_flipped, draw_flipped_text
from tests.tamper.examples import Unshown, thoroughly
from tests.tamper.exchange import Answer, Exchange
from tests.unit.audit.builders import ORIGIN, a_grown_log, a_signer

WORDS: Final = ("accepted", "taken", "acknowledged", "reader-added")
every_word: Final = pytest.mark.parametrize("word", WORDS)
SIZE: Final = 300
VERIFIER: Final = a_signer().verifier
KEY: Final = verify.read_vkey(VERIFIER.vkey)


@every_word
@thoroughly
@given(st.data())
def test_an_answer_with_another_bit_is_not_believed(
    exchange: Exchange, word: str, data: st.DataObject
) -> None:
    answer, hub = exchange.answers[word], exchange.office.hub
    assert check_answer(answer.raw, hub, answer.signer).receipt.word == word
    raw = draw_flipped(data, answer.raw)

    with pytest.raises(Untrustworthy):
        check_answer(raw, hub, answer.signer)


@every_word
@thoroughly
@given(st.data())
def test_a_receipt_with_another_bit_is_none(
    exchange: Exchange, word: str, data: st.DataObject
) -> None:
    answer = exchange.answers[word]
    jws = json.loads(answer.raw)["receipt"]
    assert verified(jws, answer).word == word
    changed = draw_flipped_text(data, jws)

    with pytest.raises(Refusal):
        verified(changed, answer)


def verified(jws: str, answer: Answer) -> Any:
    return verify_receipt(jws, lambda _, kid: answer.signer if kid == answer.signer.kid else None)


@thoroughly
@given(st.data())
def test_members_of_two_answers_do_not_make_one(exchange: Exchange, data: st.DataObject) -> None:
    one, other = data.draw(st.permutations(WORDS))[:2]
    said, others = (json.loads(exchange.answers[word].raw) for word in (one, other))
    taken = data.draw(st.sets(st.sampled_from(sorted(said)), min_size=1, max_size=len(said) - 1))
    signer = exchange.answers[other if "receipt" in taken else one].signer
    raw = jcs({name: (others if name in taken else said)[name] for name in said})

    with pytest.raises(Untrustworthy):
        check_answer(raw, exchange.office.hub, signer)


@thoroughly
@given(st.data())
def test_the_auditors_program_finds_another_bit_in_an_answer_that_was_kept(
    exchange: Exchange, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    hub = exchange.office.hub
    folder = tmp_path_factory.getbasetemp()
    path, keys = folder / "answer.json", folder / "hub-keys.json"
    keys.write_bytes(jcs([{"use": "receipt", **hub.receipt_key.model_dump(exclude_none=True)}]))
    path.write_bytes(exchange.answers["accepted"].raw)
    assert verify.verify_answer(path, hub.log, keys) == []
    path.write_bytes(draw_flipped(data, exchange.answers["accepted"].raw))

    assert verify.verify_answer(path, hub.log, keys) != []


class Proofs(Unshown, tuple[Proof, ...]):
    """The proofs of every entry of a log with a full tile and a partial one."""

    __slots__ = ()


@pytest.fixture(scope="session")
def proofs() -> Proofs:
    engine, log = a_grown_log(SIZE)
    with engine.connect() as connection:
        return Proofs(parse_proof(log.proof(connection, index)) for index in range(SIZE))


@thoroughly
@given(st.data())
def test_a_proof_with_another_bit_proves_nothing(proofs: Proofs, data: st.DataObject) -> None:
    proof = proofs[data.draw(st.integers(0, SIZE - 1), label="index")]
    assert verify_proof(parse_proof(proof.text), VERIFIER, origin=ORIGIN).size <= SIZE
    assert verify.verify_proof(proof.text, proof.entry, KEY) == proof.index
    text = draw_flipped_text(data, proof.text)

    with pytest.raises(Unproven):
        verify_proof(parse_proof(text), VERIFIER, origin=ORIGIN)
    with pytest.raises(verify.Wrong):
        verify.verify_proof(text, proof.entry, KEY)


@thoroughly
@given(st.data())
def test_an_entry_with_another_bit_is_not_the_proven_one(
    proofs: Proofs, data: st.DataObject
) -> None:
    """Also where the proof carries the changed entry along."""
    proof = proofs[data.draw(st.integers(0, SIZE - 1), label="index")]
    assert proof.entry is not None
    entry = draw_flipped(data, proof.entry)
    carried = Proof(proof.index, proof.hashes, proof.checkpoint, entry)
    bare = Proof(proof.index, proof.hashes, proof.checkpoint)

    for each in (proof, carried, bare):
        with pytest.raises(Unproven):
            verify_proof(each, VERIFIER, entry)
        with pytest.raises(verify.Wrong):
            verify.verify_proof(each.text, entry, KEY)


@thoroughly
@given(st.data())
def test_the_proof_of_one_entry_is_none_of_another(proofs: Proofs, data: st.DataObject) -> None:
    one, other = (proofs[data.draw(st.integers(0, SIZE - 1))] for _ in range(2))
    part = data.draw(st.sampled_from(("index", "hashes", "checkpoint", "extra")))
    mixed = Proof(**{**vars(one), part: getattr(other, part)})
    if mixed == one:
        return

    with pytest.raises(Unproven):
        verify_proof(mixed, VERIFIER)
    with pytest.raises(verify.Wrong):
        verify.verify_proof(mixed.text, mixed.entry, KEY)


@thoroughly
@given(st.data())
def test_a_checkpoint_with_another_bit_is_not_signed(proofs: Proofs, data: st.DataObject) -> None:
    note = data.draw(st.sampled_from(sorted({proof.checkpoint for proof in proofs})))
    assert verify.verify_checkpoint(note, KEY).size <= SIZE
    changed = draw_flipped_text(data, note)

    with pytest.raises(verify.Wrong):
        verify.verify_checkpoint(changed, KEY)
    with pytest.raises(Unproven):
        verify_checkpoint(changed, VERIFIER)


def test_without_effect_is_the_signature_of_somebody_unknown(proofs: Proofs) -> None:
    """A note may bear signatures of witnesses; whoever does not know them reads past them (C2SP).

    Every bit of such a line can change as long as it stays a line. What the log's key signed is
    the text above it, and that is not touched.
    """
    note = proofs[0].checkpoint
    for octets in (b"a witness", b"another witness"):
        line = base64.b64encode(octets.ljust(76)).decode()
        witnessed = f"{note}\u2014 zeuge.invalid {line}\n"

        assert verify.verify_checkpoint(witnessed, KEY) == verify.verify_checkpoint(note, KEY)
        assert verify_checkpoint(witnessed, VERIFIER) == verify_checkpoint(note, VERIFIER)
