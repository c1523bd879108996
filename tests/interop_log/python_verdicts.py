# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What do sigstore and pymerkle say? Runs in their environment (``tools.sh``), not in ours.

python_verdicts.py roots SIZE             the root of every tree up to a size
python_verdicts.py verdicts < questions   the verdict on each proof of inclusion, one a line
"""

import sys
from collections.abc import Iterator
from importlib import import_module
from types import SimpleNamespace
from typing import Any


def roots(most: int) -> Iterator[str]:
    tree: Any = import_module("pymerkle").InmemoryTree(algorithm="sha256")
    yield f"0 {tree.get_root().hex()}"
    for index in range(most):
        tree.append_entry(index.to_bytes(2, "big"))
        yield f"{index + 1} {tree.get_root().hex()}"


def verdict(question: str) -> bool:
    """Have sigstore verify "inclusion SIZE ROOT INDEX LEAF HASHES" as if Rekor had said it."""
    merkle: Any = import_module("sigstore._internal.merkle")
    refused: Any = import_module("sigstore.errors").VerificationError
    kind, size, root, index, leaf, *hashes = question.split()
    if kind != "inclusion":
        raise ValueError(question)
    proof = SimpleNamespace(
        tree_size=int(size),
        log_index=int(index),
        root_hash=bytes.fromhex(root),
        hashes=[bytes.fromhex(each) for each in hashes],
    )
    said = SimpleNamespace(inclusion_proof=proof, canonicalized_body=bytes.fromhex(leaf))
    try:
        merkle.verify_merkle_inclusion(SimpleNamespace(_inner=said))
    except refused:
        return False
    return True


def main() -> None:
    asked = sys.argv[1]
    if asked == "roots":
        sys.stdout.writelines(f"{line}\n" for line in roots(int(sys.argv[2])))
    else:
        sys.stdout.writelines(f"{str(verdict(line)).lower()}\n" for line in sys.stdin)


if __name__ == "__main__":
    main()
