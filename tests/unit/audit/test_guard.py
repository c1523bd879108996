# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A log that does not go on from what was signed was set back, however genuine it looks."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.audit.checkpoint import Checkpoint, origin_of, sign_checkpoint
from hub.audit.guard import RolledBack, check_extends, read_guard, write_guard
from hub.audit.merkle import Unproven, consistency_proof, inner_hash, leaf_hash, push, root
from hub.audit.note import Signer

ORIGIN = origin_of("meldeweg.invalid/test")
SIGNER = Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(bytes(32)))
OTHER = Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\x01"))
SIZES = [0, 1, 2, 3, 7, 8, 21]


class Story:
    """A log of so many entries; ``other_from`` is where it begins to tell something else."""

    def __init__(self, size: int, other_from: int = 99) -> None:
        self.leaves = [
            leaf_hash(f"{number}{'x' * (number >= other_from)}".encode()) for number in range(size)
        ]

    def head(self, size: int) -> Checkpoint:
        frontier: tuple[bytes, ...] = ()
        for number, leaf in enumerate(self.leaves[:size]):
            frontier = push(frontier, number, leaf)
        return Checkpoint(ORIGIN, size, root(frontier))

    def node(self, height: int, index: int) -> bytes:
        if height == 0:
            return self.leaves[index]
        return inner_hash(self.node(height - 1, 2 * index), self.node(height - 1, 2 * index + 1))

    def proof(self, old: int, new: int) -> list[bytes]:
        return consistency_proof(old, new, self.node)


@pytest.mark.parametrize("old", SIZES)
@pytest.mark.parametrize("new", SIZES)
def test_a_log_that_has_grown_or_stood_still_goes_on(old: int, new: int) -> None:
    story = Story(max(SIZES))
    if old <= new:
        check_extends(story.head(old), story.head(new), story.proof(old, new))
    else:
        with pytest.raises(RolledBack):
            check_extends(story.head(old), story.head(new), [])


def test_a_log_without_an_entry_does_not_go_on_from_one_that_had_some() -> None:
    with pytest.raises(RolledBack):
        check_extends(Story(3).head(3), None, [])


@pytest.mark.parametrize("size", [8, 9, 21])
def test_a_log_that_was_set_back_and_has_grown_again_tells_another_story(size: int) -> None:
    """As long as before or longer, every signature genuine: only the roots tell."""
    other = Story(21, other_from=5)

    with pytest.raises(RolledBack):
        check_extends(Story(21).head(8), other.head(size), other.proof(8, size))
    check_extends(Story(21).head(5), other.head(size), other.proof(5, size))


def test_the_log_of_another_hub_does_not_go_on() -> None:
    head = Story(3).head(3)
    with pytest.raises(RolledBack):
        check_extends(head, Checkpoint(origin_of("anderswo.invalid"), 3, head.root), [])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "elsewhere" / "guard" / "checkpoint"


def test_what_was_written_is_read_again_by_its_owner_alone(path: Path) -> None:
    for size in (1, 3):
        head = Story(3).head(size)
        write_guard(path, sign_checkpoint(head, SIGNER))
        assert read_guard(path, SIGNER.verifier) == head

    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert path.stat().st_mode & 0o777 == 0o600


def test_where_no_file_is_nothing_is_guarded(path: Path) -> None:
    assert read_guard(path, SIGNER.verifier) is None


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b"\xff\xfe",
        b"leer",
        Story(1).head(1).text.encode(),
        sign_checkpoint(Story(1).head(1), OTHER).encode(),
        sign_checkpoint(Story(1).head(1), SIGNER).encode()[:-2],
        sign_checkpoint(Story(1).head(1), SIGNER).replace("\n1\n", "\n2\n", 1).encode(),
    ],
    ids=["empty", "no text", "no note", "unsigned", "another key", "cut off", "another size"],
)
def test_what_guards_nothing_does_not_pass_for_a_guard(path: Path, note: bytes) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(note)

    with pytest.raises(Unproven):
        read_guard(path, SIGNER.verifier)


def test_a_write_that_fails_leaves_the_old_file(path: Path) -> None:
    write_guard(path, sign_checkpoint(Story(1).head(1), SIGNER))
    (path.parent / f"{path.name}.neu").mkdir()

    with pytest.raises(IsADirectoryError):
        write_guard(path, sign_checkpoint(Story(3).head(3), SIGNER))

    assert read_guard(path, SIGNER.verifier) == Story(1).head(1)
