# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does a message have exactly the form that its schema asks for? (SL1 § 7, steps 6 and 7)

This is what the hub sees: places, lengths, digests, classes and keys, and never a value. The
reader asks all of it again and trusts nobody's answer.
"""

from collections.abc import Collection

from hub.errors import (
    BodyMismatch,
    CommitmentsInvalid,
    ReadersInvalid,
    SchemaUnknown,
    ScopeExceeded,
)
from hub.model.message import Envelope, ParsedMessage, ReaderClaim, WrappedKey
from hub.sealing.canonical import digest, unb64
from hub.sealing.content import pointers_of
from hub.sealing.envelope import is_ascending, write_message
from hub.sealing.sealable import SealableSchema
from hub.sealing.wrap import wrap_length


def check_form(envelope: Envelope, parsed: ParsedMessage, schema: SealableSchema) -> None:
    """Check body, commitments, readers and wraps as the hub does; the first failure ends it."""
    check_shape(envelope, parsed, schema)
    check_wraps(envelope.readers, parsed.keys)


def check_shape(envelope: Envelope, parsed: ParsedMessage, schema: SealableSchema) -> None:
    """Check all that the schema decides (SL1 § 7, step 6)."""
    if envelope.schema_digest != schema.digest:
        raise SchemaUnknown(pointers=("/schema",))
    _check_body(parsed, schema)
    if digest(parsed.body_bytes) != envelope.body:
        raise BodyMismatch(pointers=("/body",))
    _check_commitments(envelope, schema)
    _check_readers(envelope.readers, schema.classes)


def check_wraps(readers: tuple[ReaderClaim, ...], keys: tuple[WrappedKey, ...]) -> None:
    """Check that there is one wrap per reader, in the same order (SL1 § 7, step 7)."""
    if len(keys) != len(readers):
        raise ReadersInvalid(pointers=("/keys",))
    for index, (reader, key) in enumerate(zip(readers, keys, strict=True)):
        check_wrap(reader, key, f"/keys/{index}")


def check_wrap(reader: ReaderClaim, key: WrappedKey, pointer: str) -> None:
    """Check that a wrap is for this reader, as long as its classes ask, and the one signed."""
    if key.kid != reader.kid:
        raise ReadersInvalid(pointers=(f"{pointer}/kid",))
    try:
        length = len(unb64(key.wrap))
    except ValueError:
        raise ReadersInvalid(pointers=(f"{pointer}/wrap",)) from None
    if length != wrap_length(len(reader.classes)) or digest(key.wrap) != reader.wrap:
        raise ReadersInvalid(pointers=(f"{pointer}/wrap",))


def cut(parsed: ParsedMessage, kids: Collection[str]) -> bytes:
    """Return the message as a reader gets it: with no wraps but those of ``kids``.

    The wrap of a deputy must not leave the hub before the logged escalation, so what is not
    named is left out.
    """
    keys = tuple(key for key in parsed.keys if key.kid in kids)
    return write_message(parsed.env, parsed.body_bytes, keys)


def _check_body(parsed: ParsedMessage, schema: SealableSchema) -> None:
    if schema.sealed_validator.is_valid(parsed.body):
        return
    # A path leads through our own names only: of a member that nobody knows it ends at the parent.
    errors = schema.sealed_validator.iter_errors(parsed.body)
    raise ScopeExceeded(pointers=pointers_of((e.instance_path for e in errors), "/body"))


def _check_commitments(envelope: Envelope, schema: SealableSchema) -> None:
    if len(envelope.sd) != len(schema.leaves) or not is_ascending(envelope.sd):
        raise CommitmentsInvalid(pointers=("/_sd",))
    if tuple(sorted(envelope.commit)) != schema.classes:
        raise CommitmentsInvalid(pointers=("/commit",))


def _check_readers(readers: tuple[ReaderClaim, ...], classes: tuple[str, ...]) -> None:
    if not is_ascending(tuple(reader.kid for reader in readers)):
        raise ReadersInvalid("The readers are not strictly ascending.", pointers=("/readers",))
    if not any(reader.rel == "now" and reader.classes == classes for reader in readers):
        raise ReadersInvalid("No reader has all classes at once.", pointers=("/readers",))
    known = set(classes)
    for index, reader in enumerate(readers):
        if not known.issuperset(reader.classes):
            raise ReadersInvalid(pointers=(f"/readers/{index}/classes",))
