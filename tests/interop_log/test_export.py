# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""An exported log is accepted by the code that verifies Go modules, and a flipped bit is not."""

from pathlib import Path

import pytest

from hub.audit.checkpoint import verify_checkpoint
from hub.audit.note import parse_vkey
from hub.audit.proof import parse_proof
from tests.interop_log.exports import Export, an_export, flip
from tests.interop_log.foreign import ask_go, sigstore_verdicts

INDEXES = (0, 1, 255, 256, 511, 512, 598, 599)
"""Both ends of the tiles of a log of 600 entries."""


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 600])
def test_go_accepts_an_export(size: int, tmp_path: Path) -> None:
    export = an_export(tmp_path, size)

    answer = ask_go("tiles", export.directory, export.vkey)

    assert answer.stdout == f"holds: {size} entries, {size} read\n"


@pytest.mark.interop
def test_go_accepts_an_export_with_tiles_on_three_levels(tmp_path: Path) -> None:
    export = an_export(tmp_path, 65_800, group=2_000)
    assert (export.directory / "tile/2/000.p/1").is_file()

    answer = ask_go("tiles", export.directory, export.vkey)

    assert answer.stdout == "holds: 65800 entries, 65800 read\n"


def test_go_refuses_an_export_with_a_flipped_bit(export: Export, tmp_path: Path) -> None:
    """Every tile and bundle, at both ends and in the middle, and every line of the checkpoint."""
    spoiled = export.copied(tmp_path)
    text = (spoiled.directory / "checkpoint").read_text("utf-8")
    lines = [line.encode() for line in text.split("\n")]
    origin, size, root, blank, line = (
        sum(len(each) + 1 for each in lines[:number]) for number in range(5)
    )
    assert lines[3] == b""
    for path in spoiled.files:
        data = path.read_bytes()
        places = [0, len(data) // 2, len(data) - 1]
        if path.name == "checkpoint":
            # In the line of the signature: the dash, the name, the id of the key, the signature.
            places = [origin, size, root, root + 30, blank, line, line + 4, line + 40, line + 90]
        for at in places:
            flip(path, at)
            answer = ask_go("tiles", spoiled.directory, spoiled.vkey)
            assert (answer.returncode, answer.stdout[:8]) == (1, "refused:"), (path.name, at)
            path.write_bytes(data)
    assert ask_go("tiles", spoiled.directory, spoiled.vkey).returncode == 0


def test_go_refuses_an_export_of_another_log(export: Export, tmp_path: Path) -> None:
    key = export.vkey.rpartition("+")[2]
    assert ask_go("tiles", export.directory, f"other.invalid/log+00000000+{key}").returncode == 1

    # A longer tree than the tiles, and a shorter one, each signed by its own log.
    for size in (599, 601):
        other = an_export(tmp_path / str(size), size)
        mixed = export.copied(tmp_path / f"mixed-{size}")
        (mixed.directory / "checkpoint").write_bytes((other.directory / "checkpoint").read_bytes())
        assert ask_go("tiles", mixed.directory, mixed.vkey).returncode == 1


def test_go_accepts_the_proof_that_a_party_keeps(export: Export, tmp_path: Path) -> None:
    kept = export.copied(tmp_path)
    for index in INDEXES:
        file = kept.keep(index)

        answer = ask_go("proof", file, kept.vkey, kept.directory / "entry.json")

        size = verify_checkpoint(
            parse_proof(file.read_text("utf-8")).checkpoint, parse_vkey(kept.vkey)
        ).size
        assert answer.stdout == f"holds: entry {index} of {size}\n"


def test_sigstore_accepts_the_proof_that_a_party_keeps(export: Export, tmp_path: Path) -> None:
    kept = export.copied(tmp_path)
    questions = []
    for index in INDEXES:
        proof = parse_proof(kept.keep(index).read_text("utf-8"))
        checkpoint = verify_checkpoint(proof.checkpoint, parse_vkey(kept.vkey))
        path = " ".join(hashed.hex() for hashed in proof.hashes)
        leaf = (kept.directory / "entry.json").read_bytes().hex()
        asked = f"{checkpoint.size} {checkpoint.root.hex()} {index} {leaf} {path}"
        questions += [f"inclusion {asked}", f"inclusion {_flipped(asked)}"]

    assert sigstore_verdicts(questions) == [True, False] * len(INDEXES)


def test_go_accepts_the_proof_of_an_entry_whose_body_is_pruned(
    export: Export, tmp_path: Path
) -> None:
    """The proof stays; the entry is what the party has kept itself."""
    kept = export.copied(tmp_path)
    file = kept.keep(300)
    lines = file.read_text("utf-8").split("\n")
    assert lines[1].startswith("extra ")
    file.write_text("\n".join([lines[0], *lines[2:]]), encoding="utf-8")

    assert ask_go("proof", file, kept.vkey, kept.directory / "entry.json").returncode == 0


def test_go_refuses_a_proof_with_a_flipped_bit(export: Export, tmp_path: Path) -> None:
    kept = export.copied(tmp_path)
    file = kept.keep(300)
    entry = kept.directory / "entry.json"
    honest = file.read_bytes()
    lengths = [len(line) + 1 for line in honest.split(b"\n")]
    starts = [sum(lengths[:number]) for number in range(len(lengths) - 1)]
    # One place in each line: header, entry, index, every hash, every line of the checkpoint.
    for start, length in zip(starts, lengths, strict=False):
        flip(file, start + (length - 1) // 2)
        assert ask_go("proof", file, kept.vkey, entry).returncode == 1, start
        file.write_bytes(honest)

    flip(entry, 20)
    assert ask_go("proof", file, kept.vkey, entry).returncode == 1


def _flipped(asked: str) -> str:
    """Flip a bit of the last character, which belongs to the path or, without one, to the leaf."""
    asked = asked.rstrip()
    return asked[:-1] + f"{int(asked[-1], 16) ^ 1:x}"
