# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The trees that we and others are asked about, and the questions; our own answers with them."""

from collections.abc import Iterator
from functools import cache
from hashlib import sha256

from hub.audit.merkle import (
    Unproven,
    consistency_proof,
    inclusion_proof,
    inner_hash,
    leaf_hash,
    range_hash,
    verify_consistency,
    verify_inclusion,
)
from tests.interop_log.golden import empty, golden_tree

Tree = tuple[int, bytes]
"""Size and root."""
SHORT, LONG = 130, 1_025
EDGES = (1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 127, 128, 129)
BEYOND = (255, 256, 257, 511, 512, 513, 767, 1_000, 1_023, 1_024, 1_025)


def leaf(index: int) -> bytes:
    """Return what the other programs take as the leaf of an index."""
    return index.to_bytes(2, "big")


@cache
def node(height: int, index: int) -> bytes:
    """Return the hash of a complete subtree."""
    if height == 0:
        return leaf_hash(leaf(index))
    return inner_hash(node(height - 1, 2 * index), node(height - 1, 2 * index + 1))


@cache
def root_at(size: int) -> bytes:
    return range_hash(0, size, node)


def described(size: int) -> str:
    """Say root and proofs of a size as our program over golang.org/x/mod does."""
    records, prefixes = sha256(), sha256()
    for index in range(size):
        records.update(b"".join(inclusion_proof(index, size, node)))
        prefixes.update(b"".join(consistency_proof(index + 1, size, node)))
    return f"{size} {root_at(size).hex()} {records.hexdigest()} {prefixes.hexdigest()}"


def ours(size: int) -> str:
    """Return what the golden paper would say of a size, were it ours."""
    return golden_tree(described(size) if size else empty(root_at(0).hex()))


def asked_about_leaves() -> list[str]:
    return [question for size in (*EDGES, *BEYOND) for question in inclusions(size)]


def asked_about_growth() -> list[str]:
    return [question for size in (*EDGES, *BEYOND) for question in consistencies(size)]


def inclusions(size: int) -> Iterator[str]:
    """Ask about honest proofs and about such as are spoiled in one respect."""
    for index in sorted({0, 1, size // 2, size - 2, size - 1} & set(range(size))):
        proof = inclusion_proof(index, size, node)
        for spoiled in _spoiled(proof):
            yield _asked("inclusion", (size, root_at(size)), (index, leaf(index)), spoiled)
        yield _asked("inclusion", (size, root_at(size)), (index, leaf(index + 1)), proof)
        yield _asked("inclusion", (size, node(0, 9)), (index, leaf(index)), proof)
        if size > 1:
            yield _asked("inclusion", (size, root_at(size)), (index ^ 1, leaf(index)), proof)


def consistencies(size: int) -> Iterator[str]:
    """Ask the same about consistency, the tree with itself included."""
    for old in sorted({1, 2, 3, size // 2, size - 1, size} & set(range(1, size + 1))):
        proof = consistency_proof(old, size, node)
        for spoiled in _spoiled(proof):
            yield _asked("consistency", (size, root_at(size)), (old, root_at(old)), spoiled)
        yield _asked("consistency", (size, root_at(size)), (old, node(0, 9)), proof)
        yield _asked("consistency", (size, node(0, 9)), (old, root_at(old)), proof)
        if old > 1:
            yield _asked("consistency", (size, root_at(size)), (old - 1, root_at(old)), proof)


def _spoiled(proof: list[bytes]) -> Iterator[list[bytes]]:
    """Give the proof itself, then shorter, longer, turned round and with a bit flipped."""
    yield proof
    yield [*proof, node(0, 0)]
    yield [node(0, 0), *proof]
    if proof:
        yield proof[1:]
        yield proof[:-1]
    if len(proof) > 1:
        yield proof[::-1]
    for at, hashed in enumerate(proof):
        yield [*proof[:at], bytes([hashed[0] ^ 128]) + hashed[1:], *proof[at + 1 :]]


def _asked(kind: str, tree: Tree, about: tuple[int, bytes], proof: list[bytes]) -> str:
    """Write a question: is this leaf, or this older root, in a tree of this size and root?"""
    (size, top), (number, said) = tree, about
    words = (kind, str(size), top.hex(), str(number), said.hex(), *(each.hex() for each in proof))
    return " ".join(words)


def holds(question: str) -> bool:
    kind, size, tree, number, said, *path = question.split()
    proof, top, about = [bytes.fromhex(each) for each in path], bytes.fromhex(tree), int(number)
    try:
        if kind == "inclusion":
            hashed = leaf_hash(bytes.fromhex(said))
            verify_inclusion(hashed, about, int(size), proof, top)
        else:
            verify_consistency(about, int(size), bytes.fromhex(said), top, proof)
    except Unproven:
        return False
    return True
