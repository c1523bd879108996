# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Make the vectors of the log: ``python -m specs.vectors.log.make``.

The tree is computed here by the recursion of RFC 6962 § 2.1 as it stands there, so it is a second
opinion on ``hub.audit.merkle``. Keys and nonces are fixed; every run writes the same bytes.
"""

import base64
import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.audit.checkpoint import Checkpoint, origin_of, sign_checkpoint
from hub.audit.entry import make_leaf
from hub.audit.note import Signer
from hub.audit.openings.key import ConversationKey, tags
from hub.audit.proof import Proof
from hub.audit.tile import ENTRIES, WIDTH, Tile, tiles_of
from hub.model.json import Json
from hub.sealing.canonical import b64, digest

HERE: Final = Path(__file__).parent
SIZES: Final = 70
PROVEN: Final = (1, 2, 3, 4, 5, 7, 8, 13, 64, 70)
HUB: Final = "hub.beispielstadt.invalid"
CONVERSATION: Final = "01a1fd1e-8c00-7000-8000-000000000001"
KEY: Final = "5d0f7f0a-52f4-4b0b-9a35-6f3f4d1c2b1a"
START: Final = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
RFC_6962: Final = (
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)
"""The eight leaves with which implementations of RFC 6962 are tested, in hexadecimal."""


def leaf(index: int) -> bytes:
    """Return the leaf of an index in ``tree.json``: the index in two bytes."""
    return index.to_bytes(2, "big")


def tree_hash(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962 § 2.1, word by word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = _split(len(leaves))
    return hashlib.sha256(b"\x01" + tree_hash(leaves[:k]) + tree_hash(leaves[k:])).digest()


def path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH of RFC 6962 § 2.1.1."""
    if len(leaves) == 1:
        return []
    k = _split(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), tree_hash(leaves[k:])]
    return [*path(m - k, leaves[k:]), tree_hash(leaves[:k])]


def consistency(m: int, leaves: Sequence[bytes], *, whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 6962 § 2.1.2."""
    if m == len(leaves):
        return [] if whole else [tree_hash(leaves)]
    k = _split(len(leaves))
    if m <= k:
        return [*consistency(m, leaves[:k], whole=whole), tree_hash(leaves[k:])]
    return [*consistency(m - k, leaves[k:], whole=False), tree_hash(leaves[:k])]


def build() -> dict[str, Json]:
    """Return all vectors by the name of their file."""
    return {"tree.json": _tree(), "tiles.json": _tiles(), "log.json": _log()}


def write(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _split(size: int) -> int:
    """Return the largest power of two smaller than the size."""
    return 1 << (size - 1).bit_length() - 1


def _tree() -> Json:
    leaves = [leaf(index) for index in range(SIZES)]
    published = [bytes.fromhex(text) for text in RFC_6962]
    return {
        "leaf": "index of the leaf in two bytes, big endian",
        "roots": [tree_hash(leaves[:size]).hex() for size in range(SIZES + 1)],
        "inclusion": [
            {"index": index, "size": size, "proof": _hex(path(index, leaves[:size]))}
            for size in PROVEN
            for index in range(size)
        ],
        "consistency": [
            {"old": old, "new": new, "proof": _hex(consistency(old, leaves[:new]))}
            for new in PROVEN
            for old in range(1, new + 1)
        ],
        "rfc6962": {
            "leaves": [*RFC_6962],
            "roots": [tree_hash(published[:size]).hex() for size in range(len(published) + 1)],
        },
    }


def _tiles() -> Json:
    return {
        "paths": [
            {"level": tile.level, "n": tile.n, "width": tile.width, "path": tile.path}
            for tile in (
                Tile(0, 0),
                Tile(0, 1_234_067),
                Tile(1, 999, 255),
                Tile(0, 1_000, 1),
                Tile(63, 1_000_000, 17),
                Tile(ENTRIES, 5, 12),
                Tile(ENTRIES, 70_000),
            )
        ],
        "counts": [
            {
                "size": size,
                "full": sum(tile.width == WIDTH for tile in tiles_of(size)),
                "partial": [
                    [tile.level, tile.width] for tile in tiles_of(size) if tile.width < WIDTH
                ],
            }
            for size in (0, 1, 255, 256, 257, 65_536, 70_000)
        ],
    }


def _log() -> Json:
    signer = Signer(origin_of(HUB), Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
    entries = [_entry(number) for number in range(5)]
    checkpoint = Checkpoint(origin_of(HUB), len(entries), tree_hash(entries))
    note = sign_checkpoint(checkpoint, signer)
    return {
        "private": bytes(range(32)).hex(),
        "conversation": {
            "id": CONVERSATION,
            "key": hashlib.sha256(b"key").hexdigest(),
            "entries": [1, 2, 3, 4],
        },
        "vkey": signer.verifier.vkey,
        "entries": [entry.decode("ascii") for entry in entries],
        "checkpoint": note,
        "proofs": [
            Proof(index, tuple(path(index, entries)), note, entry).text
            for index, entry in enumerate(entries)
        ],
        "pruned": Proof(2, tuple(path(2, entries)), note).text,
    }


def _entry(number: int) -> bytes:
    at = START + timedelta(seconds=number)
    stamp = f"{int(at.timestamp() * 1000):012x}"
    kind = "log.genesis" if number == 0 else "message.taken"
    about: dict[str, str | int] = {"ty": "log"}
    if number:
        message = f"01a1fd1e-8c00-7000-8000-{number:012x}"
        step = "schule-mitteilung/1.0.0/mitteilung"
        about = {"ty": "message", "id": message, "d": digest(f"receipt {number}"), "ct": step}
    nonce = hashlib.sha256(f"nonce {number}".encode()).digest()
    key = ConversationKey(KEY, CONVERSATION, hashlib.sha256(b"key").digest())
    own = [key] if number else []
    entry_id = f"{stamp[:8]}-{stamp[8:]}-7000-8000-{number:012x}"
    said = (
        {"conversation": key.commitment(entry_id, "conversation", CONVERSATION)} if number else None
    )
    return make_leaf(
        kind,
        out="ok",
        act={"org": HUB if number == 0 else "jugendamt:05170032.asd"},
        rcp=(),
        obj=about,
        law=("sgb8-8a-1",) if number else (),
        rule="schule-mitteilung/1.0.0" if number else "",
        why="",
        at=at,
        node="hub-1",
        nseq=number,
        entry_id=entry_id,
        nonce=nonce,
        tags=tags(own, nonce, partial(next, _random(number))),
        com=said,
    )


def _random(number: int) -> Iterator[str]:
    """Yield what stands for random tags, the same at every run."""
    return (b64(hashlib.sha256(f"tag {number} {turn}".encode()).digest()[:16]) for turn in count())


def _hex(hashes: Sequence[bytes]) -> list[Json]:
    return [base64.b16encode(hashed).decode("ascii").lower() for hashed in hashes]


if __name__ == "__main__":
    for name, value in build().items():
        (HERE / name).write_text(write(value), "utf-8")
