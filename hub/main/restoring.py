# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg audit accept-restore``: somebody says that the database was set back on purpose."""

import hashlib
import hmac
import json
import os
import secrets
import time
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from hub.audit.checkpoint import Checkpoint
from hub.audit.entry import Draft
from hub.audit.guard import read_guard
from hub.audit.merkle import Unproven
from hub.errors import Failure
from hub.main.assembly import open_node
from hub.main.folder import DataDir
from hub.main.guarding import RollbackSuspected, check_guard, guard_file
from hub.main.holdings import log_verifier
from hub.main.options import DEFAULT, Address, Folder, hub_in
from hub.main.output import fail, out
from hub.node import Node
from hub.record import new_id
from hub.sealing.canonical import b64, digest
from hub.settings import Settings
from hub.store.engine import open_database


def accept_restore(
    reason: Annotated[str, typer.Option(help="Warum; bleibt in einer Datei beim Hub.")],
    data_dir: Folder = DEFAULT,
    database: Address = None,
) -> None:
    """Nimmt eine zurückgespielte Sicherung an und trägt es ein; nur ohne laufenden Hub."""
    data = hub_in(data_dir, database)
    if not reason.strip():
        raise fail("Ohne Grund geht es nicht.")
    try:
        entry = _accept(data, guard_file(data), reason.strip())
    except Failure as trouble:
        raise fail(f"Das geht gerade nicht ({trouble.code}): {trouble}") from None
    out.print(f"Angenommen und eingetragen als „restore.performed“, Eintrag {entry}.")


def _accept(data: DataDir, path: Path, reason: str) -> int:
    """Put the guard file aside, enter that it was, and have a new one written.

    Where it cannot be entered, the old file comes back: nothing was accepted then.
    """
    if not _is_set_back(data, path):
        raise fail("Die Datenbank ist nicht zurückgesetzt; es gibt nichts anzunehmen.")
    aside = path.with_name(f"{path.name}.{int(time.time())}")
    path.rename(aside)
    try:
        with open_node(data, Settings().public_url) as node:
            return _enter(node, aside, reason)
    except BaseException:
        if not path.exists():
            aside.rename(path)
        raise


def _is_set_back(data: DataDir, path: Path) -> bool:
    database = open_database(data.place)
    try:
        with database.reading.connect() as connection:
            verifier = log_verifier(connection)
            if verifier is not None:
                check_guard(path, verifier, connection)
    except RollbackSuspected:
        return True
    finally:
        database.dispose()
    return False


def _enter(node: Node, aside: Path, reason: str) -> int:
    """Enter it with what the old file said; the reason itself stays beside that file."""
    salt = secrets.token_bytes(32)
    commitment = hmac.digest(salt, b"reason\0" + reason.encode(), hashlib.sha256)
    _keep(aside.with_name(f"{aside.name}.grund"), {"salt": b64(salt), "reason": reason})

    def work(connection: Connection) -> str:
        return node.log.append(
            connection,
            Draft(
                kind="restore.performed",
                entry_id=new_id(),
                at=node.clock(),
                act={"org": node.hub_id, "role": "betrieb"},
                obj={"ty": "checkpoint", "d": digest(aside.read_bytes()), **_size(aside, node)},
                com={"reason": b64(commitment)},
            ),
        )

    node.writer.commit_now(work)
    return node.log.size - 1


def _size(aside: Path, node: Node) -> dict[str, int]:
    """Return how many entries had been signed, where the old file is one of this log."""
    verifier = node.readers.run_now(log_verifier)
    try:
        said: Checkpoint | None = read_guard(aside, verifier) if verifier else None
    except Unproven:
        return {}
    return {"n": said.size} if said else {}


def _keep(path: Path, what: dict[str, str]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(what, file, ensure_ascii=False)
