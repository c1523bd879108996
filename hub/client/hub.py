# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The hub as one unit sees it: compose, submit, receive, ask."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx2
from uuid_utils.compat import uuid7

from hub import clock
from hub.client.agency import Agency
from hub.client.agreements import fetch_agreements
from hub.client.answers import Refused, Unreachable, Untrustworthy
from hub.client.commitment import Commitment
from hub.client.continuing import check_passed
from hub.client.copies import Copies
from hub.client.directory import DirectoryFetcher, DirectoryView, Shelved, organisations_of
from hub.client.drafts import Draft, Wish, compose
from hub.client.erasing import erase, sign_all
from hub.client.handing import Matter, Onward, finish_all, hand_over, pass_on
from hub.client.hearing import check_about, envelope_of, issuer_of, verify_heard
from hub.client.ledger import Ledger
from hub.client.line import KEPT_OPEN, Line
from hub.client.outbox import Outbox
from hub.client.patience import Sleep, persist
from hub.client.proofs import ProvenReceipt, check_answer
from hub.client.receiving import Message
from hub.client.rollback import check_log_follows
from hub.client.saying import Subject, say, subject_of
from hub.client.secrets import DONE, Kept, Secrets
from hub.client.shown import Shown, sender_view
from hub.client.thread import Thread
from hub.errors import NoDutyDesk, ReaderKeyStale
from hub.model.agreement import Concluded
from hub.model.receipt import Receipt
from hub.protocols.catalogue import Catalogue
from hub.protocols.compiled import load_known
from hub.sealing.added import Original, add_reader
from hub.sealing.canonical import digest, unb64
from hub.sealing.envelope import env_digest, parse_payload
from hub.sealing.reader import ReaderPublicKey
from hub.sealing.seal import ReaderChoice

MOST_KIDS = 64
"""Keys that a hub looks for at a time; the desk comes first, then the newest of persons."""
SPARE = 15
"""Seconds that a request may take beyond the wait it asks for."""


class Hub:
    """A line to one hub for one unit; use it as ``async with Hub(url, agency) as hub``."""

    def __init__(
        self,
        url: str,
        agency: Agency,
        *,
        catalogue: Catalogue | None = None,
        protocols: Path | None = None,
        client: httpx2.AsyncClient | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """``protocols`` is a folder of own protocols beside the shipped ones, as the hub has it."""
        if url.rstrip("/") != agency.hub.url:
            raise Untrustworthy("this is not the hub that the unit enrolled with")
        self.agency = agency
        self.catalogue = catalogue or load_known(protocols)
        self._client = client or httpx2.AsyncClient(limits=KEPT_OPEN)
        self.line = Line(agency, self._client)
        self._fetcher = DirectoryFetcher(agency, self.line)
        self._view: DirectoryView | None = None
        self.secrets = Secrets(agency)
        self.outbox = Outbox(agency)
        self.copies = Copies(agency)
        self.ledger = Ledger(agency)
        self._sleep = sleep

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._client.aclose()

    async def directory(self) -> DirectoryView:
        """Fetch and verify the directory; everything asked of it afterwards stays here.

        Raises ``Untrustworthy`` also where the log is not the one that was seen before.
        """
        await check_log_follows(self.agency, self.line)
        self._view = await self._fetcher.fetch()
        return self._view

    async def directory_with(self, *units: str) -> DirectoryView:
        """Return a view that has the current entries of these units."""
        return await self._fetcher.fetch(organisations_of(*units))

    @property
    def shelved(self) -> Shelved | None:
        """List and entries as they were fetched, for those who verify them themselves."""
        return self._fetcher.shelved

    def take_down(self, kept: Shelved) -> DirectoryView:
        """Return what was kept of the directory, for as long as the hub does not answer."""
        return self._fetcher.take_down(kept)

    async def agreements(self) -> tuple[Concluded, ...]:
        """Return all agreements, each signature verified against the pinned root keys.

        Who is in force today says ``hub.protocols.agreements.standing``.
        """
        return await fetch_agreements(self.line, self._fetcher, self.agency.hub)

    def compose(
        self,
        *,
        protocol: str,
        step: str,
        to: str,
        urgency: str,
        content: Mapping[str, Any],
        conversation: Thread | None = None,
        basis: str | None = None,
        cause: str | None = None,
        reader: str | None = None,
        hints_seen: bool = False,
        child_ags: str | None = None,
        reason: str | None = None,
    ) -> Draft:
        """Seal a content to a unit of the directory fetched last; sends nothing.

        Raises ``ContentInvalid`` with pointers where the content does not fit its schema or one
        of the step's rules, and ``HintsUnseen`` where a pseudonymous text may identify somebody;
        after a person has looked at the hints, ``hints_seen`` says so. ``child_ags`` is never sent:
        where another office is responsible for a child there, ``reason`` has to say why that one
        is passed by, else ``ResponsibleElsewhere`` names it.
        """
        if self._view is None:
            raise LookupError("fetch the directory first: await hub.directory()")
        wish = Wish(
            protocol=protocol,
            step=step,
            to=to,
            urgency=urgency,
            content=content,
            thread=conversation,
            basis=basis,
            cause=cause,
            reader=reader,
            hints_seen=hints_seen,
            child_ags=child_ags,
            reason=reason,
        )
        return compose(wish, self.agency, self._view, self.catalogue)

    async def compose_in(self, wish: Wish) -> Draft:
        """Compose with the current entries of both sides, fetched for the purpose."""
        view = await self.directory_with(wish.to, self.agency.id)
        try:
            return compose(wish, self.agency, view, self.catalogue)
        except NoDutyDesk:
            # Whom to ring instead, the neighbours' entries say, which nobody needed before.
            view = await self.directory_with(wish.to, self.agency.id, *view.near(wish.to))
            return compose(wish, self.agency, view, self.catalogue)

    async def submit(self, draft: Draft) -> ProvenReceipt:
        """Send a draft and verify its receipt and proof.

        The same draft again gives the same receipt, so what gets no answer is repeated some
        times. Then the draft stays in the outbox and ``Unreachable`` names it; whoever sends it
        again later, after a crash too, makes no second message. A refusal takes it out.
        """
        if draft.deviation is not None:
            draft.deviation.keep(self.agency, draft.id, int(clock.now()))
        self.outbox.keep(draft)
        path = f"/v1/messages/{draft.id}"
        try:
            raw = await persist(lambda: self.line.send("PUT", path, draft.body), self._sleep)
        except Unreachable as trouble:
            trouble.draft = draft.id
            raise
        except Refused as refused:
            self.outbox.remove_refused(draft.id, refused)
            raise
        proven = self._check_accepted(raw, draft)
        self.ledger.keep(proven.receipt, raw)
        self.secrets.keep(Kept(draft.id, draft.sealed.env, draft.end, draft.sealed.secret))
        self.outbox.remove(draft.id)
        return proven

    def _check_accepted(self, raw: bytes, draft: Draft) -> ProvenReceipt:
        proven = check_answer(raw, self.agency.hub)
        said = proven.receipt
        expected = ("accepted", draft.id, draft.sealed.env_digest, digest(draft.body))
        if (said.word, said.message_id, said.env, said.members["request"]) != expected:
            raise Untrustworthy("the receipt is not about what was sent")
        return proven

    async def add_reader(self, message_id: str, kid: str) -> ProvenReceipt:
        """Let one more key of the addressee open an own message (SL1 § 8).

        Raises ``LookupError`` once the secret is destroyed: then only a new message helps.
        """
        kept = self.secrets.recall(message_id)
        if kept is None:
            raise LookupError("the secret of this message is destroyed")
        envelope = parse_payload(unb64(kept.env.split(".")[1]))
        unit = (await self.directory_with(envelope.aud)).unit(envelope.aud)
        key = next((known for known in unit.reading if known.kid == kid), None)
        if key is None:
            raise ReaderKeyStale("The addressed unit has no such key.")
        addition = add_reader(
            Original(envelope, kept.env, kept.secret),
            ReaderChoice(ReaderPublicKey.from_b64(key.pub), tuple(sorted(envelope.commit))),
            self.agency.signing,
            statement_id=str(uuid7()),
            iat=int(clock.now()),
        )
        path = f"/v1/messages/{message_id}/readers/{kid}"
        proven = check_answer(await self.line.send("PUT", path, addition.raw), self.agency.hub)
        if proven.receipt.members.get("statement") != addition.statement_digest:
            raise Untrustworthy("the receipt is not about the reader that was added")
        self.ledger.keep(proven.receipt, proven.raw)
        return proven

    async def receive(
        self, *, wait: int = 30, limit: int = 10, ttl: int = 120
    ) -> AsyncIterator[Message]:
        """Lease what waits for this unit, one after the other, until nothing comes in ``wait``."""
        while leased := await self.lease(wait=wait, limit=limit, ttl=ttl):
            for message in leased:
                yield message

    async def lease(
        self, *, wait: int = 0, limit: int = 10, ttl: int = 120, protocols: tuple[str, ...] = ()
    ) -> list[Message]:
        """Lease once; returns what there is after at most ``wait`` seconds.

        Where ``protocols`` are named, with their versions, of these alone.
        """
        body = {
            "kids": [key.kid for key in self.agency.readers][:MOST_KIDS],
            "max": limit,
            "wait": wait,
            "ttl": ttl,
            "proto": protocols,
        }
        said = await self.line.post("/v1/leases", body, patience=wait + SPARE)
        return [
            Message(
                self,
                each["lease"],
                each["message"].encode(),
                list(each["receipts"]),
                turn=int(each.get("turn", 1)),
                taken=bool(each.get("taken", False)),
            )
            for each in said["leases"]
        ]

    async def acknowledge(self, message_id: str, role: str) -> ProvenReceipt:
        """Say that a person has taken note of a message that was taken before."""
        committed = Commitment.make(self.agency, message_id, role)
        subject = await self._subject(message_id)
        return committed.check(await say(self, subject, "acknowledged", committed.members))

    async def withdraw(self, message_id: str) -> ProvenReceipt:
        """Take back a message that nobody has taken yet."""
        return await say(self, await self._subject(message_id), "withdrawn", {})

    async def _subject(self, message_id: str) -> Subject:
        return Subject.of(await self.state(message_id))

    async def pass_on(
        self, message_id: str, *, to: str, content: Mapping[str, Any], urgency: str
    ) -> Onward:
        """Pass a matter on to the responsible Jugendamt (§ 8a Abs. 6 SGB VIII), in whole words.

        Of a message that is open, ``Message.pass_on`` takes over what it says of the child.
        """
        return await pass_on(self, await self._matter(message_id), to, urgency, content)

    async def hand_over(
        self,
        message_id: str | None,
        *,
        to: str,
        content: Mapping[str, Any],
        urgency: str = "unverzueglich",
    ) -> Onward:
        """Hand over to the desk by day; without a message, a telephone call began the matter."""
        matter = await self._matter(message_id) if message_id else None
        return await hand_over(self, matter, to, urgency, content)

    async def _matter(self, message_id: str) -> Matter:
        state = await self.state(message_id)
        return Matter(message_id, env_digest(state["envelope"]), state["conversation"])

    async def finish(self) -> list[dict[str, Any]]:
        """Make up for what broke off: what was passed on, and what is gone and not signed so.

        Raises ``Unreachable`` alone; what the hub refuses is told.
        """
        passed = await finish_all(self)
        return [*passed, *({"id": each, "erased": True} for each in await sign_all(self))]

    async def erase(self, message_id: str, *, folder: Path | None = None) -> ProvenReceipt | None:
        """Delete every copy of a message in this house, and then sign ``erased``."""
        return await erase(self, message_id, folder)

    async def sender_view(self, message_id: str) -> tuple[Shown, ...]:
        """Return what became of an own message, and whom to ring where nobody took note."""
        return await sender_view(self, message_id)

    async def state(self, message_id: str) -> dict[str, Any]:
        """Return state and receipts of a message, as far as this side may see them."""
        said: dict[str, Any] = await self.line.get(f"/v1/messages/{message_id}")
        return said

    async def conversation(self, conversation_id: str) -> Thread:
        """Return what was said in a conversation and what may be said next.

        Raises ``Untrustworthy`` where it is shown as passed on to this unit and was not.
        """
        said: dict[str, Any] = await self.line.get(f"/v1/conversations/{conversation_id}")
        await check_passed(self, said)
        return Thread.of(said)

    async def continued(self, message_id: str) -> tuple[Thread, ...]:
        """Return the conversations that go on with a message that was passed on to this unit.

        There are some once a person here has taken note of it; in them this unit owes what the
        office before it owed.
        """
        names = (await self.state(message_id)).get("continues", ())
        return tuple([await self.conversation(str(name)) for name in names])

    async def evidence(self, message_id: str, *, openings: bool = False) -> bytes:
        """Return the evidence of a message as a zip file that verifies offline.

        With ``openings`` it also shows which conversation the entries of the log are about.
        """
        asked = "?openings=true" if openings else ""
        return await self.line.send("GET", f"/v1/messages/{message_id}/evidence{asked}")

    async def events(self, ack: tuple[str, ...] = (), *, wait: int = 0) -> dict[str, str]:
        """Poll for receipts on own messages; ``ack`` forgets those that were kept (RFC 8936).

        Each is verified before anything is done on its word.
        """
        body = {"ack": list(ack), "maxEvents": 100, "returnImmediately": wait == 0, "wait": wait}
        said = await self.line.post("/v1/events/poll", body, patience=wait + SPARE)
        sets: dict[str, str] = said["sets"]
        signers = {issuer_of(jws) for jws in sets.values()} - {self.agency.hub.id}
        # With the addressees come those who stand in for them and may have signed.
        addressed = {self._addressee(jws) for jws in sets.values()} if signers else set()
        view = await self.directory_with(*signers, *(addressed - {""})) if signers else None
        for jws in sets.values():
            heard = verify_heard(jws, self.agency, view)
            self._hear(heard, view)
            if heard.aud == self.agency.id:
                self.ledger.keep(heard)
        return sets

    def _addressee(self, jws: str) -> str:
        kept = self.secrets.recall(subject_of(jws)[0])
        return envelope_of(kept).aud if kept is not None else ""

    def _hear(self, receipt: Receipt, view: DirectoryView | None) -> None:
        """Destroy the secret of a message that nobody else is to be let into any more."""
        kept = self.secrets.recall(receipt.message_id)
        if kept is None:
            return
        check_about(receipt, kept, self.agency, view)
        if receipt.word in DONE:
            self.secrets.destroy(receipt.message_id)
