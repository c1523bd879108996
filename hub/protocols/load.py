# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does a file in ``specs/protocols`` become a protocol?

The file says what people decide. The loader adds what follows from it: the digests of the schemas,
the source of every number that names none, and the digest of the whole.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from hub.model.law import LegalBasis
from hub.model.protocol import Protocol, Step
from hub.protocols.published import digest_of
from hub.protocols.reading import Unreadable, read_text, read_yaml
from hub.protocols.rules import RULES
from hub.protocols.schemas import SchemaRegistry

FILE: Final = "protocol.yaml"
PUBLISHED: Final = "published.sha256"
_TO_BE_COUNTED: Final = "A" * 43
"""Stands for a digest until it is known."""
_WRONG: Final = (
    ("missing", "fehlt"),
    ("extra_forbidden", "diese Angabe gibt es hier nicht"),
    ("literal_error", "dieser Wert ist keiner der erlaubten"),
    ("pattern_mismatch", "hat nicht die nötige Form"),
    ("duration", "ist keine Dauer wie P14D oder PT4H"),
    ("time_delta", "ist keine Dauer wie P14D oder PT4H"),
    ("too_short", "ist zu kurz"),
    ("too_long", "ist zu lang"),
    ("greater_than", "ist zu klein"),
    ("less_than", "ist zu groß"),
    ("int_", "ist keine ganze Zahl"),
    ("bool_", "ist weder true noch false"),
    ("string_", "ist kein Text"),
    ("tuple_", "ist keine Liste"),
    ("frozen_set_", "ist keine Liste"),
    ("dict_", "ist keine Zuordnung"),
    ("model_", "ist keine Zuordnung"),
)
"""What stands in the kind of a mistake, and how it is called; the first that fits."""


class ProtocolInvalid(ValueError):  # noqa: N818  a state of the file, as the refusals are
    """A protocol file does not hold; ``places`` says where and why, in German."""

    def __init__(self, places: Sequence[str]) -> None:
        self.places = tuple(places)
        super().__init__("; ".join(self.places))


def load_protocol(path: Path, schemas: SchemaRegistry, law: Mapping[str, LegalBasis]) -> Protocol:
    """Read one ``protocol.yaml``, or raise ``ProtocolInvalid`` with every place that is wrong.

    Refuses what cannot be resolved: an unknown role or step, a citation that is not in
    ``specs/law``, a schema that is not there, and a published version that has changed.
    """
    protocol = load_unpublished(path, schemas, law)
    if published_digest(path.parent) not in {None, protocol.digest}:
        text = "weicht von der veröffentlichten Fassung ab; nötig ist eine neue"
        raise ProtocolInvalid([f"{protocol.name}: {text}"])
    return protocol


def load_unpublished(
    path: Path, schemas: SchemaRegistry, law: Mapping[str, LegalBasis]
) -> Protocol:
    """Read one ``protocol.yaml`` as it stands, whatever was published under its name."""
    protocol = _parsed(path, schemas)
    name = protocol.name
    places = [f"{name}: {place}" for place in (*_misplaced(path, protocol), *_dangling(protocol))]
    places += [f"{name}: {place}" for place in _unlawful(protocol, law)]
    places += [
        f"{name}: steps/{step.id}/schema_name: Schema {step.schema_name} fehlt"
        for step in protocol.steps
        if step.schema_name not in schemas.names
    ]
    if places:
        raise ProtocolInvalid(places)
    return protocol.model_copy(update={"digest": digest_of(protocol)})


def published_digest(folder: Path) -> str | None:
    """Return the digest under which a version was published, or None if it was not yet."""
    path = folder / PUBLISHED
    if not path.exists():
        return None
    try:
        lines = read_text(path).splitlines()
    except Unreadable as broken:
        raise ProtocolInvalid([f"{'/'.join(path.parts[-3:])}: {broken}"]) from None
    return next((line.split()[0] for line in lines if line and not line.startswith("#")), "")


def _parsed(path: Path, schemas: SchemaRegistry) -> Protocol:
    place = "/".join(path.parts[-3:])
    try:
        written = read_yaml(path)
    except Unreadable as broken:
        raise ProtocolInvalid([f"{place}: {broken}"]) from None
    if not isinstance(written, dict):
        raise ProtocolInvalid([f"{place}: kein Verfahren"])
    try:
        return Protocol.model_validate_json(json.dumps(_completed(written, schemas)))
    except ValidationError as wrong:
        places = [
            f"{place}: {'/'.join(map(str, error['loc'])) or 'Datei'}: {_in_german(error)}"
            for error in wrong.errors(include_url=False, include_input=False)
        ]
        raise ProtocolInvalid(places) from wrong
    except TypeError as wrong:
        raise ProtocolInvalid([f"{place}: enthält Werte, die kein JSON sind"]) from wrong


def _in_german(error: ErrorDetails) -> str:
    """Say what is wrong with a member; a rare mistake keeps the words of the library."""
    return next((said for kind, said in _WRONG if kind in error["type"]), error["msg"])


def _completed(written: dict[str, Any], schemas: SchemaRegistry) -> dict[str, Any]:
    """Add what follows from the file; whatever has another form is left for the model to refuse."""
    source = written.get("source", Protocol.model_fields["source"].default)
    clocks = written.get("clocks")
    done = {**written, "digest": _TO_BE_COUNTED}
    if isinstance(clocks, dict):
        done["clocks"] = {urgency: _each_deadline(each, source) for urgency, each in clocks.items()}
    if isinstance(written.get("steps"), list):
        done["steps"] = [_completed_step(step, source, schemas) for step in written["steps"]]
    return _with_deadline(_with_deadline(done, "ends_after", source), "void_after", source)


def _completed_step(step: object, source: str, schemas: SchemaRegistry) -> object:
    if not isinstance(step, dict):
        return step
    name = str(step.get("schema_name"))
    known = name in schemas.names
    done = {**step, "schema_digest": schemas.digest_of(name) if known else _TO_BE_COUNTED}
    if "content_limit_to" in step:
        done["content_limit_to"] = _each_deadline(step["content_limit_to"], source)
    return _with_deadline(_with_deadline(done, "content_limit", source), "reminder", source)


def _each_deadline(written: object, source: str) -> object:
    if not isinstance(written, dict):
        return written
    return {name: _deadline(each, source) for name, each in written.items()}


def _with_deadline(written: dict[str, Any], member: str, source: str) -> dict[str, Any]:
    if member not in written:
        return written
    return {**written, member: _deadline(written[member], source)}


def _deadline(written: object, source: str) -> object:
    """Spell a deadline out: ``PT4H office-hours`` is a duration, how it is counted, our source."""
    if isinstance(written, dict):
        return {"source": source, **written}
    if not isinstance(written, str):
        return written
    within, _, counted = written.partition(" ")
    return {"within": within, "source": source} | ({"counted": counted} if counted else {})


def _misplaced(path: Path, protocol: Protocol) -> Iterator[str]:
    if path.parts[-3:-1] != (protocol.id, protocol.version):
        yield "liegt nicht im Ordner seines Namens und seiner Fassung"


def _dangling(protocol: Protocol) -> Iterator[str]:
    """Yield every reference to a role or step that the protocol does not have."""
    roles, steps = [role.id for role in protocol.roles], [step.id for step in protocol.steps]
    for kind, ids in (("roles", roles), ("steps", steps)):
        yield from (f"{kind}/{each}: steht doppelt" for each in ids if ids.count(each) > 1)
    for step in protocol.steps:
        yield from _dangling_in(step, roles, steps)
    for absent in protocol.absent_steps:
        if absent.id in steps:
            yield f"absent_steps/{absent.id}: den Schritt gibt es"


def _dangling_in(step: Step, roles: Sequence[str], steps: Sequence[str]) -> Iterator[str]:
    named_roles = (*step.sender, *step.recipient, *step.content_limit_to)
    named_roles += (*step.basis_sender_of, *step.basis_recipient_of)
    yield from (
        f"steps/{step.id}: unbekannte Rolle {role}" for role in named_roles if role not in roles
    )
    absent = (each for correction in step.absent_corrections for each in correction.steps)
    answered = (step.answers,) if step.answers else ()
    named_steps = (*step.after, *step.after_each, *answered, *step.corrects, *absent)
    yield from (
        f"steps/{step.id}: unbekannter Schritt {each}" for each in named_steps if each not in steps
    )


def _unlawful(protocol: Protocol, law: Mapping[str, LegalBasis]) -> Iterator[str]:
    cited = [(f"roles/{role.id}", code) for role in protocol.roles for code in role.basis]
    for step in protocol.steps:
        place = f"steps/{step.id}"
        if not (step.basis_sender and step.basis_recipient):
            yield f"{place}: nennt nicht für beide Seiten eine Rechtsgrundlage"
        cited += [(place, code) for code in step.bases]
        yield from (
            f"{place}/rules: eine Regel {rule} gibt es nicht"
            for rule in step.rules
            if rule not in RULES
        )
        cited += [(place, absent.basis) for absent in step.absent_corrections]
    cited += [(f"absent_steps/{absent.id}", absent.basis) for absent in protocol.absent_steps]
    for place, code in cited:
        if code not in law:
            yield f"{place}: {code} steht nicht in specs/law"
