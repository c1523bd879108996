# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What ``specs/log.md`` tells strangers to type works as it stands, and notices a flipped bit."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from hub.audit.verify import BY_HUB, BY_SENDER
from hub.model.receipt import HIDDEN, Word
from hub.schemas import SPECS
from hub.trust.receipts import _SAYS
from tests.interop_log.exports import Export, a_fork, an_export, flip
from tests.interop_log.foreign import ask_go, shell

PAPER = (SPECS / "log.md").read_text("utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", PAPER, re.DOTALL | re.MULTILINE)
KEY, NOTE, LEAF, PROOF = range(4)


@pytest.fixture
def kept(export: Export, tmp_path: Path) -> Export:
    """An export in a directory of its own, with the entry 300 and its proof."""
    copy = export.copied(tmp_path)
    copy.keep(300)
    return copy


def fails_in(export: Export) -> int | None:
    """Return the block of the paper that ends with an error, if one does."""
    for number in range(len(BLOCKS)):
        if shell("\n".join(BLOCKS[: number + 1]), export.directory).returncode:
            return number
    return None


def test_the_paper_has_one_block_for_each_question() -> None:
    assert len(BLOCKS) == PROOF + 1


@pytest.mark.parametrize("index", [0, 1, 255, 256, 349, 511, 512, 598, 599])
def test_an_entry_is_proven_with_openssl_and_sha256sum(
    index: int, export: Export, tmp_path: Path
) -> None:
    kept = export.copied(tmp_path)
    kept.keep(index)

    answer = shell("\n".join(BLOCKS), kept.directory)

    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout.count("Signature Verified Successfully") == 2
    name = kept.vkey.partition("+")[0]
    assert answer.stdout.endswith(f"The entry is in the log of {name}.\n")


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_short_log_is_proven_too(size: int, tmp_path: Path) -> None:
    export = an_export(tmp_path, size, group=1)
    for index in range(size):
        export.keep(index)
        assert fails_in(export) is None


def rows(*columns: str) -> list[list[str]]:
    """Return the cells of the tables of the paper that have these columns."""
    head = "| " + " | ".join(columns) + " |\n"
    return [
        [cell.strip() for cell in line[1:-1].split("|")]
        for table in PAPER.split(head)[1:]
        for line in table.partition("\n\n")[0].split("\n")[1:]
    ]


def test_the_paper_names_every_member_of_an_entry() -> None:
    form = json.loads((SPECS / "log-entry.schema.json").read_text("utf-8"))

    stated = {
        name: "optional" in said
        for names, said in rows("member", "what it says")
        for name in re.findall(r"`(\w+)`", names)
    }

    assert stated == {name: name not in form["required"] for name in form["properties"]}


def test_the_paper_says_of_every_receipt_who_signs_it_and_who_sees_it() -> None:
    stated = {row[0].strip("`"): row[1:] for row in rows("word", "signed by", "chain", "adds")}

    assert list(stated) == list(get_args(Word))
    assert {word for word, said in stated.items() if said[1] == "**hidden**"} == HIDDEN
    assert {word for word, said in stated.items() if said[0] == "hub"} == BY_HUB
    assert {word for word, said in stated.items() if said[0] == "sender"} == BY_SENDER
    adds = {word: set(re.findall(r"`(\w+)`", said[2])) for word, said in stated.items()}
    assert {word: names for word, names in adds.items() if names} == {
        word: set(claims) for word, claims in _SAYS.items()
    }


def places(kept: Export) -> Iterator[tuple[str, int, int]]:
    """Name a bit of every part, and the block that has to notice it."""
    proof = (kept.directory / "entry.tlog-proof").read_bytes()
    note = (kept.directory / "checkpoint").read_bytes()
    signature, signed = note.rindex(b" ") + 12, proof.rindex(b" ") + 12
    hashes, root = proof.index(b"index ") + 20, proof.index(b"\n\n")
    yield "log.vkey", kept.vkey.index("+") + 1, KEY
    yield "log.vkey", len(kept.vkey) - 9, KEY
    yield "checkpoint", 0, NOTE
    yield "checkpoint", note.index(b"600"), NOTE
    yield "checkpoint", note.index(b"600") + 20, NOTE
    yield "checkpoint", signature, NOTE
    yield "entry.json", 100, LEAF
    yield "tile/0/001", (300 - 256) * 32, LEAF
    yield "entry.tlog-proof", proof.index(b"index 300") + 8, LEAF
    yield "entry.tlog-proof", hashes, PROOF
    yield "entry.tlog-proof", root - 10, PROOF
    yield "entry.tlog-proof", root + 3, PROOF
    yield "entry.tlog-proof", signed, PROOF


def test_a_flipped_bit_is_noticed_where_it_is(kept: Export) -> None:
    for name, at, block in places(kept):
        flip(kept.directory / name, at)
        assert fails_in(kept) == block, (name, at)
        flip(kept.directory / name, at)
    assert fails_in(kept) is None


def test_a_proof_with_a_hash_more_or_less_is_noticed(kept: Export) -> None:
    path = kept.directory / "entry.tlog-proof"
    honest = path.read_text("utf-8")
    lines = honest.split("\n")
    for spoiled in ([*lines[:3], *lines[4:]], [*lines[:4], *lines[3:]]):
        path.write_text("\n".join(spoiled), encoding="utf-8")
        assert fails_in(kept) == PROOF


def test_go_compares_with_an_older_checkpoint(kept: Export, tmp_path: Path) -> None:
    older, later = (kept.directory / name for name in ("older", "later"))
    proof = (kept.directory / "entry.tlog-proof").read_text("utf-8")
    older.write_text(proof.partition("\n\n")[2], encoding="utf-8")
    # The same key has signed another history, and one that is longer.
    forked = a_fork(tmp_path / "fork", 350)
    later.write_bytes((an_export(tmp_path / "longer", 601).directory / "checkpoint").read_bytes())

    answer = ask_go("tiles", kept.directory, kept.vkey, older)
    assert answer.stdout == "holds: 600 entries, 600 read; begins with the older 350\n"
    for other in (later, forked):
        answer = ask_go("tiles", kept.directory, kept.vkey, other)
        assert (answer.returncode, answer.stdout[:8]) == (1, "refused:")
