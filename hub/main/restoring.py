# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg audit accept-restore``: somebody says that the database was set back on purpose."""

import hashlib
import hmac
import json
import os
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer
from sqlalchemy import Connection

from hub.approved import approved
from hub.audit.approval import Claim
from hub.audit.checkpoint import Checkpoint
from hub.audit.entry import Draft
from hub.audit.guard import read_guard
from hub.audit.merkle import Unproven
from hub.audit.signing.keyring import read_keyring
from hub.errors import Failure, Refusal
from hub.main.approving import Approval, read_approval
from hub.main.assembly import open_node
from hub.main.folder import DataDir
from hub.main.guarding import RollbackSuspected, check_guard, guard_file
from hub.main.opened import without_key
from hub.main.options import DEFAULT, Address, Folder, hub_in
from hub.main.output import fail, out, refusal_text
from hub.node import Node
from hub.record import new_id
from hub.sealing.canonical import b64, digest
from hub.settings import Settings
from hub.store.engine import open_database

_FORGOTTEN: Final = (
    "Zu {count} Konversationen sind die Schlüssel vernichtet: Sie waren seit der Sicherung schon "
    "gelöscht. Was nach dem Folgejahr gehen musste, geht von selbst noch einmal. Wurde auf Wunsch "
    "gelöscht, dann jede noch einmal, mit Rechtsgrundlage und Freigabe von damals:"
)


def accept_restore(
    reason: Annotated[str, typer.Option(help="Warum; bleibt in einer Datei beim Hub.")],
    approval: Approval = None,
    data_dir: Folder = DEFAULT,
    database: Address = None,
) -> None:
    """Nimmt eine zurückgespielte Sicherung an und trägt es ein; nur ohne laufenden Hub."""
    data = hub_in(data_dir, database)
    if not reason.strip():
        raise fail("Ohne Grund geht es nicht.")
    try:
        entry, lost = _accept(data, reason.strip(), read_approval(approval))
    except RollbackSuspected as doubt:
        raise fail(
            f"{doubt}. Wer unterschreibt oder bezeugt, geht nicht zurück: "
            "Das Protokoll geht mit „meldeweg audit succeed-log“ unter neuem Namen weiter."
        ) from None
    except Failure as trouble:
        raise fail(f"Das geht gerade nicht ({trouble.code}): {trouble}") from None
    except Refusal as refusal:
        raise fail(refusal_text(refusal)) from None
    out.print(f"Angenommen und eingetragen als „restore.performed“, Eintrag {entry}.")
    for line in said_of(lost):
        out.print(line)


def said_of(forgotten: Sequence[str]) -> Iterator[str]:
    """Say what is to be done with conversations that a backup has brought back.

    On which basis somebody had them forgotten stood in what was lost; nobody makes that up.
    """
    if forgotten:
        yield _FORGOTTEN.format(count=len(forgotten))
    for conversation in forgotten:
        yield f"  meldeweg audit erase --conversation {conversation} --law …"


@contextmanager
def put_aside(path: Path) -> Iterator[Path]:
    """Put the guard file aside for the block; where that fails, the old file comes back.

    Nothing was accepted then, and what guarded before guards again.
    """
    aside = path.with_name(f"{path.name}.{int(time.time())}")
    if path.exists():
        path.rename(aside)
    try:
        yield aside
    except BaseException:
        if aside.exists():
            aside.replace(path)
        raise


def _accept(data: DataDir, reason: str, approval: str) -> tuple[int, list[str]]:
    """Accept it; returns the entry, and the conversations whose keys are destroyed since."""
    path = guard_file(data)
    if not _is_set_back(data, path):
        raise fail("Die Datenbank ist nicht zurückgesetzt; es gibt nichts anzunehmen.")
    with put_aside(path) as aside, open_node(data, Settings().public_url) as node:
        entry = _enter(node, aside, reason, approval)
        return entry, node.readers.run_now(partial(without_key, node.openings))


def _is_set_back(data: DataDir, path: Path) -> bool:
    database = open_database(data.place)
    try:
        with database.reading.connect() as connection:
            keyring = read_keyring(connection)
            if keyring is not None:
                check_guard(path, keyring, connection)
    except RollbackSuspected:
        return True
    finally:
        database.dispose()
    return False


def _enter(node: Node, aside: Path, reason: str, approval: str) -> int:
    """Enter it with what the old file said; the reason itself stays beside that file."""
    salt = secrets.token_bytes(32)
    commitment = hmac.digest(salt, b"reason\0" + reason.encode(), hashlib.sha256)
    node.writer.commit_now(partial(_work, node, aside, b64(commitment), approval))
    _keep(aside.with_name(f"{aside.name}.grund"), {"salt": b64(salt), "reason": reason})
    return node.log.size - 1


def _work(node: Node, aside: Path, reason: str, approval: str, connection: Connection) -> str:
    said_before = digest(aside.read_bytes())
    said = approved(node, connection, Claim("restore", said_before), approval)
    return node.log.append(
        connection,
        Draft(
            kind="restore.performed",
            entry_id=new_id(),
            at=node.clock(),
            act=said.actor(node.hub_id),
            obj={"ty": "checkpoint", "d": said_before, **_size(aside, node)},
            rule=said.rule,
            com={"reason": reason},
        ),
    )


def _size(aside: Path, node: Node) -> dict[str, int]:
    """Return how many entries had been signed, where the old file is one of this log."""
    try:
        keys = (key.verifier for key in node.log.keyring.keys)
        said: Checkpoint | None = read_guard(aside, *keys)
    except Unproven:
        return {}
    return {"n": said.size} if said else {}


def _keep(path: Path, what: dict[str, str]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(what, file, ensure_ascii=False)
