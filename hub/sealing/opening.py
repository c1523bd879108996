# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does a message say to one reader? (SL1 § 7, the reader's part)

The reader trusts neither hub nor network: ``open_message`` repeats the hub's checks of form, so
the only thing left to others is the signature. Nothing is returned before everything has been
checked.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from hmac import compare_digest
from types import MappingProxyType

from hub.errors import (
    Expired,
    LeafMalformed,
    LeafMismatch,
    NotAddressed,
    ReadersInvalid,
    SecretMismatch,
    WrapUnopenable,
)
from hub.model.json import JsonObject
from hub.model.message import Envelope, ParsedMessage, ReaderClaim
from hub.sealing.canonical import b64, digest, unb64
from hub.sealing.content import check_value, content_of
from hub.sealing.form import check_shape, check_wrap
from hub.sealing.keys import KEY_BYTES, commitment, leaf_key
from hub.sealing.leaf import open_leaf, parse_disclosure
from hub.sealing.reader import ReaderPrivateKey
from hub.sealing.sealable import Leaf, SealableSchema
from hub.sealing.tree import LeafValue, Tree, expand
from hub.sealing.wrap import WrapContext, unwrap


@dataclass(frozen=True)
class Expectation:
    """What a reader knows before a message comes."""

    hub: str
    parties: Collection[str]
    """Own organisation and unit, and those whose roster names the own key."""
    kid: str
    now: int


@dataclass(frozen=True)
class Opened:
    """What one reader may read of a message."""

    classes: tuple[str, ...]
    """Ascending; the receipt ``opened`` carries them."""
    content: JsonObject | None = field(repr=False)
    """The whole content; None for the reader of some classes."""
    values: Mapping[str, LeafValue] = field(repr=False)
    """By pointer, null where nothing is stated; checked one by one where ``content`` is None."""
    disclosures: Mapping[str, str] = field(repr=False)
    """By pointer; each proves its field together with the envelope (SL1 § 9)."""


def check_addressed(
    envelope: Envelope, expected: Expectation, added: ReaderClaim | None = None
) -> ReaderClaim:
    """Return the claim that names the own key, or refuse (SL1 § 7, reader's step 2).

    ``added`` is the reader of a statement whose signature and claims were checked (SL1 § 8).
    """
    if envelope.aud not in expected.parties:
        raise NotAddressed(pointers=("/aud",))
    if envelope.hub != expected.hub:
        raise NotAddressed(pointers=("/hub",))
    named = reader_claim(envelope, expected.kid, added)
    if expected.now > envelope.end:
        raise Expired(pointers=("/end",))
    return named


def reader_claim(envelope: Envelope, kid: str, added: ReaderClaim | None = None) -> ReaderClaim:
    """Return what the sender signed about a key."""
    candidates = envelope.readers if added is None else (*envelope.readers, added)
    for reader in candidates:
        if reader.kid == kid:
            return reader
    raise NotAddressed(pointers=("/readers",))


def check_delivery(
    envelope: Envelope, parsed: ParsedMessage, schema: SealableSchema, reader: ReaderClaim
) -> str:
    """Return the reader's own wrap once the form holds (SL1 § 7, reader's step 3)."""
    check_shape(envelope, parsed, schema)
    own = [(index, key) for index, key in enumerate(parsed.keys) if key.kid == reader.kid]
    if len(own) != 1:
        raise ReadersInvalid(pointers=("/keys",))
    index, key = own[0]
    check_wrap(reader, key, f"/keys/{index}")
    return key.wrap


def open_message(
    parsed: ParsedMessage,
    envelope: Envelope,
    schema: SealableSchema,
    key: ReaderPrivateKey,
    added: ReaderClaim | None = None,
) -> Opened:
    """Open what the key may open (SL1 § 7, reader's steps 3 to 6).

    Refusals of the steps 4 to 6 are answered with a signed rejection; their pointers name leaves.
    """
    reader = reader_claim(envelope, key.kid, added)
    wrapped = check_delivery(envelope, parsed, schema, reader)
    keys = _class_keys(envelope, schema, reader, unwrap(key, wrapped, _context(envelope)))
    values, disclosures = _open_leaves(parsed, envelope, schema, keys)
    content = None
    if reader.classes == schema.classes:
        content = content_of(schema, values)
    else:
        for pointer, value in values.items():
            check_value(schema.pointers[pointer], value)
    return Opened(reader.classes, content, MappingProxyType(values), MappingProxyType(disclosures))


def _context(envelope: Envelope) -> WrapContext:
    return WrapContext(envelope.jti, envelope.iss, envelope.aud)


def _class_keys(
    envelope: Envelope, schema: SealableSchema, reader: ReaderClaim, opened: bytes
) -> dict[str, bytes]:
    """Divide what the wrap held among the classes and hold each key against its commitment."""
    if not set(schema.classes).issuperset(reader.classes):
        raise ReadersInvalid(pointers=("/readers",))
    if len(opened) != KEY_BYTES * len(reader.classes):
        raise WrapUnopenable
    keys = {}
    for index, name in enumerate(reader.classes):
        key = opened[KEY_BYTES * index : KEY_BYTES * (index + 1)]
        committed = unb64(envelope.commit[name])
        if not compare_digest(commitment(key, envelope.jti, name), committed):
            raise SecretMismatch(pointers=(f"/commit/{name}",))
        keys[name] = key
    return keys


def _open_leaves(
    parsed: ParsedMessage, envelope: Envelope, schema: SealableSchema, keys: Mapping[str, bytes]
) -> tuple[Tree, dict[str, str]]:
    sealed = expand(schema, parsed.body)
    opening = _Opening(envelope)
    for leaf in schema.leaves:
        if leaf.class_name in keys:
            opening.open(leaf, str(sealed[leaf.pointer]), keys[leaf.class_name])
    return opening.values, opening.disclosures


class _Opening:
    """The leaves of one message while they are opened, one after another."""

    def __init__(self, envelope: Envelope) -> None:
        self.values: Tree = {}
        self.disclosures: dict[str, str] = {}
        self._message_id = envelope.jti
        self._signed = frozenset(envelope.sd)
        self._salts: set[str] = set()

    def open(self, leaf: Leaf, sealed: str, class_key: bytes) -> None:
        place = leaf.pointer
        plaintext = open_leaf(leaf_key(class_key, self._message_id, place), sealed, place)
        disclosure = b64(plaintext)
        if digest(disclosure) not in self._signed:
            raise LeafMismatch(pointers=(place,))
        said = parse_disclosure(plaintext, place)
        if said.pointer != place or said.salt in self._salts:
            raise LeafMalformed(pointers=(place,))
        self._salts.add(said.salt)
        self.values[place] = said.value
        self.disclosures[place] = disclosure
