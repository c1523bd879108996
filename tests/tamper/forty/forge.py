# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
# ruff: noqa: S608  raw SQL, put together from constants, is what is tried here
"""What somebody makes of a log who has the database, and perhaps the key that signs it."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Connection, text

from hub.audit.checkpoint import Checkpoint, sign_checkpoint
from hub.audit.edge import Edge
from hub.audit.merkle import leaf_hash
from hub.audit.note import Signer
from hub.sealing.canonical import jcs
from tests.tamper.forty.scene import Copy

Members: TypeAlias = dict[str, Any]
Entry: TypeAlias = tuple[str, bytes]
"""Id and bytes."""


def entries(copy: Copy) -> list[Entry]:
    """Return every entry in the order of the tree."""
    query = """SELECT audit_leaf.event_id, body FROM audit_leaf
    JOIN audit_body ON audit_body.event_id = audit_leaf.event_id ORDER BY idx"""
    return [(row[0], bytes(row[1])) for row in copy.ask(query)]


def changed(body: bytes, **members: Any) -> bytes:
    """Return an entry with other members, in its canonical form."""
    said: Members = json.loads(body)
    return jcs(said | members)


def swap_body(copy: Copy, event_id: str, body: bytes) -> None:
    copy.run("UPDATE audit_body SET body = :body WHERE event_id = :id", body=body, id=event_id)


def drop_entries(copy: Copy, ids: Iterable[str]) -> None:
    """Take entries away with every row that would show that they were there."""
    for event_id in ids:
        copy.run(
            "DELETE FROM lease WHERE message_id IN (SELECT id FROM message WHERE audit_id = :id)",
            "DELETE FROM event WHERE receipt_id IN (SELECT id FROM receipt WHERE audit_id = :id)",
            "DELETE FROM receipt WHERE audit_id = :id",
            "DELETE FROM message WHERE audit_id = :id",
            "DELETE FROM conversation_entry WHERE event_id = :id",
            "DELETE FROM audit_body WHERE event_id = :id",
            "DELETE FROM audit_leaf WHERE event_id = :id",
            "DELETE FROM audit_event WHERE id = :id",
            id=event_id,
        )
    copy.run(
        """DELETE FROM conversation WHERE NOT EXISTS (
        SELECT 1 FROM message WHERE message.conversation = conversation.id)"""
    )


def cut(copy: Copy, size: int) -> None:
    """Take the log back to an older size with everything that came after it."""
    drop_entries(copy, [event_id for event_id, _ in entries(copy)[size:]])
    copy.run(
        "DELETE FROM cosignature WHERE size > :size",
        "DELETE FROM checkpoint WHERE size > :size",
        size=size,
    )


def renumbered(bodies: Sequence[Entry], first: int) -> list[Entry]:
    """Close the gap in the numbers of the node from an index on."""
    repaired = list(bodies[:first])
    for index, (event_id, body) in enumerate(bodies[first:], first):
        before = json.loads(repaired[index - 1][1])["nseq"]
        repaired.append((event_id, changed(body, nseq=before + 1)))
    return repaired


def rebuild(copy: Copy, bodies: Sequence[Entry], signer: Signer | None) -> None:
    """Make the tree over these bodies anew; without a key the old notes stay.

    The checkpoints keep their sizes, as far as there are that many entries; what a witness has
    signed of those that changed goes, because nobody can sign it anew.
    """
    notes = dict(copy.ask("SELECT size, note FROM checkpoint ORDER BY size"))
    sizes = {size for size in notes if size < len(bodies)} | {len(bodies)}
    with copy.engine.begin() as connection:
        _leaves(
            connection, bodies, lambda edge: sizes_signed(connection, edge, sizes, notes, signer)
        )


def sizes_signed(
    connection: Connection,
    edge: Edge,
    sizes: set[int],
    notes: dict[int, str],
    signer: Signer | None,
) -> None:
    """Sign the tree where a checkpoint was."""
    if signer is None or edge.size not in sizes:
        return
    note = sign_checkpoint(Checkpoint(signer.verifier.name, edge.size, edge.root), signer)
    if notes.get(edge.size) == note:
        return
    values = {"size": edge.size, "note": note}
    for statement in (
        "DELETE FROM cosignature WHERE size = :size",
        "DELETE FROM checkpoint WHERE size = :size",
        "INSERT INTO checkpoint (size, note) VALUES (:size, :note)",
    ):
        connection.execute(text(statement), values)


def _leaves(connection: Connection, bodies: Sequence[Entry], grown: Callable[[Edge], None]) -> None:
    edge = Edge()
    for table in ("audit_leaf", "tile"):
        connection.execute(text(f"DELETE FROM {table}"))
    beyond = "DELETE FROM {} WHERE size > :size"
    for table in ("cosignature", "checkpoint"):
        connection.execute(text(beyond.format(table)), {"size": len(bodies)})
    for index, (event_id, body) in enumerate(bodies):
        hashed = leaf_hash(body)
        row = {"idx": index, "id": event_id, "leaf": hashed, "body": body}
        connection.execute(
            text("INSERT INTO audit_leaf (idx, event_id, leaf_hash) VALUES (:idx, :id, :leaf)"), row
        )
        connection.execute(text("UPDATE audit_body SET body = :body WHERE event_id = :id"), row)
        for tile, rows in edge.push(hashed):
            values = {"level": tile.level, "n": tile.n, "hashes": b"".join(rows[0])}
            connection.execute(
                text("INSERT INTO tile (level, n, hashes) VALUES (:level, :n, :hashes)"), values
            )
        grown(edge)


def add_entry(copy: Copy, event_id: str, body: bytes) -> None:
    """Put rows there for one more entry; the tree over them is made by ``rebuild``."""
    copy.run(
        "INSERT INTO audit_event (id, message_id, kind) VALUES (:id, NULL, :kind)",
        "INSERT INTO audit_body (event_id, body) VALUES (:id, :body)",
        id=event_id,
        kind=json.loads(body)["k"],
        body=body,
    )
