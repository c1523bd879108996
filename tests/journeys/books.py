# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does a hub hold, and does a refusal leave no more behind than it must?"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import httpx2
from sqlalchemy import Connection, func, select, table

from hub.audit.tables import audit_body, audit_leaf
from hub.protocols.compiled import load_compiled
from hub.sealing.canonical import unb64
from tests.world import World

CANARY: Final = "Kanarienvogel-Erfunden"
"""Stands where a name, a value or a member might be echoed."""
TABLES: Final = (
    "message",
    "conversation",
    "receipt",
    "lease",
    "event",
    "participant",
    "directory_entry",
    "adoption",
)
_WORD: Final = re.compile(r"[A-Za-z0-9_-]{12,}")


@dataclass(frozen=True)
class Books:
    """What a hub holds, counted."""

    rows: Mapping[str, int]
    log: int


@dataclass(frozen=True)
class No:
    """How the hub says no: with which status and code, and where."""

    status: int
    code: str
    pointers: tuple[str, ...] = ()


def books(world: World) -> Books:
    return world.node.readers.run_now(_count)


def entries(world: World, since: int) -> list[dict[str, Any]]:
    """Return the entries of the log from an index on."""

    def read(connection: Connection) -> list[dict[str, Any]]:
        query = (
            select(audit_body.c.body)
            .join(audit_leaf, audit_leaf.c.event_id == audit_body.c.event_id)
            .where(audit_leaf.c.idx >= since)
            .order_by(audit_leaf.c.idx)
        )
        return [json.loads(body) for body in connection.execute(query).scalars()]

    return world.node.readers.run_now(read)


def check_said(answer: httpx2.Response, no: No) -> dict[str, Any]:
    """Hold an answer against what it has to be: a problem with this code at these places."""
    assert answer.status_code == no.status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["code"] == no.code
    assert problem["status"] == no.status
    assert problem["type"].rpartition("/")[2] == no.code
    assert tuple(problem.get("pointers", ())) == no.pointers
    return problem


def check_kept_quiet(answer: httpx2.Response, sent: bytes, world: World) -> None:
    """Hold an answer and the log against what was sent: none of its words is repeated.

    What the hub itself publishes, as the names of steps and places, is no secret.
    """
    told = set(_words(answer.text))
    secret = {word for part in _parts(sent) for word in _words(part)}
    assert not told & secret - _published()
    assert CANARY not in answer.text
    assert CANARY not in json.dumps(entries(world, 0))


def check_left_nothing(world: World, before: Books) -> None:
    assert books(world) == before


def check_left_one_entry(world: World, before: Books, **said: object) -> dict[str, Any]:
    """Nothing was stored but one entry, and it says this; return it."""
    now = books(world)
    assert now.rows == before.rows
    [entry] = entries(world, before.log)
    assert now.log == before.log + 1
    assert entry["out"] == "refused"
    assert {name: _member(entry, name) for name in said} == said
    return entry


def _member(entry: dict[str, Any], name: str) -> object:
    found: Any = entry
    for part in name.split("_"):
        found = found[part]
    return found


def _count(connection: Connection) -> Books:
    rows = {
        name: connection.execute(select(func.count()).select_from(table(name))).scalar_one()
        for name in TABLES
    }
    log = connection.execute(select(func.count()).select_from(audit_leaf)).scalar_one()
    return Books(rows, log)


def _parts(sent: bytes) -> list[str]:
    """Return what was sent, and what can be read of it where it is encoded."""
    text = sent.decode("utf-8", errors="replace")
    parts = [text]
    for word in _WORD.findall(text):
        try:
            parts.append(unb64(word).decode("utf-8"))
        except ValueError:
            continue
    return parts


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


@cache
def _published() -> frozenset[str]:
    """Return what anybody may know: the words of protocols and the places of schemas."""
    catalogue = load_compiled()
    protocols = [each.model_dump_json() for each in catalogue.all()]
    schemas = map(catalogue.schemas.by_name, catalogue.schemas.names)
    places = [pointer for schema in schemas for pointer in schema.pointers]
    return frozenset(word for text in (*protocols, *places) for word in _words(text))
