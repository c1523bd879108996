# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The directory as a snapshot: read as a whole, replaced as a whole."""

import json
from collections import defaultdict
from collections.abc import Sequence

from pydantic import ValidationError
from sqlalchemy import Connection

from hub.directory.entry import KeyUse, known_keys
from hub.directory.participants import Directory
from hub.enrol.acts import Statement, read_statement, revocations_of, succession_of
from hub.enrol.concluded import read_concluded
from hub.errors import EnvelopeInvalid
from hub.model.participant import DirectoryEntry, Participant
from hub.model.pointer import pointer_of
from hub.node import Node
from hub.sealing.canonical import unb64
from hub.store.participants import (
    StoredEntry,
    StoredParticipant,
    read_acts,
    read_adoptions,
    read_entries,
    read_participants,
)


def refresh(node: Node, connection: Connection) -> None:
    """Take a new snapshot of who takes part; requests under way keep theirs.

    ``connection`` has not read yet: its transaction begins with the first question, so inside the
    lock, and whoever puts its snapshot in place last has also read last.
    """
    with node.refreshing:
        node.directory = read_directory(connection)


def read_directory(connection: Connection) -> Directory:
    """Read the current version of every entry, every adoption and every agreement."""
    current = {stored.organisation: stored for stored in read_entries(connection)}
    acts: dict[str, list[Statement]] = defaultdict(list)
    for act in read_acts(connection):
        acts[act.organisation].append(read_statement(act))
    participants = tuple(
        participant_of(stored, current.get(stored.organisation), acts[stored.organisation])
        for stored in read_participants(connection)
    )
    adoptions = frozenset(
        (stored.organisation, stored.protocol, stored.digest)
        for stored in read_adoptions(connection)
    )
    return Directory(participants, adoptions, read_concluded(connection))


def keys_in_use(connection: Connection) -> dict[str, KeyUse]:
    """Return every key that any organisation ever published, by its kid.

    A key that somebody gave up stays theirs: what was signed with it is still to be verified.
    """
    entries = (parse_entry(stored.jws) for stored in read_entries(connection))
    return known_keys(
        Participant(organisation=entry.organisation, name=entry.name, status="valid", entry=entry)
        for entry in entries
    )


def parse_entry(jws: str) -> DirectoryEntry:
    """Read what an entry says; nothing about it is verified."""
    raw = b""
    try:
        raw = unb64(jws.split(".")[1])
        return DirectoryEntry.model_validate_json(raw)
    except ValidationError as unfit:
        places = sorted({pointer_of(error, _value(raw)) for error in unfit.errors()})
    except (ValueError, IndexError):
        places = []
    raise EnvelopeInvalid("The entry is not well formed.", pointers=places)


def _value(raw: bytes) -> object:
    try:
        value: object = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return value


def participant_of(
    stored: StoredParticipant, entry: StoredEntry | None, acts: Sequence[Statement] = ()
) -> Participant:
    """Put together what is kept of an organisation with the current version of its entry."""
    return Participant.model_validate(
        {
            "organisation": stored.organisation,
            "name": stored.name,
            "status": stored.status,
            "entry": parse_entry(entry.jws) if entry else None,
            "entry_jws": entry.jws if entry else None,
            "succession": succession_of(acts),
            "revoked": revocations_of(acts),
            "changes": (entry.version if entry else 0) + stored.acts,
        }
    )
