# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Directory entries: handed in with a code, made valid by a person, renewed by the root key."""

import hmac
from functools import partial

from sqlalchemy import Connection

from hub.directory.entry import check_entry
from hub.enrol.invitation import check_code
from hub.enrol.notes import Subject, note
from hub.enrol.snapshot import keys_in_use, parse_entry, refresh
from hub.errors import NotFound, NotPermitted
from hub.model.network import ListedOrganisation
from hub.model.participant import DirectoryEntry, Participant, SigningKey
from hub.node import Node
from hub.record import Answer, proven_answer
from hub.sealing.canonical import digest
from hub.sealing.reader import ReaderPublicKey
from hub.store.participants import (
    StoredEntry,
    StoredParticipant,
    add_entry,
    change_participant,
    read_entry,
    read_participant,
)
from hub.trust.jose import Unverified, verify_token
from hub.trust.keys import check_signing_key
from hub.trust.kinds import DIRECTORY_ENTRY


async def hand_in(organisation: str, jws: str, code: str | None, node: Node) -> Answer | str:
    """Take a directory entry: the first with the one-time code, later ones by the root key.

    Returns the fingerprint that a person has to compare, or for a later version the answer with
    its proof. Raises ``TokenInvalid`` for a wrong, used or old code, ``SignatureInvalid`` and
    what ``check_entry`` refuses.
    """
    if code is not None:
        fingerprint: str = await node.writer.commit(partial(_enrol, organisation, jws, code, node))
        return fingerprint
    taken: Answer = await node.writer.commit(
        partial(_renew, organisation, jws, node), partial(proven_answer, node)
    )
    await node.readers.run(partial(refresh, node))
    return taken


def confirm(organisation: str, fingerprint: str, node: Node, connection: Connection) -> str:
    """Make a self-signed entry valid, after a person compared the fingerprint of its root key."""
    stored = read_participant(connection, organisation)
    if stored is None or stored.pending is None:
        raise NotFound("There is no entry that waits for confirmation.")
    jws = stored.pending
    entry = _verify(jws, organisation, None)
    if not hmac.compare_digest(entry.root.kid, fingerprint):
        raise NotPermitted("The fingerprint is not that of the root key that signed the entry.")
    # Somebody else may have published one of these keys while this entry waited.
    _check(entry, stored, node, connection)
    event_id = _publish(entry, jws, node, connection)
    change_participant(connection, organisation, status="valid", pending=None, code_hash=None)
    note("participant.joined", Subject(organisation, digest(jws)), node, connection)
    return event_id


def _enrol(organisation: str, jws: str, code: str, node: Node, connection: Connection) -> str:
    now = int(node.clock())
    stored = check_code(read_participant(connection, organisation), code, now)
    entry = _verify(jws, organisation, None)
    _check(entry, stored, node, connection)
    change_participant(connection, organisation, status="enrolled", pending=jws, code_hash=None)
    return entry.root.kid


def _renew(organisation: str, jws: str, node: Node, connection: Connection) -> str:
    stored = read_participant(connection, organisation)
    current = read_entry(connection, organisation)
    if stored is None or current is None or stored.status != "valid":
        raise NotFound
    if current.digest == digest(jws):
        return current.audit_id
    entry = _verify(jws, organisation, node.directory.root_key(organisation))
    _check(entry, stored, node, connection)
    return _publish(entry, jws, node, connection)


def _verify(jws: str, organisation: str, root: SigningKey | None) -> DirectoryEntry:
    """Verify an entry by the root key that is known, or the first one by its own."""
    entry = parse_entry(jws)

    def key(_: Unverified) -> SigningKey:
        return root or entry.root

    verify_token(jws, kind=DIRECTORY_ENTRY, key_for=key)
    if entry.organisation != organisation:
        raise NotPermitted("The entry is another organisation's.", pointers=("/organisation",))
    return entry


def _check(
    entry: DirectoryEntry, stored: StoredParticipant, node: Node, connection: Connection
) -> None:
    """Refuse keys that are unsound or taken, and units or roles that nobody proposed."""
    check_signing_key(entry.root, at="/root")
    for place, unit in enumerate(entry.units):
        for key in (*unit.signing, *unit.token):
            check_signing_key(key, at=f"/units/{place}")
        for reading in unit.reading:
            ReaderPublicKey.from_b64(reading.pub)
    before = node.directory.organisation(entry.organisation)
    participant = before or Participant(
        organisation=stored.organisation, name=stored.name, status="invited"
    )
    now = int(node.clock())
    check_entry(entry, participant, node.hub_id, keys_in_use(connection), now)
    proposal = ListedOrganisation.model_validate_json(stored.proposal)
    proposed = {unit.id: frozenset(unit.roles) for unit in proposal.units}
    for place, unit in enumerate(entry.units):
        if not frozenset(unit.roles) <= proposed.get(unit.id, frozenset()):
            raise NotPermitted(
                "The unit, or a role of it, is not the one proposed.",
                pointers=(f"/units/{place}",),
            )


def _publish(entry: DirectoryEntry, jws: str, node: Node, connection: Connection) -> str:
    event_id = note("directory.changed", Subject(entry.organisation, digest(jws)), node, connection)
    add_entry(
        connection,
        StoredEntry(entry.organisation, entry.version, digest(jws), jws, event_id),
    )
    return event_id
