# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is written down? Codes, ids and digests, and nothing that could name a person.

The form is closed (``specs/log-entry.schema.json``): every member is a code from a list, an id, a
digest or a number, and none takes a space or a letter outside ASCII. An entry outlives the content
that it speaks of, so it must not repeat any of it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Final, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints, ValidationError, model_validator

from hub.audit.openings.key import TAGS, ConversationKey
from hub.audit.words import ERASED, KINDS, MESSAGE_KINDS, OBJECTS, REASONS, ROLES, STATEMENT
from hub.model.ids import DIGEST, PARTY, UUID, Digest, Party, Uuid
from hub.model.json import Json
from hub.model.noun import Noun
from hub.sealing.canonical import b64, jcs

MAX_LEAF: Final = 4096
"""Bytes of one entry."""
MAX_COUNT: Final = 2**53 - 1

_PROTOCOL: Final = r"[a-z][a-z0-9-]{2,39}/[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}"
_HUB: Final = r"[a-z0-9][a-z0-9.:/-]{2,127}"
EVENT_ID: Final = "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
TIME: Final = (
    r"20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{6}Z"
)
NODE: Final = "(hub|connector|portal)-[0-9]{1,4}"
ORGANISATION: Final = f"|{PARTY.pattern}|{_HUB}"
"""Organisation, unit or hub; empty where nobody knows who it was."""
PID: Final = "|[A-Za-z0-9_-]{21}[AQgw]"
"""Pseudonym of a person, 16 bytes; only the organisation that made it can resolve it."""
AUTH: Final = f"|(code|dpop|key|mtls|oidc|passkey|root)(:{DIGEST.pattern})?"
"""How the actor proved who it is, with the digest of the key or assertion."""
OBJECT_ID: Final = (
    f"|{UUID.pattern}|{PARTY.pattern}|{DIGEST.pattern}|{_PROTOCOL}|[a-z][a-z0-9-]{{2,39}}"
)
TAG: Final = "[A-Za-z0-9_-]{21}[AQgw]"
"""16 bytes: of the key of a conversation and of ``n``, or of nothing."""
STEP: Final = f"|{_PROTOCOL}(/[a-z][a-z0-9-]{{1,39}})?"
LAW: Final = "[a-z]{2,20}[0-9]{0,2}-[0-9]{1,4}[a-z]{0,2}(-((s|nr|hs)?[0-9]{1,2}[a-z]?|[a-z]))*"
RULE: Final = (
    f"|{DIGEST.pattern}|[a-z][a-z0-9-]{{1,39}}(@[0-9]{{1,6}})?(/[a-z0-9][a-z0-9.-]{{0,39}}){{0,2}}"
)


class NotAnEntry(ValueError):  # noqa: N818  a state of the bytes, as the refusals are
    """The members or bytes leave the closed form; says where, never what stands there."""


class _Closed(Noun):
    # The text of an error reaches log files; what was refused must not.
    model_config = ConfigDict(hide_input_in_errors=True)


def _matches(pattern: str) -> StringConstraints:
    return StringConstraints(pattern=f"^({pattern})$")


Count = Annotated[int, Field(ge=0, le=MAX_COUNT)]


class Actor(_Closed):
    """Who did it: an organisation, and of a person only role and pseudonym."""

    org: Annotated[str, _matches(ORGANISATION)]
    role: Literal[ROLES] = ""  # type: ignore[valid-type]
    pid: Annotated[str, _matches(PID)] = ""
    auth: Annotated[str, _matches(AUTH)] = ""


class Object(_Closed):
    """What it was done to: kind, id, digest, and the step of the protocol."""

    ty: Literal[OBJECTS]  # type: ignore[valid-type]
    id: Annotated[str, _matches(OBJECT_ID)] = ""
    d: Annotated[str, _matches(f"|{DIGEST.pattern}")] = ""
    ct: Annotated[str, _matches(STEP)] = ""
    n: Count | None = None
    """How many equal things one entry stands for."""


class Commitments(_Closed):
    """What an entry commits to without saying it; HMAC-SHA-256 under a salt kept elsewhere."""

    conversation: Digest | None = None
    query: Digest | None = None
    reason: Digest | None = None

    @model_validator(mode="after")
    def _commits(self) -> Self:
        if not self.model_dump(exclude_none=True):
            raise ValueError("without commitments the member is left out")
        return self


class Entry(_Closed):
    """One entry of the log. ``leaf`` is what the tree is over."""

    v: Literal[1] = 1
    id: Annotated[str, _matches(EVENT_ID)]
    t: Annotated[str, _matches(TIME)]
    node: Annotated[str, _matches(NODE)]
    nseq: Count
    k: Literal[KINDS]  # type: ignore[valid-type]
    out: Literal["ok", "refused"]
    act: Actor
    rcp: Annotated[tuple[Party, ...], Field(max_length=16)]
    obj: Object
    law: Annotated[tuple[Annotated[str, _matches(LAW)], ...], Field(max_length=8)]
    rule: Annotated[str, _matches(RULE)]
    why: Literal[REASONS]  # type: ignore[valid-type]
    tags: Annotated[
        tuple[Annotated[str, _matches(TAG)], ...], Field(min_length=TAGS, max_length=TAGS)
    ]
    com: Commitments | None = None
    ref: Annotated[tuple[Uuid, ...], Field(min_length=1, max_length=8)] | None = None
    n: Digest
    """32 random bytes: without them a leaf hash could be guessed once the body is gone."""

    @model_validator(mode="after")
    def _is_about_a_message(self) -> Self:
        if self.k in {*MESSAGE_KINDS, STATEMENT} and not (
            self.obj.ty == "message" and re.fullmatch(UUID, self.obj.id) and self.obj.d
        ):
            raise ValueError("an entry of this kind is about something signed about a message")
        if self.k == STATEMENT and not self.ref:
            raise ValueError("an entry of this kind names both messages")
        if self.out == "refused" and not self.why:
            raise ValueError("a refusal has a reason")
        if self.k == ERASED and not self._says_what_is_erased():
            raise ValueError("an erasure names what goes, and by which law")
        # Of random strings an order says nothing; and one order is one spelling.
        if not self.tags[0] < self.tags[1] < self.tags[2] < self.tags[3]:
            raise ValueError("tags are all different, the smallest first")
        return self

    def _says_what_is_erased(self) -> bool:
        names = self.obj.ty == "conversation" or (self.obj.ty == "message" and self.obj.d)
        return bool(names and re.fullmatch(UUID, self.obj.id) and self.law)

    def leaf(self) -> bytes:
        """Return the bytes that are hashed and kept (RFC 8785)."""
        return jcs(self.model_dump(mode="json", exclude_none=True))


@dataclass(frozen=True)
class Draft:
    """What a line wants written; the log adds node, numbers, a time in order and the nonce."""

    kind: str
    entry_id: str
    at: datetime | float
    """An instant, or seconds since 1970."""
    act: Mapping[str, str]
    obj: Mapping[str, str | int]
    rcp: Sequence[str] = ()
    law: Sequence[str] = ()
    rule: str = ""
    why: str = ""
    out: str = "ok"
    message_id: str | None = None
    """The message that is accepted with this entry; for every other kind None."""
    com: Mapping[str, str] | None = None
    """Commitments that somebody has made already."""
    ref: Sequence[str] | None = None
    conversations: Sequence[ConversationKey] = ()
    """The keys of the conversations that it is about; the entry commits to the first of them."""
    said: Mapping[str, str] = field(default_factory=dict)
    """What it says without saying it, by the member of ``com`` that commits to it."""


def instant(at: datetime | float) -> datetime:
    """Return the aware instant of a draft, in UTC."""
    moment = at if isinstance(at, datetime) else datetime.fromtimestamp(at, UTC)
    if moment.tzinfo is None:
        raise NotAnEntry("an entry needs an aware instant")
    return moment.astimezone(UTC)


def make_leaf(
    kind: str,
    *,
    out: str,
    act: Mapping[str, str],
    rcp: Sequence[str],
    obj: Mapping[str, str | int],
    law: Sequence[str],
    rule: str,
    why: str,
    tags: Sequence[str],
    com: Mapping[str, str] | None = None,
    ref: Sequence[str] | None = None,
    at: datetime | float,
    node: str,
    nseq: int,
    entry_id: str,
    nonce: bytes,
) -> bytes:
    """Make the bytes of an entry, or fail: there is no other way to one.

    Raises ``NotAnEntry`` with the places that leave the closed form. It is a mistake of one caller
    and no trouble of the log, so what was to be entered must not happen, and all else may.
    """
    members: dict[str, Json] = {
        "v": 1,
        "id": entry_id,
        # One way to write it, so that text sorts as time.
        "t": instant(at).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "node": node,
        "nseq": nseq,
        "k": kind,
        "out": out,
        "act": {"role": "", "pid": "", "auth": "", **act},
        "rcp": list(rcp),
        "obj": {"id": "", "d": "", "ct": "", **obj},
        "law": list(law),
        "rule": rule,
        "why": why,
        "tags": list(tags),
        "n": b64(nonce),
    }
    if com:
        members["com"] = dict(com)
    if ref is not None:
        members["ref"] = list(ref)
    leaf = _bytes_of(members)
    _closed(leaf)
    return leaf


def parse_entry(leaf: bytes) -> Entry:
    """Read the bytes of an entry; anything but the canonical form of a closed entry fails."""
    entry = _closed(leaf)
    if entry.leaf() != leaf:
        raise NotAnEntry("an entry is not in canonical form")
    return entry


def _closed(leaf: bytes) -> Entry:
    if len(leaf) > MAX_LEAF:
        raise NotAnEntry("an entry is larger than 4096 bytes")
    try:
        return Entry.model_validate_json(leaf)
    except ValidationError as error:
        raise NotAnEntry(f"an entry leaves the closed form at {_places(error)}") from None


def _bytes_of(members: Mapping[str, Json]) -> bytes:
    try:
        return jcs(dict(members))
    except ValueError:
        raise NotAnEntry("an entry is not JSON with integers") from None


def _places(error: ValidationError) -> str:
    # The name of an unknown member is itself something that came from outside.
    paths = {
        detail["loc"][:-1] if detail["type"] == "extra_forbidden" else detail["loc"]
        for detail in error.errors(include_input=False, include_url=False)
    }
    return ", ".join(sorted("/" + "/".join(map(str, path)) for path in paths))
