# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The form of an entry is closed, and three places agree on it: noun, schema, auditor's program."""

import copy
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from itertools import product
from pathlib import Path
from typing import Any, Final

import jsonschema_rs
import pytest

from hub import errors
from hub.audit import entry as form
from hub.audit import verify, words
from hub.audit.entry import MAX_LEAF, NotAnEntry, make_leaf, parse_entry
from hub.sealing.canonical import digest, jcs
from tests.unit.audit.builders import START, an_id

SCHEMA: Final[Any] = json.loads(Path("specs/log-entry.schema.json").read_text("utf-8"))
VALIDATOR: Final = jsonschema_rs.Draft202012Validator(SCHEMA)

ENTRY: Final[dict[str, Any]] = {
    "v": 1,
    "id": an_id(1),
    "t": "2026-11-21T08:00:00.000000Z",
    "node": "hub-1",
    "nseq": 7,
    "k": "message.accepted",
    "out": "ok",
    "act": {
        "org": "schule:999001",
        "role": "verfassen",
        "pid": "AAAAAAAAAAAAAAAAAAAAAA",
        "auth": f"passkey:{digest('key')}",
    },
    "rcp": ["jugendamt:05170032.asd"],
    "obj": {
        "ty": "message",
        "id": an_id(2),
        "d": digest("receipt"),
        "ct": "schule-mitteilung/1.0.0/mitteilung",
        "n": 1,
    },
    "law": ["kkg-4-3"],
    "rule": "schule-mitteilung/1.0.0",
    "why": "",
    "tags": [f"{first}{'A' * 21}" for first in "-059"],
    "com": {"conversation": digest("a"), "query": digest("b"), "reason": digest("c")},
    "ref": [an_id(3)],
    "n": digest("nonce"),
}


def with_(*place: str | int, value: Any) -> dict[str, Any]:
    """Return the entry with another value at a place."""
    entry = copy.deepcopy(ENTRY)
    *way, last = place
    at: Any = entry
    for step in way:
        at = at[step]
    at[last] = value
    return entry


def without(*place: str) -> dict[str, Any]:
    entry = copy.deepcopy(ENTRY)
    *way, last = place
    at: Any = entry
    for step in way:
        at = at[step]
    del at[last]
    return entry


def verdicts(entry: Any) -> tuple[bool, bool, bool]:
    """Return what noun, schema and auditor's program say of the same entry."""
    leaf = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return (
        _holds(parse_entry, leaf, NotAnEntry),
        VALIDATOR.is_valid(entry),
        _holds(verify.read_entry, leaf, verify.Wrong),
    )


def _holds(read: Any, leaf: bytes, error: type[Exception]) -> bool:
    try:
        read(leaf)
    except error:
        return False
    return True


GOOD: Final[dict[str, Any]] = {
    "whole": ENTRY,
    "without commitments": without("com"),
    "without references": without("ref"),
    "without a count": without("obj", "n"),
    "with one commitment": with_("com", value={"reason": digest("c")}),
    "of a machine": with_("act", value={"org": "", "role": "", "pid": "", "auth": ""}),
    "by the hub": with_("act", "org", value="meldeweg.invalid/demo"),
    "by token": with_("act", "auth", value="dpop"),
    "to nobody": with_("rcp", value=[]),
    "under an agreement": with_("rule", value="agr-17@5/r3"),
    "under a digest": with_("rule", value=digest("agreement")),
    "refused": {
        **with_("obj", value={"ty": "request", "id": "", "d": "", "ct": "", "n": 17}),
        "k": "message.refused",
        "out": "refused",
        "why": "scope-exceeded",
    },
    "passed on": {**ENTRY, "k": "message.passing"},
    "a message forgotten": {**ENTRY, "k": "data.erased"},
    "a key destroyed": {
        **with_("obj", value={"ty": "conversation", "id": an_id(4), "d": "", "ct": ""}),
        "k": "data.erased",
    },
    "reminded": {**with_("obj", "d", value=""), "k": "reminder.sent", "why": "owed"},
    "read for a purpose": {**ENTRY, "k": "log.read", "why": "rechtmaessigkeit"},
    "about a key": {
        **with_("obj", value={"ty": "key", "id": digest("key"), "d": "", "ct": ""}),
        "k": "key.enrolled",
    },
    **{
        f"law {code}": with_("law", value=[code])
        for code in ("sgb8-8a-1", "kkg-4-3-s3", "bgb-1666a")
    },
}
PEOPLE: Final = (
    "Lisa Musterkind",
    "lisa musterkind",
    "M\u00fcller",
    "musterkind, lisa",
    "Musterweg 7, 59368 Werne",
    "12.03.2015",
    "2015-03-12",
    "0171 39200 01",
    "192.0.2.7",
    "kind@beispiel.invalid",
)
PLACES: Final[tuple[tuple[str | int, ...], ...]] = (
    ("id",),
    ("t",),
    ("node",),
    ("k",),
    ("out",),
    ("act", "role"),
    ("act", "pid"),
    ("act", "auth"),
    ("rcp", 0),
    ("obj", "ty"),
    ("obj", "d"),
    ("obj", "ct"),
    ("law", 0),
    ("why",),
    ("tags", 0),
    ("com", "reason"),
    ("ref", 0),
    ("n",),
)
NUMBERS: Final[tuple[tuple[str, ...], ...]] = (("v",), ("nseq",), ("obj", "n"))


SPOILED: Final[dict[str, Any]] = {
    "not an object": [ENTRY],
    "no members": {},
    "capitals in an id": with_("id", value=an_id(1).upper().replace("0", "A")),
    "an id of version 4": with_("id", value=an_id(1).replace("-7", "-4")),
    "a day that is none": with_("t", value="2026-11-32T08:00:00.000000Z"),
    "an hour that is none": with_("t", value="2026-11-21T24:00:00.000000Z"),
    "a time with offset": with_("t", value="2026-11-21T08:00:00.000000+01:00"),
    "a time in milliseconds": with_("t", value="2026-11-21T08:00:00.000Z"),
    "an unknown kind": with_("k", value="message.delivered"),
    "an unknown node": with_("node", value="lisa-1"),
    "a refusal without reason": with_("out", value="refused"),
    "a receipt without digest": with_("obj", "d", value=""),
    "a receipt without message": with_("obj", "id", value=""),
    "a receipt of a key": with_("obj", "ty", value="key"),
    "passed on with nothing": {**without("ref"), "k": "message.passing"},
    "passed on without a word": {**with_("obj", "d", value=""), "k": "message.passing"},
    "nothing forgotten": {**with_("obj", "id", value=""), "k": "data.erased"},
    "forgotten without its envelope": {**with_("obj", "d", value=""), "k": "data.erased"},
    "forgotten without law": {**with_("law", value=[]), "k": "data.erased"},
    "a unit forgotten": {**with_("obj", "ty", value="unit"), "k": "data.erased"},
    "three tags": with_("tags", value=ENTRY["tags"][:3]),
    "five tags": with_("tags", value=[*ENTRY["tags"], "A" * 22]),
    "a tag twice": with_("tags", value=[*ENTRY["tags"][:3], ENTRY["tags"][2]]),
    "tags in another order": with_("tags", value=ENTRY["tags"][::-1]),
    "a tag too long": with_("tags", 3, value="A" * 23),
    "a tag with trailing bits": with_("tags", 3, value="9" + "A" * 20 + "B"),
    "no commitments": with_("com", value={}),
    "an empty commitment": with_("com", value={"reason": None}),
    "no references": with_("ref", value=[]),
    "nine references": with_("ref", value=[an_id(n) for n in range(9)]),
    "seventeen recipients": with_("rcp", value=["schule:999001"] * 17),
    "nine laws": with_("law", value=["kkg-4-3"] * 9),
    "a digest with a prefix": with_("obj", "d", value="sha256:" + digest("x")),
    "a digest with trailing bits": with_("obj", "d", value="A" * 42 + "B"),
    "a line feed behind": with_("node", value="hub-1\n"),
    "a pseudonym too long": with_("act", "pid", value="A" * 23),
    "a pseudonym with trailing bits": with_("act", "pid", value="A" * 21 + "B"),
    "a step without version": with_("obj", "ct", value="schule-mitteilung/mitteilung"),
}
Place = tuple[str | int, ...]


def incomplete() -> Iterator[tuple[str, Any]]:
    """Give the entry without each member that it must have, and with one that it must not."""
    required: list[tuple[str, ...]] = [(name,) for name in ENTRY if name not in {"com", "ref"}]
    required += [("act", name) for name in ("org", "role", "pid", "auth")]
    required += [("obj", name) for name in ("ty", "id", "d", "ct")]
    for place in required:
        yield f"without {place}", without(*place)
    around: tuple[Place, ...] = ((), ("act",), ("obj",), ("com",))
    for above in around:
        yield f"one member more in {above}", with_(*above, "name", value=digest("x"))


def misplaced() -> Iterator[tuple[str, Any]]:
    """Give the entry with what is of another type, and with what would name a person."""
    strings: tuple[Place, ...] = (*PLACES, ("act", "org"), ("obj", "id"), ("rule",))
    wrong: tuple[Any, ...] = (None, 7, 7.0, True, [], {}, ["x"])
    for place, value in product(strings, wrong):
        yield f"{value!r} at {place}", with_(*place, value=value)
    numbers: tuple[Any, ...] = ("7", -1, 2**53, 1.0, 1.5, True, None, [7])
    for place, value in product(NUMBERS, numbers):
        yield f"{value!r} at {place}", with_(*place, value=value)
    for place, person in product(strings, PEOPLE):
        # An id of an organisation is in lower case without spaces, and so could be many things.
        if place in PLACES or not re.fullmatch("[0-9a-z.:/-]{3,}", person):
            yield f"{person} at {place}", with_(*place, value=person)


@pytest.mark.parametrize("name", GOOD)
def test_what_the_form_allows_all_three_allow(name: str) -> None:
    assert verdicts(GOOD[name]) == (True, True, True)


BAD: Final = SPOILED | dict(incomplete()) | dict(misplaced())


@pytest.mark.parametrize("name", BAD)
def test_what_the_form_does_not_allow_none_of_the_three_allows(name: str) -> None:
    entry = BAD[name]
    noun, schema, program = verdicts(entry)

    assert (noun, program) == (False, False)
    # For a schema 1.0 is the integer 1; the bytes are what the other two refuse.
    # And it knows no order.
    assert not schema or "1.0 at" in name or name == "tags in another order"


def test_every_member_has_been_tried() -> None:
    tried = {place[0] for place in (*PLACES, *NUMBERS)} | {"act", "obj", "rcp", "law", "rule"}

    assert tried | {"com", "ref"} == ENTRY.keys() == SCHEMA["properties"].keys()


def test_the_lists_of_words_are_the_same_in_all_three_places() -> None:
    members = SCHEMA["properties"]

    assert list(words.KINDS) == members["k"]["enum"]
    assert set(words.KINDS) == verify.KINDS
    assert list(words.REASONS) == members["why"]["enum"]
    assert set(words.REASONS) == verify.REASONS
    assert list(words.ROLES) == members["act"]["properties"]["role"]["enum"]
    assert set(words.ROLES) == verify.ROLES
    assert list(words.OBJECTS) == members["obj"]["properties"]["ty"]["enum"]
    assert set(words.OBJECTS) == verify.OBJECTS
    assert set(words.MESSAGE_KINDS) == verify.MESSAGE_KINDS


def test_every_refusal_can_be_entered() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    codes = {kind.code for kind in kinds if issubclass(kind, errors.Refusal) and kind.code}

    assert codes
    assert codes <= set(words.REASONS)


def test_every_legal_basis_of_the_house_can_be_entered() -> None:
    codes = {
        found[1]
        for file in Path("specs/law").glob("*.yaml")
        for found in re.finditer(r"- code: (\S+)", file.read_text("utf-8"))
    }

    assert codes
    assert {code for code in codes if not re.fullmatch(form.LAW, code)} == set()


def an_entry(**members: Any) -> form.Entry:
    given: dict[str, Any] = {
        "out": "ok",
        "act": {"org": "schule:999001"},
        "rcp": ("jugendamt:05170032.asd",),
        "obj": {"ty": "message", "id": an_id(2), "d": digest("receipt")},
        "law": ("kkg-4-3",),
        "rule": "",
        "why": "",
        "at": START,
        "node": "hub-1",
        "nseq": 0,
        "entry_id": an_id(1),
        "nonce": bytes(32),
        "tags": ENTRY["tags"],
    }
    kind = members.pop("kind", "message.accepted")
    return parse_entry(make_leaf(kind, **(given | members)))


def test_an_entry_is_what_its_leaf_says() -> None:
    entry = an_entry()

    assert parse_entry(entry.leaf()) == entry
    assert json.loads(entry.leaf())["act"] == {
        "org": "schule:999001",
        "role": "",
        "pid": "",
        "auth": "",
    }


@pytest.mark.parametrize(
    "at",
    [START.timestamp(), START.astimezone(timezone(timedelta(hours=1))), START.replace(tzinfo=UTC)],
)
def test_an_instant_has_one_spelling(at: datetime | float) -> None:
    assert an_entry(at=at).t == "2026-11-21T08:00:00.000000Z"


def test_a_moment_without_zone_is_no_instant() -> None:
    with pytest.raises(NotAnEntry):
        an_entry(at=START.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("members", "place"),
    [
        ({"rule": "Musterkind"}, "/rule"),
        ({"act": {"org": "schule:999001", "Musterkind": "x"}}, "/act"),
        ({"com": {"Musterkind": "x"}}, "/com"),
        ({"obj": {"ty": "message", "id": "Musterkind"}}, "/obj/id"),
        ({"kind": "Musterkind"}, "/k"),
        ({"nonce": b"Musterkind"}, "/n"),
    ],
)
def test_the_failure_names_the_place_and_never_what_stood_there(
    members: dict[str, Any], place: str
) -> None:
    with pytest.raises(NotAnEntry) as failed:
        an_entry(**members)

    assert place in str(failed.value)
    assert "Musterkind" not in str(failed.value)
    assert "TXVzdGVya2luZA" not in str(failed.value)


def test_what_is_no_json_with_integers_cannot_be_entered() -> None:
    with pytest.raises(NotAnEntry):
        an_entry(obj={"ty": "log", "n": 2**60})


@pytest.mark.parametrize(
    "spoil",
    [
        lambda leaf: leaf + b"\n",
        lambda leaf: b" " + leaf,
        lambda leaf: leaf.replace(b'"v":1', b'"v":1,"v":1'),
        lambda leaf: leaf.replace(b'"why":""', b'"why": ""'),
        lambda leaf: leaf.replace(b"hub-1", b"\\u0068ub-1"),
        lambda leaf: leaf.replace(b'"k":', b'"kind":'),
        lambda leaf: leaf[:-1],
        lambda leaf: b"\xef\xbb\xbf" + leaf,
        lambda leaf: leaf.replace(b'"nseq":0', b'"nseq":-0'),
    ],
)
def test_an_entry_in_a_second_spelling_is_none(spoil: Any) -> None:
    leaf = spoil(an_entry().leaf())

    with pytest.raises(NotAnEntry):
        parse_entry(leaf)
    with pytest.raises(verify.Wrong):
        verify.read_entry(leaf)


def test_an_entry_is_not_larger_than_four_kilobytes() -> None:
    leaf = jcs({**ENTRY, "why": "x" * MAX_LEAF})

    with pytest.raises(NotAnEntry, match="4096"):
        parse_entry(leaf)
    with pytest.raises(verify.Wrong, match="4096"):
        verify.read_entry(leaf)


def test_the_largest_entry_has_room() -> None:
    """Sixteen recipients with the longest ids, every optional member, and still below the limit."""
    party = f"landesjugendamtxyzqw:{'A' * 40}.{'a' * 24}"
    entry = {
        **ENTRY,
        "rcp": [party] * 16,
        "law": ["schulgnrw-41-4"] * 8,
        "ref": [an_id(n) for n in range(8)],
    }

    assert len(parse_entry(jcs(entry)).leaf()) < MAX_LEAF
