# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who takes part and who is responsible, verified on this side and asked on this side.

The list is signed by the hub and not older than a day; each entry is signed by its organisation's
root key, stands in the list by its digest and in the log by its proof. A root key, once seen, must
stay, and nothing goes back behind what was seen. Which place a question is about never leaves this
process.
"""

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Final

from hub import clock
from hub.client.agency import Agency
from hub.client.answers import Untrustworthy, read_json, read_text
from hub.client.line import Line
from hub.client.proofs import check_logged
from hub.client.rollback import check_entry_follows, check_list_follows
from hub.directory.land import Land
from hub.directory.participants import Directory
from hub.directory.responsibility import Office
from hub.errors import ParticipantSuspended, RecipientUnknown, Refusal
from hub.model.ids import kind_of, organisation_of
from hub.model.network import Network
from hub.model.participant import (
    DirectoryEntry,
    Participant,
    Revocation,
    SigningKey,
    Succession,
    Unit,
)
from hub.sealing.canonical import digest, unb64
from hub.trust.jose import verify_token
from hub.trust.kinds import DIRECTORY_ENTRY, DIRECTORY_LIST

FRESH: Final = 24 * 3600
"""Seconds after which the list is too old to be believed."""
STALE: Final = 3600
"""Seconds for which the hub is believed that a list has not changed."""
PATIENCE: Final = 5
"""How often a list is asked for anew while entries change."""
_KREIS: Final = 5
_SHOWN: Final = ("entry", "logged", "proof")
_ANOTHERS: Final = "the list of participants is another hub's, or too old"


class DirectoryView:
    """The directory as this side has verified it."""

    def __init__(
        self,
        listed: Mapping[str, Any],
        entries: Mapping[str, tuple[DirectoryEntry, str]],
    ) -> None:
        self.issued_at: Final = int(listed["iat"])
        self.adoptions: Final = frozenset(
            (each["organisation"], each["protocol"], each["digest"]) for each in listed["adoptions"]
        )
        self._listed = {each["organisation"]: each for each in listed["participants"]}
        self._networks: Final = listed["networks"]
        self.participants: Final = Directory(
            [self._participant(entry, jws) for entry, jws in entries.values()], self.adoptions
        )
        """Those whose entries were fetched, with their units, keys and rosters."""

    @cached_property
    def responsibilities(self) -> Land:
        """The tables of the Land with what the networks say; read when somebody asks."""
        networks = (Network.model_validate_json(json.dumps(each)) for each in self._networks)
        return Land.shipped(tuple(networks))

    def responsible(self, kind: str, *, ags: str, on: date | None = None) -> Office:
        """Return the office responsible for a child in a municipality; nothing is sent."""
        day = on or clock.today()
        return self.responsibilities.responsible(kind, ags, day)

    def unit(self, unit_id: str) -> Unit:
        """Return a unit whose entry was fetched and verified.

        Raises ``RecipientUnknown`` where it does not take part.
        """
        unit = self.participants.unit(unit_id)
        if unit is None:
            raise RecipientUnknown(pointers=("/aud",))
        return unit

    def near(self, unit_id: str) -> frozenset[str]:
        """Return the listed organisations of the same kind in the same Kreis.

        Whose entries they are is public, so asking for them says no more than the addressee does.
        """
        return frozenset(each for each in self.digests if _area(each) == _area(unit_id))

    def addressed(self, unit_id: str, now: int, *, begins: bool) -> Unit:
        """Return a unit to seal to; ``begins`` where it is to be the first message of many.

        Raises what the hub would refuse with: ``ParticipantSuspended``, and ``RecipientUnknown``
        with the successor where another unit has taken its place.
        """
        unit = self.unit(unit_id)
        if not self.participants.is_active(unit_id):
            raise ParticipantSuspended(pointers=("/aud",))
        gone = self.participants.succession(unit_id, now) if begins else None
        if gone is not None:
            raise RecipientUnknown(
                f"Seit dem {gone.on} ist eine andere Stelle an die Stelle dieser getreten.",
                pointers=("/aud",),
                allowed=(gone.by,),
            )
        return unit

    def standing(self, organisation: str) -> Mapping[str, Any]:
        """Return what the list says of an organisation; nothing where it is not listed."""
        said: Mapping[str, Any] = self._listed.get(organisation, {})
        return said

    def roles(self, unit_id: str) -> frozenset[str]:
        """Return the protocol roles of a unit; none where its entry was not fetched."""
        return self.participants.roles(unit_id)

    def signing_key(self, unit: str, kid: str) -> SigningKey | None:
        return self.participants.signing_key(unit, kid)

    def root_key(self, organisation: str) -> SigningKey | None:
        """Return the pinned root key of an organisation whose entry was fetched."""
        return self.participants.root_key(organisation)

    @property
    def digests(self) -> dict[str, str]:
        """Digest of the current entry by organisation, for those that have joined."""
        return {
            organisation: each["entry"]
            for organisation, each in self._listed.items()
            if each["entry"]
        }

    def _participant(self, entry: DirectoryEntry, jws: str) -> Participant:
        said = self._listed[entry.organisation]
        # What the operator ended or passed on stands in the list, which the hub signs each time.
        return Participant(
            organisation=entry.organisation,
            name=entry.name,
            status=said["status"],
            entry=entry,
            entry_jws=jws,
            succession=_optional(Succession, said.get("succession")),
            revoked=tuple(Revocation.model_validate(each) for each in said.get("revoked", ())),
        )


@dataclass(frozen=True)
class Shelved:
    """List and entries as the hub gave them, to be verified again by whoever gets them."""

    listed: str
    """The signed list."""
    fetched_at: int
    organisations: Mapping[str, Mapping[str, Any]]
    """By organisation: ``entry``, ``logged`` and ``proof``."""

    def only(self, names: Iterable[str]) -> "Shelved":
        """Return the same list with the entries of these alone."""
        known = {name: self.organisations[name] for name in names if name in self.organisations}
        return replace(self, organisations=known)


class DirectoryFetcher:
    """Fetches list and entries, verifies them, and keeps verified entries for the next time.

    With an organisation come those that its rosters name: who may read and speak for it is decided
    by what both have signed.
    """

    def __init__(self, agency: Agency, line: Line) -> None:
        self._agency = agency
        self._line = line
        self._entries: dict[str, tuple[DirectoryEntry, str]] = {}
        self._said: dict[str, Mapping[str, Any]] = {}
        self._listed: tuple[str, int] | None = None
        self._known: tuple[str, dict[str, Any]] = ("", {})
        """Tag and claims of the list that was verified last."""

    @property
    def shelved(self) -> Shelved | None:
        """What was fetched last, with every entry known; None before the first time."""
        if self._listed is None:
            return None
        return Shelved(*self._listed, dict(self._said))

    def take_down(self, kept: Shelved) -> DirectoryView:
        """Go on with what was kept before, for as long as the hub does not answer.

        Signatures, proofs and pins are verified again; that the list is not too old is not asked,
        so whoever shows anything of it says of when it is.
        """
        listed = self._verified_list(kept.listed)
        for organisation, expected in _current(listed, frozenset(kept.organisations)).items():
            said = kept.organisations[organisation]
            jws = read_text(said, "entry")
            if jws.isascii() and digest(jws) == expected:
                self._entries[organisation] = self._verified(organisation, said, jws)
        self._listed = self._listed or (kept.listed, kept.fetched_at)
        current = _current(listed, frozenset(self._entries))
        return DirectoryView(listed, {name: self._entries[name] for name in current})

    async def fetch(self, wanted: frozenset[str] | None = None) -> DirectoryView:
        """Return a view with the entries of ``wanted`` organisations, or of all that joined."""
        listed = await self._list()
        for _ in range(PATIENCE):
            moved = await self._fetch_entries(listed, wanted)
            if moved is None:
                current = _current(listed, self._with_rosters(wanted))
                return DirectoryView(listed, {name: self._entries[name] for name in current})
            before, listed = listed, await self._list()
            # Unless it was renewed between the two questions, somebody put it there.
            if _current(listed, None).get(moved) == _current(before, None)[moved]:
                break
        raise Untrustworthy("the entry is not the one in the signed list")

    async def _fetch_entries(
        self, listed: dict[str, Any], wanted: frozenset[str] | None
    ) -> str | None:
        """Fetch what is not known yet; returns whose entry is another than the one listed."""
        moved = await self._fetch_these(listed, wanted)
        if moved is not None or wanted is None:
            return moved
        return await self._fetch_these(listed, self._with_rosters(wanted))

    def _with_rosters(self, wanted: frozenset[str] | None) -> frozenset[str] | None:
        """Return them with the organisations that stand in for them."""
        if wanted is None:
            return None
        entries = [self._entries[each][0] for each in wanted if each in self._entries]
        units = [unit for entry in entries for unit in entry.units]
        rosters = [unit.roster for unit in units if unit.roster is not None]
        named = {line.unit for roster in rosters for line in roster.lines if line.unit}
        return wanted | organisations_of(*named)

    async def _fetch_these(
        self, listed: dict[str, Any], wanted: frozenset[str] | None
    ) -> str | None:
        for organisation, expected in _current(listed, wanted).items():
            known = self._entries.get(organisation)
            if known is None or digest(known[1]) != expected:
                said = await self._line.public(f"/v1/directory/{organisation}")
                jws = read_text(said, "entry")
                if not jws.isascii() or digest(jws) != expected:
                    return organisation
                self._entries[organisation] = self._verified(organisation, said, jws)
        return None

    async def _list(self) -> dict[str, Any]:
        """Return the claims of the list; what has not changed is neither sent nor verified anew.

        That it has not changed is the hub's word alone, so a list that grows old is asked for.
        """
        tag, known = self._known
        is_young = bool(known) and abs(clock.now() - int(known["iat"])) < STALE
        raw, new = await self._line.public_unless("/v1/directory", tag if is_young else "")
        if raw is None:
            await asyncio.to_thread(check_list_follows, self._agency, int(known["iat"]))
            self._listed = self._listed and (self._listed[0], int(clock.now()))
            return known
        jws = read_text(read_json(raw), "list")
        claims: dict[str, Any] = self._verified_list(jws)
        if abs(clock.now() - int(claims["iat"])) > FRESH:
            raise Untrustworthy(_ANOTHERS)
        await asyncio.to_thread(check_list_follows, self._agency, int(claims["iat"]))
        self._listed, self._known = (jws, int(clock.now())), (new, claims)
        return claims

    def _verified_list(self, jws: str) -> dict[str, Any]:
        hub = self._agency.hub
        try:
            claims = verify_token(jws, kind=DIRECTORY_LIST, key_for=lambda _: hub.receipt_key)
        except Refusal:
            raise Untrustworthy("the list of participants is not signed by this hub") from None
        if claims["hub"] != hub.id:
            raise Untrustworthy(_ANOTHERS)
        return claims

    def _verified(
        self, organisation: str, said: Mapping[str, Any], jws: str
    ) -> tuple[DirectoryEntry, str]:
        entry = DirectoryEntry.model_validate_json(unb64(jws.split(".")[1]))
        try:
            verify_token(jws, kind=DIRECTORY_ENTRY, key_for=lambda _: entry.root)
        except Refusal:
            raise Untrustworthy("the entry is not signed by its root key") from None
        if (entry.organisation, entry.hub) != (organisation, self._agency.hub.id):
            raise Untrustworthy("the entry is another organisation's, or another hub's")
        check_logged(said, digest(jws), self._agency.hub, shown_as="logged")
        self._pin(organisation, entry.root.kid)
        check_entry_follows(self._agency, entry, jws)
        self._said[organisation] = {name: said[name] for name in _SHOWN}
        return entry, jws

    def _pin(self, organisation: str, root: str) -> None:
        """A root key that changes is a new organisation under an old name."""
        known = self._agency.recall("roots").get(organisation)
        if known is None:
            self._agency.remember("roots", **{organisation: root})
        elif known != root:
            raise Untrustworthy("the root key of an organisation has changed")


def _current(listed: Mapping[str, Any], wanted: frozenset[str] | None) -> dict[str, str]:
    """Return the digest of the current entry of each organisation that is wanted and has one."""
    return {
        each["organisation"]: each["entry"]
        for each in listed["participants"]
        if each["entry"] and (wanted is None or each["organisation"] in wanted)
    }


def _area(party: str) -> tuple[str, str]:
    """Return the kind of a party and its Kreis: the first five digits of its AGS."""
    return kind_of(party), party.partition(":")[2][:_KREIS]


def organisations_of(*units: str) -> frozenset[str]:
    return frozenset(organisation_of(unit) for unit in units)


def _optional(noun: type[Succession], said: object) -> Succession | None:
    return None if said is None else noun.model_validate(said)
