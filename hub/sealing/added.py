# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does a sender let one more reader in, after sending? (SL1 § 8)

Only the sender has the secret, so only the sender can; the envelope stays as it was signed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal, Never

from pydantic import ValidationError

from hub.errors import EnvelopeInvalid, ReadersInvalid, Refusal, TooLarge
from hub.model.ids import Digest, Party, Uuid
from hub.model.json import Json, JsonObject
from hub.model.message import Envelope, ParsedMessage, ReaderClaim, Seconds, WrappedKey
from hub.model.noun import Noun
from hub.sealing.canonical import jcs, parse_strict
from hub.sealing.envelope import (
    MAX_MESSAGE,
    env_digest,
    is_ascending,
    parse_wrapped_key,
    write_message,
)
from hub.sealing.form import check_wrap
from hub.sealing.jws import READER_TYP, ParsedJws, Signer, parse_jws, write_jws
from hub.sealing.keys import class_key
from hub.sealing.seal import ReaderChoice, Wrap, wrap_for
from hub.sealing.wrap import WrapContext, wrap

MAX_READERS: Final = 8
_MEMBERS: Final = frozenset({"key", "statement"})


class ReaderStatement(Noun):
    """The sender's signed word that one more key may open."""

    suite: Literal["SL1"]
    iss: Party
    aud: Party
    sub: Uuid
    """Message id."""
    jti: Uuid
    iat: Seconds
    env: Digest
    """Digest of the envelope without its signature (SL1 § 9)."""
    reader: ReaderClaim


@dataclass(frozen=True)
class ParsedStatement:
    """A statement in the right form; its signature is not verified."""

    text: str
    jws: ParsedJws
    claims: ReaderStatement


@dataclass(frozen=True)
class Addition:
    """What the sender puts at ``/v1/messages/{id}/readers/{kid}``."""

    statement: ParsedStatement
    key: WrappedKey

    @property
    def raw(self) -> bytes:
        key: Json = {"kid": self.key.kid, "wrap": self.key.wrap}
        return jcs({"key": key, "statement": self.statement.text})

    @property
    def statement_digest(self) -> str:
        """Digest that the receipt ``reader-added`` carries."""
        return env_digest(self.statement.text)


@dataclass(frozen=True)
class Original:
    """The message that gets one more reader, as its sender kept it."""

    envelope: Envelope
    env: str
    secret: bytes


def add_reader(
    original: Original,
    reader: ReaderChoice,
    signer: Signer,
    *,
    statement_id: str,
    iat: int,
    wrap_keys: Wrap = wrap,
) -> Addition:
    """Wrap the keys of some classes for one more reader and state it."""
    envelope = original.envelope
    keys = {name: class_key(original.secret, envelope.jti, name) for name in envelope.commit}
    context = WrapContext(envelope.jti, envelope.iss, envelope.aud)
    claim, key = wrap_for(reader, context, keys, wrap_keys)
    claims: JsonObject = {
        "suite": envelope.suite,
        "iss": envelope.iss,
        "aud": envelope.aud,
        "sub": envelope.jti,
        "jti": statement_id,
        "iat": iat,
        "env": env_digest(original.env),
        "reader": claim,
    }
    statement = parse_statement(write_jws(READER_TYP, claims, signer))
    addition = Addition(statement, key)
    check_addition(addition, envelope, original.env, {named.kid for named in envelope.readers})
    return addition


def parse_addition(raw: bytes) -> Addition:
    """Take apart what a sender put, or refuse it as ``envelope-invalid``."""
    if len(raw) > MAX_MESSAGE:
        raise TooLarge
    try:
        members = parse_strict(raw)
    except ValueError:
        _refuse()
    if not isinstance(members, dict) or members.keys() != _MEMBERS:
        _refuse()
    try:
        key = parse_wrapped_key(members["key"], "/key")
    except Refusal:
        _refuse("/key")
    return Addition(parse_statement(members["statement"]), key)


def parse_statement(text: Json) -> ParsedStatement:
    """Read the form of a statement, or refuse it as ``envelope-invalid``."""
    jws = parse_jws(text, READER_TYP)
    try:
        claims = ReaderStatement.model_validate_json(jws.payload)
    except ValidationError:
        _refuse("/statement")
    if claims.reader.rel != "now" or not is_ascending(claims.reader.classes):
        _refuse("/statement")
    return ParsedStatement(str(text), jws, claims)


def check_statement(statement: ReaderStatement, envelope: Envelope, env: str) -> None:
    """Refuse a statement that is not about this message; its reader asks this too."""
    said = (statement.iss, statement.aud, statement.sub, statement.env)
    if said != (envelope.iss, envelope.aud, envelope.jti, env_digest(env)):
        raise ReadersInvalid("The statement is about another message.")
    if not envelope.iat <= statement.iat <= envelope.end:
        raise ReadersInvalid(pointers=("/iat",))
    if not envelope.commit.keys() >= set(statement.reader.classes):
        raise ReadersInvalid(pointers=("/reader/classes",))


def check_addition(
    addition: Addition, envelope: Envelope, env: str, named: Collection[str]
) -> None:
    """Refuse an addition that does not fit its message; ``named`` are the kids of all readers."""
    claims = addition.statement.claims
    check_statement(claims, envelope, env)
    if claims.reader.kid in named or len(named) >= MAX_READERS:
        raise ReadersInvalid("The key is named already, or there are eight.")
    check_wrap(claims.reader, addition.key, "/key")


def delivery_of(parsed: ParsedMessage, addition: Addition) -> bytes:
    """Return the message as the added reader gets it: with its own wrap and the statement."""
    return write_message(parsed.env, parsed.body_bytes, (addition.key,), addition.statement.text)


def _refuse(*pointers: str) -> Never:
    raise EnvelopeInvalid("The statement is not well formed.", pointers=pointers) from None
