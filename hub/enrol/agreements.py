# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Parties agree, and give notice: each with its root key, each with an entry in the log.

The hub keeps what was signed and agrees to nothing itself. An agreement binds once all have signed
and its term has begun; its end comes with the calendar, and is entered once.
"""

import asyncio
from dataclasses import dataclass
from datetime import date
from functools import partial

from sqlalchemy import Connection

from hub.audit.entry import Draft
from hub.directory.kinds import roles_of_kind
from hub.directory.participants import Directory
from hub.enrol.concluded import read_concluded
from hub.enrol.snapshot import refresh
from hub.errors import EnvelopeInvalid, IdReused, NotFound, NotPermitted, ParticipantSuspended
from hub.model.agreement import Agreement, Concluded
from hub.model.json import JsonObject
from hub.node import Node
from hub.protocols.agreement_file import agreement_digest, canonical
from hub.protocols.agreement_findings import Surroundings, agreement_findings
from hub.protocols.agreements import today
from hub.record import Answer, new_id, proven_answer
from hub.sealing.canonical import digest
from hub.store.agreements import (
    Act,
    StoredAgreement,
    StoredSignature,
    add_agreement,
    add_expiry,
    add_signature,
    read_agreement,
    read_expiries,
    read_signature,
)
from hub.trust.jose import parse_token, verify_token
from hub.trust.kinds import AGREEMENT


@dataclass(frozen=True)
class _Signed:
    """What a party signed; its signature holds."""

    organisation: str
    claims: JsonObject
    jws: str

    @property
    def act(self) -> Act:
        return "end" if "ends" in self.claims else "agree"


async def propose(agreement: Agreement, jws: str, node: Node) -> Answer:
    """Enter a version that a party proposes and signs at once; the same again changes nothing.

    Raises ``EnvelopeInvalid`` with a pointer for each finding, ``IdReused`` where id and version
    are another text's, and ``NotPermitted`` where a party of the version before is left out.
    """
    organisation = str(parse_token(jws, AGREEMENT).claims.get("iss", ""))
    signed = await _verified(organisation, jws, node)
    return await _commit(partial(_propose, agreement, signed, node), node)


async def sign(name: tuple[str, int], organisation: str, jws: str, node: Node) -> Answer:
    """Enter a party's signature under an agreement that is there, or its notice."""
    signed = await _verified(organisation, jws, node)
    return await _commit(partial(_sign, name, signed, node), node)


async def expire(node: Node, now: float) -> int:
    """Enter the end of every agreement whose last day is over; returns how many there were.

    A reader looks first. The row of an end has the agreement as its key, so a second entry cannot
    be, however often a node starts and whoever else takes its turn.
    """
    due: tuple[str, ...] = await node.readers.run(partial(_due, today(now)))
    if not due:
        return 0
    return int(await node.writer.commit(partial(_expire, node, now)))


def _due(day: date, connection: Connection) -> tuple[str, ...]:
    noticed = read_expiries(connection)
    return tuple(
        each.digest
        for each in read_concluded(connection)
        if each.is_complete and each.last_day < day and each.digest not in noticed
    )


def _expire(node: Node, now: float, connection: Connection) -> int:
    due = _due(today(now), connection)
    for name in due:
        event_id = new_id()
        obj = {"ty": "agreement", "id": name, "d": name}
        draft = Draft(
            kind="agreement.expired", entry_id=event_id, at=now, act={"org": node.hub_id}, obj=obj
        )
        node.log.append(connection, draft)
        add_expiry(connection, name, event_id)
    return len(due)


async def _verified(organisation: str, jws: str, node: Node) -> _Signed:
    # A root key never changes, so the signature needs no transaction, and the writer not to wait.
    root = node.directory.root_key(organisation)
    claims = await asyncio.to_thread(verify_token, jws, kind=AGREEMENT, key_for=lambda _: root)
    if (claims["iss"], claims["hub"]) != (organisation, node.hub_id):
        raise NotPermitted("The signature is another organisation's, or for another hub.")
    if node.directory.status(organisation) == "suspended":
        raise ParticipantSuspended
    return _Signed(organisation, claims, jws)


async def _commit(work: partial[str], node: Node) -> Answer:
    answer: Answer = await node.writer.commit(work, partial(proven_answer, node))
    await node.readers.run(partial(refresh, node))
    return answer


def _propose(agreement: Agreement, signed: _Signed, node: Node, connection: Connection) -> str:
    if signed.act == "end" or not agreement.parties.count(signed.organisation):
        raise NotPermitted("Only a party proposes an agreement.", pointers=("/agreement/parties",))
    name = agreement_digest(agreement)
    _check_about(signed, agreement, name)
    stored = read_agreement(connection, agreement.id, agreement.version)
    if stored is None:
        _check_proposal(agreement, node, connection)
        stored = StoredAgreement(
            name, agreement.id, agreement.version, canonical(agreement).decode()
        )
        add_agreement(connection, stored)
    elif stored.digest != name:
        raise IdReused("This id and version are another text's.", pointers=("/agreement/version",))
    return _enter(signed, name, node, connection)


def _check_proposal(agreement: Agreement, node: Node, connection: Connection) -> None:
    directory = node.read_directory(connection)
    _check_follows(agreement, directory.agreements)
    strangers = [
        f"/agreement/parties/{place}"
        for place, party in enumerate(agreement.parties)
        if directory.organisation(party) is None
    ]
    if strangers:
        raise EnvelopeInvalid("Diese Stellen kennt der Hub nicht.", pointers=strangers)
    around = Surroundings(node.catalogue, partial(roles_of, directory), directory.agreements)
    findings = agreement_findings(agreement, around)
    if agreement.valid_until < today(node.clock()):
        findings = (*findings, ("/valid_until", "Der letzte Tag ist vorbei."))
    if findings:
        raise EnvelopeInvalid(
            " ".join(dict.fromkeys(text for _, text in findings)),
            pointers=[f"/agreement{pointer}" for pointer, _ in findings],
        )


def _check_follows(agreement: Agreement, known: tuple[Concluded, ...]) -> None:
    """Refuse a version out of turn, and one that leaves out whom the version before binds."""
    before = [each for each in known if each.agreement.id == agreement.id]
    newest = max((each.agreement.version for each in before), default=0)
    if agreement.version != newest + 1:
        raise EnvelopeInvalid("Die Fassung folgt nicht.", pointers=("/agreement/version",))
    for each in before:
        if each.is_complete and not set(each.agreement.parties) <= set(agreement.parties):
            raise NotPermitted(
                "A party of the version before is left out; it gives notice itself.",
                pointers=("/agreement/parties",),
            )


def roles_of(directory: Directory, organisation: str) -> frozenset[str]:
    """Return the roles of all units of an organisation; of one to come, those of its kind."""
    known = directory.organisation(organisation)
    if known is None or known.entry is None:
        return roles_of_kind(organisation)
    return frozenset(role for unit in known.entry.units for role in unit.roles)


def _sign(name: tuple[str, int], signed: _Signed, node: Node, connection: Connection) -> str:
    known = (each for each in read_concluded(connection) if _name(each) == name)
    concluded = next(known, None)
    if concluded is None:
        raise NotFound
    if not concluded.is_party(signed.organisation):
        raise NotPermitted("Only a party signs an agreement.")
    _check_about(signed, concluded.agreement, concluded.digest)
    if read_signature(connection, concluded.digest, signed.organisation, signed.act) is None:
        _check_day(signed, concluded, today(node.clock()))
    return _enter(signed, concluded.digest, node, connection)


def _name(concluded: Concluded) -> tuple[str, int]:
    return concluded.agreement.id, concluded.agreement.version


def _check_about(signed: _Signed, agreement: Agreement, name: str) -> None:
    """Refuse a signature under another text: the digest is what counts."""
    said = signed.claims
    if (said["agreement"], said["version"], said["digest"]) != (
        agreement.id,
        agreement.version,
        name,
    ):
        raise EnvelopeInvalid("The signature is about another text.", pointers=("/digest",))


def _check_day(signed: _Signed, concluded: Concluded, day: date) -> None:
    """Refuse a notice for a day gone by, and whatever comes after the end.

    What was allowed stays allowed: a message that was taken today is not made wrong tomorrow.
    """
    if concluded.last_day < day:
        raise EnvelopeInvalid("Die Vereinbarung ist zu Ende.", pointers=("/digest",))
    if signed.act == "agree":
        return
    try:
        ends = date.fromisoformat(str(signed.claims["ends"]))
    except ValueError:
        raise EnvelopeInvalid("Diesen Tag gibt es nicht.", pointers=("/ends",)) from None
    if not day <= ends <= concluded.agreement.valid_until:
        raise EnvelopeInvalid(
            "Gekündigt wird auf heute oder später, und nicht über die Laufzeit hinaus.",
            pointers=("/ends",),
        )


def _enter(signed: _Signed, name: str, node: Node, connection: Connection) -> str:
    """Enter a signature with its entry, or return the entry of the one that is there."""
    known = read_signature(connection, name, signed.organisation, signed.act)
    if known is not None:
        return known.audit_id
    event_id = new_id()
    node.log.append(
        connection,
        Draft(
            kind="agreement.signed",
            entry_id=event_id,
            at=node.clock(),
            act={"org": signed.organisation, "auth": "root"},
            obj={"ty": "agreement", "id": name, "d": digest(signed.jws)},
        ),
    )
    add_signature(
        connection, StoredSignature(name, signed.organisation, signed.act, signed.jws, event_id)
    )
    return event_id
