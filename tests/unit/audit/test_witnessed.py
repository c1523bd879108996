# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which checkpoint counts as witnessed: the newest that is enough, or the first behind an entry."""

from collections.abc import Iterator, Sequence

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from hub.audit import tables
from hub.audit.note import parse_note
from hub.audit.policy import Policy, parse_policy
from hub.audit.witnessed import (
    PAGE,
    WITHOUT,
    add_lines,
    read_cosigned,
    read_lines,
    read_size_seen,
    read_witnessed,
)
from tests.unit.audit.builders import a_database, a_draft, a_log, append_all
from tests.unit.audit.witnesses import BEGIN, a_cosigner

COSIGNERS = {name: a_cosigner(f"{name}.invalid/w1") for name in ("dsb", "nord", "sued")}
GROUPS = "group nachbarn any nord sued\ngroup alle all dsb nachbarn\nquorum alle\n"
POLICY: Policy = parse_policy(
    "".join(f"witness {name} {each.key.vkey}\n" for name, each in COSIGNERS.items()) + GROUPS
)
SIZES = 8


@pytest.fixture
def connection() -> Iterator[Connection]:
    """A log with a checkpoint for each of its entries."""
    engine, log = a_database(), a_log()
    for number in range(SIZES):
        append_all(engine, log, [a_draft(number)])
    with engine.begin() as connection:
        yield connection


def cosign(connection: Connection, size: int, names: Sequence[str]) -> None:
    query = tables.checkpoint.select().where(tables.checkpoint.c.size == size)
    text = parse_note(connection.execute(query).one().note).text
    chosen = [COSIGNERS[name] for name in names]
    add_lines(connection, size, {each.key.label: each.cosign(text, BEGIN) for each in chosen})


def size_of(connection: Connection, **asked: int) -> int | None:
    found = read_witnessed(connection, POLICY, **asked)
    return None if found is None else found[0].size


def test_the_newest_is_the_last_that_is_enough(connection: Connection) -> None:
    cosign(connection, 2, ["dsb", "nord"])
    cosign(connection, 4, ["dsb", "sued"])
    cosign(connection, 6, ["nord", "sued"])
    cosign(connection, 7, ["dsb"])

    assert size_of(connection) == 4
    assert size_of(connection, most=3) == 2
    assert size_of(connection, most=1) is None


def test_behind_an_entry_the_first_that_is_enough_counts_for_ever(connection: Connection) -> None:
    cosign(connection, 3, ["nord", "sued"])
    cosign(connection, 5, ["dsb", "nord"])
    assert size_of(connection, behind=1) == 5

    cosign(connection, 7, ["dsb", "nord", "sued"])

    assert [size_of(connection, behind=index) for index in (0, 4, 5, 6, 7)] == [5, 5, 7, 7, None]


def test_a_policy_that_asks_for_nobody_is_met_by_every_checkpoint(connection: Connection) -> None:
    newest, first = (
        read_witnessed(connection, WITHOUT),
        read_witnessed(connection, WITHOUT, behind=2),
    )

    assert newest is not None
    assert first is not None
    assert (newest[0].size, first[0].size) == (SIZES, 3)


def test_the_note_bears_all_lines_that_there_are(connection: Connection) -> None:
    cosign(connection, SIZES, ["sued"])
    cosign(connection, SIZES, ["dsb", "sued"])

    newest = read_cosigned(connection)

    assert newest is not None
    names = [name for name, _ in parse_note(newest[1]).signatures]
    assert names[1:] == ["dsb.invalid/w1", "sued.invalid/w1"]
    assert len(read_lines(connection, SIZES)) == 2
    assert read_size_seen(connection, [COSIGNERS["sued"].key.label]) == SIZES
    assert read_size_seen(connection, [COSIGNERS["nord"].key.label]) == 0


def test_a_line_stays_as_it_was_entered(connection: Connection) -> None:
    cosign(connection, 2, ["dsb"])

    with pytest.raises(DatabaseError, match="append only"):
        connection.execute(tables.cosignature.update().values(line="x"))


def test_many_that_are_not_enough_do_not_hide_one_that_is() -> None:
    """More than one page of checkpoints that two witnesses saw, who together are too few."""
    engine, log = a_database(), a_log()
    for number in range(PAGE + 6):
        append_all(engine, log, [a_draft(number)])
    with engine.begin() as connection:
        cosign(connection, 1, ["dsb", "nord"])
        for size in range(2, PAGE + 4):
            cosign(connection, size, ["nord", "sued"])
        cosign(connection, PAGE + 5, ["dsb", "nord"])

        assert size_of(connection, most=PAGE + 4) == 1
        assert size_of(connection, behind=1) == PAGE + 5
