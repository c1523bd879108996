# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How is a single field proven to somebody who may not read the rest? (SL1 § 9)

Envelope and disclosure are an SD-JWT (RFC 9901); the name of a claim is its pointer. That null is
proven means: nothing was stated at this place.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from hub.errors import EnvelopeInvalid, LeafMalformed, LeafMismatch
from hub.model.message import Envelope
from hub.sealing.canonical import digest, unb64
from hub.sealing.envelope import parse_payload
from hub.sealing.jws import MESSAGE_TYP, ParsedJws, parse_jws
from hub.sealing.leaf import parse_disclosure
from hub.sealing.tree import LeafValue, Tree


@dataclass(frozen=True)
class Presentation:
    """Fields that stand in a signed message; the signature itself is not verified here."""

    env: str
    jws: ParsedJws
    envelope: Envelope
    values: Mapping[str, LeafValue] = field(repr=False)
    """By pointer."""


def present(env: str, disclosures: Iterable[str]) -> str:
    """Join an envelope with the disclosures of the fields to be proven."""
    return "~".join((env, *disclosures, ""))


def parse_presentation(text: str) -> Presentation:
    """Check all that can be checked without a key.

    A disclosure that was not signed is refused, not dropped: whoever presents it means to prove
    something with it.
    """
    env, *disclosures, end = text.split("~") if "~" in text else (text, "-")
    if end:
        raise EnvelopeInvalid("A presentation ends with a tilde.")
    jws = parse_jws(env, MESSAGE_TYP)
    envelope = parse_payload(jws.payload)
    values = _values(disclosures, frozenset(envelope.sd))
    return Presentation(env, jws, envelope, MappingProxyType(values))


def _values(disclosures: Iterable[str], signed: frozenset[str]) -> Tree:
    values: Tree = {}
    for disclosure in disclosures:
        plaintext = _plaintext(disclosure, signed)
        said = parse_disclosure(plaintext)
        if said.pointer in values:
            raise LeafMalformed("A pointer comes twice.")
        values[said.pointer] = said.value
    return values


def _plaintext(disclosure: str, signed: frozenset[str]) -> bytes:
    try:
        if digest(disclosure) in signed:
            return unb64(disclosure)
    except ValueError:
        raise LeafMalformed from None
    raise LeafMismatch
