# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Directory entries: handed in with a code, made valid by a person, renewed by the root key."""

import hmac
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from hub.directory.duty_changes import changed_duties
from hub.directory.entry import check_entry, check_stays_revoked, key_changes, revoked_keys
from hub.enrol.acts import (
    Operator,
    Statement,
    check_second,
    enter_act,
    first_person,
    read_statement,
    revocations_of,
)
from hub.enrol.invitation import check_code
from hub.enrol.notes import Subject, note, note_key, note_roster
from hub.enrol.snapshot import keys_in_use, parse_entry, participant_of, refresh
from hub.errors import NotFound, NotPermitted
from hub.model.json import JsonObject
from hub.model.network import ListedOrganisation, ListedUnit
from hub.model.participant import DirectoryEntry, SigningKey, Unit
from hub.node import Node
from hub.record import Answer, proven_answer
from hub.sealing.canonical import digest, parse_strict, unb64
from hub.sealing.reader import ReaderPublicKey
from hub.store.participants import (
    StoredEntry,
    StoredParticipant,
    add_entry,
    change_participant,
    read_acts,
    read_entry,
    read_participant,
    read_versions,
)
from hub.trust.jose import Unverified, verify_token
from hub.trust.keys import check_signing_key
from hub.trust.kinds import DIRECTORY_ENTRY


@dataclass(frozen=True)
class Verified:
    """An entry whose signature holds and whose keys are sound; whether it may follow is open.

    Nothing of this needs the writer, and strangers can ask for it.
    """

    entry: DirectoryEntry
    jws: str


async def hand_in(organisation: str, jws: str, code: str | None, node: Node) -> Answer | str:
    """Take a directory entry: the first with the one-time code, later ones by the root key.

    Returns the fingerprint that a person has to compare, or for a later version the answer with
    its proof. Raises ``TokenInvalid`` for a wrong, used or old code, ``SignatureInvalid`` and
    what ``check_entry`` refuses.
    """
    if code is not None:
        first = await node.readers.run(partial(_first, organisation, jws, code, int(node.clock())))
        fingerprint: str = await node.writer.commit(partial(_enrol, first, code, node))
        return fingerprint
    later = await node.readers.run(partial(_later, organisation, jws))
    taken: Answer = await node.writer.commit(
        partial(_renew, later, node), partial(proven_answer, node)
    )
    await node.readers.run(partial(refresh, node))
    return taken


def confirm(
    organisation: str,
    fingerprint: str,
    node: Node,
    connection: Connection,
    operator: Operator = Operator(),  # noqa: B008  it never changes
) -> str:
    """Make a self-signed entry valid, after a person compared the fingerprint of its root key.

    That person is another than the one who invited: one alone could let in whomever they like.
    """
    stored = read_participant(connection, organisation)
    if stored is None or stored.pending is None:
        raise NotFound("Es gibt keinen Eintrag, der auf eine Bestätigung wartet.")
    check_second(operator, first_person(connection, organisation, "invited"), node)
    verified = _verify(stored.pending, organisation, None)
    entry = verified.entry
    if not hmac.compare_digest(entry.root.kid, fingerprint):
        raise NotPermitted(
            "Der Fingerabdruck ist nicht der des Wurzelschlüssels, der den Eintrag unterschrieb."
        )
    # Somebody else may have published one of these keys while this entry waited.
    _check(entry, stored, node, connection)
    event_id = _publish(verified, node, connection)
    change_participant(connection, organisation, status="valid", pending=None, code_hash=None)
    said = operator.facts | {"entry": digest(verified.jws), "fingerprint": fingerprint}
    enter_act(Statement(organisation, "confirmed", operator.name, said), node, connection)
    return event_id


def _first(organisation: str, jws: str, code: str, now: int, connection: Connection) -> Verified:
    check_code(read_participant(connection, organisation), code, now)
    return _verify(jws, organisation, None)


def _later(organisation: str, jws: str, connection: Connection) -> Verified:
    _, current = _published(organisation, connection)
    return _verify(jws, organisation, parse_entry(current.jws).root)


def _enrol(first: Verified, code: str, node: Node, connection: Connection) -> str:
    organisation = first.entry.organisation
    now = int(node.clock())
    stored = check_code(read_participant(connection, organisation), code, now)
    _check(first.entry, stored, node, connection)
    change_participant(
        connection, organisation, status="enrolled", pending=first.jws, code_hash=None
    )
    return first.entry.root.kid


def _renew(later: Verified, node: Node, connection: Connection) -> str:
    stored, current = _published(later.entry.organisation, connection)
    if current.digest == digest(later.jws):
        return current.audit_id
    # That the root key is still the one that the signature was held against is checked here too.
    _check(later.entry, stored, node, connection)
    event_id = _publish(later, node, connection)
    _note_keys(parse_entry(current.jws), later, node, connection)
    return event_id


def _published(organisation: str, connection: Connection) -> tuple[StoredParticipant, StoredEntry]:
    stored = read_participant(connection, organisation)
    current = read_entry(connection, organisation)
    if stored is None or current is None or stored.status != "valid":
        raise NotFound
    return stored, current


def _verify(jws: str, organisation: str, root: SigningKey | None) -> Verified:
    """Verify an entry by the root key that is known, or the first one by its own."""
    entry = parse_entry(jws)

    def key(_: Unverified) -> SigningKey:
        return root or entry.root

    verify_token(jws, kind=DIRECTORY_ENTRY, key_for=key)
    if entry.organisation != organisation:
        raise NotPermitted("The entry is another organisation's.", pointers=("/organisation",))
    check_signing_key(entry.root, at="/root")
    for place, unit in enumerate(entry.units):
        for signature_key in (*unit.signing, *unit.token):
            check_signing_key(signature_key, at=f"/units/{place}")
        for reading in unit.reading:
            ReaderPublicKey.from_b64(reading.pub)
    return Verified(entry, jws)


def _check(
    entry: DirectoryEntry, stored: StoredParticipant, node: Node, connection: Connection
) -> None:
    """Refuse what may not follow, keys that are taken, and units or roles that nobody proposed.

    The version before is the one in this transaction: a snapshot may be older than a job that ran
    a moment ago.
    """
    before = participant_of(stored, read_entry(connection, entry.organisation))
    now = int(node.clock())
    check_entry(entry, before, node.hub_id, keys_in_use(connection), now)
    check_stays_revoked(entry, *_revoked(entry.organisation, connection))
    proposal = ListedOrganisation.model_validate_json(stored.proposal)
    proposed = {unit.id: unit for unit in proposal.units}
    for place, unit in enumerate(entry.units):
        known = proposed.get(unit.id)
        if known is None or not frozenset(unit.roles) <= frozenset(known.roles):
            raise NotPermitted(
                "The unit, or a role of it, is not the one proposed.",
                pointers=(f"/units/{place}",),
            )
        _check_offices(unit, known, f"/units/{place}")


def _revoked(organisation: str, connection: Connection) -> tuple[dict[str, int], dict[str, int]]:
    """Return every key of an organisation that it revoked itself, and that the operator revoked."""
    by_itself: dict[str, int] = {}
    for stored in read_versions(connection, organisation):
        by_itself |= revoked_keys(parse_entry(stored.jws))
    acts = [read_statement(act) for act in read_acts(connection, organisation)]
    return by_itself, {each.kid: each.at for each in revocations_of(acts)}


def _check_offices(unit: Unit, proposed: ListedUnit, pointer: str) -> None:
    """Refuse a key of an office that the network does not know to be held in this unit.

    Else a registry could issue itself the key of a judge, and order what § 5 KKG leaves to them.
    """
    for number, key in enumerate(unit.signing):
        if key.office not in {None, proposed.office}:
            raise NotPermitted(
                "The unit is not proposed as one where this office is held.",
                pointers=(f"{pointer}/signing/{number}/office",),
            )


def _publish(verified: Verified, node: Node, connection: Connection) -> str:
    entry, name = verified.entry, digest(verified.jws)
    about = Subject(entry.organisation, name)
    event_id = note("directory.changed", about, node, connection)
    before = read_entry(connection, entry.organisation)
    known = _claims(before.jws) if before is not None else None
    for unit, said in changed_duties(known, _claims(verified.jws)).items():
        note_roster(Subject(unit, said), event_id, node, connection)
    add_entry(
        connection,
        StoredEntry(entry.organisation, entry.version, name, verified.jws, event_id),
    )
    return event_id


def _claims(jws: str) -> JsonObject:
    """Return what was signed, as it was written: whoever checks the log has nothing else."""
    claims = parse_strict(unb64(jws.split(".")[1]))
    return claims if isinstance(claims, dict) else {}


def _note_keys(
    before: DirectoryEntry, verified: Verified, node: Node, connection: Connection
) -> None:
    """Enter what became of each key, so that the log can be asked for it without any entry."""
    about = Subject(verified.entry.organisation, digest(verified.jws))
    for word, kids in key_changes(before, verified.entry)._asdict().items():
        for kid in kids:
            note_key(f"key.{word}", kid, about, node, connection)
