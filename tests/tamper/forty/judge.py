# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What each of four says to a machine that may have been tampered with.

The auditor's program with the pinned key and a copy of the database; the newest checkpoint that
the signer keeps in its guard file; a witness that is offered what the database says; and the
receipts that parties hold.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, fields
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
from sqlalchemy import Connection

from hub.audit.checkpoint import Checkpoint, verify_checkpoint
from hub.audit.guard import check_extends
from hub.audit.merkle import EMPTY, Frontier, Unproven, leaf_hash, push, root
from hub.audit.note import parse_vkey
from hub.audit.proof import parse_proof
from hub.audit.tree import Tree, read_checkpoint
from hub.audit.verify import verify_db
from hub.store.copy import NotCopyableError
from hub.store.digest import schema_differences
from tests.tamper.forty.scene import Copy, Kept, offered

SOUND = ""
"""What is said where nothing is wrong."""


@dataclass(frozen=True)
class Verdicts:
    """The first finding of each; empty where it finds nothing, None where it is not asked."""

    database: str | None = None
    guard: str | None = None
    witness: str | None = None
    receipts: str | None = None
    other: str | None = None
    """What stops it, or who else says so."""

    @property
    def found(self) -> list[str]:
        """Name those that found something."""
        return [each.name for each in fields(self) if getattr(self, each.name)]


def judge(copy: Copy, home: Path, *, at_the_hub: bool = True) -> Verdicts:
    """Ask all four; the guard only of the machine that it guards."""
    file = home / "auditor.sqlite"
    return Verdicts(
        database=of_the_database(copy, file),
        guard=_said(copy, lambda connection: _guard(copy, connection)) if at_the_hub else None,
        witness=_said(
            copy, lambda connection: offered(connection, copy.scene.witness(home / "witness"))
        ),
        receipts=of_the_receipts(copy, file),
    )


def of_the_database(copy: Copy, file: Path) -> str:
    """Return what the auditor's program finds, or what keeps him from getting a file at all."""
    with copy.engine.connect() as connection:
        differing = () if copy.is_sqlite else schema_differences(connection)
    try:
        copy.for_the_auditor(file)
    except NotCopyableError as trouble:
        return f"nicht zu kopieren: {trouble.table}"
    found = verify_db(file, copy.scene.vkey)
    return next(iter([*map(str, differing), *map(str, found)]), SOUND)


def _said(copy: Copy, ask: Callable[[Connection], object]) -> str:
    try:
        with copy.engine.connect() as connection:
            ask(connection)
    except (Unproven, LookupError, ValueError) as doubt:
        return str(doubt) or type(doubt).__name__
    return SOUND


def _guard(copy: Copy, connection: Connection) -> None:
    guard = _verified(copy, copy.scene.guard)
    head = read_checkpoint(connection)
    newest = None if head is None else _verified(copy, head[1])
    proof = (
        Tree().consistency(connection, guard.size, newest.size)
        if newest and newest.size >= guard.size
        else ()
    )
    check_extends(guard, newest, proof)


def _verified(copy: Copy, note: str) -> Checkpoint:
    return verify_checkpoint(note, parse_vkey(copy.scene.vkey))


def of_the_receipts(copy: Copy, file: Path) -> str:
    """Hold everything that parties keep against the bodies, as far as those are there."""
    if not file.exists():
        return SOUND
    with closing(sqlite.connect(file)) as connection:
        try:
            return next(_missed(copy, connection), SOUND)
        except sqlite.Error:
            return "die Kopie ist nicht lesbar"


def _missed(copy: Copy, connection: sqlite.Connection) -> Iterator[str]:
    there = {row[0] for row in connection.execute("SELECT digest FROM receipt")}
    if copy.scene.receipts - there:
        yield "eine Quittung, die jemand hat, fehlt"
    notes = dict(connection.execute("SELECT size, note FROM checkpoint").fetchall())
    hashes, roots = _tree(connection)
    for kept in copy.scene.kept:
        yield from _differs(copy, kept, (hashes, roots, notes))


def _differs(
    copy: Copy, kept: Kept, said: tuple[list[bytes], list[bytes], dict[int, str]]
) -> Iterator[str]:
    hashes, roots, notes = said
    proof = parse_proof(kept.proof)
    head = _verified(copy, proof.checkpoint)
    if len(hashes) <= kept.index or hashes[kept.index] != leaf_hash(kept.entry):
        yield f"Eintrag {kept.index} ist nicht der, der belegt ist"
    elif len(roots) <= head.size or roots[head.size] != head.root:
        yield f"das Protokoll beginnt nicht mit dem belegten Stand {head.size}"
    elif head.size not in notes:
        yield f"der belegte Stand {head.size} fehlt"


def _tree(connection: sqlite.Connection) -> tuple[list[bytes], list[bytes]]:
    """Return leaf hashes, from bodies where those are there, and the root of every size."""
    query = """SELECT body, leaf_hash FROM audit_leaf LEFT JOIN audit_body USING (event_id)
    ORDER BY idx"""
    hashes = [leaf_hash(body) if body else bytes(leaf) for body, leaf in connection.execute(query)]
    roots = [EMPTY]
    frontier: Frontier = ()
    for index, hashed in enumerate(hashes):
        frontier = push(frontier, index, hashed)
        roots.append(root(frontier))
    return hashes, roots
