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

RoleId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{3,39}$")]
StepId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
Urgency = Literal["sofort", "unverzueglich", "planbar"]
Information = Literal["ja", "nein-schutz", "nein-ermittlung", "nicht-vorgesehen"]


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
    opens: bool = False
    closes: bool = False
    after: tuple[StepId, ...] = ()
    """May follow once one of these has been said."""
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
    roles: Annotated[tuple[Role, ...], Field(min_length=2)]
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    absent_steps: tuple[AbsentStep, ...] = ()
    source: str = "Vorgabe des Projekts"
    """Who says so, for every number that names no source of its own."""
    repeats: Annotated[int, Field(ge=0, le=9)] = 0
    """How often a step may be said again whose message was withdrawn, rejected or expired."""
    clocks: dict[Urgency, Clocks]
    ends_after: Deadline
    """The hub closes an open conversation this long after its last message."""
    retention: str
    """German: what is kept where, and what triggers deletion."""

    @property
    def name(self) -> str:
        return f"{self.id}/{self.version}"

    def step(self, step_id: str) -> Step | None:
        return next((step for step in self.steps if step.id == step_id), None)

    def absent_step(self, step_id: str) -> AbsentStep | None:
        return next((step for step in self.absent_steps if step.id == step_id), None)
