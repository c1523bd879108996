# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What ``meldeweg audit export`` writes is accepted by others as it is, and a flipped bit is not.

2,000 entries in ``make test``, 100,000 in ``make interop``, made through the real log of a founded
hub. Each verifier reads the folder alone, with the key of the log from elsewhere.
"""

import base64
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import Connection

from hub.audit.checkpoint import verify_checkpoint
from hub.audit.cose import CoseKey, cose_receipt
from hub.audit.entry import Draft
from hub.audit.merkle import inclusion_proof, inner_hash
from hub.audit.note import parse_note, parse_vkey
from hub.audit.proof import parse_proof
from hub.audit.tile import HEIGHT, parse_bundle, split_hashes
from hub.audit.tree import read_checkpoint
from hub.main.assembly import create_hub, open_node
from hub.main.folder import DataDir
from hub.node import Node
from hub.record import new_id
from tests.databases import a_data_dir, given_back
from tests.faults.hub import COMMAND
from tests.house.source import ROOT
from tests.interop_log.exports import flip
from tests.interop_log.foreign import (
    ask_aics,
    ask_go,
    ask_python,
    scitt_verdicts,
    shell,
    sigstore_verdicts,
)
from tests.unit.audit.builders import a_private_key
from tests.world import HUB_ID

AT_ONCE = 1_000
SIZES = [2_000, pytest.param(100_000, marks=pytest.mark.interop)]


@dataclass(frozen=True)
class Export:
    """The folder, and the key of the log as a verifier got it from elsewhere."""

    folder: Path
    pinned: Path
    older: Path
    """A checkpoint that somebody kept from before."""

    @property
    def vkey(self) -> str:
        return self.pinned.read_text("ascii").strip()

    @cached_property
    def size(self) -> int:
        note = (self.folder / "checkpoint").read_text("utf-8")
        return verify_checkpoint(note, parse_vkey(self.vkey)).size

    @cached_property
    def root(self) -> bytes:
        note = (self.folder / "checkpoint").read_text("utf-8")
        return verify_checkpoint(note, parse_vkey(self.vkey)).root

    @property
    def indexes(self) -> list[int]:
        """Both ends, the edges of tiles, and some in between."""
        size = self.size
        chosen = {0, 1, 255, 256, 511, 512, size // 2, size // 256 * 256 - 1, size - 2, size - 1}
        return sorted(chosen | set(range(0, size, size // 40)))

    def copied(self, place: Path) -> "Export":
        shutil.copytree(self.folder, place)
        return Export(place, self.pinned, self.older)

    def entry(self, index: int) -> bytes:
        return parse_bundle(self._file("entries", index >> HEIGHT).read_bytes())[index & 255]

    def question(self, index: int) -> str:
        """Ask whether an entry is in the tree; the proof is made from the files alone."""
        path = " ".join(each.hex() for each in inclusion_proof(index, self.size, self._node))
        return f"inclusion {self.size} {self.root.hex()} {index} {self.entry(index).hex()} {path}"

    def _node(self, height: int, index: int) -> bytes:
        level, row = divmod(height, HEIGHT)
        first = index << row
        hashes = split_hashes(self._file(str(level), first >> HEIGHT).read_bytes())
        some = list(hashes[first & 255 : (first & 255) + (1 << row)])
        while len(some) > 1:
            some = [inner_hash(*some[at : at + 2]) for at in range(0, len(some), 2)]
        return some[0]

    def _file(self, level: str, number: int) -> Path:
        height = HEIGHT * (1 + (0 if level == "entries" else int(level)))
        width = min(256, (self.size >> height - HEIGHT) - (number << HEIGHT))
        digits = (
            f"{number:03d}" if number < 1_000 else f"x{number // 1_000:03d}/{number % 1_000:03d}"
        )
        name = digits if width == 256 else f"{digits}.p/{width}"
        return self.folder / "tile" / level / name


@pytest.fixture(scope="module", params=SIZES)
def export(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Export]:
    home = tmp_path_factory.mktemp("whole")
    with given_back():
        data = a_data_dir(home / "hub")
        create_hub(data, HUB_ID, ())
        with open_node(data, "http://localhost") as node:
            _grow(node, request.param // 2)
            older = node.readers.run_now(_newest)
            _grow(node, request.param - node.log.size)
            vkey = node.log.vkey
        _exported(data, home / "export")
        (home / "pinned.vkey").write_text(vkey, "ascii")
        (home / "older").write_text(older, "utf-8")
        yield Export(home / "export", home / "pinned.vkey", home / "older")


def _grow(node: Node, count: int) -> None:
    for first in range(0, count, AT_ONCE):
        node.writer.commit_now(partial(_enter, node, min(AT_ONCE, count - first)))


def _enter(node: Node, count: int, connection: Connection) -> None:
    for _ in range(count):
        draft = Draft(
            kind="auth.failed",
            entry_id=new_id(),
            at=node.clock(),
            act={"org": ""},
            obj={"ty": "request", "n": 1},
            why="token-invalid",
            out="refused",
        )
        node.log.append(connection, draft)


def _newest(connection: Connection) -> str:
    head = read_checkpoint(connection)
    assert head is not None
    return head[1]


def _exported(data: DataDir, folder: Path) -> None:
    where = ("--data-dir", str(data.path), *(("--database", data.url) if data.url else ()))
    command = (*COMMAND, "audit", "export", str(folder), *where)
    said = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
    assert said.returncode == 0, said.stdout + said.stderr


@pytest.fixture
def spoiled(export: Export, tmp_path: Path) -> Export:
    """The same folder with one bit of one entry flipped."""
    copy = export.copied(tmp_path / "spoiled")
    flip(copy._file("entries", 3), 400)
    return copy


def test_go_accepts_it_and_refuses_a_flipped_bit(export: Export, spoiled: Export) -> None:
    older = verify_checkpoint(export.older.read_text("utf-8"), parse_vkey(export.vkey)).size

    answer = ask_go("tiles", export.folder, export.vkey, export.older)

    said = f"holds: {export.size} entries, {export.size} read; begins with the older {older}\n"
    assert answer.stdout == said
    assert ask_go("tiles", spoiled.folder, spoiled.vkey).stdout == (
        "refused: an entry is not its leaf\n"
    )


def test_aics_tlog_accepts_it_and_refuses_a_flipped_bit(
    export: Export, spoiled: Export, tmp_path: Path
) -> None:
    def asked(of: Export, command: str, *words: str | Path) -> int:
        known = ("--tiles", of.folder, "--vkey-file", of.pinned)
        return ask_aics(command, *known, *words).returncode

    origin = export.vkey.partition("+")[0]
    assert asked(export, "verify-checkpoint", "--origin", origin) == 0
    assert asked(export, "verify-consistency", "--old-checkpoint", export.older) == 0
    out = tmp_path / "entry.json"
    for index in (0, 800, export.size - 1):
        assert asked(export, "verify-inclusion", "--index", str(index), "--entry-out", out) == 0
        assert out.read_bytes() == export.entry(index)

    place = 3 * 256
    data = spoiled._file("entries", 3).read_bytes()
    at = 0
    while at + 2 + int.from_bytes(data[at : at + 2]) <= 400:
        at, place = at + 2 + int.from_bytes(data[at : at + 2]), place + 1
    assert asked(spoiled, "verify-inclusion", "--index", str(place)) == 1
    flip(spoiled._file("0", 3), 17)
    assert asked(spoiled, "verify-inclusion", "--index", "1020") == 1
    flip(spoiled.folder / "checkpoint", -20)
    assert asked(spoiled, "verify-checkpoint", "--origin", origin) == 1


@pytest.mark.parametrize("verdicts", [sigstore_verdicts, scitt_verdicts])
def test_sigstore_and_scitt_cose_accept_its_entries_and_no_flipped_bit(
    export: Export, verdicts: object
) -> None:
    assert callable(verdicts)
    honest = [export.question(index) for index in export.indexes]
    words = [question.split() for question in honest]
    flipped = [
        " ".join((*each[:4], f"{int(each[4][:2], 16) ^ 1:02x}{each[4][2:]}", *each[5:]))
        for each in words
    ]

    assert set(verdicts(honest)) == {True}
    assert set(verdicts(flipped)) == {False}


def test_scitt_cose_computes_its_root_from_all_entries(export: Export, spoiled: Export) -> None:
    assert ask_python("bundles", str(export.folder)).split() == [
        str(export.size),
        export.root.hex(),
    ]
    assert ask_python("bundles", str(spoiled.folder)).split()[1] != export.root.hex()


def test_scitt_cose_accepts_a_receipt_of_its_last_entry_and_no_flipped_bit(
    export: Export, tmp_path: Path
) -> None:
    private = a_private_key("cose")
    key = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "key.pem").write_bytes(key)
    proof = parse_proof((export.folder / "exported.tlog-proof").read_text("utf-8"))
    head = verify_checkpoint(proof.checkpoint, parse_vkey(export.vkey))
    assert proof.extra is not None
    (tmp_path / "entry.json").write_bytes(proof.extra)
    subject = json.loads(proof.extra)["id"]
    made = CoseKey(b"k" * 32, private.sign)
    (tmp_path / "receipt").write_bytes(cose_receipt(proof, head, subject, made))
    asked = [str(tmp_path / name) for name in ("receipt", "entry.json", "key.pem")]

    assert ask_python("receipt", *asked) == "holds\n"
    for name, at in (("receipt", -5), ("receipt", 150), ("entry.json", 30)):
        flip(tmp_path / name, at)
        assert ask_python("receipt", *asked).startswith("refused"), (name, at)
        flip(tmp_path / name, at)
    assert ask_python("receipt", *asked) == "holds\n"


def test_openssl_accepts_its_signature_and_refuses_a_flipped_bit(
    export: Export, tmp_path: Path
) -> None:
    note = parse_note((export.folder / "checkpoint").read_text("utf-8"))
    der = (
        bytes.fromhex("302a300506032b6570032100")
        + base64.b64decode(export.vkey.split("+", 2)[2])[1:]
    )
    for name, data in (
        ("key", der),
        ("text", note.text.encode()),
        ("sig", note.signatures[0][1][4:]),
    ):
        (tmp_path / name).write_bytes(data)
    asked = "openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey key -in text -sigfile sig"

    assert shell(asked, tmp_path).returncode == 0
    for name in ("text", "sig"):
        flip(tmp_path / name, 9)
        assert shell(asked, tmp_path).returncode != 0
        flip(tmp_path / name, 9)


def test_sha256sum_finds_every_leaf_that_is_asked_for(export: Export, tmp_path: Path) -> None:
    for index in (0, 256, export.size - 1):
        (tmp_path / "entry").write_bytes(export.entry(index))
        said = shell("{ printf '\\0'; cat entry; } | sha256sum", tmp_path).stdout[:64]
        assert (
            bytes.fromhex(said)
            == split_hashes(export._file("0", index >> HEIGHT).read_bytes())[index & 255]
        )
