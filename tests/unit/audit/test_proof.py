# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2

import base64
import json
from typing import Any, Final

import pytest

from hub.audit import verify
from hub.audit.merkle import Unproven
from hub.audit.note import parse_vkey
from hub.audit.proof import parse_proof, verify_proof
from specs.vectors.log import make
from tests.unit.audit.builders import a_signer

LOG: Final[Any] = json.loads((make.HERE / "log.json").read_text("utf-8"))
VERIFIER: Final = parse_vkey(LOG["vkey"])
KEY: Final = verify.read_vkey(LOG["vkey"])


@pytest.mark.parametrize("index", range(5))
def test_a_proof_is_text_and_back_and_proves_its_entry(index: int) -> None:
    text, entry = LOG["proofs"][index], LOG["entries"][index].encode()

    proof = parse_proof(text)

    assert proof.text == text
    assert proof.entry == entry
    assert verify_proof(proof, VERIFIER, entry).size == 5
    assert verify_proof(proof, VERIFIER).size == 5
    assert verify.verify_proof(text, entry, KEY) == index


def test_a_proof_of_a_pruned_entry_carries_no_entry_and_still_holds() -> None:
    proof = parse_proof(LOG["pruned"])

    assert proof.entry is None
    assert verify_proof(proof, VERIFIER, LOG["entries"][2].encode()).size == 5
    with pytest.raises(Unproven, match="no entry"):
        verify_proof(proof, VERIFIER)
    with pytest.raises(verify.Wrong, match="gelöscht"):
        verify.verify_proof(LOG["pruned"], None, KEY)


def test_a_proof_shows_no_other_entry() -> None:
    with pytest.raises(Unproven, match="another entry"):
        verify_proof(parse_proof(LOG["proofs"][1]), VERIFIER, LOG["entries"][2].encode())
    with pytest.raises(Unproven, match="another root"):
        verify_proof(parse_proof(LOG["pruned"]), VERIFIER, LOG["entries"][1].encode())


def test_a_proof_by_another_key_proves_nothing() -> None:
    with pytest.raises(Unproven):
        verify_proof(parse_proof(LOG["proofs"][1]), a_signer("thief").verifier)


@pytest.mark.parametrize("at", range(0, len(LOG["proofs"][3]), 3))
def test_no_character_of_a_proof_can_change(at: int) -> None:
    text = LOG["proofs"][3]
    changed = text[:at] + chr(ord(text[at]) ^ 1) + text[at + 1 :]

    with pytest.raises(Unproven):
        verify_proof(parse_proof(changed), VERIFIER, LOG["entries"][3].encode())
    with pytest.raises(verify.Wrong):
        verify.verify_proof(changed, LOG["entries"][3].encode(), KEY)


def spoiled(text: str) -> dict[str, str]:
    head, _, note = text.partition("\n\n")
    lines = head.split("\n")
    return {
        "of another index": text.replace("index 3", "index 2"),
        "with a leading zero": text.replace("index 3", "index 03"),
        "with a plus sign": text.replace("index 3", "index +3"),
        "behind the checkpoint": text.replace("index 3", "index 5"),
        "with a hash more": f"{head}\n{lines[-1]}\n\n{note}",
        "with a hash less": "\n".join(lines[:-1]) + f"\n\n{note}",
        "with a short hash": f"{head[:-4]}\n\n{note}",
        "without index": "\n".join([*lines[:2], *lines[3:]]) + f"\n\n{note}",
        "of another version": text.replace("@v1", "@v2"),
        "without checkpoint": f"{head}\n\n",
        "without blank line": f"{head}\n{note}",
        "with an empty extra": text.replace(lines[1], "extra "),
        "with two extras": text.replace(lines[1], f"{lines[1]}\n{lines[1]}"),
        "with the entry of another": text.replace(
            lines[1], "extra " + base64.b64encode(LOG["entries"][1].encode()).decode()
        ),
        "with carriage returns": text.replace("\n", "\r\n"),
    }


@pytest.mark.parametrize("name", spoiled(LOG["proofs"][3]))
def test_a_proof_is_refused(name: str) -> None:
    text = spoiled(LOG["proofs"][3])[name]
    assert text != LOG["proofs"][3]

    with pytest.raises(Unproven):
        verify_proof(parse_proof(text), VERIFIER, LOG["entries"][3].encode())
    with pytest.raises(verify.Wrong):
        verify.verify_proof(text, LOG["entries"][3].encode(), KEY)


def test_a_proof_is_not_longer_than_a_tree_is_high() -> None:
    head, _, note = LOG["pruned"].partition("\n\n")
    long = "\n".join([head, *[head.split("\n")[-1]] * 64])

    with pytest.raises(Unproven, match="not a proof"):
        parse_proof(f"{long}\n\n{note}")
