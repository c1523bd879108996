# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is the tree of RFC 6962 over these leaves, and what proves a part of it?

Knows nothing of the hub. A *node* is a complete subtree, named by its height and its index among
the subtrees of that height; where nodes come from is the caller's business.
"""

import hashlib
from collections.abc import Callable, Sequence

Frontier = tuple[bytes, ...]
"""The complete subtrees of a tree from left to right, one for each one bit of its size."""
Node = Callable[[int, int], bytes]
"""Returns the hash of the complete subtree of a height and index."""

EMPTY = hashlib.sha256(b"").digest()
"""The root of a tree without leaves."""


class Unproven(ValueError):  # noqa: N818  a state of the evidence, as the refusals are
    """A proof, note or checkpoint does not show what it is held up for."""


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + leaf).digest()


def inner_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def push(frontier: Frontier, size: int, leaf: bytes) -> Frontier:
    """Return the frontier of a tree of ``size`` leaves after one more leaf.

    Appending is binary counting: each trailing one bit of ``size`` is a complete subtree that the
    new leaf completes into one twice as large.
    """
    carried = leaf
    while size & 1:
        *rest, left = frontier
        frontier, carried = tuple(rest), inner_hash(left, carried)
        size >>= 1
    return (*frontier, carried)


def root(frontier: Sequence[bytes]) -> bytes:
    """Return the root of the tree with these complete subtrees."""
    if not frontier:
        return EMPTY
    *rest, hashed = frontier
    for left in reversed(rest):
        hashed = inner_hash(left, hashed)
    return hashed


def range_hash(start: int, end: int, node: Node) -> bytes:
    """Return the hash over the leaves from ``start`` to ``end``.

    ``start`` is a multiple of the largest power of two below ``end - start``, as everywhere in
    the proofs of RFC 6962; so the range falls into complete subtrees of falling size.
    """
    nodes = []
    while start < end:
        height = (end - start).bit_length() - 1
        nodes.append(node(height, start >> height))
        start += 1 << height
    return root(nodes)


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """Return the siblings from leaf ``index`` up to the root (RFC 6962 § 2.1.1)."""
    if not 0 <= index < size:
        raise Unproven("the tree has no such leaf")
    proof, height, last = [], 0, size - 1
    while last > 0:
        sibling = index ^ 1
        if sibling < last or (sibling == last and (sibling + 1) << height <= size):
            proof.append(node(height, sibling))
        elif sibling == last:
            proof.append(range_hash(sibling << height, size, node))
        index, last, height = index >> 1, last >> 1, height + 1
    return proof


def consistency_proof(old: int, new: int, node: Node) -> list[bytes]:
    """Return what shows that the tree of ``new`` leaves begins with that of ``old`` (§ 2.1.2)."""
    if not 0 <= old <= new:
        raise Unproven("the older tree is larger than the newer one")
    if old in {0, new}:
        return []
    # From the root down to the place where the old tree ends, then read upwards.
    start, end, proof = 0, new, []
    while old != end:
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        if old <= middle:
            proof.append(range_hash(middle, end, node))
            end = middle
        else:
            proof.append(range_hash(start, middle, node))
            start = middle
    if start:
        proof.append(range_hash(start, end, node))
    return proof[::-1]


def root_of_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """Return the root to which a leaf hash and its siblings lead (RFC 9162 § 2.1.3.2)."""
    if not 0 <= index < size:
        raise Unproven("the tree has no such leaf")
    hashed, last = leaf, size - 1
    for sibling in proof:
        if last == 0:
            raise Unproven("the proof is too long")
        if index & 1 or index == last:
            hashed = inner_hash(sibling, hashed)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            hashed = inner_hash(hashed, sibling)
        index, last = index >> 1, last >> 1
    if last:
        raise Unproven("the proof is too short")
    return hashed


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root_hash: bytes
) -> None:
    """Raise ``Unproven`` unless the leaf hash stands at ``index`` of the tree with this root."""
    _are_hashes(leaf, root_hash, *proof)
    if root_of_inclusion(leaf, index, size, proof) != root_hash:
        raise Unproven("the proof leads to another root")


def verify_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Raise ``Unproven`` unless the newer tree begins with the older one (RFC 9162 § 2.1.4.2)."""
    if not 0 <= old <= new:
        raise Unproven("the older tree is larger than the newer one")
    _are_hashes(old_root, new_root, *proof)
    if old in {0, new}:
        if proof or (old == new and old_root != new_root) or (old == 0 and old_root != EMPTY):
            raise Unproven("the two trees are not the same")
        return
    # Where the old tree is one complete subtree, the proof does not repeat its root.
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        raise Unproven("the proof is too short")
    index, last = old - 1, new - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    if _roots(path, index, last) != (old_root, new_root):
        raise Unproven("the proof leads to other roots")


def _are_hashes(*hashes: bytes) -> None:
    # Of two empty ones each would be the other's root.
    if any(len(hashed) != len(EMPTY) for hashed in hashes):
        raise Unproven("not a hash")


def _roots(path: Sequence[bytes], index: int, last: int) -> tuple[bytes, bytes]:
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise Unproven("the proof is too long")
        if index & 1 or index == last:
            old, new = inner_hash(sibling, old), inner_hash(sibling, new)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            new = inner_hash(new, sibling)
        index, last = index >> 1, last >> 1
    if last:
        raise Unproven("the proof is too short")
    return old, new
