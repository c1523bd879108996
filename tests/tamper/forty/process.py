# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rows 32 to 40: crashes, two writers, clocks, receipts that are passed off as others, witnesses.

Each is tried where it happens; what stops it, or who finds it, is said in words. Empty is: nobody.
"""

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from hub.audit import verify
from hub.audit.checkpoint import verify_checkpoint
from hub.audit.log import Log
from hub.audit.merkle import Unproven
from hub.audit.note import parse_vkey
from hub.audit.proof import parse_proof, verify_proof
from hub.audit.tree import Tree, count_leaves, read_checkpoint
from hub.audit.witness.request import write_request
from hub.audit.witness.shelf import name_of
from hub.audit.witness.watching import Witness
from tests.interop_log.golden import MOST, read
from tests.interop_log.questions import BEYOND, ours
from tests.tamper.forty.forge import changed, entries, rebuild
from tests.tamper.forty.scene import Copy, Kept, Scene
from tests.unit.audit.builders import START, a_database, a_draft, a_log, append_all

CHECKS: Final = (verify.Wrong, Unproven)


def killed_between_two_steps(_scene: Scene, _home: Path) -> str:
    """Ended before the commit, there is neither entry nor receipt; after it, there are both."""
    engine, log = a_database(), a_log()
    append_all(engine, log, [a_draft(0)])
    with engine.connect() as connection:
        log.append(connection, a_draft(1))
        assert log.close_group(connection) is not None
        connection.rollback()
    again = _opened(engine)
    if again.size != 1:
        return ""
    with engine.begin() as connection:
        again.append(connection, a_draft(2))
        assert again.close_group(connection) is not None
    return "kein Eintrag ohne Wirkung, keine ohne Eintrag" if _opened(engine).size == 2 else ""


def _opened(engine: Engine) -> Log:
    log = a_log()
    with engine.connect() as connection:
        log.open(connection)
    return log


def two_writers(_scene: Scene, _home: Path) -> str:
    """The second one takes a place in the tree that is taken."""
    engine, one = a_database(), a_log()
    append_all(engine, one, [a_draft(0)])
    other = _opened(engine)
    append_all(engine, one, [a_draft(1)])
    try:
        append_all(engine, other, [a_draft(2)])
    except DBAPIError:
        return "die Datenbank nimmt den zweiten Platz im Baum nicht an"
    return ""


def a_clock_set_back(_scene: Scene, _home: Path) -> str:
    """An hour earlier; the order of the log stays the order of its times."""
    engine, log = a_database(), a_log()
    append_all(engine, log, [a_draft(0, at=START), a_draft(1, at=START - timedelta(hours=1))])
    with engine.connect() as connection:
        said = [_entry(connection, log, index)["t"] for index in (0, 1)]
    return "der Eintrag bekommt die Zeit seines Vorgängers" if said[0] == said[1] else ""


def _entry(connection: Connection, log: Log, index: int) -> dict[str, str]:
    extra = parse_proof(log.proof(connection, index)).extra
    assert extra is not None
    said: dict[str, str] = json.loads(extra)
    return said


def a_receipt_with_another_entry(scene: Scene, _home: Path) -> str:
    one, other = scene.kept[0], scene.kept[1]
    return _all_refused(scene, [(one.proof, other.entry), (other.proof, one.entry)])


def a_proof_that_was_changed(scene: Scene, _home: Path) -> str:
    """Of another index, with a hash too many, and with one too few."""
    return _all_refused(
        scene, [(text, kept.entry) for kept in scene.kept for text in _changed(kept)]
    )


def _changed(kept: Kept) -> Iterator[str]:
    lines, at = kept.proof.split("\n"), f"index {kept.index}"
    place = lines.index(at)
    yield kept.proof.replace(at, f"index {kept.index + 1}", 1)
    extra = base64.b64encode(bytes(32)).decode()
    yield "\n".join([*lines[: place + 1], extra, *lines[place + 1 :]])
    yield "\n".join([*lines[: place + 1], *lines[place + 2 :]])


def _all_refused(scene: Scene, asked: Sequence[tuple[str, bytes]]) -> str:
    """Ask the hub's reader and the auditor's program; both have to refuse all."""
    key, verifier = verify.read_vkey(scene.vkey), parse_vkey(scene.vkey)
    readers: tuple[Callable[[str, bytes], object], ...] = (
        lambda text, entry: verify.verify_proof(text, entry, key),
        lambda text, entry: verify_proof(parse_proof(text), verifier, entry),
    )
    for text, entry in asked:
        for reader in readers:
            try:
                reader(text, entry)
            except CHECKS:
                continue
            return ""
    return f"{len(asked)} von {len(asked)} abgelehnt"


def a_checkpoint_that_was_written_otherwise(scene: Scene, _home: Path) -> str:
    """A line twice, another origin, a zero in front, a line more, a signature that is not hers."""
    key, verifier = verify.read_vkey(scene.vkey), parse_vkey(scene.vkey)
    asked = list(_written_otherwise(scene.guard))
    for note in asked:
        for reader in (
            lambda text: verify.verify_checkpoint(text, key),
            lambda text: verify_checkpoint(text, verifier),
        ):
            try:
                reader(note)
            except CHECKS:
                continue
            return ""
    return f"{len(asked)} von {len(asked)} abgelehnt"


def _written_otherwise(note: str) -> Iterator[str]:
    origin, size, root, blank, line = note.rstrip("\n").split("\n")
    assert blank == ""
    yield f"{origin}\n{size}\n{root}\n\n{line}\n{line}\n"
    yield f"{origin}2\n{size}\n{root}\n\n{line}\n"
    yield f"{origin}\n0{size}\n{root}\n\n{line}\n"
    yield f"{origin}\n{size}\n{root}\nweiter\n\n{line}\n"
    yield f"{origin}\n{size}\n{root}\n\n{line}\n\n"
    yield f"{origin}\n{size}\n{root}\n\n"


def a_witness_that_is_offered_the_past(scene: Scene, home: Path) -> str:
    """An older size, another root, a shorter log: 409, 422, 409."""
    with scene.copied(home / "copy") as copy:
        witness = scene.witness(home / "witness")
        notes = dict(copy.ask("SELECT size, note FROM checkpoint ORDER BY size"))
        newest, older = max(notes), scene.cut
        seen = int((witness.checkpoint(_name(scene)) or "\n0").split("\n")[1])
        with copy.engine.connect() as connection:
            proof = Tree().consistency(connection, seen, newest)
        said = [
            witness.add(write_request(0, (), notes[newest])).status,
            witness.add(write_request(older, (), notes[older])).status,
        ]
        said.append(_rewritten(copy, witness, seen))
        said.append(witness.add(write_request(seen, proof, notes[newest])).status)
    return "409, 409, 422; was fortsetzt: 200" if said == [409, 409, 422, 200] else ""


def _rewritten(copy: Copy, witness: Witness, seen: int) -> int:
    bodies = entries(copy)
    event_id, body = bodies[3]
    bodies[3] = (event_id, changed(body, rule="anders"))
    with copy.unguarded():
        rebuild(copy, bodies, copy.scene.private)
    with copy.engine.connect() as connection:
        head = read_checkpoint(connection)
        assert head is not None
        assert head[0].size == count_leaves(connection)
        proof = Tree().consistency(connection, seen, head[0].size)
    return witness.add(write_request(seen, proof, head[1])).status


def _name(scene: Scene) -> str:
    return name_of(scene.vkey.partition("+")[0])


def reading_while_nothing_can_be_entered(scene: Scene, _home: Path) -> str:
    said = "Unreachable: status 503"
    return f"nichts herausgegeben ({said})" if scene.refused == said else ""


def the_golden_vectors(_scene: Scene, _home: Path) -> str:
    """Roots and every proof of some sizes, the tree without leaves and the right edge with them."""
    golden = set(read())
    sizes = (*range(65), *BEYOND)
    if [size for size in sizes if ours(size) not in golden]:
        return ""
    return f"{len(sizes)} von {MOST + 1} Größen wie bei x/mod, pymerkle und scitt-cose"
