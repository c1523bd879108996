# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Receiving: a leased message, and the words by which it changes hands."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from uuid_utils.compat import uuid7

from hub.client.answers import Refused, Untrustworthy
from hub.client.commitment import Commitment
from hub.client.directory import DirectoryView
from hub.client.drafts import REPLY_KEY, Draft, Wish
from hub.client.passing import OPENING, PASSING_ON, completed
from hub.client.proofs import ProvenReceipt, check_answer
from hub.client.seen import see, seen
from hub.client.side import Side
from hub.errors import (
    ContentInvalid,
    IdReused,
    LeafMalformed,
    LeafMismatch,
    LeafUnopenable,
    NotAddressed,
    Refusal,
    SchemaUnknown,
    SecretMismatch,
    WrapUnopenable,
)
from hub.model.json import Json, JsonObject
from hub.model.message import Envelope, ParsedMessage, ReaderClaim
from hub.model.receipt import HIDDEN, Word
from hub.protocols.admit import check_office, schema_of_step
from hub.protocols.rules import Saying, check_rules
from hub.sealing.added import check_statement, parse_statement
from hub.sealing.canonical import digest, unb64
from hub.sealing.envelope import env_digest, parse_claims, parse_message
from hub.sealing.opening import Expectation, Opened, check_addressed, open_message
from hub.sealing.reader import ReaderPrivateKey
from hub.trust.jose import verify_token
from hub.trust.kinds import READER_STATEMENT
from hub.trust.receipts import make_receipt
from hub.trust.signatures import verify_signature

UNUSABLE: Final = (
    WrapUnopenable,
    SecretMismatch,
    LeafUnopenable,
    LeafMismatch,
    LeafMalformed,
    ContentInvalid,
)
"""What is answered with a signed rejection (SL1 § 7, reader's steps 4 to 6)."""


@dataclass(frozen=True)
class Subject:
    """The message that a receipt is about, and the chain it goes on."""

    id: str
    sender: str
    env: str
    chain: Sequence[str]


@dataclass
class Message:
    """A message lent to this unit. Nothing of it is believed before ``open`` returns."""

    hub: Side = field(repr=False)
    lease: str
    raw: bytes = field(repr=False)
    chain: list[str] = field(repr=False)
    """Visible receipts so far; the next one names the last."""
    hidden: list[str] = field(default_factory=list, repr=False)
    content: JsonObject | None = field(default=None, repr=False)
    _parsed: ParsedMessage | None = field(default=None, repr=False)

    @property
    def parsed(self) -> ParsedMessage:
        if self._parsed is None:
            self._parsed = parse_message(self.raw, delivered=True)
        return self._parsed

    @property
    def envelope(self) -> Envelope:
        return parse_claims(self.parsed)

    @property
    def id(self) -> str:
        return self.envelope.jti

    @property
    def is_repeated(self) -> bool:
        """Whether this unit has put it down durably before: then only ``take`` is missing."""
        return seen(self.hub.agency, self.envelope) == env_digest(self.parsed.env)

    async def open(self) -> JsonObject:
        """Verify, decrypt and check; then say ``opened`` and return the content.

        What cannot be used is rejected with a signature of this unit and raised as the refusal it
        is; what is not for this unit is given back.
        """
        try:
            opened, key = await self._establish()
        except UNUSABLE as unusable:
            await self.reject([{"code": unusable.code, "pointers": list(unusable.pointers)}])
            raise
        except Refusal:
            await self.give_back(failed=True)
            raise
        members: JsonObject = {"kid": key.kid, "classes": list(opened.classes)}
        self.content = dict(opened.content or {})
        await self._say("opened", members)
        self._remember_reply_key()
        return self.content

    async def take(self) -> ProvenReceipt:
        """Say that the hand-over is durable; from now on the message is in this house."""
        see(self.hub.agency, self.envelope, env_digest(self.parsed.env))
        return await self._say("taken", {})

    async def acknowledge(self, role: str) -> ProvenReceipt:
        """Say that a person has taken note; the role is committed to and stays in this house."""
        committed = Commitment.make(self.hub.agency, self.id, role)
        return committed.check(await self._say("acknowledged", committed.members))

    async def reject(self, problems: Sequence[Mapping[str, Json]]) -> ProvenReceipt:
        """Say that the message cannot be used, with codes and pointers and no value."""
        listed: list[Json] = [dict(problem) for problem in problems]
        return await self._say("rejected", {"problems": listed})

    async def answer(
        self,
        step: str,
        content: Mapping[str, Any],
        urgency: str = "planbar",
        *,
        cause: str | None = None,
        basis: str | None = None,
        hints_seen: bool = False,
    ) -> Draft:
        """Say something back in the same conversation; returns the draft that was accepted.

        ``cause`` is the message that this one puts right or takes back; else it is the one that
        is answered. ``basis`` names the legal basis where the step leaves the choice. The same
        answer that is still in the outbox is sent again, not made anew.
        """
        thread = await self.hub.conversation(self.envelope.cnv)
        reader = self.hub.agency.recall("reply-keys").get(self.envelope.cnv)
        wish = Wish(
            protocol=thread.protocol,
            step=step,
            to=self.envelope.iss,
            urgency=urgency,
            content=content,
            thread=thread,
            reader=reader,
            cause=cause or self.id,
            basis=basis,
            hints_seen=hints_seen,
        )
        draft = self.hub.outbox.find(wish.mark) or await self.hub.compose_in(wish)
        await self.hub.submit(draft)
        return draft

    async def pass_on(
        self, to: str, own: Mapping[str, Any] | None = None, urgency: str | None = None
    ) -> Draft:
        """Tell the responsible Jugendamt what it needs of this notice (§ 8a Abs. 6 SGB VIII).

        What the notice says of the child is taken over; ``own`` is what a professional says
        beside it and answers for, and without it nothing is sent: ``ContentInvalid`` names what
        is missing. The hub learns of no link between the two conversations; this house keeps it.
        """
        if self.content is None:
            raise LookupError("open the message first")
        wish = Wish(
            protocol=PASSING_ON,
            step=OPENING,
            to=to,
            urgency=urgency or self.envelope.urg,
            content=completed(self.content, own or {}),
        )
        draft = self.hub.outbox.find(wish.mark) or await self.hub.compose_in(wish)
        self.hub.agency.remember("passed-on", **{self.id: {"to": to, "by": draft.id}})
        await self.hub.submit(draft)
        return draft

    async def extend(self, seconds: int) -> None:
        """Keep the lease longer."""
        body = json.dumps({"ttl": seconds}).encode()
        await self.hub.line.send("PATCH", f"/v1/leases/{self.lease}", body)

    async def give_back(self, *, failed: bool = False) -> None:
        """End the lease without a word; ``failed`` where nothing could be made of the message."""
        query = "?failed=true" if failed else ""
        await self.hub.line.send("DELETE", f"/v1/leases/{self.lease}{query}")

    async def _establish(self) -> tuple[Opened, ReaderPrivateKey]:
        """Do all of SL1 § 7 that is the reader's, trusting nothing of the hub."""
        parsed, agency = self.parsed, self.hub.agency
        directory = await self.hub.directory_with(parsed.iss, agency.id)
        kid = parsed.header.get("kid")
        key = directory.signing_key(parsed.iss, kid) if isinstance(kid, str) else None
        signature = verify_signature(parsed, key)
        envelope = parse_claims(parsed)
        added = self._added(envelope, directory)
        reader = self._own_key(envelope, added)
        check_addressed(
            envelope,
            Expectation(agency.hub.id, (agency.id,), reader.kid, int(time.time())),
            added,
        )
        if seen(agency, envelope) not in {None, env_digest(parsed.env)}:
            raise IdReused
        schema = schema_of_step(envelope, self.hub.catalogue)
        step = self.hub.catalogue.known(envelope.proto).step(envelope.step)
        if step is None:
            raise SchemaUnknown
        # Whose order it is, is not left to the hub's word.
        check_office(step, signature.key, self.hub.catalogue.cite(step.basis_sender[0]))
        opened = open_message(parsed, envelope, schema, reader, added)
        if opened.content is not None:
            speakers = directory.roles(envelope.iss)
            saying = Saying(opened.content, envelope.lb, envelope.urg, speakers)
            check_rules(step.rules, saying, self.hub.catalogue.cite)
        return opened, reader

    def _added(self, envelope: Envelope, directory: DirectoryView) -> ReaderClaim | None:
        """Return by which statement of the sender an own key was added later (SL1 § 8).

        A statement that does not hold names nobody; whether the message is for this reader is
        then decided by the envelope alone.
        """
        if self.parsed.added is None:
            return None
        try:
            statement = parse_statement(self.parsed.added)
            verify_token(
                statement.text,
                kind=READER_STATEMENT,
                key_for=lambda token: directory.signing_key(envelope.iss, token.kid),
            )
            check_statement(statement.claims, envelope, self.parsed.env)
        except Refusal:
            return None
        return statement.claims.reader

    def _own_key(self, envelope: Envelope, added: ReaderClaim | None) -> ReaderPrivateKey:
        readers = envelope.readers if added is None else (*envelope.readers, added)
        named = {reader.kid for reader in readers}
        held = {key.kid for key in self.parsed.keys}
        for key in self.hub.agency.readers:
            if key.kid in named & held:
                return key
        raise NotAddressed(pointers=("/readers",))

    def _remember_reply_key(self) -> None:
        kid = (self.content or {}).get(REPLY_KEY)
        if isinstance(kid, str):
            self.hub.agency.remember("reply-keys", **{self.envelope.cnv: kid})

    async def _say(self, word: Word, members: JsonObject) -> ProvenReceipt:
        try:
            said = await say(self.hub, self._subject(word), word, members)
        except Refused as refused:
            if refused.code != "conversation-moved-on":
                raise
            # The hub has spoken in between (overdue, say); name its receipt as the last.
            await self._look_again()
            said = await say(self.hub, self._subject(word), word, members)
        (self.hidden if word in HIDDEN else self.chain).append(said.receipt.jws)
        return said

    def _subject(self, word: Word) -> Subject:
        chain = self.hidden if word in HIDDEN else self.chain
        return Subject(self.id, self.envelope.iss, self.parsed.env, chain)

    async def _look_again(self) -> None:
        self.chain, self.hidden = chains_of(await self.hub.state(self.id))


def chains_of(state: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Return the visible and the hidden receipts in what the hub says of a message."""
    visible: list[str] = []
    hidden: list[str] = []
    for jws in state["receipts"]:
        (hidden if subject_of(jws)[1] in HIDDEN else visible).append(jws)
    return visible, hidden


def subject_of(jws: str) -> tuple[str, str]:
    """Return which message a receipt is about, and its word; nothing about it is verified."""
    claims = json.loads(unb64(jws.split(".")[1]))
    return str(claims["txn"]), str(next(iter(claims["events"]))).rpartition(":")[2]


async def say(hub: Side, about: Subject, word: Word, members: JsonObject) -> ProvenReceipt:
    """Sign a receipt, hand it in, and verify what comes back."""
    agency, chain = hub.agency, about.chain
    claims: JsonObject = {"env": env_digest(about.env), **members}
    if chain:
        claims["prv"] = digest(chain[-1])
    receipt_id = str(uuid7())
    jws = make_receipt(
        agency.signing,
        word,
        iss=agency.id,
        aud=agency.hub.id if word in HIDDEN else about.sender,
        message_id=about.id,
        receipt_id=receipt_id,
        iat=int(time.time()),
        members=claims,
    )
    path = f"/v1/messages/{about.id}/receipts/{receipt_id}"
    raw = await hub.line.send("PUT", path, jws.encode(), "application/secevent+jwt")
    proven = check_answer(raw, agency.hub, agency.signing.public(0))
    if (proven.receipt.word, proven.receipt.message_id) != (word, about.id):
        raise Untrustworthy("the hub answered with another receipt")
    return proven
