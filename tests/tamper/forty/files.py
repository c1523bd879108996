# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
# ruff: noqa: S608  raw SQL, put together from constants, is what is tried here
"""Rows 1 to 22, 26 and 27: what somebody changes who has the database, and often the key too.

Triggers and references are out of the way while it happens, and back afterwards.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from hub.audit.checkpoint import sign_checkpoint, verify_checkpoint
from hub.audit.note import parse_vkey
from hub.record import new_id
from tests.tamper.forty.forge import (
    Entry,
    add_entry,
    changed,
    cut,
    drop_entries,
    entries,
    rebuild,
    renumbered,
    swap_body,
)
from tests.tamper.forty.scene import Copy
from tests.unit.audit.builders import a_signer

WHOSE: Final = "schule:999002"
"""Somebody else, at whose door the attacker puts it."""
MIDDLE: Final = 100
"""An entry that says nothing about any message, so that no other row repeats it."""


def one_byte_of_a_body(copy: Copy) -> None:
    event_id, body = entries(copy)[MIDDLE]
    swap_body(copy, event_id, body.replace(b'"out":"refused"', b'"out":"refuseD"'))


def a_body_and_its_leaf(copy: Copy) -> None:
    """The row of the leaf and the place in the tile, too."""
    event_id, body = entries(copy)[MIDDLE]
    other = changed(body, act={**json.loads(body)["act"], "org": WHOSE})
    rows = [(each, other if each == event_id else kept) for each, kept in entries(copy)]
    tiles = copy.ask("SELECT level, n, hashes FROM tile WHERE level > 0")
    rebuild(copy, rows, None)
    for level, n, hashes in tiles:
        change = "UPDATE tile SET hashes = :hashes WHERE level = :level AND n = :n"
        copy.run(change, level=level, n=n, hashes=hashes)


def a_body_and_the_whole_tree(copy: Copy) -> None:
    rebuild(copy, _with_another_body(copy), None)


def a_body_and_the_tree_signed_anew(copy: Copy) -> None:
    rebuild(copy, _with_another_body(copy), copy.scene.private)


def _with_another_body(copy: Copy) -> list[Entry]:
    bodies = entries(copy)
    event_id, body = bodies[MIDDLE]
    bodies[MIDDLE] = (event_id, changed(body, act={**json.loads(body)["act"], "org": WHOSE}))
    return bodies


def an_entry_deleted(copy: Copy) -> None:
    drop_entries(copy, [entries(copy)[MIDDLE][0]])


def an_entry_deleted_and_signed_anew(copy: Copy) -> None:
    bodies = entries(copy)
    gone = bodies.pop(MIDDLE)
    drop_entries(copy, [gone[0]])
    rebuild(copy, bodies, copy.scene.private)


def an_entry_deleted_and_renumbered(copy: Copy) -> None:
    """The numbers of the node are closed up as well: the log of a hub where it never was."""
    bodies = entries(copy)
    gone = bodies.pop(MIDDLE)
    drop_entries(copy, [gone[0]])
    rebuild(copy, renumbered(bodies, MIDDLE), copy.scene.private)


def the_tail_cut_off(copy: Copy) -> None:
    """Back to an older checkpoint that is genuine, with every row that came later."""
    cut(copy, copy.scene.cut)


def two_entries_swapped(copy: Copy) -> None:
    bodies = entries(copy)
    one, other = bodies[MIDDLE], bodies[MIDDLE + 1]
    swap_body(copy, one[0], other[1])
    swap_body(copy, other[0], one[1])


def an_old_entry_appended_again(copy: Copy) -> None:
    bodies = entries(copy)
    body = bodies[MIDDLE][1]
    _append(copy, bodies, new_id(), body)


def a_backdated_entry_appended(copy: Copy) -> None:
    bodies = entries(copy)
    at = _instant(bodies[MIDDLE][1])
    event_id = new_id()
    nseq = json.loads(bodies[-1][1])["nseq"] + 1
    _append(copy, bodies, event_id, changed(bodies[-1][1], id=event_id, nseq=nseq, t=at))


def a_backdated_entry_inserted(copy: Copy) -> None:
    """In the middle, with a time that fits there, and all numbers behind it one higher."""
    bodies = entries(copy)
    event_id, before = new_id(), bodies[MIDDLE][1]
    add_entry(copy, event_id, before)
    said = {"id": event_id, "n": json.loads(bodies[0][1])["n"][::-1][:42] + "A"}
    fresh = changed(before, **said)
    bodies.insert(MIDDLE + 1, (event_id, fresh))
    rebuild(copy, renumbered(bodies, MIDDLE + 1), copy.scene.private)


def _append(copy: Copy, bodies: Sequence[Entry], event_id: str, body: bytes) -> None:
    add_entry(copy, event_id, body)
    rebuild(copy, [*bodies, (event_id, body)], copy.scene.private)


def _instant(body: bytes) -> str:
    at = datetime.fromisoformat(json.loads(body)["t"]) - timedelta(seconds=10)
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def a_fork_for_one_auditor(copy: Copy) -> None:
    """Everything after the older checkpoint is told otherwise, to him alone."""
    bodies, place = entries(copy), copy.scene.cut
    while json.loads(bodies[place][1])["k"] != "auth.failed":
        place += 1
    event_id, body = bodies[place]
    bodies[place] = (event_id, changed(body, act={**json.loads(body)["act"], "org": WHOSE}))
    rebuild(copy, bodies, copy.scene.private)


def a_stored_checkpoint_altered(copy: Copy) -> None:
    size, note = copy.ask("SELECT size, note FROM checkpoint ORDER BY size")[3]
    lines = note.split("\n")
    lines[2] = lines[2][::-1][1:] + "="
    copy.run(
        "UPDATE checkpoint SET note = :note WHERE size = :size", note="\n".join(lines), size=size
    )


def the_history_of_checkpoints_deleted(copy: Copy) -> None:
    newest = "(SELECT max(size) FROM checkpoint)"
    copy.run(
        f"DELETE FROM cosignature WHERE size < {newest}",
        f"DELETE FROM checkpoint WHERE size < {newest}",
    )


def one_bit_in_a_tile(copy: Copy) -> None:
    level, n, hashes = copy.ask("SELECT level, n, hashes FROM tile")[0]
    octets = bytearray(hashes)
    octets[40] ^= 1
    change = "UPDATE tile SET hashes = :hashes WHERE level = :level AND n = :n"
    copy.run(change, hashes=bytes(octets), level=level, n=n)


def a_message_without_entry(copy: Copy) -> None:
    columns = [name for name in _columns(copy, "message") if name not in _OWN]
    rest = ", ".join(columns)
    copy.run(
        f"""INSERT INTO message (id, audit_id, position, {rest})
        SELECT :id, :audit_id, position + 7, {rest} FROM message LIMIT 1""",
        id=new_id(),
        audit_id=new_id(),
    )


_OWN: Final = {"id", "audit_id", "position"}


def _columns(copy: Copy, table: str) -> list[str]:
    with copy.engine.connect() as connection:
        return list(connection.exec_driver_sql(f"SELECT * FROM {table} LIMIT 0").keys())


def a_message_removed(copy: Copy) -> None:
    [(message_id,)] = copy.ask("SELECT id FROM message ORDER BY id LIMIT 1")
    copy.run(
        "DELETE FROM lease WHERE message_id = :id",
        "DELETE FROM event WHERE receipt_id IN (SELECT id FROM receipt WHERE message_id = :id)",
        "DELETE FROM receipt WHERE message_id = :id",
        "DELETE FROM message WHERE id = :id",
        id=message_id,
    )


def a_tail_left_unsigned(copy: Copy) -> None:
    """What waits for its place, or its signature, is forgotten: the newest checkpoint goes."""
    newest = "(SELECT max(size) FROM checkpoint)"
    copy.run(
        f"DELETE FROM cosignature WHERE size = {newest}",
        f"DELETE FROM checkpoint WHERE size = {newest}",
    )


def bodies_dropped_without_an_order(copy: Copy) -> None:
    chosen = "(SELECT event_id FROM audit_leaf WHERE idx BETWEEN :first AND :last)"
    dropped = f"DELETE FROM audit_body WHERE event_id IN {chosen}"
    copy.run(dropped, first=MIDDLE, last=MIDDLE + 5)


def a_checkpoint_of_another_key(copy: Copy) -> None:
    size, note = copy.ask("SELECT size, note FROM checkpoint ORDER BY size DESC LIMIT 1")[0]
    head = verify_checkpoint(note, parse_vkey(copy.scene.vkey))
    stranger = a_signer("stranger", name=head.origin)
    other = sign_checkpoint(head, stranger)
    copy.run("UPDATE checkpoint SET note = :note WHERE size = :size", note=other, size=size)


def a_shown_column_changed(copy: Copy) -> None:
    """What people see of a message: when it has to be taken at the latest."""
    copy.run("UPDATE message SET due_taken = due_taken + 86400")
