# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Witnesses that share nothing with each other say the same to growth, rewriting and truncation."""

import base64
import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from hub.audit.checkpoint import Checkpoint, sign_checkpoint
from hub.audit.cosignature import Cosigner, cosigned, parse_witness_key
from hub.audit.merkle import EMPTY
from hub.audit.note import parse_note, parse_vkey
from hub.audit.witness.evidence import Drawer
from hub.audit.witness.shelf import Shelf
from hub.audit.witness.watching import Witness as Watching
from tests.interop_log.exports import an_export
from tests.interop_log.foreign import HERE, ask_aics, node
from tests.interop_log.witnesses import MEDIA, WITNESSES, Witness, in_javascript
from tests.unit.audit.builders import (
    ORIGIN,
    a_draft,
    a_grown_log,
    a_private_key,
    a_signer,
    append_all,
)

VKEY = a_signer().verifier.vkey


class Growing:
    """A log of which every size can be offered, with the proof that it grew."""

    def __init__(self, size: int = 0, *, first: int = 0) -> None:
        self.engine, self.log = a_grown_log(0)
        self.notes: dict[int, str] = {}
        self.first = first
        self.grow(size)

    def grow(self, by: int) -> int:
        """Append so many entries, one group each, and return the size."""
        for _ in range(by):
            draft = a_draft(self.first + self.log.size)
            closed = append_all(self.engine, self.log, [draft])
            self.notes[closed.size] = closed.note
        return self.log.size

    def proof(self, old: int, new: int) -> tuple[bytes, ...]:
        with self.engine.connect() as connection:
            return self.log.consistency(connection, old, new)


@pytest.fixture(scope="module")
def log() -> Growing:
    return Growing(40)


@pytest.fixture(scope="module")
def fork() -> Growing:
    """Another history that the same key has signed."""
    return Growing(40, first=1_000)


# The hub's own takes seconds to begin, and the one of others is not everywhere.
KINDS = [
    "javascript",
    pytest.param("others", marks=pytest.mark.interop),
    pytest.param("house", marks=pytest.mark.interop),
]


@pytest.fixture(params=KINDS)
def running(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Callable[[], AbstractContextManager[Witness]]:
    """Start a witness of one kind; started again, it knows what it has seen."""
    kind = WITNESSES[request.param]
    return lambda: kind(tmp_path, VKEY)


@pytest.fixture
def witness(running: Callable[[], AbstractContextManager[Witness]]) -> Iterator[Witness]:
    with running() as started:
        yield started


def cosigned_at(witness: Witness, note: str, lines: str) -> int:
    """Return the second of the cosignature beneath a checkpoint; fails where it does not hold."""
    key = parse_witness_key(witness.vkey)
    return cosigned(parse_note(note + lines), [key])[key.label]


def test_our_own_witness_serves_a_log_of_others(tmp_path: Path) -> None:
    """The log is written in JavaScript from the texts of C2SP, as our hub is to its witness."""
    sizes = ("1", "2", "5", "64", "65", "300")
    said = subprocess.run(
        [node(), HERE / "log.mjs", "fremd.invalid/log", "11" * 32, *sizes],
        check=True,
        capture_output=True,
        text=True,
    )
    log = json.loads(said.stdout)
    shelf, own = Shelf(tmp_path / "logs"), Cosigner("zeuge.invalid/haus", a_private_key("w"))
    shelf.add(parse_vkey(log["vkey"]))
    witness = Watching([own], shelf, Drawer(tmp_path / "evidence"), time.time)

    for each in log["requests"]:
        first = each["size"] == 1
        assert first or witness.add(each["forked"].encode()).status == 422
        answer = witness.add(each["honest"].encode())
        assert answer.status == 200, answer
        note = each["honest"].partition("\n\n")[2]
        assert cosigned(parse_note(note + answer.body), [own.key])
    again = witness.add(log["requests"][2]["honest"].encode())

    assert (again.status, again.body) == (409, "300\n")


def test_growth_is_cosigned(witness: Witness, log: Growing) -> None:
    began, old = int(time.time()), 0
    for size in (1, 2, 3, 7, 8, 9, 31, 40):
        said = witness.add(old, log.proof(old, size), log.notes[size])
        assert said.status == 200, said
        assert began <= cosigned_at(witness, log.notes[size], said.body) <= time.time() + 1
        old = size
    again = witness.add(40, (), log.notes[40])

    assert again.status == 200
    assert witness.latest(ORIGIN).body.startswith(log.notes[40])
    cosigned_at(witness, witness.latest(ORIGIN).body, "")


def test_another_history_is_refused_and_what_was_seen_stays(
    witness: Witness, log: Growing, fork: Growing
) -> None:
    """Rewritten at the same size, before it, and after it; with its own proof and with another."""
    assert witness.add(0, (), log.notes[20]).status == 200
    for size in (21, 33, 40):
        assert witness.add(20, fork.proof(20, size), fork.notes[size]).status == 422
        assert witness.add(20, log.proof(20, size), fork.notes[size]).status == 422
        assert witness.add(20, (), fork.notes[size]).status == 422
    # At the same size the text asks for 422; an older one asked for 409.
    assert witness.add(20, (), fork.notes[20]).status in {409, 422}

    assert witness.latest(ORIGIN).body.startswith(log.notes[20])
    assert witness.add(20, log.proof(20, 40), log.notes[40]).status == 200


def test_a_shorter_log_is_refused(witness: Witness, log: Growing) -> None:
    assert witness.add(0, (), log.notes[30]).status == 200
    for old, size in ((0, 10), (10, 20), (0, 29), (29, 30), (31, 40)):
        said = witness.add(old, log.proof(old, size), log.notes[size])
        assert (said.status, said.body, said.media) == (409, "30\n", MEDIA)

    # An old size above the checkpoint's own is no question at all.
    assert witness.add(30, (), log.notes[20]).status == 400


def test_what_was_seen_outlives_the_process(
    running: Callable[[], AbstractContextManager[Witness]], log: Growing, fork: Growing
) -> None:
    with running() as first:
        assert first.add(0, (), log.notes[12]).status == 200
    with running() as second:
        assert second.vkey == first.vkey
        assert second.add(0, (), log.notes[5]).body == "12\n"
        assert second.add(12, fork.proof(12, 13), fork.notes[13]).status == 422
        assert second.add(12, log.proof(12, 13), log.notes[13]).status == 200


def test_nobody_else_is_believed(witness: Witness, log: Growing) -> None:
    head = Checkpoint(ORIGIN, 5, EMPTY)
    stranger, other = a_signer("stranger"), a_signer(name="other.invalid/log")
    elsewhere = sign_checkpoint(Checkpoint("other.invalid/log", 5, EMPTY), other)
    broken = flipped_signature(log.notes[5])

    assert witness.add(0, (), sign_checkpoint(head, stranger)).status == 403
    assert witness.add(0, (), broken).status == 403
    assert witness.add(0, (), elsewhere).status == 404
    assert witness.latest(ORIGIN).status == 404
    assert witness.add(0, (), log.notes[5]).status == 200


def flipped_signature(note: str) -> str:
    head, _, line = note.rstrip("\n").rpartition("\n")
    start, _, blob = line.rpartition(" ")
    octets = bytearray(base64.b64decode(blob))
    octets[-1] ^= 1
    return f"{head}\n{start} {base64.b64encode(octets).decode()}\n"


def test_what_is_no_request_is_refused(witness: Witness, log: Growing) -> None:
    note, hashed = log.notes[5], base64.b64encode(bytes(32)).decode()
    long = "\n".join([hashed] * 64)
    for body in (
        "",
        note,
        f"old\n\n{note}",
        f"old 00\n\n{note}",
        f"old -1\n\n{note}",
        f"old 0\n{long}\n\n{note}",
        f"old 0\n{hashed[:-4]}\n\n{note}",
        f"old 0\nnot base64\n\n{note}",
        f"old 0\n\n{ORIGIN}\n5\n",
        f"new 0\n\n{note}",
    ):
        assert witness.post(body).status == 400, body
    # The empty tree needs no proof, so it takes none.
    assert witness.post(f"old 0\n{hashed}\n\n{note}").status in {400, 422}
    assert witness.latest(ORIGIN).status == 404


def test_a_leading_zero_or_another_root_of_nothing_is_no_checkpoint(witness: Witness) -> None:
    signer = a_signer()
    for text in (f"{ORIGIN}\n05\n{base64.b64encode(EMPTY).decode()}\n", f"{ORIGIN}\n5\nAAAA\n"):
        assert witness.add(0, (), f"{text}\n{signer.sign(text)}").status == 400
    nothing = sign_checkpoint(Checkpoint(ORIGIN, 0, bytes(32)), signer)

    assert witness.add(0, (), nothing).status in {400, 422}


def test_lines_of_strangers_beneath_a_checkpoint_are_read_past(
    witness: Witness, log: Growing
) -> None:
    line = base64.b64encode(b"somebody".ljust(76)).decode()

    assert witness.add(0, (), f"{log.notes[5]}\u2014 jemand.invalid {line}\n").status == 200


def test_a_contradiction_is_kept_with_both_checkpoints(
    tmp_path: Path, log: Growing, fork: Growing
) -> None:
    with in_javascript(tmp_path, VKEY) as witness:
        witness.add(0, (), log.notes[20])
        witness.add(20, fork.proof(20, 30), fork.notes[30])
        (kept,) = json.loads(witness.ask("GET", "/evidence").body)

    assert kept["kept"].startswith(log.notes[20])
    assert kept["offered"] == fork.notes[30]


def test_others_accept_an_export_with_the_witness_beneath_its_checkpoint(tmp_path: Path) -> None:
    """What the JavaScript witness signed is verified by ``aics-tlog``, which knows neither."""
    export = an_export(tmp_path / "export", 300)
    note = (export.directory / "checkpoint").read_text("utf-8")
    with in_javascript(tmp_path, export.vkey) as witness:
        lines = witness.add(0, (), note).body
    (export.directory / "checkpoint").write_text(note + lines, "utf-8")
    # It takes no key from where the tiles come from.
    pinned = tmp_path / "pinned.vkey"
    pinned.write_text(export.vkey, "ascii")
    asked = (
        *("verify-checkpoint", "--tiles", export.directory, "--origin", ORIGIN),
        *("--vkey-file", pinned, "--max-age", "600"),
    )

    said = ask_aics(*asked, "--witness-key", witness.vkey, "--quorum", "1")
    assert said.returncode == 0, said.stderr
    (export.directory / "checkpoint").write_text(note, "utf-8")
    assert ask_aics(*asked, "--witness-key", witness.vkey, "--quorum", "1").returncode != 0
