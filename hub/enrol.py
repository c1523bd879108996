# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The line of joining: who takes part, with which keys, under which protocols.

A one-time code lets an organisation hand in its self-signed entry; a person who compared the
fingerprint of the root key makes it valid; from then on the root key alone authorises.
"""

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from functools import partial
from typing import Final

from pydantic import ValidationError
from sqlalchemy import Connection

from hub.audit.entry import Draft
from hub.directory.entry import check_entry, known_keys
from hub.directory.participants import Directory
from hub.errors import (
    EnvelopeInvalid,
    NotFound,
    NotPermitted,
    SchemaUnknown,
    SignatureInvalid,
    TokenInvalid,
)
from hub.model.network import ListedOrganisation, Network
from hub.model.participant import DirectoryEntry, Participant, SigningKey
from hub.node import Node
from hub.record import Answer, new_id, proven_answer
from hub.sealing.canonical import digest, unb64
from hub.sealing.reader import ReaderPublicKey
from hub.store.participants import (
    StoredAdoption,
    StoredEntry,
    StoredParticipant,
    add_adoption,
    add_entry,
    add_participant,
    change_participant,
    read_adoptions,
    read_entries,
    read_entry,
    read_participant,
    read_participants,
)
from hub.trust.jose import Unverified, verify_token
from hub.trust.keys import check_signing_key
from hub.trust.kinds import ADOPTION, DIRECTORY_ENTRY

CODE_LASTS: Final = 24 * 3600
"""Seconds in which a one-time code can be used."""


@dataclass(frozen=True)
class Invitation:
    """A one-time code; it is shown once and kept as a digest."""

    organisation: str
    code: str
    expires_at: int


def propose(network: Network, connection: Connection) -> int:
    """Enter the participants that a network file proposes; returns how many were new.

    They enrol themselves: a proposal brings names, roles and telephone numbers and no key.
    """
    known = {stored.organisation for stored in read_participants(connection)}
    new = [proposed for proposed in network.participants if proposed.id not in known]
    for proposed in new:
        add_participant(
            connection,
            StoredParticipant(
                organisation=proposed.id,
                name=proposed.name,
                status="proposed",
                proposal=proposed.model_dump_json(),
            ),
        )
    return len(new)


def invite(organisation: str, now: int, connection: Connection) -> Invitation:
    """Make a one-time code for a proposed organisation; an older one ends with it."""
    stored = read_participant(connection, organisation)
    if stored is None:
        raise NotFound("No network file proposes this organisation.")
    if stored.status not in {"proposed", "invited", "enrolled"}:
        raise NotPermitted("The organisation has joined already.")
    code = "-".join(secrets.token_hex(3) for _ in range(4))
    change_participant(
        connection,
        organisation,
        status="invited",
        code_hash=_hash(code),
        code_expires_at=now + CODE_LASTS,
        pending=None,
    )
    return Invitation(organisation, code, now + CODE_LASTS)


async def hand_in(organisation: str, jws: str, code: str | None, node: Node) -> Answer | str:
    """Take a directory entry: the first with the one-time code, later ones by the root key.

    Returns the fingerprint that a person has to compare, or for a later version the answer with
    its proof. Raises ``TokenInvalid`` for a wrong, used or old code, ``SignatureInvalid`` and
    what ``check_entry`` refuses.
    """
    if code is not None:
        fingerprint: str = await node.writer.commit(
            partial(_enrol, organisation, jws, code, node)
        )
        return fingerprint
    taken: Answer = await node.writer.commit(
        partial(_renew, organisation, jws, node), partial(_prove, node)
    )
    await node.readers.run(partial(refresh, node))
    return taken


def confirm(organisation: str, fingerprint: str, node: Node, connection: Connection) -> str:
    """Make a self-signed entry valid, after a person compared the fingerprint of its root key."""
    stored = read_participant(connection, organisation)
    if stored is None or stored.pending is None:
        raise NotFound("There is no entry that waits for confirmation.")
    entry = _verify(stored.pending, organisation, None)
    if not hmac.compare_digest(entry.root.kid, fingerprint):
        raise NotPermitted("The fingerprint is not that of the root key that signed the entry.")
    event_id = _publish(entry, stored.pending, node, connection)
    change_participant(connection, organisation, status="valid", pending=None, code_hash=None)
    _note("participant.joined", organisation, digest(stored.pending), node, connection)
    return event_id


async def adopt(organisation: str, jws: str, node: Node) -> Answer:
    """Take a controller's signed adoption of a protocol version."""
    answer: Answer = await node.writer.commit(
        partial(_adopt, organisation, jws, node), partial(_prove, node)
    )
    await node.readers.run(partial(refresh, node))
    return answer


def refresh(node: Node, connection: Connection) -> None:
    """Take a new snapshot of who takes part; requests under way keep theirs."""
    node.directory = read_directory(connection)


def read_directory(connection: Connection) -> Directory:
    """Read the current version of every entry, and every adoption."""
    current = {stored.organisation: stored for stored in read_entries(connection)}
    participants = tuple(
        _participant(stored, current.get(stored.organisation))
        for stored in read_participants(connection)
    )
    adoptions = frozenset(
        (stored.organisation, stored.protocol, stored.digest)
        for stored in read_adoptions(connection)
    )
    return Directory(participants, adoptions)


def _participant(stored: StoredParticipant, entry: StoredEntry | None) -> Participant:
    return Participant.model_validate(
        {
            "organisation": stored.organisation,
            "name": stored.name,
            "status": stored.status,
            "entry": _parse(entry.jws) if entry else None,
            "entry_jws": entry.jws if entry else None,
        }
    )


def _enrol(organisation: str, jws: str, code: str, node: Node, connection: Connection) -> str:
    stored = read_participant(connection, organisation)
    now = int(node.clock())
    if stored is None or stored.code_hash is None or (stored.code_expires_at or 0) < now:
        raise TokenInvalid
    if not hmac.compare_digest(stored.code_hash, _hash(code)):
        raise TokenInvalid
    entry = _verify(jws, organisation, None)
    _check(entry, stored, node, now)
    change_participant(
        connection, organisation, status="enrolled", pending=jws, code_hash=None
    )
    return entry.root.kid


def _renew(organisation: str, jws: str, node: Node, connection: Connection) -> str:
    stored = read_participant(connection, organisation)
    current = read_entry(connection, organisation)
    if stored is None or current is None or stored.status != "valid":
        raise NotFound
    if current.digest == digest(jws):
        return current.audit_id
    entry = _verify(jws, organisation, node.directory.root_key(organisation))
    _check(entry, stored, node, int(node.clock()))
    return _publish(entry, jws, node, connection)


def _adopt(organisation: str, jws: str, node: Node, connection: Connection) -> str:
    claims = verify_token(
        jws, kind=ADOPTION, key_for=lambda _: node.directory.root_key(organisation)
    )
    name = str(claims["proto"])
    protocol = node.catalogue.get(name)
    if protocol is None or protocol.digest != claims["digest"]:
        raise SchemaUnknown(pointers=("/digest",))
    if (claims["iss"], claims["hub"]) != (organisation, node.hub_id):
        raise NotPermitted("The adoption is another organisation's, or for another hub.")
    known = (
        stored.audit_id
        for stored in read_adoptions(connection)
        if (stored.organisation, stored.protocol, stored.digest)
        == (organisation, name, protocol.digest)
    )
    if (event_id := next(known, None)) is not None:
        return event_id
    event_id = _note("protocol.adopted", organisation, digest(jws), node, connection, ct=name)
    add_adoption(
        connection, StoredAdoption(organisation, name, protocol.digest, jws, event_id)
    )
    return event_id


def _verify(jws: str, organisation: str, root: SigningKey | None) -> DirectoryEntry:
    """Verify an entry by the root key that is known, or the first one by its own."""
    entry = _parse(jws)

    def key(_: Unverified) -> SigningKey:
        return root or entry.root

    verify_token(jws, kind=DIRECTORY_ENTRY, key_for=key)
    if entry.organisation != organisation:
        raise NotPermitted("The entry is another organisation's.", pointers=("/organisation",))
    return entry


def _parse(jws: str) -> DirectoryEntry:

    try:
        return DirectoryEntry.model_validate_json(unb64(jws.split(".")[1]))
    except (ValueError, IndexError, ValidationError):
        raise EnvelopeInvalid("The entry is not well formed.") from None


def _check(entry: DirectoryEntry, stored: StoredParticipant, node: Node, now: int) -> None:
    """Refuse keys that are unsound or taken, and units or roles that nobody proposed."""
    check_signing_key(entry.root, at="/root")
    for place, unit in enumerate(entry.units):
        for key in (*unit.signing, *unit.token):
            check_signing_key(key, at=f"/units/{place}")
        for reading in unit.reading:
            ReaderPublicKey.from_b64(reading.pub)
    directory = node.directory
    before = directory.organisation(entry.organisation)
    participant = before or Participant(
        organisation=stored.organisation, name=stored.name, status="invited"
    )
    check_entry(
        entry, participant, node.hub_id, known_keys(directory.organisations), now
    )
    proposal = ListedOrganisation.model_validate_json(stored.proposal)
    proposed = {unit.id: frozenset(unit.roles) for unit in proposal.units}
    for place, unit in enumerate(entry.units):
        if not frozenset(unit.roles) <= proposed.get(unit.id, frozenset()):
            raise NotPermitted(
                "The unit, or a role of it, is not the one proposed.",
                pointers=(f"/units/{place}",),
            )


def _publish(entry: DirectoryEntry, jws: str, node: Node, connection: Connection) -> str:
    event_id = _note("directory.changed", entry.organisation, digest(jws), node, connection)
    add_entry(
        connection,
        StoredEntry(entry.organisation, entry.version, digest(jws), jws, event_id),
    )
    return event_id


def _note(
    kind: str, organisation: str, about: str, node: Node, connection: Connection, ct: str = ""
) -> str:
    event_id = new_id()
    node.log.append(
        connection,
        Draft(
            kind=kind,
            entry_id=event_id,
            at=node.clock(),
            act={"org": organisation},
            rcp=(),
            obj={"ty": "organisation", "id": organisation, "d": about, "ct": ct},
            law=(),
            rule="",
        ),
    )
    return event_id


def _prove(node: Node, connection: Connection, event_id: str) -> Answer:
    return proven_answer(node, connection, event_id)


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def proposal_of(organisation: str, connection: Connection) -> dict[str, object]:
    """Return what the network file proposed, for an organisation that is about to enrol."""
    stored = read_participant(connection, organisation)
    if stored is None:
        raise NotFound
    proposal: dict[str, object] = json.loads(stored.proposal)
    return proposal
