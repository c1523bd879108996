# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Our tree is that of others: same roots, same proofs, same verdicts, at every size and edge."""

import pytest

from hub.audit.merkle import EMPTY, Unproven, consistency_proof, root, verify_consistency
from tests.interop_log.foreign import (
    ask_go,
    ask_python,
    go_verdicts,
    scitt_verdicts,
    sigstore_verdicts,
)
from tests.interop_log.questions import (
    BEYOND,
    EDGES,
    LONG,
    SHORT,
    consistencies,
    described,
    holds,
    inclusions,
    node,
    root_at,
)

AT_EDGES = pytest.mark.parametrize(
    "sizes", [EDGES, pytest.param(BEYOND, marks=pytest.mark.interop)], ids=["short", "long"]
)


def compare_with_go(most: int) -> None:
    """Compare every root, every proof of inclusion and every proof of consistency."""
    answer = ask_go("trees", str(most))

    assert answer.returncode == 0
    for size, said in enumerate(answer.stdout.splitlines(), start=1):
        assert described(size) == said
    assert size == most


def test_every_root_and_proof_is_the_one_of_go() -> None:
    compare_with_go(SHORT)


@pytest.mark.interop
def test_every_root_and_proof_is_the_one_of_go_up_to_1025_leaves() -> None:
    compare_with_go(LONG)


def test_every_root_is_the_one_of_pymerkle_beginning_with_no_leaf() -> None:
    """Go gives a tree without leaves another root than RFC 9162 § 2.1.1, so it is not asked."""
    assert root_at(0) == EMPTY == root(())
    expected = [f"{size} {root_at(size).hex()}" for size in range(LONG + 1)]

    assert ask_python("roots", str(LONG)).splitlines() == expected


@AT_EDGES
def test_a_proof_of_inclusion_has_the_same_verdict_as_in_go(sizes: tuple[int, ...]) -> None:
    asked = [question for size in sizes for question in inclusions(size)]
    ours = [holds(question) for question in asked]

    assert go_verdicts(asked) == ours
    assert {True, False} == set(ours)


@AT_EDGES
def test_a_proof_of_inclusion_has_the_same_verdict_as_in_sigstore(sizes: tuple[int, ...]) -> None:
    asked = [question for size in sizes for question in inclusions(size)]

    assert sigstore_verdicts(asked) == [holds(question) for question in asked]


@AT_EDGES
def test_both_have_the_same_verdict_as_in_scitt_cose(sizes: tuple[int, ...]) -> None:
    asked = [question for size in sizes for question in (*inclusions(size), *consistencies(size))]

    assert scitt_verdicts(asked) == [holds(question) for question in asked]


@AT_EDGES
def test_a_proof_of_consistency_has_the_same_verdict_as_in_go(sizes: tuple[int, ...]) -> None:
    asked = [question for size in sizes for question in consistencies(size)]
    ours = [holds(question) for question in asked]

    assert go_verdicts(asked) == ours
    assert {True, False} == set(ours)


@pytest.mark.parametrize("size", [0, 1, 2, 3, 256, 1_025])
def test_every_tree_begins_with_the_empty_one_and_needs_no_proof_of_it(size: int) -> None:
    """RFC 9162 § 2.1.4 does not ask for this case, and Go refuses the question."""
    assert consistency_proof(0, size, node) == []
    verify_consistency(0, size, EMPTY, root_at(size), [])

    for old_root, proof in ((EMPTY, [EMPTY]), (bytes(32), [])):
        with pytest.raises(Unproven):
            verify_consistency(0, size, old_root, root_at(size), proof)
