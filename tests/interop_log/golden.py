# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Golden vectors of the tree, said by others: ``python -m tests.interop_log.golden``.

Leaf ``n`` is the number ``n`` in two bytes. Of every size from 0 to 1,025 stands the beginning of a
digest over what ``golang.org/x/mod/sumdb/tlog`` makes of it: root, all proofs of inclusion, all
proofs of consistency. ``pymerkle`` gives every root once more, and the one of the empty tree, which
Go does not know; ``scitt-cose`` makes every proof once more up to 130 leaves. Where two of them
differ, nothing is written.

The verdicts are those of Go on proofs, honest and spoiled, and sigstore and scitt-cose have to
agree with it. So a machine without any of them still compares our tree with theirs.
"""

import sys
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

from tests.interop_log.foreign import (
    ask_go,
    ask_python,
    go_verdicts,
    scitt_verdicts,
    sigstore_verdicts,
)

PAPER: Final = Path(__file__).parent / "golden.txt"
MOST: Final = 1_025
TWICE: Final = 130
"""Up to here proofs are made by two of them; scitt-cose hashes the whole tree for each."""
SHOWN: Final = 24
_HEAD: Final = """\
# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
#
# Made by `python -m tests.interop_log.golden` with golang.org/x/mod, pymerkle, sigstore and
# scitt-cose, which had to agree: "tree SIZE DIGEST" and "verdicts NAME COUNT DIGEST".
"""


def empty(root: str) -> str:
    """Return the line of the tree without leaves; it has no proofs."""
    nothing = sha256().hexdigest()
    return f"0 {root} {nothing} {nothing}"


def golden_tree(line: str) -> str:
    """Return what stands in the paper of a size, its root and its proofs."""
    return f"tree {line.split(maxsplit=1)[0]} {sha256(line.encode()).hexdigest()[:SHOWN]}"


def golden_verdicts(name: str, asked: Sequence[str], said: Sequence[bool]) -> str:
    """Return what stands in the paper of questions and of the verdicts on them."""
    lines = (
        f"{question} {str(holds).lower()}\n" for question, holds in zip(asked, said, strict=True)
    )
    return f"verdicts {name} {len(asked)} {sha256(''.join(lines).encode()).hexdigest()[:SHOWN]}"


def read() -> list[str]:
    """Return the lines of the paper."""
    return [line for line in PAPER.read_text("ascii").splitlines() if not line.startswith("#")]


def trees() -> Iterator[str]:
    """Give what others say of every size; raises where they differ."""
    roots = [line.split()[1] for line in ask_python("roots", str(MOST)).splitlines()]
    lines = [empty(roots[0]), *ask_go("trees", str(MOST)).stdout.splitlines()]
    agree([line.split()[1] for line in lines], roots, "the roots")
    agree(lines[1 : TWICE + 1], ask_python("trees", str(TWICE)).splitlines(), "the proofs")
    yield from map(golden_tree, lines)


def verdicts(inclusions: Sequence[str], consistencies: Sequence[str]) -> Iterator[str]:
    """Give Go's verdicts, if the others have the same; raises where they differ."""
    said = go_verdicts(inclusions)
    agree(said, sigstore_verdicts(inclusions), "the verdicts of sigstore")
    agree(said, scitt_verdicts(inclusions), "the verdicts of scitt-cose")
    yield golden_verdicts("inclusion", inclusions, said)
    said = go_verdicts(consistencies)
    agree(said, scitt_verdicts(consistencies), "the verdicts of scitt-cose on growth")
    yield golden_verdicts("consistency", consistencies, said)


def agree(one: Sequence[object], other: Sequence[object], what: str) -> None:
    differing = [at for at, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1]]
    if differing:
        raise SystemExit(f"{what} differ at {differing[:5]}")


def main() -> int:
    from tests.interop_log.questions import (  # noqa: PLC0415  it asks this module for its words
        asked_about_growth,
        asked_about_leaves,
    )

    lines = [*trees(), *verdicts(asked_about_leaves(), asked_about_growth())]
    PAPER.write_text(_HEAD + "\n".join(lines) + "\n", "ascii")
    return 0


if __name__ == "__main__":
    sys.exit(main())
