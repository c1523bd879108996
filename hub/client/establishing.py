# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Is a delivered message what it says, and may this unit read it? (SL1 § 7, the reader's part)

Nothing is taken from the hub: whose signature it is, whether the roster of the addressed unit names
this one, and what the protocol says of the content, is established here from what was signed.
"""

from hub import clock
from hub.client.agency import Agency
from hub.client.directory import DirectoryView
from hub.client.seen import seen
from hub.client.side import Side
from hub.directory.duty import is_named
from hub.errors import IdReused, NotAddressed, Refusal, SchemaUnknown
from hub.model.json import Json, JsonObject
from hub.model.message import Envelope, ParsedMessage, ReaderClaim
from hub.protocols.admit import check_office, schema_of_step
from hub.protocols.rules import Saying, check_rules
from hub.sealing.added import check_statement, parse_statement
from hub.sealing.envelope import env_digest, parse_claims
from hub.sealing.opening import Expectation, Opened, check_addressed, open_message
from hub.sealing.reader import ReaderPrivateKey
from hub.trust.jose import verify_token
from hub.trust.kinds import READER_STATEMENT
from hub.trust.signatures import verify_signature


async def establish(parsed: ParsedMessage, hub: Side) -> tuple[Opened, ReaderPrivateKey]:
    """Return what a message says to this unit, and with which key it was opened.

    Raises the refusals of SL1 § 7. The rules of a step look at the whole content, so the reader of
    some classes checks each value by itself and no more.
    """
    agency = hub.agency
    directory = await hub.directory_with(parsed.iss, agency.id)
    kid = parsed.header.get("kid")
    key = directory.signing_key(parsed.iss, kid) if isinstance(kid, str) else None
    signature = verify_signature(parsed, key)
    envelope = parse_claims(parsed)
    added = added_reader(parsed, envelope, directory)
    reader = _own_key(agency, parsed, envelope, added)
    parties = await parties_of(envelope, hub)
    expected = Expectation(agency.hub.id, parties, reader.kid, int(clock.now()))
    check_addressed(envelope, expected, added)
    if seen(agency, envelope) not in {None, env_digest(parsed.env)}:
        raise IdReused
    schema = schema_of_step(envelope, hub.catalogue)
    step = hub.catalogue.known(envelope.proto).step(envelope.step)
    if step is None:
        raise SchemaUnknown
    # Whose order it is, is not left to the hub's word.
    check_office(step, signature.key, hub.catalogue.cite(step.basis_sender[0]))
    opened = open_message(parsed, envelope, schema, reader, added)
    if opened.content is not None:
        speakers = directory.roles(envelope.iss)
        saying = Saying(opened.content, envelope.lb, envelope.urg, speakers)
        check_rules(step.rules, saying, hub.catalogue.cite)
    return opened, reader


def readable(opened: Opened) -> JsonObject:
    """Return the content, or of one that is read in part what this reader can read of it."""
    if opened.content is not None:
        return dict(opened.content)
    root: JsonObject = {}
    for pointer, value in opened.values.items():
        if value is not None:
            _put(root, pointer.split("/")[1:], value)
    return {name: _with_lists(part) for name, part in root.items()}


async def parties_of(envelope: Envelope, hub: Side) -> tuple[str, ...]:
    """Return for whom this unit reads: itself, and the addressee whose roster named it then."""
    own = hub.agency.id
    if envelope.aud == own:
        return (own,)
    view = await hub.directory_with(envelope.aud, own)
    named = is_named(own, envelope.aud, view.participants, envelope.iat)
    return (own, envelope.aud) if named else (own,)


def added_reader(
    parsed: ParsedMessage, envelope: Envelope, directory: DirectoryView
) -> ReaderClaim | None:
    """Return by which statement of the sender an own key was added later (SL1 § 8).

    A statement that does not hold names nobody; whether the message is for this reader is then
    decided by the envelope alone.
    """
    if parsed.added is None:
        return None
    try:
        statement = parse_statement(parsed.added)
        verify_token(
            statement.text,
            kind=READER_STATEMENT,
            key_for=lambda token: directory.signing_key(envelope.iss, token.kid),
        )
        check_statement(statement.claims, envelope, parsed.env)
    except Refusal:
        return None
    return statement.claims.reader


def _own_key(
    agency: Agency, parsed: ParsedMessage, envelope: Envelope, added: ReaderClaim | None
) -> ReaderPrivateKey:
    readers = envelope.readers if added is None else (*envelope.readers, added)
    named = {reader.kid for reader in readers}
    held = {key.kid for key in parsed.keys}
    for key in agency.readers:
        if key.kid in named & held:
            return key
    raise NotAddressed(pointers=("/readers",))


def _put(node: JsonObject, path: list[str], value: Json) -> None:
    """Put a value at its place; slots of a list are members of an object until all are there."""
    name, *rest = path
    if not rest:
        node[name] = value
        return
    child = node.setdefault(name, {})
    assert isinstance(child, dict)  # noqa: S101  no pointer is the beginning of another
    _put(child, rest, value)


def _with_lists(part: Json) -> Json:
    if not isinstance(part, dict):
        return part
    members = {name: _with_lists(each) for name, each in part.items()}
    # Names of members begin with a letter (SL1 § 3), so digits are slots, in their order.
    if all(name.isdigit() for name in members):
        return [members[name] for name in sorted(members, key=int)]
    return members
