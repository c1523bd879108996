# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Nouns of the directory, invented. Keys have the right form and name, and no secret half."""

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

from hub.directory.entry import kid_of_reading, kid_of_signing
from hub.directory.participants import Directory
from hub.model.evidence import AdmittedStep, SoundEnvelope, SoundForm, VerifiedSignature
from hub.model.message import Envelope, ParsedMessage, ReaderClaim
from hub.model.network import (
    District,
    ListedOrganisation,
    ListedUnit,
    Municipality,
    Network,
    Responsibility,
)
from hub.model.participant import (
    DirectoryEntry,
    Participant,
    PublicJwk,
    ReadingKey,
    SigningKey,
    Status,
    Unit,
)
from hub.model.protocol import Deadline, Protocol, Role, Step
from hub.sealing.canonical import b64, digest

NOW = 1_800_000_000
HUB = "meldeweg.invalid/test"
ID = "0193504f-7c2a-7d41-8e5b-000000000002"


def a_signing_key(seed: str, *, begins: int = 0, ends: int | None = None) -> SigningKey:
    jwk = PublicJwk(kty="OKP", crv="Ed25519", x=digest(seed))
    return SigningKey(
        kid=kid_of_signing(jwk), alg="EdDSA", jwk=jwk, not_before=begins, not_after=ends
    )


def a_reading_key(
    seed: str,
    use: Literal["desk", "person"] = "desk",
    *,
    begins: int = 0,
    ends: int | None = None,
) -> ReadingKey:
    pub = b64(hashlib.shake_256(seed.encode()).digest(1216))
    return ReadingKey(kid=kid_of_reading(pub), pub=pub, use=use, not_before=begins, not_after=ends)


def a_unit(
    unit: str = "schule:999001",
    *,
    roles: tuple[str, ...] = ("schule",),
    reading: tuple[ReadingKey, ...] | None = None,
) -> Unit:
    return Unit(
        id=unit,
        name="Erfundene Schule",
        roles=roles,
        telephone="+49 221 4710 999",
        signing=(a_signing_key(f"{unit} signing"),),
        token=(a_signing_key(f"{unit} token"),),
        reading=(a_reading_key(f"{unit} desk"),) if reading is None else reading,
    )


def a_jugendamt_unit(unit: str = "jugendamt:05170032.asd") -> Unit:
    reading = (a_reading_key(f"{unit} duty"), a_reading_key(f"{unit} head"))
    return a_unit(unit, roles=("jugendamt",), reading=reading)


def an_entry(
    *units: Unit, organisation: str = "schule:999001", version: int = 1, prv: str | None = None
) -> DirectoryEntry:
    return DirectoryEntry(
        hub=HUB,
        organisation=organisation,
        name="Erfundene Schule",
        version=version,
        iat=NOW,
        prv=prv,
        root=a_signing_key(f"{organisation} root"),
        units=units or (a_unit(organisation),),
    )


def a_participant(entry: DirectoryEntry | None = None, status: Status = "valid") -> Participant:
    return Participant(
        organisation=entry.organisation if entry else "schule:999001",
        name="Erfundene Schule",
        status=status,
        entry=entry,
        entry_jws=f"signed.version.{entry.version}" if entry else None,
    )


def a_jugendamt(status: Status = "valid") -> Participant:
    return a_participant(
        an_entry(
            a_jugendamt_unit("jugendamt:05170032.asd"),
            a_jugendamt_unit("jugendamt:05170032.bereitschaft"),
            organisation="jugendamt:05170032",
        ),
        status,
    )


def a_directory(*participants: Participant) -> Directory:
    return Directory(participants or (a_jugendamt(), a_participant(an_entry())))


def a_responsibility(
    unit: str = "jugendamt:05170032.asd",
    *,
    begins: date = date(2020, 1, 1),
    ends: date | None = None,
    ags: str = "05170032",
    name: str = "Rheinberg",
) -> Responsibility:
    return Responsibility(
        kind=unit.partition(":")[0],
        municipality=Municipality(ags=ags, name=name),
        unit=unit,
        valid_from=begins,
        valid_until=ends,
        basis="erfundene Vereinbarung",
        source="erfunden",
        confidence="angenommen",
    )


def a_listed(unit: str, name: str = "Erfundenes Amt") -> ListedOrganisation:
    return ListedOrganisation(
        id=unit.partition(".")[0],
        name=name,
        units=(ListedUnit(id=unit, name="Dienst", roles=(), telephone="+49 221 4710 998"),),
    )


def a_network(rows: Sequence[Responsibility], *districts: District) -> Network:
    return Network(
        title="Erfundenes Netz",
        demo=True,
        districts=districts,
        participants=tuple(a_listed(unit) for unit in sorted({row.unit for row in rows})),
        responsibilities=tuple(rows),
    )


def a_reader(kid: str, *classes: str, rel: Literal["now", "escalation"] = "now") -> ReaderClaim:
    return ReaderClaim(classes=classes or ("main",), kid=kid, rel=rel, wrap=digest("wrap"))


def an_admitted_step(
    *readers: str | ReaderClaim,
    to: str = "jugendamt:05170032.asd",
    recipient: str = "jugendamt",
    person_only: bool = False,
    urgency: str = "planbar",
) -> AdmittedStep:
    """Return a step that everything before the addressee has let through."""
    envelope = Envelope(
        suite="SL1",
        hub=HUB,
        iss="schule:999002",
        aud=to,
        jti=ID,
        iat=NOW,
        end=NOW + 1,
        proto="erfunden/1.0.0",
        step="mitteilung",
        schema_digest=digest("schema"),
        cnv=ID,
        pos=1,
        urg=urgency,
        lb="kkg-4-3",
        readers=tuple(a_reader(each) if isinstance(each, str) else each for each in readers),
        commit={"main": digest("commitment")},
        body=digest("body"),
        sd_alg="sha-256",
        sd=(digest("leaf"),),
    )
    message = ParsedMessage(b"", "", {}, b"", envelope.iss, envelope.iat, None, b"", ())
    sound = SoundEnvelope(VerifiedSignature(message, a_signing_key("sender")), envelope)
    step = _a_step(recipient, person_only)
    return AdmittedStep(SoundForm(sound), _a_protocol(step), step, None)


def _a_step(recipient: str, person_only: bool) -> Step:
    return Step(
        id="mitteilung",
        title="Erfundene Mitteilung",
        sender=("schule",),
        recipient=(recipient,),
        basis_sender=(),
        basis_recipient=(),
        urgencies=("planbar",),
        schema_name="erfunden/1.0.0/mitteilung",
        schema_digest=digest("schema"),
        content_limit=_a_fortnight(),
        person_only=person_only,
        guidance="",
    )


def _a_protocol(step: Step) -> Protocol:
    return Protocol(
        id="erfunden",
        version="1.0.0",
        number="P00",
        title="Erfunden",
        purpose="Probe",
        status="entwurf",
        digest=digest("protocol"),
        roles=(Role(id="schule", title="Schule"), Role(id="jugendamt", title="Jugendamt")),
        steps=(step,),
        clocks={},
        ends_after=_a_fortnight(),
        retention="",
    )


def _a_fortnight() -> Deadline:
    return Deadline(within=timedelta(days=14), source="Vorgabe des Projekts")
