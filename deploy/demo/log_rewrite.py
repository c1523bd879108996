# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What can somebody make of the log who has the database and has stolen the key that signs it?

Another history that agrees with itself: one entry says something else, the tree is made anew over
it, and every checkpoint behind it is signed again.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from deploy.demo.tell import Failed
from hub.audit.checkpoint import Checkpoint, sign_checkpoint
from hub.audit.edge import Edge
from hub.audit.merkle import leaf_hash
from hub.audit.note import Signer
from hub.sealing.canonical import jcs

KIND: Final = "evidence.issued"
_BACKWARDS: Final = """SELECT idx, event_id, body FROM audit_leaf JOIN audit_body USING (event_id)
    JOIN audit_event ON audit_event.id = event_id WHERE kind = ? ORDER BY idx DESC"""


class Forger:
    """Somebody with a copy of the database and the key of the log."""

    def __init__(self, database: Path, log_key: str, keys: Path) -> None:
        self._database = database
        self._signer = _stolen(log_key, keys)

    def rewrite(self, whose: str) -> int:
        """Have the log say that the last evidence went to somebody else; returns that entry."""
        with closing(sqlite3.connect(self._database)) as line, line, _unguarded(line):
            index, event_id, entry = _last(line)
            forged = jcs({**entry, "act": {**entry["act"], "org": whose}})
            of = "WHERE event_id = ?"
            line.execute(f"UPDATE audit_body SET body = ? {of}", (forged, event_id))  # noqa: S608  a constant
            line.execute(
                f"UPDATE audit_leaf SET leaf_hash = ? {of}",  # noqa: S608  as above
                (leaf_hash(forged), event_id),
            )
            self._sign_anew(line, index)
        return index

    def note_at(self, size: int) -> str:
        """Sign what the rewritten log was at a size."""
        with closing(sqlite3.connect(self._database)) as line:
            edge = Edge()
            for leaf in _leaves(line, size):
                edge.push(leaf)
        return self._note(edge)

    def _sign_anew(self, line: sqlite3.Connection, index: int) -> None:
        """Make tiles and checkpoints anew behind an index; lines of witnesses cannot be made."""
        sizes = {size for (size,) in line.execute("SELECT size FROM checkpoint")}
        edge = Edge()
        for leaf in _leaves(line, max(sizes)):
            for tile, rows in edge.push(leaf):
                place = (b"".join(rows[0]), tile.level, tile.n)
                line.execute("UPDATE tile SET hashes = ? WHERE level = ? AND n = ?", place)
            if edge.size > index and edge.size in sizes:
                said = (self._note(edge), edge.size)
                line.execute("UPDATE checkpoint SET note = ? WHERE size = ?", said)
        line.execute("DELETE FROM cosignature WHERE size > ?", (index,))

    def _note(self, edge: Edge) -> str:
        origin = self._signer.verifier.name
        return sign_checkpoint(Checkpoint(origin, edge.size, edge.root), self._signer)


def _last(line: sqlite3.Connection) -> tuple[int, str, dict[str, Any]]:
    """Return the last entry that evidence of a message went out."""
    found = ((row[0], row[1], json.loads(row[2])) for row in line.execute(_BACKWARDS, (KIND,)))
    return next(each for each in found if each[2]["obj"]["id"])


def _leaves(line: sqlite3.Connection, size: int) -> Iterator[bytes]:
    query = "SELECT leaf_hash FROM audit_leaf WHERE idx < ? ORDER BY idx"
    return (leaf for (leaf,) in line.execute(query, (size,)).fetchall())


@contextmanager
def _unguarded(line: sqlite3.Connection) -> Iterator[None]:
    """Take the guards of the tables away, and put them back as if nothing had been."""
    guards = dict(line.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    for name in guards:
        line.execute(f"DROP TRIGGER {name}")
    yield
    for guard in guards.values():
        line.execute(guard)


def _stolen(log_key: str, keys: Path) -> Signer:
    origin = log_key.partition("+")[0]
    for path in keys.glob("log*.pem"):
        key = load_pem_private_key(path.read_bytes(), None)
        if isinstance(key, Ed25519PrivateKey):
            signer = Signer(origin, key)
            if signer.verifier.vkey == log_key:
                return signer
    raise Failed(f"In {keys} ist der Schlüssel des Protokolls nicht.")
