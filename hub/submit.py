# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The line in: from the bytes of a request to a receipt.

``decide`` establishes everything there is to know and changes nothing; ``_keep`` takes
responsibility, and lets it be decided again where the ground has moved in between. Each stage
gives evidence that the next one demands, so none can be left out. The database arbitrates: two
messages decided upon the same state meet at one position, and one of the senders is told that the
conversation moved on.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from hub.announce import announce
from hub.directory.addressee import check_addressee, check_reader_keys
from hub.directory.duty import calendar_of
from hub.directory.participants import Directory
from hub.errors import IdReused, ParticipantSuspended, Refusal, TokenInvalid
from hub.model.evidence import Accepted, AuthenticatedClient
from hub.model.ids import organisation_of
from hub.model.json import Json, JsonObject
from hub.model.message import Envelope, ParsedMessage
from hub.model.participant import SigningKey
from hub.model.parties import Parties
from hub.model.standing import Standing
from hub.model.stored import StoredContent, StoredMessage, StoredReceipt
from hub.node import Node
from hub.onduty import opens
from hub.owing import first_reminder, look_again
from hub.passed import after_step
from hub.protocols.admit import admit, basis_of_step, schema_of_step
from hub.protocols.agreements import clocks_for, in_force_between, today
from hub.protocols.deadlines import Due, due
from hub.protocols.scope import check_scope
from hub.record import (
    Act,
    Answer,
    Kept,
    answer,
    enter,
    new_id,
    note_receipt,
    note_refusal,
    say,
    sign,
    use_proof,
    use_proofs,
)
from hub.sealing.canonical import digest, jcs
from hub.sealing.envelope import parse_message
from hub.store.ground import Asked, Ground, read_ground, read_grounds
from hub.store.messages import (
    add_conversation,
    add_message,
    add_openers,
    read_conversation,
    read_identity,
)
from hub.store.receipts import add_receipts, first_of_chain
from hub.store.writer import Outcome, Together
from hub.trust.confirmation import Confirmation
from hub.trust.envelope import Transport, check_envelope
from hub.trust.signatures import verify_signature


@dataclass(frozen=True)
class Submission:
    """A request as it came: from whom, under which id, which bytes, when."""

    client: AuthenticatedClient
    address: str
    raw: bytes
    now: float
    confirmed: Confirmation | None = None
    """Who in the sender's house stands behind it, where its portal says so."""


@dataclass(frozen=True)
class Known:
    """The hub has this id from this client with exactly these bytes."""

    request: str


@dataclass(frozen=True)
class Entering:
    """The rows of one message whose entry is in the open group of the log."""

    message: StoredMessage
    content: StoredContent
    receipt: StoredReceipt
    entered_at: int
    key_id: str
    reminds_at: int | None
    """When somebody is reminded of what it asks for."""


@dataclass(frozen=True)
class Arriving:
    """A submission on its way into the writer's group."""

    submission: Submission
    decision: Accepted | Known
    node: Node


async def submit(submission: Submission, node: Node) -> Answer:
    """Accept a message, or say no; returns after the fsync of its group.

    Raises the refusals of SL1 § 7 and of the protocol, in the order of
    ``specs/way-of-a-message.md``; each leaves one entry in the log and nothing else, and
    ``RecipientUnknown`` not even that.
    """
    try:
        decision = await node.readers.run_soon(partial(decide, submission, node, node.directory))
    except Refusal as refusal:
        await refuse(submission, refusal, node)
        raise
    arriving = Arriving(submission, decision, node)
    kept = await node.writer.commit(
        partial(_keep, arriving),
        partial(answer, node),
        is_tidy=True,
        together=Together(_keep_all, arriving),
    )
    if isinstance(kept, Refusal):
        raise kept
    return kept


def decide(
    submission: Submission, node: Node, directory: Directory, connection: Connection
) -> Accepted | Known:
    """Establish everything there is to know, by one directory. Changes nothing."""
    request = digest(submission.raw)
    used_by = read_identity(connection, submission.address)
    if used_by == (submission.client.unit, request):
        return Known(request)
    if directory.status(submission.client.organisation) == "suspended":
        raise ParticipantSuspended
    parsed = parse_message(submission.raw)
    signature = verify_signature(parsed, _key_of(parsed, directory))
    sound = check_envelope(signature, _transport(submission, node, is_taken=used_by is not None))
    envelope = sound.envelope
    conversation = read_conversation(connection, envelope.cnv)
    parties = _parties(envelope, directory, submission.now)
    schema = schema_of_step(envelope, node.catalogue, conversation, parties)
    form = check_scope(sound, schema, basis_of_step(envelope, node.catalogue))
    check_reader_keys(form, directory, int(submission.now))
    admitted = admit(form, conversation, parties, node.catalogue)
    addressee = check_addressee(admitted, directory, int(submission.now))
    standings = _standings(envelope, directory)
    return Accepted(submission.client, addressee, request, int(submission.now), standings)


async def refuse(submission: Submission, refusal: Refusal, node: Node) -> None:
    """Leave the one entry that a refused submission leaves."""

    def enter(connection: Connection) -> None:
        use_proof(connection, submission.client)
        _note(submission, refusal, node, connection)

    await node.writer.commit(enter)


def _key_of(parsed: ParsedMessage, directory: Directory) -> SigningKey | None:
    kid = parsed.header.get("kid")
    return directory.trusted_signing_key(parsed.iss, kid) if isinstance(kid, str) else None


def _parties(envelope: Envelope, directory: Directory, now: float) -> Parties:
    sides = organisation_of(envelope.iss), organisation_of(envelope.aud)
    return Parties(
        sender_roles=directory.roles(envelope.iss),
        recipient_roles=directory.roles(envelope.aud),
        adoptions=directory.adoptions,
        agreements=in_force_between(directory.agreements_between(*sides), *sides, today(now)),
    )


def _standings(envelope: Envelope, directory: Directory) -> frozenset[Standing]:
    return frozenset(
        Standing(known.organisation, known.status, known.changes)
        for party in (envelope.iss, envelope.aud)
        if (known := directory.organisation(party)) is not None
    )


def _transport(submission: Submission, node: Node, *, is_taken: bool) -> Transport:
    return Transport(
        address=submission.address,
        client=submission.client,
        hub_id=node.hub_id,
        id_is_taken=is_taken,
        now=int(submission.now),
    )


def _keep(arriving: Arriving, connection: Connection) -> Kept | Refusal:
    """Enter the message with its receipt and its entry; runs in the writer's group.

    The id is looked up first: whoever sends the same bytes again, even at the same moment, gets
    the receipt that is there.
    """
    use_proof(connection, arriving.submission.client)
    return _keep_proven(arriving, _ground(arriving, connection), connection)


def _keep_all(connection: Connection, group: Sequence[Arriving]) -> list[Outcome]:
    """Do the same for many at once, with a handful of statements for all of them.

    Only those go together that open a conversation and meet no other in the group; whoever does,
    and those under whom the ground has moved, are entered one by one.
    """
    apart = _apart(group)
    together = [
        arriving for arriving, goes_alone in zip(group, apart, strict=True) if not goes_alone
    ]
    outcomes = iter(_enter_together(together, connection))
    return [
        _outcome(arriving, connection) if goes_alone else next(outcomes)
        for arriving, goes_alone in zip(group, apart, strict=True)
    ]


def _apart(group: Sequence[Arriving]) -> list[bool]:
    ids = Counter(arriving.submission.address for arriving in group)
    opened = Counter(
        arriving.decision.envelope.cnv
        for arriving in group
        if isinstance(arriving.decision, Accepted)
    )
    return [
        isinstance(arriving.decision, Known)
        or arriving.decision.conversation is not None
        or arriving.decision.addressee.first.is_early
        or ids[arriving.submission.address] > 1
        or opened[arriving.decision.envelope.cnv] > 1
        for arriving in group
    ]


def _outcome(arriving: Arriving, connection: Connection) -> Outcome:
    try:
        return _keep(arriving, connection), None
    except Refusal as refusal:
        return None, refusal


def _enter_together(group: Sequence[Arriving], connection: Connection) -> list[Outcome]:
    used = use_proofs(connection, [arriving.submission.client for arriving in group])
    grounds = read_grounds(connection, [_asked(arriving) for arriving in group])
    outcomes: list[Outcome] = []
    entering: list[Entering] = []
    for arriving, is_proven, ground in zip(group, used, grounds, strict=True):
        if not is_proven:
            outcomes.append((None, TokenInvalid()))
        elif (accepted := _unmoved(arriving.decision, ground)) is None:
            outcomes.append((_keep_proven(arriving, ground, connection), None))
        else:
            entering.append(_entering(accepted, arriving, connection))
            outcomes.append((Kept(entering[-1].receipt, is_new=True), None))
    add_openers(
        connection,
        [(each.message, each.content) for each in entering],
        {each.message.id: each.key_id for each in entering},
        {each.message.id: each.reminds_at for each in entering},
    )
    add_receipts(connection, [(each.receipt, each.entered_at) for each in entering])
    return outcomes


def _unmoved(decision: Accepted | Known, ground: Ground) -> Accepted | None:
    if isinstance(decision, Known) or ground.used_by is not None or ground.is_opened:
        return None
    return decision if decision.standings == ground.standings else None


def _entering(accepted: Accepted, arriving: Arriving, connection: Connection) -> Entering:
    """Sign the receipt and enter it in the log; the rows are added with those of the others."""
    node, now = arriving.node, arriving.submission.now
    clocks = _clocks(accepted, node)
    message = _message(accepted, clocks)
    members = _members(accepted, clocks)
    receipt = sign(node, message, "accepted", None, now=now, members=members)
    key = node.openings.take(message.conversation)
    act = _act(accepted, arriving)
    entered_at = note_receipt(node, connection, message, receipt, act, key=key)
    _ask(accepted, message, node, connection)
    reminds_at = first_reminder(accepted.addressee.admitted.protocol, message, node)
    content = _content(accepted.message)
    return Entering(message, content, receipt, entered_at, key.id, reminds_at)


def _keep_proven(arriving: Arriving, ground: Ground, connection: Connection) -> Kept | Refusal:
    submission, decision, node = arriving.submission, arriving.decision, arriving.node
    if ground.used_by == (submission.client.unit, decision.request):
        return Kept(_accepted_before(submission.address, connection), is_new=False)
    mark = node.log.mark()
    try:
        if ground.used_by is not None or isinstance(decision, Known):
            raise IdReused(pointers=("/jti",))
        accepted = _still(decision, ground, submission, node, connection)
        return Kept(_enter(accepted, arriving, connection), is_new=True)
    except Refusal as refusal:
        # Whatever refuses does so before the first row of the message is there.
        node.log.rewind(mark)
        _note(submission, refusal, node, connection)
        return refusal


def _asked(arriving: Arriving) -> Asked:
    assert isinstance(arriving.decision, Accepted)  # noqa: S101  a known one asks for its id alone
    envelope = arriving.decision.envelope
    return Asked(
        message=arriving.submission.address,
        conversation=envelope.cnv,
        sender=organisation_of(envelope.iss),
        recipient=organisation_of(envelope.aud),
    )


def _ground(arriving: Arriving, connection: Connection) -> Ground:
    if isinstance(arriving.decision, Known):
        used_by = read_identity(connection, arriving.submission.address)
        return Ground(used_by, is_opened=True, standings=frozenset())
    return read_ground(connection, _asked(arriving))


def _accepted_before(message_id: str, connection: Connection) -> StoredReceipt:
    receipt = first_of_chain(connection, message_id, "visible")
    if receipt is None:
        raise LookupError("a message without its receipt")
    return receipt


def _still(
    accepted: Accepted,
    ground: Ground,
    submission: Submission,
    node: Node,
    connection: Connection,
) -> Accepted:
    """Return the decision, made anew where the ground it stands on has moved.

    Between the snapshot and this transaction a withdrawal may have ended the conversation, or an
    organisation may have given up the key that signed. Most often neither has.
    """
    if ground.standings == accepted.standings and _is_as_it_was(accepted, ground, connection):
        return accepted
    anew = decide(submission, node, node.read_directory(connection), connection)
    if isinstance(anew, Known):
        raise IdReused(pointers=("/jti",))
    return anew


def _is_as_it_was(accepted: Accepted, ground: Ground, connection: Connection) -> bool:
    """Return whether nothing was said in the conversation since, or it is not there still."""
    if accepted.conversation is None:
        return not ground.is_opened
    return read_conversation(connection, accepted.envelope.cnv) == accepted.conversation


def _note(submission: Submission, refusal: Refusal, node: Node, connection: Connection) -> None:
    note_refusal(
        node,
        connection,
        submission.client,
        refusal,
        kind="message.refused",
        obj={"ty": "request", "id": submission.address, "d": digest(submission.raw), "ct": ""},
        now=submission.now,
    )


def _enter(accepted: Accepted, arriving: Arriving, connection: Connection) -> StoredReceipt:
    """Enter one message, its receipt and its entry."""
    envelope = accepted.envelope
    node, now = arriving.node, arriving.submission.now
    if envelope.opens_conversation:
        add_conversation(
            connection,
            conversation_id=envelope.cnv,
            protocol=envelope.proto,
            opener=envelope.iss,
            partner=envelope.aud,
            key_id=node.openings.take(envelope.cnv).id,
        )
    clocks = _clocks(accepted, node)
    message = _message(accepted, clocks)
    add_message(connection, message, _content(accepted.message))
    receipt = sign(node, message, "accepted", None, now=now, members=_members(accepted, clocks))
    enter(node, connection, message, receipt, _act(accepted, arriving))
    if accepted.addressee.first.is_early:
        # The shift changed while it was on its way: who has to act now may open from now on.
        say(node, connection, message, "escalated", now=now)
    _ask(accepted, message, node, connection)
    if not envelope.opens_conversation:
        after_step(message, node, connection)
    look_again(envelope.cnv, node, accepted.now, connection)
    return receipt


def _act(accepted: Accepted, arriving: Arriving) -> Act:
    """Say who did it: a person of the sender where one confirmed it, else the hub that accepted."""
    confirmed, basis = arriving.submission.confirmed, accepted.envelope.lb
    now = arriving.submission.now
    if confirmed is None:
        return Act(arriving.node.hub_id, now, basis=basis)
    return Act(
        accepted.envelope.iss,
        now,
        auth=confirmed.auth,
        basis=basis,
        role=confirmed.role,
        pid=confirmed.pid,
    )


def _ask(accepted: Accepted, message: StoredMessage, node: Node, connection: Connection) -> None:
    """Wake whoever has to act first; what is said there says nothing of what it is about."""
    node.waiting.promise(message.on_duty)
    announce(
        node,
        connection,
        unit=message.on_duty,
        message_id=message.id,
        urgency=message.urgency,
        occasion="waiting",
        reached=accepted.addressee.first.reached,
        now=accepted.now,
    )


def _clocks(accepted: Accepted, node: Node) -> Due:
    clocks = clocks_for(accepted.addressee.admitted)
    unit, now = accepted.addressee.unit, accepted.now
    begins = opens(unit, node, now) if accepted.addressee.first.waits else now
    working = calendar_of(unit, node.directory)
    return due(clocks, begins, working=working, latest=accepted.envelope.end)


def _message(accepted: Accepted, clocks: Due) -> StoredMessage:
    envelope = accepted.envelope
    return StoredMessage(
        id=envelope.jti,
        conversation=envelope.cnv,
        position=envelope.pos,
        protocol=envelope.proto,
        step=envelope.step,
        sender=envelope.iss,
        recipient=envelope.aud,
        urgency=envelope.urg,
        request=accepted.request,
        client=accepted.client.unit,
        state="accepted",
        accepted_at=accepted.now,
        ends_at=envelope.end,
        due_taken=clocks.taken_by,
        due_acknowledged=clocks.acknowledged_by,
        due_overdue=clocks.overdue_at,
        on_duty=accepted.addressee.first.unit,
        due_next=clocks.taken_by,
        audit_id=new_id(),
        env=accepted.message.env,
    )


def _content(message: ParsedMessage) -> StoredContent:
    keys: list[Json] = [{"kid": key.kid, "wrap": key.wrap} for key in message.keys]
    return StoredContent(wraps=jcs(keys), body=message.body_bytes)


def _members(accepted: Accepted, clocks: Due) -> JsonObject:
    return {
        "request": accepted.request,
        "due": {
            "taken": clocks.taken_by,
            "acknowledged": clocks.acknowledged_by,
            "overdue": clocks.overdue_at,
        },
    }
