# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A cooperation agreement: who agreed with whom on what, from when, until when.

It switches on what a protocol makes depend on it, names who can be asked, and shortens clocks. It
has no member for a legal basis, because it creates none: what may be said stands in the protocol,
and the law stands behind that.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from hub.model.contact import Telephone, Text
from hub.model.ids import Digest, Party
from hub.model.json import JsonObject
from hub.model.noun import Noun
from hub.model.protocol import RoleId, Urgency

AgreementId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{3,60}$")]
ProtocolRange = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9-]{2,39}/[0-9]{1,4}(\.[0-9]{1,4}\.[0-9]{1,4})?$"),
]
"""``polizei-mitteilung/1`` for every version of that major number, or one exact version."""
Reference = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{3,60}/[0-9]{1,4}$")]
"""Id and version of an agreement."""
Standing = Literal["proposed", "agreed", "in-force", "replaced", "ended", "expired"]
"""``agreed``: all have signed and the term has not begun. ``ended``: one party gave notice."""
Remark = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=r"^\S[\s\S]*$")]


class AgreedDeadline(Noun):
    """A duration on which the parties agreed; the law says only *zeitnah* or nothing."""

    within: timedelta
    counted: Literal["elapsed", "office-hours", "working-days"] = "elapsed"
    source: Literal["Vereinbarung"]
    """Stands in the signed text with every number: nobody is to take it for the law's."""


class AgreedClocks(Noun):
    """Clocks of one urgency; what is not named stays as the protocol has it."""

    noticed: AgreedDeadline | None = None
    taken: AgreedDeadline | None = None
    acknowledged: AgreedDeadline | None = None
    overdue: AgreedDeadline | None = None


class Direction(Noun):
    """From a role to a role."""

    sender: RoleId
    recipient: RoleId


class AgreedProtocol(Noun):
    """One protocol that the parties use with each other."""

    protocol: ProtocolRange
    occasions: Annotated[tuple[Text, ...], Field(min_length=1, max_length=20)]
    """On what occasions, in German words or codes; for people, since content is sealed."""
    between: Annotated[tuple[Direction, ...], Field(max_length=40)] = ()
    """Who may open a conversation with whom; empty where the protocol says enough."""
    clocks: dict[Urgency, AgreedClocks] = Field(default_factory=dict)

    def names(self, protocol: str) -> bool:
        """Tell whether this is about a protocol version, given as ``id/1.2.3``."""
        if self.protocol.count("."):
            return self.protocol == protocol
        return protocol.startswith(f"{self.protocol}.")


class ContactPoint(Noun):
    """Whom to ask at a party: a function and a telephone number, never a person's name."""

    party: Party
    role: RoleId | None = None
    function: Text
    telephone: Telephone | None = None
    hours: Text | None = None


class Procedure(Noun):
    """Rules of procedure that the parties follow, as the version that they had before them."""

    name: Text
    version: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z.-]{1,20}$")]
    digest: Digest
    """SHA-256 of the document."""


class Agreement(Noun):
    """One version of an agreement, as every party signs it."""

    id: AgreementId
    version: Annotated[int, Field(ge=1, le=9999)]
    """A new version takes the place of the one before, once all have signed it."""
    title: Text
    demo: bool = False
    """For demonstration; nobody has agreed on it."""
    parties: Annotated[tuple[Party, ...], Field(min_length=2, max_length=60)]
    protocols: Annotated[tuple[AgreedProtocol, ...], Field(min_length=1, max_length=40)]
    contacts: Annotated[tuple[ContactPoint, ...], Field(max_length=200)] = ()
    valid_from: date
    valid_until: date
    """The last day."""
    notice: timedelta = timedelta(days=90)
    """How long before its last day everybody is told that it ends."""
    rules: Annotated[tuple[Procedure, ...], Field(max_length=20)] = ()
    remarks: Annotated[tuple[Remark, ...], Field(max_length=20)] = ()
    template_of: Reference | None = None
    """The agreement from which it was taken over."""

    @property
    def name(self) -> str:
        return f"{self.id}/{self.version}"

    def as_json(self) -> JsonObject:
        """Return what is signed; members that say nothing are left out."""
        said: JsonObject = self.model_dump(mode="json", exclude_defaults=True)
        return said


@dataclass(frozen=True)
class Concluded:
    """An agreement with what became of it: who has signed, and whether one gave notice."""

    agreement: Agreement
    digest: str
    """Of its canonical bytes (RFC 8785); what was signed."""
    signed: frozenset[str]
    ends: date | None = None
    """The last day that a party giving notice named; the earliest of several."""

    @property
    def is_complete(self) -> bool:
        """Tell whether all parties have signed."""
        return self.signed.issuperset(self.agreement.parties)

    @property
    def last_day(self) -> date:
        return min(self.agreement.valid_until, self.ends or self.agreement.valid_until)

    def is_party(self, organisation: str) -> bool:
        return organisation in self.agreement.parties

    def runs_on(self, day: date) -> bool:
        """Tell whether it binds on a day, as long as no newer version has taken its place."""
        return self.is_complete and self.agreement.valid_from <= day <= self.last_day
