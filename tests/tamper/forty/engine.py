# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
# ruff: noqa: S608  raw SQL, put together from constants, is what is tried here
"""Rows 18 and 28 to 31: the traps of the two databases, and an order that comes too early.

What the database stops is tried once more by force, so that the auditor has something to find.
"""

import json

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from hub.audit.prune import range_digest
from hub.record import new_id
from tests.tamper.forty.forge import add_entry, changed, entries, rebuild
from tests.tamper.forty.scene import Copy

TABLE, NAME = "audit_body", "audit_body_no_update"


def a_trigger_dropped(copy: Copy) -> None:
    copy.run(f"DROP TRIGGER {NAME}" + ("" if copy.is_sqlite else f" ON {TABLE}"))


def insert_in_the_place_of_another(copy: Copy) -> str:
    """``INSERT OR REPLACE``, which deletes without asking; elsewhere ``ON CONFLICT … UPDATE``."""
    event_id, body = entries(copy)[0]
    values = "INTO audit_body (event_id, body) VALUES (:id, :body)"
    statement = (
        f"INSERT OR REPLACE {values}"
        if copy.is_sqlite
        else f"INSERT {values} ON CONFLICT (event_id) DO UPDATE SET body = excluded.body"
    )
    return refused(copy, statement, id=event_id, body=body + b" ")


def a_session_that_calls_itself_a_replica(copy: Copy) -> str:
    """Then PostgreSQL asks no trigger but those that are always on."""
    replica = "SET LOCAL session_replication_role = replica"
    return refused(copy, replica, "UPDATE audit_body SET body = body || '\\x20'")


def the_schema_written_by_hand(copy: Copy) -> None:
    """``PRAGMA writable_schema`` and ``foreign_keys=OFF``: the trigger goes, then a body."""
    event_id, body = entries(copy)[0]
    with copy.engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("PRAGMA writable_schema=ON")
        raw.execute(f"DELETE FROM sqlite_master WHERE type = 'trigger' AND name = '{NAME}'")
        raw.execute("PRAGMA writable_schema=RESET")
    copy.engine.dispose()
    copy.run(
        "UPDATE audit_body SET body = :body WHERE event_id = :id", body=body + b" ", id=event_id
    )


def an_order_for_a_range_that_is_too_young(copy: Copy) -> str:
    """An order stands in the log, signed; what it covers is of this year."""
    _order(copy)
    dropped = "DELETE FROM audit_body WHERE event_id IN (SELECT event_id FROM audit_leaf"
    stopped = refused(copy, f"{dropped} WHERE idx BETWEEN 20 AND 30)")
    with copy.unguarded():
        copy.run(f"{dropped} WHERE idx BETWEEN 20 AND 30)")
    return stopped


def _order(copy: Copy) -> None:
    bodies = entries(copy)
    before = json.loads(bodies[-1][1])
    with copy.engine.connect() as connection:
        covered = range_digest(connection, 20, 30)
    event_id = new_id()
    body = changed(
        bodies[-1][1],
        id=event_id,
        nseq=before["nseq"] + 1,
        n=before["n"][::-1][:42] + "A",
        k="log.pruned",
        out="ok",
        why="",
        law=["bdsg-76-4"],
        obj={"ty": "log", "id": "", "d": covered, "ct": "", "n": 11},
    )
    with copy.unguarded():
        add_entry(copy, event_id, body)
        rebuild(copy, [*bodies, (event_id, body)], copy.scene.private)
        copy.run(
            """INSERT INTO prune_order (event_id, first_idx, last_idx, least)
            VALUES (:id, 20, 30, 0)""",
            id=event_id,
        )


def refused(copy: Copy, *statements: str, **values: object) -> str:
    """Run statements with every guard in its place; returns how the database refuses them."""
    try:
        with copy.engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement), values)
    except DBAPIError as error:
        said = str(error.orig).splitlines()[0]
        return f"die Datenbank lehnt ab: {said}"
    return ""
