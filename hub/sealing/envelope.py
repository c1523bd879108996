# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What do the bytes of a message say, before anybody believes them? (SL1 §§ 6 and 7)

``parse_message`` does what can be done before the signature is verified, ``parse_claims`` what
comes right after it. The bytes are hashed and compared as they came, never written anew.
"""

from itertools import pairwise
from typing import Final, Never

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from hub.errors import EnvelopeInvalid, NotAMessage, SuiteUnsupported, TooLarge
from hub.model.json import Json, JsonObject
from hub.model.message import Envelope, ParsedMessage, WrappedKey
from hub.sealing.canonical import digest, jcs, parse_strict
from hub.sealing.jws import MESSAGE_TYP, parse_jws

MAX_MESSAGE: Final = 262_144
"""Bytes of a message, § 5."""
_MEMBERS: Final = frozenset({"env", "body", "keys"})
_WRAPPED_KEY: Final = frozenset({"kid", "wrap"})


def parse_message(raw: bytes, *, delivered: bool = False) -> ParsedMessage:
    """Take a message apart (SL1 § 7: steps 1 and 2, and what step 3 asks of the form).

    A delivered message may say by which statement its reader was added.
    """
    if len(raw) > MAX_MESSAGE:
        raise TooLarge
    members = _members(raw, _MEMBERS | {"added"} if delivered else _MEMBERS)
    keys = _wrapped_keys(members["keys"])
    added = members.get("added")
    if "added" in members and not isinstance(added, str):
        raise NotAMessage(pointers=("/added",))
    jws = parse_jws(members["env"], MESSAGE_TYP)
    return ParsedMessage(
        raw=raw,
        env=str(members["env"]),
        header=jws.header,
        payload=jws.payload,
        iss=jws.iss,
        iat=jws.iat,
        body=members["body"],
        body_bytes=_body_bytes(raw, members),
        keys=keys,
        added=added if isinstance(added, str) else None,
    )


def parse_claims(parsed: ParsedMessage) -> Envelope:
    """Read the claims, or refuse them with pointers into the claims (SL1 § 7, step 4).

    The order of digests and readers is judged later, against the schema, by ``check_form``.
    """
    return parse_payload(parsed.payload)


def parse_payload(payload: bytes) -> Envelope:
    """Read the claims out of the payload of an envelope, wherever that came from."""
    try:
        # By alias alone: the names of our attributes are not claims.
        envelope = Envelope.model_validate_json(payload, by_alias=True, by_name=False)
    except ValidationError as invalid:
        _refuse_claims(invalid.errors(include_url=False, include_context=False, include_input=True))
    # An explicit null reads like an absent claim and would be a second spelling of it. No string
    # of a valid envelope holds a quotation mark, so these bytes are never part of a value.
    if b'":null' in payload:
        raise EnvelopeInvalid("A claim is null instead of absent.")
    _check_relations(envelope)
    return envelope


def env_digest(env: str) -> str:
    """Return what receipts carry: the digest of the envelope without its signature (SL1 § 9).

    ES256 has two valid signatures for the same claims; they are the same message.
    """
    return digest(env.rpartition(".")[0])


def write_message(
    env: str, body_bytes: bytes, keys: tuple[WrappedKey, ...], added: str | None = None
) -> bytes:
    """Put a message together around the canonical bytes of its body."""
    written = jcs([{"kid": key.kid, "wrap": key.wrap} for key in keys])
    start = b'{"added":%b,' % jcs(added) if added else b"{"
    return b'%b"body":%b,"env":%b,"keys":%b}' % (start, body_bytes, jcs(env), written)


def _members(raw: bytes, allowed: frozenset[str]) -> JsonObject:
    try:
        members = parse_strict(raw)
    except ValueError:
        raise NotAMessage from None
    if not isinstance(members, dict) or not _MEMBERS <= members.keys() <= allowed:
        raise NotAMessage("A message has the members env, body and keys.")
    return members


def _wrapped_keys(value: Json) -> tuple[WrappedKey, ...]:
    if not isinstance(value, list):
        raise NotAMessage(pointers=("/keys",))
    return tuple(parse_wrapped_key(entry, f"/keys/{index}") for index, entry in enumerate(value))


def parse_wrapped_key(entry: Json, pointer: str) -> WrappedKey:
    """Read one entry of ``keys``."""
    if not isinstance(entry, dict) or entry.keys() != _WRAPPED_KEY:
        raise NotAMessage(pointers=(pointer,))
    kid, wrap = entry["kid"], entry["wrap"]
    if not isinstance(kid, str) or not isinstance(wrap, str):
        raise NotAMessage(pointers=(pointer,))
    return WrappedKey(kid, wrap)


def _body_bytes(raw: bytes, members: JsonObject) -> bytes:
    """Cut the body out of the bytes; its members are sorted, so only their lengths matter."""
    start = len(b'{"body":')
    if "added" in members:
        start += len(b'"added":,') + len(jcs(members["added"]))
    tail = jcs({"env": members["env"], "keys": members["keys"]})
    return raw[start : len(raw) - len(tail)]


def _refuse_claims(errors: list[ErrorDetails]) -> Never:
    for error in errors:
        if error["loc"] == ("suite",) and isinstance(error["input"], str):
            raise SuiteUnsupported(pointers=("/suite",))
    places = {_claim(error) for error in errors}
    # A list whose items are wrong is not wrong once more.
    inner = [one for one in places if not (one and any(p.startswith(f"{one}/") for p in places))]
    raise EnvelopeInvalid(pointers=sorted(inner))


def _claim(error: ErrorDetails) -> str:
    """Point at a claim; at its parent where the sender made up the name."""
    path = error["loc"]
    if path[:1] == ("commit",):
        path = path[:1]
    elif error["type"] == "extra_forbidden":
        path = path[:-1]
    return "".join(f"/{token}" for token in path)


def _check_relations(envelope: Envelope) -> None:
    """Check what one claim says about another (SL1 § 6)."""
    wrong = []
    if envelope.end < envelope.iat:
        wrong.append("/end")
    if envelope.opens_conversation and envelope.pos != 1:
        wrong.append("/pos")
    if envelope.opens_conversation == (envelope.prv is not None):
        wrong.append("/prv")
    for index, reader in enumerate(envelope.readers):
        if not is_ascending(reader.classes):
            wrong.append(f"/readers/{index}/classes")
    if wrong:
        raise EnvelopeInvalid(pointers=wrong)


def is_ascending(names: tuple[str, ...]) -> bool:
    """Say whether names are strictly ascending, so none comes twice."""
    return all(one < other for one, other in pairwise(names))
