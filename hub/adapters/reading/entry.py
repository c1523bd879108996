# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is written down of a look? Codes, ids and a pseudonym, in a closed form.

The form is ``specs/reading-entry.schema.json``. As in the hub's log no member takes a space or a
letter outside ASCII: an entry outlives what it speaks of, so it must not repeat any of it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints, ValidationError, model_validator

from hub.adapters.reading.words import (
    CLASSES,
    DENIED,
    GROUNDS,
    KINDS,
    LOOKED,
    OBJECTS,
    PRUNED,
    ROLES,
)
from hub.audit.entry import EVENT_ID, PID, TIME, Count, NotAnEntry, instant
from hub.model.ids import DIGEST, PARTY, UUID, Digest
from hub.model.json import Json
from hub.model.noun import Noun
from hub.sealing.canonical import b64, jcs

MAX_LEAF: Final = 4096
"""Bytes of one entry."""
_PROTOCOL: Final = r"[a-z][a-z0-9-]{2,39}/[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}"


def _matches(pattern: str) -> StringConstraints:
    return StringConstraints(pattern=f"^({pattern})$")


class _Closed(Noun):
    # The text of an error reaches log files; what was refused must not.
    model_config = ConfigDict(hide_input_in_errors=True)


class Reader(_Closed):
    """Who looked: the unit, and of the person only role and pseudonym."""

    org: Annotated[str, _matches(PARTY.pattern)]
    role: Literal[tuple(ROLES)]  # type: ignore[valid-type]
    pid: Annotated[str, _matches(PID)]


class Seen(_Closed):
    """What was looked at: a message, or this log."""

    ty: Literal[OBJECTS]  # type: ignore[valid-type]
    id: Annotated[str, _matches(f"|{UUID.pattern}")]
    ct: Annotated[str, _matches(f"|{_PROTOCOL}")]
    d: Annotated[str, _matches(f"|{DIGEST.pattern}")] = ""
    """Of a range whose bodies went: its digest."""
    n: Count | None = None
    """How many things one entry stands for."""


class Entry(_Closed):
    """One entry of a log of reading. ``leaf`` is what the tree is over."""

    v: Literal[1] = 1
    id: Annotated[str, _matches(EVENT_ID)]
    t: Annotated[str, _matches(TIME)]
    nseq: Count
    """The place in the tree, said once more where somebody sees the entry alone."""
    k: Literal[tuple(KINDS)]  # type: ignore[valid-type]
    out: Literal["ok", "refused"]
    act: Reader
    obj: Seen
    cnv: Annotated[str, _matches(f"|{UUID.pattern}")]
    cls: Annotated[tuple[Literal[tuple(CLASSES)], ...], Field(max_length=4)]  # type: ignore[valid-type]
    why: Literal[tuple(GROUNDS)]  # type: ignore[valid-type]
    n: Digest
    """32 random bytes: without them a leaf hash could be guessed once the body is gone."""

    @model_validator(mode="after")
    def _is_about_one_thing(self) -> Self:
        if (self.obj.ty == "log") != (self.k in {LOOKED, PRUNED}):
            raise ValueError("an entry is about a message, or about the log")
        if (self.out == "refused") != (self.k == DENIED) or (self.k == DENIED and not self.why):
            raise ValueError("a refusal has a reason")
        return self

    def leaf(self) -> bytes:
        """Return the bytes that are hashed and kept (RFC 8785)."""
        return jcs(self.model_dump(mode="json", exclude_none=True))


def make_leaf(members: Mapping[str, Json], at: datetime | float, nseq: int, nonce: bytes) -> bytes:
    """Make the bytes of an entry, or fail: there is no other way to one.

    Raises ``NotAnEntry`` with the places that leave the closed form, never with what stands there.
    """
    leaf = jcs(
        {
            "v": 1,
            "t": instant(at).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "nseq": nseq,
            "n": b64(nonce),
            **members,
        }
    )
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


def _places(error: ValidationError) -> str:
    # The name of an unknown member is itself something that came from outside.
    paths = {
        detail["loc"][:-1] if detail["type"] == "extra_forbidden" else detail["loc"]
        for detail in error.errors(include_input=False, include_url=False)
    }
    return ", ".join(sorted("/" + "/".join(map(str, path)) for path in paths))
