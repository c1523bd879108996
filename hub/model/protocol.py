# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A protocol: who may tell whom what, on which basis, in which order, by when."""

from collections.abc import Collection
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from hub.model.ids import Digest
from hub.model.law import BasisCode
from hub.model.noun import Noun
from hub.model.participant import Office

RoleId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{3,39}$")]
StepId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
Urgency = Literal["sofort", "unverzueglich", "planbar"]
Information = Literal["ja", "nein-schutz", "nein-ermittlung", "nicht-vorgesehen"]
RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{2,59}$")]


class Deadline(Noun):
    """A duration and who says so."""

    within: timedelta
    source: str
    """A statute, an agreement, or "Vorgabe des Projekts"."""
    counted: Literal["elapsed", "office-hours", "working-days"] = "elapsed"
    """``working-days``: at noon of that many working days later (``hub.protocols.deadlines``)."""


class Clocks(Noun):
    """By when somebody has to act on a message of one urgency."""

    noticed: Deadline
    taken: Deadline
    acknowledged: Deadline
    overdue: Deadline
    """When the sender is told that nobody has taken note."""


class Role(Noun):
    """One side of an exchange."""

    id: RoleId
    title: str
    """German."""
    basis: tuple[BasisCode, ...] = ()


class AbsentCorrection(Noun):
    """Steps that one deliberately does not correct, so that its refusal can say why."""

    steps: Annotated[tuple[StepId, ...], Field(min_length=1)]
    basis: BasisCode
    """The place in the law that decides."""
    reason: str
    """German."""


class Step(Noun):
    """One kind of message that a conversation can contain."""

    id: StepId
    title: str
    sender: tuple[RoleId, ...]
    recipient: tuple[RoleId, ...]
    speaker: Literal["opener", "partner"] | None = None
    """The side that says it, where both hold the same role; else the roles decide."""
    opens: bool = False
    closes: bool = False
    mandatory: bool = False
    """Silence does not close a conversation in which this was not said."""
    after: tuple[StepId, ...] = ()
    """May follow once one of these has been said."""
    after_each: tuple[StepId, ...] = ()
    """May follow once all of these have been said, by whichever side."""
    answers: StepId | None = None
    """May be said once for each unanswered message of this step."""
    corrects: tuple[StepId, ...] = ()
    """Steps of which it corrects messages: own ones that were taken, named in ``cau``, any time."""
    absent_corrections: tuple[AbsentCorrection, ...] = ()
    withdraws: bool = False
    """Takes the content of the message named in ``cau`` back; nothing corrects that one after."""
    at_most: int | None = None
    """How often one side may say it in a conversation; None where ``answers`` is cap enough."""
    basis_sender: tuple[BasisCode, ...]
    """What the claim ``lb`` may name."""
    basis_beside: tuple[BasisCode, ...] = ()
    """Stands beside the sender's basis and is shown with it, but carries no message by itself."""
    basis_recipient: tuple[BasisCode, ...]
    basis_sender_of: dict[RoleId, tuple[BasisCode, ...]] = Field(default_factory=dict)
    """The same for a role that has its own; then this one alone, and not ``basis_sender``."""
    basis_recipient_of: dict[RoleId, tuple[BasisCode, ...]] = Field(default_factory=dict)
    basis_chosen: bool = False
    """Whoever speaks names the basis; no program fills it in."""
    signed_by: tuple[Office, ...] = ()
    """The signing key has to be issued to the holder of one of these offices."""
    rules: tuple[RuleId, ...] = ()
    """What no schema can say, by name (``hub.protocols.rules``)."""
    urgencies: tuple[Urgency, ...]
    information: tuple[Information, ...] = ()
    """What the leaf ``betroffene_informiert`` may say; empty where the step has no such leaf."""
    schema_name: str
    """``<name>/<version>/<file>`` below ``hub/schemas``, without the ending."""
    schema_digest: Digest
    content_limit: Deadline
    """How long the sealed content may stay at the hub; bounds the claim ``end``."""
    content_limit_to: dict[RoleId, Deadline] = Field(default_factory=dict)
    """The same where one of several recipients has longer."""
    person_only: bool = False
    """Sealed to the reading key of the reporting person alone (§ 4 Abs. 4 KKG)."""
    reminder: Deadline | None = None
    guidance: str
    """German, for the reader: what to do with this message."""
    absent: tuple[str, ...] = ()
    """Fields that are deliberately not there, each with its reason."""

    def absent_correction(self, step_id: str) -> AbsentCorrection | None:
        return next((each for each in self.absent_corrections if step_id in each.steps), None)

    def bases_of(self, roles: Collection[str]) -> tuple[BasisCode, ...]:
        """Return what a sender of these roles may name as its basis; none for a foreign role."""
        named = (self.basis_sender_of.get(role, self.basis_sender) for role in self._held(roles))
        return tuple(dict.fromkeys(code for codes in named for code in codes))

    def collects_on(self, roles: Collection[str]) -> tuple[BasisCode, ...]:
        """Return on what a recipient of these roles may take it."""
        held = [role for role in self.recipient if role in roles]
        named = (self.basis_recipient_of.get(role, self.basis_recipient) for role in held)
        return tuple(dict.fromkeys(code for codes in named for code in codes))

    @property
    def bases(self) -> tuple[BasisCode, ...]:
        """Every basis that the step names, for either side and whatever stands beside."""
        own = (*self.basis_sender_of.values(), *self.basis_recipient_of.values())
        several = (self.basis_sender, self.basis_beside, self.basis_recipient, *own)
        return tuple(dict.fromkeys(code for codes in several for code in codes))

    def _held(self, roles: Collection[str]) -> list[str]:
        return [role for role in self.sender if role in roles]

    def limit_to(self, roles: Collection[str]) -> Deadline:
        """Return the content limit towards a recipient of these roles, the shortest of several."""
        held = [role for role in self.recipient if role in roles] or list(self.recipient)
        limits = [self.content_limit_to.get(role, self.content_limit) for role in held]
        return min(limits, key=lambda limit: limit.within, default=self.content_limit)


class AbsentStep(Noun):
    """A step that is deliberately not there, so that its refusal can say why."""

    id: StepId
    basis: BasisCode
    """The place in the law that decides."""
    reason: str
    """German."""


class Protocol(Noun):
    """One published version of the rules for one kind of exchange.

    A published version never changes, and a conversation stays under the version it was opened
    with. ``digest`` is what controllers adopt.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{2,39}$")]
    version: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}$")]
    number: str
    """The exchange in the catalogue of protocols: ``P01``."""
    title: str
    purpose: str
    status: Literal["entwurf", "in-kraft", "zurueckgezogen"]
    status_reason: str = ""
    digest: Digest
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    """One where both sides hold the same."""
    sides: tuple[tuple[RoleId, ...], tuple[RoleId, ...]] | None = None
    """Who faces whom, where the lists of an opening step do not say it by themselves."""
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    absent_steps: tuple[AbsentStep, ...] = ()
    source: str = "Vorgabe des Projekts"
    """Who says so, for every number that names no source of its own."""
    repeats: Annotated[int, Field(ge=0, le=9)] = 0
    """How often a step may be said again whose message was withdrawn, rejected or expired."""
    clocks: dict[Urgency, Clocks]
    ends_after: Deadline
    """The hub closes an open conversation this long after its last message."""
    void_after: Deadline | None = None
    """The hub closes it at the latest this long after it was opened."""
    unlinked: bool = False
    """Nothing ties its messages to anything: no ``cau``, and ids that do not tell the time."""
    agreement: bool = False
    """Opens only where an agreement in force covers both sides; a duty of the law never asks."""
    retention: str
    """German: what is kept where, and what triggers deletion."""
    open_points: tuple[str, ...] = ()
    """German: what has to be read or decided before use; shown wherever the protocol is."""

    @property
    def name(self) -> str:
        return f"{self.id}/{self.version}"

    def step(self, step_id: str) -> Step | None:
        return next((step for step in self.steps if step.id == step_id), None)

    def absent_step(self, step_id: str) -> AbsentStep | None:
        return next((step for step in self.absent_steps if step.id == step_id), None)
