# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Composing: from a content to the exact bytes of a request."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from uuid_utils.compat import uuid4, uuid7

from hub import clock
from hub.client.addressing import Deviation, check_address
from hub.client.agency import Agency
from hub.client.directory import DirectoryView
from hub.client.hints import look_through
from hub.client.readers import desk_readers, person_reader
from hub.client.thread import Thread
from hub.directory.kinds import roles_of_kind
from hub.directory.nodesk import check_desk
from hub.errors import BasisNotAllowed, StepNotAllowed
from hub.model.ids import organisation_of
from hub.model.protocol import Protocol, Step
from hub.protocols.catalogue import Catalogue
from hub.protocols.deadlines import latest_end
from hub.protocols.rules import Saying, check_rules
from hub.protocols.rules.kkg import NAMED_IN_ABS_1
from hub.sealing.canonical import digest
from hub.sealing.seal import Claims, ReaderChoice, Sealed, seal

REPLY_KEY: Final = "rueckmeldung_an"
"""Leaf of a notice: reading key of the reporting person (§ 4 Abs. 4 KKG, "dieser Person")."""


@dataclass(frozen=True)
class Draft:
    """A message ready to be sent. Sending it again gives the same receipt."""

    id: str
    to: str
    step: str
    protocol: str
    conversation: str
    end: int
    """Second after which nobody may open it any more."""
    body: bytes
    """The exact bytes of the request."""
    sealed: Sealed = field(repr=False)
    wish: str = field(default="", repr=False)
    """Mark of the wish it was composed from; stays in this house."""
    deviation: Deviation | None = field(default=None, repr=False)
    """Why it goes to another office than the responsible one; stays in this house."""


@dataclass(frozen=True)
class Wish:
    """What somebody wants to say."""

    protocol: str
    step: str
    to: str
    urgency: str
    content: Mapping[str, Any] = field(repr=False)
    thread: Thread | None = None
    basis: str | None = None
    cause: str | None = None
    reader: str | None = None
    """kid of the one reader, where a step is for a person alone."""
    hints_seen: bool = False
    """Somebody has looked at what may identify a person in it (``hub.client.hints``)."""
    child_ags: str | None = field(default=None, repr=False)
    """Municipality of the child; asked of the directory here, and never sent."""
    reason: str | None = None
    """Why another office than the responsible one is addressed (``hub.client.addressing``)."""

    @property
    def mark(self) -> str:
        """Digest by which the same wish is known again, so that it is not fulfilled twice."""
        return mark_of(self, self.thread.id if self.thread else "")


def mark_of(wish: Wish, conversation: str) -> str:
    """Return the mark that a wish will have in a conversation that is not fetched yet."""
    said = [wish.protocol.partition("/")[0], wish.step, wish.to, wish.urgency]
    more = [wish.basis, wish.cause, conversation, dict(wish.content)]
    return digest(json.dumps([*said, *more], sort_keys=True))


def compose(
    wish: Wish,
    agency: Agency,
    directory: DirectoryView,
    catalogue: Catalogue,
    now: int | None = None,
) -> Draft:
    """Seal and sign; refuses what the reader or the hub would refuse.

    Raises ``ContentInvalid`` with pointers, ``StepNotAllowed``, ``RecipientUnknown``,
    ``ReaderKeyStale`` where the addressed unit has no current key, ``BasisNotAllowed`` where the
    basis is to be named, ``HintsUnseen`` where a pseudonymous text may identify somebody,
    ``ResponsibleElsewhere`` where another office is responsible and no reason is stated, and
    ``NoDutyDesk`` where nobody there reads what is urgent: it names whom to ring, and ``offers``
    another urgency.
    """
    at = int(clock.now()) if now is None else now
    protocol = _protocol(wish, agency, directory, catalogue)
    step = protocol.step(wish.step)
    if step is None:
        raise StepNotAllowed(allowed=[known.id for known in protocol.steps])
    # A running conversation goes on with whom it was begun.
    ags = None if wish.thread else wish.child_ags
    deviation = check_address(wish.to, ags, wish.reason, directory)
    unit = directory.addressed(wish.to, at, begins=wish.thread is None)
    if wish.thread is None:
        check_desk(wish.urgency, wish.to, directory.participants, at)
    message_id = str(uuid4() if protocol.unlinked else uuid7())
    thread = wish.thread
    claims = Claims(
        hub=agency.hub.id,
        iss=agency.id,
        aud=wish.to,
        jti=message_id,
        iat=at,
        end=latest_end(step, at, frozenset(unit.roles)),
        proto=protocol.name,
        step=step.id,
        cnv=thread.id if thread else message_id,
        pos=thread.last_position + 1 if thread else 1,
        prv=thread.last_env if thread else None,
        cau=None if protocol.unlinked else wish.cause,
        urg=wish.urgency,
        lb=wish.basis or _basis(step, agency, directory),
    )
    schema = catalogue.schemas.by_digest(step.schema_digest)
    readers = _readers(wish, step, directory, claims, schema.classes)
    content = _with_reply_key(dict(wish.content), schema.pointers, agency)
    saying = Saying(content, claims.lb, claims.urg, _roles(agency, directory))
    check_rules(step.rules, saying, catalogue.cite)
    look_through(step, content, seen=wish.hints_seen)
    sealed = seal(schema, content, claims, agency.signing, readers)
    return Draft(
        id=message_id,
        to=wish.to,
        step=step.id,
        protocol=protocol.name,
        conversation=claims.cnv,
        end=claims.end,
        body=sealed.raw,
        sealed=sealed,
        wish=wish.mark,
        deviation=deviation,
    )


def _protocol(
    wish: Wish, agency: Agency, directory: DirectoryView, catalogue: Catalogue
) -> Protocol:
    """Return the version of a running conversation, the one named, or the newest.

    Of several that are not withdrawn, the newest that both sides have adopted; where there is none,
    the newest, so that the hub says whose adoption is missing.
    """
    if wish.thread is not None:
        return catalogue.known(wish.thread.protocol)
    if "/" in wish.protocol:
        return catalogue.known(wish.protocol)
    versions = [each for each in catalogue.all() if each.id == wish.protocol]
    current = [each for each in versions if each.status != "zurueckgezogen"] or versions
    if not current:
        return catalogue.known(wish.protocol)
    sides = (organisation_of(agency.id), organisation_of(wish.to))

    def is_adopted(each: Protocol) -> bool:
        return all((side, each.name, each.digest) in directory.adoptions for side in sides)

    return max(current, key=lambda each: (is_adopted(each), _version(each)))


def _version(protocol: Protocol) -> tuple[int, ...]:
    return tuple(int(part) for part in protocol.version.split("."))


def _roles(agency: Agency, directory: DirectoryView) -> frozenset[str]:
    return directory.roles(agency.id) or roles_of_kind(agency.id)


def _basis(step: Step, agency: Agency, directory: DirectoryView) -> str:
    """Return the first basis of the step for this unit, unless a person has to choose one."""
    bases = step.bases_of(_roles(agency, directory))
    if not bases or (step.basis_chosen and len(bases) > 1):
        raise BasisNotAllowed(
            "Auf welcher Rechtsgrundlage dieser Beitrag beruht, sagt, wer ihn gibt.",
            pointers=("/lb",),
            allowed=bases,
        )
    return bases[0]


def _readers(
    wish: Wish, step: Step, directory: DirectoryView, claims: Claims, classes: tuple[str, ...]
) -> list[ReaderChoice]:
    """Seal to the desk and those who stand in for it, or to the one person whom the law names."""
    if not step.person_only:
        known = directory.participants
        return desk_readers(wish.to, wish.urgency, classes, known, claims.iat, sender=claims.iss)
    only = wish.reader or (wish.thread.reply_key if wish.thread else None)
    return person_reader(directory.unit(wish.to).reading, only, classes, claims.iat)


def _with_reply_key(
    content: dict[str, Any], pointers: Mapping[str, object], agency: Agency
) -> dict[str, Any]:
    """Say to which key feedback goes, where the law grants it to the person who reports.

    Whoever wrote a profession that § 4 Abs. 1 KKG does not name is owed a receipt and no more.
    """
    if f"/{REPLY_KEY}" not in pointers or REPLY_KEY in content or agency.person is None:
        return content
    profession = content.get("absender", {}).get("berufsgruppe")
    if profession is None or profession in NAMED_IN_ABS_1:
        content[REPLY_KEY] = agency.person.kid
    return content
