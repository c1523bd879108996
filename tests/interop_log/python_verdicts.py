# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What do sigstore, pymerkle and scitt-cose say? Runs in their environment (``tools.sh``).

python_verdicts.py roots SIZE             the root of every tree up to a size, by pymerkle
python_verdicts.py trees SIZE             root and proofs of the trees up to a size, by scitt-cose
python_verdicts.py verdicts < questions   sigstore's verdict on each proof of inclusion, one a line
python_verdicts.py scitt < questions      scitt-cose's verdict, also on proofs of consistency
python_verdicts.py bundles DIRECTORY      the root over all entries of an export, by scitt-cose
python_verdicts.py receipt RECEIPT ENTRY KEY   whether a COSE receipt of an entry holds
"""

import sys
from collections.abc import Iterator
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any


def roots(most: int) -> Iterator[str]:
    tree: Any = import_module("pymerkle").InmemoryTree(algorithm="sha256")
    yield f"0 {tree.get_root().hex()}"
    for index in range(most):
        tree.append_entry(index.to_bytes(2, "big"))
        yield f"{index + 1} {tree.get_root().hex()}"


def trees(most: int) -> Iterator[str]:
    """Say of every size the root and one digest over all proofs, as our program over Go does."""
    scitt: Any = import_module("scitt_cose")
    leaves = [index.to_bytes(2, "big").hex() for index in range(most)]
    for size in range(1, most + 1):
        some = leaves[:size]
        records = "".join("".join(scitt.inclusion_proof(some, at)) for at in range(size))
        prefixes = "".join(
            "".join(scitt.consistency_proof(some, at + 1, size)) for at in range(size)
        )
        digests = (sha256(bytes.fromhex(text)).hexdigest() for text in (records, prefixes))
        yield " ".join((str(size), scitt.merkle_root(some), *digests))


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


def scitt(question: str) -> bool:
    """Have scitt-cose verify the same, or "consistency SIZE ROOT OLD ROOT HASHES"."""
    library: Any = import_module("scitt_cose")
    kind, size, root, number, said, *hashes = question.split()
    if kind == "inclusion":
        return bool(library.verify_inclusion(said, int(number), int(size), hashes, root))
    return bool(library.verify_consistency(said, root, int(number), int(size), hashes))


def bundles(directory: str) -> str:
    """Return the root over the bodies in the bundles of an export, and how many there are."""
    library: Any = import_module("scitt_cose")
    entries = []
    # Three digits a folder, so that their names are in the order of their numbers; a partial
    # bundle is the last one.
    paths = [path for path in (Path(directory) / "tile" / "entries").rglob("*") if path.is_file()]
    for path in sorted(paths, key=lambda path: (path.parent.name.endswith(".p"), _number(path))):
        data = path.read_bytes()
        while data:
            end = 2 + int.from_bytes(data[:2], "big")
            entries.append(data[2:end].hex())
            data = data[end:]
    return f"{len(entries)} {library.merkle_root(entries)}"


def _number(path: Path) -> list[str]:
    parts = path.parts[path.parts.index("entries") + 1 :]
    return [part.removeprefix("x") for part in parts]


def receipt(place: str, entry: str, key: str) -> str:
    """Say whether scitt-cose accepts the receipt, and if not, why."""
    library: Any = import_module("scitt_cose")
    said = library.verify_receipt(
        Path(place).read_bytes(),
        leaf_entry_hex=Path(entry).read_bytes().hex(),
        log_public_key_pem=Path(key).read_bytes(),
    )
    return "holds" if said.ok else f"refused: {'; '.join(said.errors)}"


def main() -> None:
    asked, *words = sys.argv[1:]
    if asked == "roots":
        lines = roots(int(words[0]))
    elif asked == "trees":
        lines = trees(int(words[0]))
    elif asked == "bundles":
        lines = iter([bundles(*words)])
    elif asked == "receipt":
        lines = iter([receipt(*words)])
    else:
        judge = scitt if asked == "scitt" else verdict
        lines = (str(judge(line)).lower() for line in sys.stdin)
    sys.stdout.writelines(f"{line}\n" for line in lines)


if __name__ == "__main__":
    main()
