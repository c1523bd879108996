# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What do others know of this log that its database does not?

A database is consistent in itself, however old the copy. So what it has is held against whoever
has seen the log before: the guard file, the signer, and every witness that answers. Any one of
them is enough for a doubt, and none of them has to be believed: what counts is what this log's own
key has signed.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import httpx2
from sqlalchemy import Connection

from hub.audit.checkpoint import Checkpoint, parse_text
from hub.audit.guard import check_extends, read_guard
from hub.audit.merkle import Unproven
from hub.audit.note import MAX_NOTE, parse_note
from hub.audit.policy import Policy
from hub.audit.signing.keyring import Keyring
from hub.audit.signing.remote import SignerProcess
from hub.audit.tree import Tree, read_checkpoint
from hub.audit.witness.request import parse_shown
from hub.audit.witness.shelf import name_of
from hub.errors import LogUnavailable, ReadOnly

PATIENCE: Final = 3.0
"""Seconds for a witness to answer; a start does not wait for one that is away."""
OK: Final = 200


class RollbackSuspected(ReadOnly):
    """The database is older than what this hub has signed."""


@dataclass(frozen=True)
class Seen:
    """What somebody knows of the log."""

    by: str
    """In words, for people."""
    checkpoint: Checkpoint


def compare(seen: Seen, connection: Connection) -> None:
    """Refuse, by ``RollbackSuspected``, a database that does not go on from what was seen."""
    head = read_checkpoint(connection)
    newest = None if head is None else _with_tail(head[0], seen, connection)
    try:
        # The name may have changed since (``succeed-log``); the leaves go on.
        known = seen.checkpoint
        known = known if newest is None else replace(known, origin=newest.origin)
        check_extends(known, newest, _proof(known, newest, connection))
    except Unproven:
        size = 0 if newest is None else newest.size
        raise RollbackSuspected(
            "Rückspielung einer älteren Sicherung vermutet: Unterschrieben waren "
            f"{seen.checkpoint.size} Einträge ({seen.by}), die Datenbank hat {size} "
            "und setzt sie nicht fort"
        ) from None


def of_guard(path: Path, keyring: Keyring) -> Seen | None:
    """Return what the guard file says; None where there is none.

    Raises ``RollbackSuspected`` where it is damaged: what guards nothing must not pass for a guard.
    """
    try:
        guard = read_guard(path, *(key.verifier for key in keyring.keys))
    except Unproven:
        raise RollbackSuspected(
            "Die Wächterdatei ist unbrauchbar: beschädigt, oder von einem anderen Hub"
        ) from None
    return None if guard is None else Seen("Wächterdatei", guard)


def of_signer(path: Path | None) -> Iterator[Seen]:
    """Say what the signer signed last; nothing where there is none, or where it is away."""
    if path is None:
        return
    try:
        note = SignerProcess(path).newest()
        yield Seen("Unterschreiber", parse_text(parse_note(note).text))
    except (LogUnavailable, Unproven):
        return


def of_witnesses(policy: Policy, keyring: Keyring) -> Iterable[Seen]:
    """Say what each witness that answers saw last; what bears none of this log's lines is none."""
    name = name_of(keyring.origin)
    asked = [
        (each.name, f"{each.url}/{name}/checkpoint")
        for each in policy.witnesses.values()
        if each.url
    ]
    if not asked:
        return []
    with ThreadPoolExecutor(len(asked)) as pool:
        notes = pool.map(lambda each: (each[0], _get(each[1])), asked)
        return [found for name, note in notes if (found := _of_witness(name, note, keyring))]


def _of_witness(name: str, note: str | None, keyring: Keyring) -> Seen | None:
    if note is None:
        return None
    try:
        shown = parse_shown(note)
        own = [line for who, _, line in shown.lines if who == shown.head.origin]
        return Seen(f"Zeuge {name}", keyring.check_any(f"{shown.text}\n{''.join(own)}"))
    except Unproven:
        return None


def _get(url: str) -> str | None:
    try:
        answer = httpx2.get(url, timeout=PATIENCE, follow_redirects=False)
    except (httpx2.HTTPError, httpx2.InvalidURL):
        return None
    if answer.status_code != OK or len(answer.content) > MAX_NOTE:
        return None
    return answer.content.decode("utf-8", errors="replace")


def _proof(
    known: Checkpoint, newest: Checkpoint | None, connection: Connection
) -> tuple[bytes, ...]:
    """Make from the database what shows that its log begins with what is known."""
    if newest is None or newest.size < known.size:
        return ()
    return Tree().consistency(connection, known.size, newest.size)


def _with_tail(head: Checkpoint, seen: Seen, connection: Connection) -> Checkpoint:
    """Return what the leaves say where a signer has signed what this hub has yet to hear of."""
    if seen.checkpoint.size <= head.size:
        return head
    try:
        edge = Tree().edge(connection, seen.checkpoint.size)
    except Unproven:
        return head
    return Checkpoint(head.origin, edge.size, edge.root)
