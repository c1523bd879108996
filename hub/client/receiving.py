# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Receiving: a leased message, and the words by which it changes hands."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from hub.client.answers import Refused
from hub.client.commitment import Commitment
from hub.client.drafts import REPLY_KEY, Draft, Wish
from hub.client.establishing import establish, readable
from hub.client.handing import Matter, Onward, pass_on
from hub.client.passing import completed
from hub.client.patience import anew
from hub.client.proofs import ProvenReceipt
from hub.client.saying import MOVED_ON, Subject, chains_of, say
from hub.client.seen import see, seen
from hub.client.side import Side
from hub.errors import (
    ContentInvalid,
    LeafMalformed,
    LeafMismatch,
    LeafUnopenable,
    Refusal,
    SecretMismatch,
    WrapUnopenable,
)
from hub.model.json import Json, JsonObject
from hub.model.message import Envelope, ParsedMessage
from hub.model.receipt import HIDDEN, Word
from hub.sealing.canonical import digest
from hub.sealing.envelope import env_digest, parse_claims, parse_message
from hub.sealing.opening import Opened
from hub.sealing.reader import ReaderPrivateKey

UNUSABLE: Final = (
    WrapUnopenable,
    SecretMismatch,
    LeafUnopenable,
    LeafMismatch,
    LeafMalformed,
    ContentInvalid,
)
"""What is answered with a signed rejection (SL1 § 7, reader's steps 4 to 6)."""
CALMEST_FIRST: Final = ("planbar", "unverzueglich", "sofort")
_HAD: Final = frozenset({"taken", "acknowledged"})
"""States in which somebody has the message."""


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
    turn: int = 1
    """1 where this unit was asked first; else others were asked before."""
    taken: bool = False
    """Another unit has it already, and has said so."""
    partial: bool = False
    """Some of it is not for this unit; ``content`` is what it can read."""
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
        is; what is not for this unit is given back. So is what cannot be used by somebody who
        stands in and was not asked first: another's wrap may be all that is wrong with it.
        """
        try:
            opened, key = await self._establish()
        except UNUSABLE as unusable:
            if self._speaks_for_all():
                await self.reject([{"code": unusable.code, "pointers": list(unusable.pointers)}])
            else:
                await self.give_back(failed=True)
            raise
        except Refusal:
            await self.give_back(failed=True)
            raise
        members: JsonObject = {"kid": key.kid, "classes": list(opened.classes)}
        self.content, self.partial = readable(opened), opened.content is None
        await self._say("opened", members)
        await asyncio.to_thread(self._remember_reply_key)
        return self.content

    async def take(self) -> ProvenReceipt | None:
        """Say that the hand-over is durable; from now on the message is in this house.

        ``taken`` is said of a message once. Where another unit was quicker the lease ends as
        handed over, and there is no receipt.
        """
        env = env_digest(self.parsed.env)
        # Beside the loop: a disk that is slow keeps nothing else waiting.
        await asyncio.to_thread(see, self.hub.agency, self.envelope, env)
        if not self.taken:
            try:
                return await self._say("taken", {})
            except Refused as refused:
                if refused.code != "step-not-allowed" or not await self._was_taken():
                    raise
        self.taken = True
        await self._end_lease("?handed-over=true")
        return None

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
        urgency: str | None = None,
        *,
        cause: str | None = None,
        basis: str | None = None,
        hints_seen: bool = False,
    ) -> Draft:
        """Say something back in the same conversation; returns the draft that was accepted.

        It goes to the other side as it is now: where the matter was passed on, to the new office.
        Without an urgency it is the calmest one that the step has. ``cause`` is the message that
        this one puts right or takes back; else it is the one that is answered. ``basis`` names the
        legal basis where the step leaves the choice. The same answer that is still in the outbox
        is sent again, not made anew.
        """
        thread = await self.hub.conversation(self.envelope.cnv)
        reader = self.hub.agency.fact("reply-keys", self.envelope.cnv)
        wish = Wish(
            protocol=thread.protocol,
            step=step,
            to=thread.partner_of(self.hub.agency.id),
            urgency=urgency or self._calmest(thread.protocol, step),
            content=content,
            thread=thread,
            reader=reader,
            cause=cause or self.id,
            basis=basis,
            hints_seen=hints_seen,
        )

        async def go() -> Draft:
            draft = self.hub.outbox.find(wish.mark) or await self.hub.compose_in(wish)
            await self.hub.submit(draft)
            return draft

        return await anew(go)

    async def pass_on(
        self, to: str, content: Mapping[str, Any] | None = None, urgency: str | None = None
    ) -> Onward:
        """Tell the responsible Jugendamt what it needs of this notice (§ 8a Abs. 6 SGB VIII).

        What the notice says of the child is taken over; ``content`` is what a professional says
        beside it and answers for, and without it nothing is sent: ``ContentInvalid`` names what
        is missing. The hub is told, signed, that the matter goes on with that notice; this house
        stays on duty until a person there has taken note (§ 86d SGB VIII).
        """
        if self.content is None:
            raise LookupError("open the message first")
        matter = Matter(self.id, env_digest(self.parsed.env), self.envelope.cnv)
        whole = completed(self.content, content or {})
        return await pass_on(self.hub, matter, to, urgency or self.envelope.urg, whole)

    async def extend(self, seconds: int) -> None:
        """Keep the lease longer."""
        body = json.dumps({"ttl": seconds}).encode()
        await self.hub.line.send("PATCH", f"/v1/leases/{self.lease}", body)

    async def give_back(self, *, failed: bool = False) -> None:
        """End the lease without a word; ``failed`` where nothing could be made of the message."""
        await self._end_lease("?failed=true" if failed else "")

    async def _end_lease(self, how: str) -> None:
        await self.hub.line.send("DELETE", f"/v1/leases/{self.lease}{how}")

    async def _establish(self) -> tuple[Opened, ReaderPrivateKey]:
        return await establish(self.parsed, self.hub)

    def _calmest(self, protocol: str, step: str) -> str:
        known = self.hub.catalogue.known(protocol).step(step)
        allowed = known.urgencies if known else ()
        return next((each for each in CALMEST_FIRST if each in allowed), CALMEST_FIRST[0])

    def _speaks_for_all(self) -> bool:
        """Tell whether this unit may say for everybody that a message cannot be used."""
        is_first = self.turn == 1 and not self.taken
        return is_first or self.envelope.aud == self.hub.agency.id

    def _remember_reply_key(self) -> None:
        kid = (self.content or {}).get(REPLY_KEY)
        if isinstance(kid, str):
            self.hub.agency.remember("reply-keys", **{self.envelope.cnv: kid})

    async def _say(self, word: Word, members: JsonObject) -> ProvenReceipt:
        try:
            said = await say(self.hub, self._subject(word), word, members)
        except Refused as refused:
            if refused.code != MOVED_ON:
                raise
            # Somebody has spoken in between (the hub: overdue, say); name that receipt as the last.
            await self._look_again()
            said = await say(self.hub, self._subject(word), word, members)
        (self.hidden if word in HIDDEN else self.chain).append(said.receipt.jws)
        return said

    def _subject(self, word: Word) -> Subject:
        chain = self.hidden if word in HIDDEN else self.chain
        last = digest(chain[-1]) if chain else None
        return Subject(self.id, self.envelope.iss, env_digest(self.parsed.env), last)

    async def _was_taken(self) -> bool:
        return (await self._look_again())["state"] in _HAD

    async def _look_again(self) -> dict[str, Any]:
        state = await self.hub.state(self.id)
        self.chain, self.hidden = chains_of(state)
        return state
