# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Our tree against golden vectors that others made (``golden.py``); needs none of them here."""

import pytest

from hub.audit.merkle import (
    EMPTY,
    Unproven,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)
from tests.interop_log.golden import MOST, golden_verdicts, read
from tests.interop_log.questions import (
    BEYOND,
    SHORT,
    asked_about_growth,
    asked_about_leaves,
    holds,
    leaf,
    node,
    ours,
    root_at,
)

RIGHT_EDGES = (2, 3, 5, 7, 9, 17, 31, 33, 63, 65, 127, 129, 255, 257, 511, 513, 1_023, 1_025)
"""Sizes at which the last leaf is alone on its levels, and those before a full tree."""


def test_every_size_from_no_leaf_to_1025_is_golden() -> None:
    sizes = [line.split()[1] for line in read() if line.startswith("tree ")]

    assert sizes == [str(size) for size in range(MOST + 1)]


@pytest.mark.parametrize("sizes", [range(SHORT + 1), BEYOND], ids=["small", "beyond"])
def test_root_and_every_proof_of_a_size_are_the_golden_ones(sizes: range | tuple[int, ...]) -> None:
    golden = set(read())

    assert [size for size in sizes if ours(size) not in golden] == []


@pytest.mark.interop
def test_root_and_every_proof_of_all_sizes_are_the_golden_ones() -> None:
    golden = set(read())

    assert [size for size in range(MOST + 1) if ours(size) not in golden] == []


@pytest.mark.parametrize("name", ["inclusion", "consistency"])
def test_every_verdict_is_the_golden_one(name: str) -> None:
    asked = asked_about_leaves() if name == "inclusion" else asked_about_growth()
    said = [holds(question) for question in asked]

    assert golden_verdicts(name, asked, said) in read()
    assert len(asked) > 518
    assert {True, False} == set(said)


# --- Odd cases ---


@pytest.mark.parametrize("size", [0, 1, 2, 3, 255, 256, 257, 1_025])
def test_growth_from_nothing_needs_no_proof_and_takes_none(size: int) -> None:
    verify_consistency(0, size, EMPTY, root_at(size), consistency_proof(0, size, node))

    for old_root, proof in ((EMPTY, [root_at(size)]), (EMPTY, [b""]), (b"", []), (bytes(32), [])):
        with pytest.raises(Unproven):
            verify_consistency(0, size, old_root, root_at(size), proof)


@pytest.mark.parametrize("size", [1, 2, 3, 8, 255, 257])
def test_an_empty_hash_proves_nothing(size: int) -> None:
    """Neither as a leaf, as a root, nor anywhere in a proof, where it would be skipped unseen."""
    proof, old = inclusion_proof(0, size, node), max(1, size // 2)
    growth = consistency_proof(old, size, node)
    for spoiled in ([b""], [*proof, b""], [b"", *proof], [b""] * len(proof) or [b""]):
        with pytest.raises(Unproven):
            verify_inclusion(leaf_hash(leaf(0)), 0, size, spoiled, root_at(size))
    for hashed, top in ((b"", root_at(size)), (leaf_hash(leaf(0)), b""), (b"", b"")):
        with pytest.raises(Unproven):
            verify_inclusion(hashed, 0, size, proof, top)
    for before, top, path in (
        (b"", root_at(size), growth),
        (root_at(old), b"", growth),
        (root_at(old), root_at(size), [*growth, b""]),
        (root_at(old), root_at(size), [b"", *growth]),
    ):
        with pytest.raises(Unproven):
            verify_consistency(old, size, before, top, path)


@pytest.mark.parametrize("size", RIGHT_EDGES)
def test_the_last_leaf_is_proven_by_no_more_than_it_needs(size: int) -> None:
    """At the right edge a level is left out where a node has no sibling."""
    proof = inclusion_proof(size - 1, size, node)
    last = leaf_hash(leaf(size - 1))

    verify_inclusion(last, size - 1, size, proof, root_at(size))
    assert len(proof) == (size - 1).bit_length() - _alone(size)
    with pytest.raises(Unproven):
        verify_inclusion(last, size - 2, size, proof, root_at(size))
    with pytest.raises(Unproven):
        verify_inclusion(last, size - 1, size, [*proof, node(0, 0)], root_at(size))


def _alone(size: int) -> int:
    """Count the levels on which the last node of a tree has no sibling."""
    last, levels = size - 1, 0
    while last:
        levels += not last & 1
        last >>= 1
    return levels


def test_an_index_or_size_beyond_the_tree_proves_nothing() -> None:
    for index, size in ((0, 0), (1, 1), (8, 8), (-1, 8), (2**63, 2**63), (0, 2**63)):
        with pytest.raises(Unproven):
            verify_inclusion(leaf_hash(leaf(0)), index, size, [], bytes(32))
    for old, new in ((2, 1), (-1, 1), (1, 2**63)):
        with pytest.raises(Unproven):
            verify_consistency(old, new, root_at(1), root_at(1), [])
