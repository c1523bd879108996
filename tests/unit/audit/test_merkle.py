# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tree is that of RFC 6962, and its proofs show what they claim and nothing else."""

import json
from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.audit import merkle
from hub.audit.edge import Edge
from hub.audit.merkle import EMPTY, Unproven, leaf_hash
from specs.vectors.log import make

TREE: Final[Any] = json.loads((make.HERE / "tree.json").read_text("utf-8"))
ROOTS_OF_RFC_6962: Final = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""As other implementations have published them."""


def leaves(size: int) -> list[bytes]:
    return [make.leaf(index) for index in range(size)]


def frontier_of(data: list[bytes]) -> merkle.Frontier:
    frontier: merkle.Frontier = ()
    for size, leaf in enumerate(data):
        frontier = merkle.push(frontier, size, leaf_hash(leaf))
    return frontier


def node_of(data: list[bytes]) -> Callable[[int, int], bytes]:
    """Return complete subtrees, computed by the recursion of the vectors."""

    def node(height: int, index: int) -> bytes:
        part = data[index << height : (index + 1) << height]
        assert len(part) == 1 << height
        return make.tree_hash(part)

    return node


def test_the_vectors_are_those_that_their_script_makes() -> None:
    for name, value in make.build().items():
        assert (make.HERE / name).read_text("utf-8") == make.write(value)


@pytest.mark.parametrize("size", range(make.SIZES + 1))
def test_the_root_is_that_of_the_recursion(size: int) -> None:
    assert merkle.root(frontier_of(leaves(size))).hex() == TREE["roots"][size]


def test_the_roots_are_those_that_others_have_published() -> None:
    data = [bytes.fromhex(text) for text in TREE["rfc6962"]["leaves"]]

    roots = [merkle.root(frontier_of(data[:size])).hex() for size in range(9)]

    assert roots == TREE["rfc6962"]["roots"] == list(ROOTS_OF_RFC_6962)


@pytest.mark.parametrize("size", make.PROVEN)
def test_each_leaf_is_proven_as_the_recursion_does_and_to_no_other_root(size: int) -> None:
    data = leaves(size)
    root = bytes.fromhex(TREE["roots"][size])
    vectors = [vector for vector in TREE["inclusion"] if vector["size"] == size]
    assert len(vectors) == size

    for vector in vectors:
        index = vector["index"]
        proof = merkle.inclusion_proof(index, size, node_of(data))
        assert [hashed.hex() for hashed in proof] == vector["proof"]
        merkle.verify_inclusion(leaf_hash(data[index]), index, size, proof, root)
        with pytest.raises(Unproven):
            merkle.verify_inclusion(leaf_hash(b"other"), index, size, proof, root)
        with pytest.raises(Unproven):
            merkle.verify_inclusion(leaf_hash(data[index]), index, size, [*proof, EMPTY], root)
        if proof:
            with pytest.raises(Unproven):
                merkle.verify_inclusion(leaf_hash(data[index]), index, size, proof[:-1], root)
            with pytest.raises(Unproven):
                merkle.verify_inclusion(leaf_hash(data[index]), index ^ 1, size, proof, root)


@pytest.mark.parametrize("new", make.PROVEN)
def test_growth_is_proven_as_the_recursion_does_and_a_fork_is_not(new: int) -> None:
    data = leaves(new)
    root = bytes.fromhex(TREE["roots"][new])
    vectors = [vector for vector in TREE["consistency"] if vector["new"] == new]
    assert len(vectors) == new

    for vector in vectors:
        old = vector["old"]
        old_root = bytes.fromhex(TREE["roots"][old])
        proof = merkle.consistency_proof(old, new, node_of(data))
        assert [hashed.hex() for hashed in proof] == vector["proof"]
        merkle.verify_consistency(old, new, old_root, root, proof)
        fork = make.tree_hash([*data[: old - 1], b"fork"])
        for wrong in (
            (old, new, fork, root, proof),
            (old, new, old_root, EMPTY, proof),
            (old, new, old_root, root, [*proof, EMPTY]),
            (old, new, old_root, root, proof[:-1] if proof else [EMPTY]),
        ):
            with pytest.raises(Unproven):
                merkle.verify_consistency(*wrong)


def test_every_tree_begins_with_the_empty_one_and_with_no_other_of_size_zero() -> None:
    root = bytes.fromhex(TREE["roots"][7])

    merkle.verify_consistency(0, 7, EMPTY, root, [])
    merkle.verify_consistency(0, 0, EMPTY, EMPTY, [])

    for wrong in ((0, 7, root, root, []), (0, 7, EMPTY, root, [root]), (0, 0, root, EMPTY, [])):
        with pytest.raises(Unproven):
            merkle.verify_consistency(*wrong)


def test_a_tree_does_not_shrink() -> None:
    root = bytes.fromhex(TREE["roots"][7])

    with pytest.raises(Unproven):
        merkle.consistency_proof(8, 7, node_of(leaves(7)))
    with pytest.raises(Unproven):
        merkle.verify_consistency(8, 7, root, root, [])


@pytest.mark.parametrize(("index", "size"), [(7, 7), (-1, 7), (0, 0)])
def test_there_is_no_proof_of_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(Unproven):
        merkle.inclusion_proof(index, size, node_of(leaves(7)))
    with pytest.raises(Unproven):
        merkle.root_of_inclusion(EMPTY, index, size, [])


@given(st.integers(1, 1200), st.data())
def test_the_right_edge_knows_the_root_of_any_size(size: int, data: st.DataObject) -> None:
    """The edge forgets what is in full tiles; its root must not notice."""
    copied_at = data.draw(st.integers(0, size))
    edge, frontier = Edge(), merkle.Frontier()
    for index in range(size):
        if index == copied_at:
            edge = edge.copy()
        hashed = leaf_hash(make.leaf(index))
        edge.push(hashed)
        frontier = merkle.push(frontier, index, hashed)

    assert (edge.size, edge.frontier, edge.root) == (size, frontier, merkle.root(frontier))
