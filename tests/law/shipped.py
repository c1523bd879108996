# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The catalogue as it is shipped, and messages of it as the hub sees them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from hub.model.evidence import SoundEnvelope, VerifiedSignature
from hub.model.json import Json, JsonObject
from hub.model.protocol import Protocol, Step
from hub.protocols.compiled import load_compiled
from hub.schemas import SCHEMAS
from hub.sealing.envelope import parse_claims, parse_message
from hub.sealing.reader import ReaderPrivateKey
from hub.sealing.seal import Claims, ReaderChoice, seal
from hub.sealing.sealable import SealableSchema
from hub.trust.keys import PrivateSigningKey

CATALOGUE: Final = load_compiled()
STEPS: Final = [(protocol, step) for protocol in CATALOGUE.all() for step in protocol.steps]
ROLES: Final = sorted({role.id for protocol in CATALOGUE.all() for role in protocol.roles})
"""Every role of the whole catalogue."""
_SIGNER: Final = PrivateSigningKey.generate()
_READER: Final = ReaderPrivateKey.generate()


def name_of(protocol: Protocol, step: Step) -> str:
    return f"{protocol.name}/{step.id}"


def the_protocol(protocol_id: str) -> Protocol:
    """Return the newest version of a protocol."""
    versions = [each for each in CATALOGUE.all() if each.id == protocol_id]
    return max(versions, key=lambda each: [int(part) for part in each.version.split(".")])


def the_step(protocol_id: str, step_id: str) -> Step:
    step = the_protocol(protocol_id).step(step_id)
    assert step is not None, f"{protocol_id}/{step_id}"
    return step


def schema_of(step: Step) -> SealableSchema:
    return CATALOGUE.schemas.by_digest(step.schema_digest)


def examples_of(step: Step, verdict: str = "valid") -> list[Path]:
    folder = SCHEMAS / step.schema_name.rpartition("/")[0] / "examples"
    return sorted(folder.glob(f"{step.id}.{verdict}.*.json"))


def fullest(step: Step) -> JsonObject:
    """Return the valid example of a step that says most."""
    path = max(examples_of(step), key=lambda each: each.stat().st_size)
    return read(path)


def read(path: Path) -> JsonObject:
    content: JsonObject = json.loads(path.read_bytes())
    return content


def objects(part: Any) -> Iterator[dict[str, Any]]:
    """Yield every object in a content or a body, the outermost first."""
    if isinstance(part, dict):
        yield part
    if isinstance(part, (dict, list)):
        for member in part.values() if isinstance(part, dict) else part:
            yield from objects(member)


def with_each(content: Any, name: str, value: Json) -> Iterator[Any]:
    """Yield the content once for every object in it, with one member more at that place.

    It is the same content each time, for as long as the turn lasts: copies of large ones are dear.
    """
    for place in list(objects(content)):
        before = place.get(name)
        place[name] = value
        yield content
        if before is None:
            del place[name]
        else:
            place[name] = before


@cache
def as_the_hub_sees_it(protocol_name: str, step_id: str) -> SoundEnvelope:
    """Return an honest message of a step: signed claims, sealed body, wrapped keys."""
    protocol = CATALOGUE.known(protocol_name)
    step = protocol.step(step_id)
    assert step is not None
    name = "01935000-0000-7000-8000-000000000001"
    claims = Claims(
        hub="hub.invalid/probe",
        iss="schule:999001",
        aud="jugendamt:05170032.asd",
        jti=name,
        iat=1_790_000_000,
        end=1_790_086_400,
        proto=protocol.name,
        step=step.id,
        cnv=name,
        pos=1,
        urg=step.urgencies[0],
        lb=step.basis_sender[0],
    )
    schema = schema_of(step)
    reader = ReaderChoice(_READER.public, schema.classes)
    sealed = seal(schema, fullest(step), claims, _SIGNER, [reader])
    message = parse_message(sealed.raw)
    return SoundEnvelope(VerifiedSignature(message, _SIGNER.public(0)), parse_claims(message))


def with_body(sound: SoundEnvelope, body: Json) -> SoundEnvelope:
    """Return the same message with another body; its form is looked at before its digest."""
    message = replace(sound.signature.message, body=body)
    return replace(sound, signature=replace(sound.signature, message=message))
