# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""PostgreSQL: one writer, commits that are ones, connections that come back, and no values told."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from hub.errors import LogUnavailable, ReadOnly
from hub.store.engine import Database, open_database
from hub.store.messages import read_content
from hub.store.postgresql import PostgresqlDatabase, Server, read_server
from hub.store.readers import Readers
from hub.store.retention import erase_content
from hub.store.writer import Writer
from tests.databases import postgresql_only, server
from tests.unit.store.builders import a_message, an_id, enter_message
from tests.unit.store.journal import Journal, a_writer, names

pytestmark = postgresql_only

SETTINGS = {
    "writing": {
        "transaction_isolation": "read committed",
        "transaction_read_only": "off",
        "idle_session_timeout": "0",
        "lock_timeout": "10s",
    },
    "reading": {"transaction_isolation": "repeatable read", "transaction_read_only": "on"},
}
COMMON = {
    "timezone": "UTC",
    "search_path": "public",
    "statement_timeout": "5min",
    "idle_in_transaction_session_timeout": "2min",
    "client_encoding": "UTF8",
}


@pytest.fixture
def journal() -> Journal:
    return Journal()


@pytest.fixture
def writer(database: Database, journal: Journal) -> Iterator[Writer]:
    with a_writer(database, journal) as made:
        yield made


def enter(name: str) -> Any:
    def work(connection: Connection) -> str:
        connection.execute(text("INSERT INTO hub VALUES (:name, 0)"), {"name": name})
        return name

    return work


def kept(database: Database) -> list[str]:
    with database.reading.connect() as connection:
        return names(connection)


def name_of(database: Database) -> str:
    return str(database.writing.url.database)


def end_connections(database: Database, like: str = "%") -> int:
    """Have the server end what is connected to a database, as an operator would."""
    ended = server().run(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"  # noqa: S608
        f" WHERE datname = '{name_of(database)}' AND application_name LIKE '{like}'"
    )
    return len(ended)


@pytest.mark.parametrize(
    ("side", "name", "value"),
    [
        (side, name, value)
        for side, own in SETTINGS.items()
        for name, value in (COMMON | own).items()
    ],
)
def test_a_setting_is_in_force(database: Database, side: str, name: str, value: str) -> None:
    with getattr(database, side).connect() as connection:
        assert connection.exec_driver_sql(f"SHOW {name}").scalar() == value


def test_the_database_says_what_it_is(database: Database) -> None:
    with database.reading.connect() as connection:
        found = read_server(connection)

    assert database.kind == "postgresql"
    assert database.describe().startswith("PostgreSQL ")
    assert found.is_durable
    assert (found.data_checksums, found.encoding) == (True, "UTF8")
    assert found.version >= 150_000


@pytest.mark.parametrize(
    ("fsync", "pages", "commit", "is_durable"),
    [
        (True, True, "on", True),
        (True, True, "remote_apply", True),
        (True, True, "off", False),
        (True, True, "local", False),
        (False, True, "on", False),
        (True, False, "on", False),
    ],
)
def test_what_a_server_must_not_do_without(
    fsync: bool, pages: bool, commit: str, is_durable: bool
) -> None:
    found = Server(150_000, "UTF8", fsync, pages, commit, data_checksums=True)

    assert found.is_durable is is_durable


def test_a_second_node_does_not_get_the_writing_side(database: Database) -> None:
    """Two writers would write two logs."""
    with database.writing.connect():
        pass
    second = open_database(server().address(name_of(database)))
    try:
        with pytest.raises(ReadOnly, match="Ein anderer Hub"), second.writing.connect():
            pass
        with second.reading.connect() as connection:
            assert names(connection) == [], "whoever only looks is not kept out"
    finally:
        second.dispose()


def test_the_next_node_gets_it_when_the_first_has_ended(database: Database) -> None:
    with database.writing.connect():
        pass
    database.dispose()
    second = open_database(server().address(name_of(database)))
    try:
        with second.writing.connect() as connection:
            assert connection.exec_driver_sql("SELECT 1").scalar() == 1
    finally:
        second.dispose()


def test_a_connection_that_died_while_idle_is_made_anew_before_anybody_fails(
    database: Database, writer: Writer, journal: Journal
) -> None:
    writer.commit_now(enter("a"))
    end_connections(database)

    assert writer.commit_now(enter("b")) == "b"

    assert kept(database) == ["a", "b"]
    assert journal.times_opened == 2, "somebody else may have written meanwhile"


def test_a_connection_that_dies_in_the_middle_fails_its_group_alone(
    database: Database, writer: Writer, journal: Journal
) -> None:
    writer.commit_now(enter("a"))

    def die(connection: Connection) -> None:
        enter("b")(connection)
        end_connections(database)
        enter("c")(connection)

    with pytest.raises(LogUnavailable):
        writer.commit_now(die)
    assert not writer.is_well
    assert writer.commit_now(enter("d")) == "d"

    assert kept(database) == ["a", "d"]
    assert journal.times_opened == 2
    assert holders(database) == 1, "the lock was taken again"


def holders(database: Database) -> int:
    """Return how many have the writing side of a database."""
    [(number,)] = server().run(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        name_of(database),
    )
    return int(str(number))


def test_while_somebody_else_has_the_lock_nothing_is_written(
    database: Database, writer: Writer
) -> None:
    writer.commit_now(enter("a"))
    second = open_database(server().address(name_of(database)))
    try:
        end_connections(database)
        with second.writing.connect():
            pass
        with pytest.raises(ReadOnly, match="Ein anderer Hub"):
            writer.commit_now(enter("b"))
    finally:
        second.dispose()

    assert writer.commit_now(enter("c")) == "c"
    assert kept(database) == ["a", "c"]


def test_the_log_is_not_taken_up_again_while_all_is_well(writer: Writer, journal: Journal) -> None:
    for name in "abc":
        writer.commit_now(enter(name))

    assert journal.times_opened == 1


def test_after_a_group_that_failed_the_log_is_taken_up_again(
    writer: Writer, journal: Journal
) -> None:
    writer.commit_now(enter("a"))

    def fail(connection: Connection) -> None:
        connection.exec_driver_sql("DO $$ BEGIN RAISE 'x' USING ERRCODE = '53300'; END $$")

    with pytest.raises(LogUnavailable):
        writer.commit_now(fail)
    writer.commit_now(enter("b"))

    assert journal.times_opened == 2


def test_a_commit_that_was_none_is_not_taken_for_one(
    database: Database, writer: Writer, journal: Journal
) -> None:
    """In a transaction that has failed, the server takes COMMIT for ROLLBACK without a word."""

    def swallow(connection: Connection) -> str:
        enter("a")(connection)
        return "a"

    def break_it(connection: Connection) -> None:
        cursor = connection.connection.driver_connection.cursor()  # type: ignore[union-attr]
        try:
            cursor.execute("SELECT * FROM nirgends")
        except Exception:  # noqa: BLE001  whoever swallows it has broken the transaction
            return

    event.listen(database.writing, "commit", break_it)
    with pytest.raises(LogUnavailable):
        writer.commit_now(swallow)
    event.remove(database.writing, "commit", break_it)

    assert kept(database) == []
    assert journal.groups == []
    assert writer.commit_now(enter("b")) == "b"


def test_the_server_itself_says_nothing_of_it(database: Database) -> None:
    """So the test above is about something."""
    with database.writing.connect() as connection:
        raw: Any = connection.connection.driver_connection
        with pytest.raises(DBAPIError):
            connection.exec_driver_sql("SELECT * FROM nirgends")
        assert raw.execute("COMMIT").statusmessage == "ROLLBACK"


@pytest.mark.anyio
async def test_an_answer_that_breaks_the_transaction_breaks_nobody_elses(
    database: Database, writer: Writer
) -> None:
    def ask_for_nonsense(connection: Connection, _result: str) -> None:
        connection.exec_driver_sql("SELECT * FROM nirgends")

    with pytest.raises(LogUnavailable):
        await writer.commit(enter("a"), ask_for_nonsense)

    assert kept(database) == ["a"], "it was kept, and only its answer could not be made"
    assert writer.is_well


def test_a_job_that_swallows_what_the_database_said_fails_as_a_whole(
    database: Database, writer: Writer
) -> None:
    def swallow(connection: Connection) -> None:
        enter("a")(connection)
        try:
            enter("a")(connection)
        except IntegrityError:
            return

    with pytest.raises(LogUnavailable):
        writer.commit_now(swallow)

    assert kept(database) == []
    assert writer.commit_now(enter("b")) == "b"


def test_a_question_is_asked_again_where_its_connection_had_died(database: Database) -> None:
    readers = Readers(database.reading)
    try:
        assert readers.run_now(names) == []
        assert end_connections(database, "%reading") > 0

        assert readers.run_now(names) == []
    finally:
        readers.stop()


def test_a_question_that_nobody_answers_is_a_failure() -> None:
    nowhere = open_database("postgresql://meldeweg@/meldeweg?host=/nirgends")
    readers = Readers(nowhere.reading)
    try:
        with pytest.raises(LogUnavailable):
            readers.run_now(names)
    finally:
        readers.stop()
        nowhere.dispose()


def erring(engine: Engine, statement: str, **values: object) -> str:
    with pytest.raises(DBAPIError) as broken, engine.begin() as connection:
        connection.execute(text(statement), values)
    return f"{broken.value!r} {broken.value} {broken.value.orig!r} {broken.value.orig}"


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        ("INSERT INTO hub VALUES (:name, 0), (:name, 1)", {"name": "Beispielkind"}),
        ("INSERT INTO event VALUES (:name, 'nirgends')", {"name": "Beispielkind"}),
        ("INSERT INTO hub VALUES (:name, NULL)", {"name": "Beispielkind"}),
        ("INSERT INTO hub VALUES ('a', CAST(:name AS TEXT)::bigint)", {"name": "Beispielkind"}),
        ("INSERT INTO hub VALUES (:name, 0)", {"name": "Beispiel\0kind"}),
        ("INSERT INTO audit_event VALUES ('a', :name, 'message.taken')", {"name": "Beispielkind"}),
        (
            "INSERT INTO audit_event VALUES ('a', :name, 'message.accepted')",
            {"name": "Beispielkind"},
        ),
    ],
    ids=["unique", "reference", "null", "type", "nul", "check", "deferred reference"],
)
def test_an_error_does_not_repeat_what_was_sent(
    database: Database, statement: str, values: dict[str, object]
) -> None:
    """The server quotes keys and whole rows in its details."""
    said = erring(database.writing, statement, **values)

    assert "Beispiel" not in said


def test_an_error_still_says_which_rule_was_broken(database: Database) -> None:
    said = erring(database.writing, "INSERT INTO event VALUES ('a', 'b')")

    assert "event_receipt_id_fkey" in said


def test_an_address_is_not_repeated_where_it_is_wrong() -> None:
    for address in (
        "mysql://hub:geheim@host/db",
        "postgresql+asyncpg://hub:geheim@h/d",
        "://geheim",
    ):
        with pytest.raises(ValueError, match="postgresql://") as wrong:
            open_database(address)
        assert "geheim" not in str(wrong.value)


def test_a_password_is_in_no_text_about_a_database() -> None:
    database = open_database("postgresql://hub:geheim@/db?host=/nirgends")
    try:
        with pytest.raises(OperationalError) as unreachable, database.reading.connect():
            pass
        assert "geheim" not in f"{database!r} {database.describe()} {unreachable.value}"
    finally:
        database.dispose()


def test_a_table_takes_no_value_of_another_type(database: Database) -> None:
    with pytest.raises(DBAPIError), database.writing.begin() as connection:
        connection.exec_driver_sql("INSERT INTO hub VALUES ('a', 'gestern')")


def test_ids_stand_in_the_order_of_their_bytes(database: Database) -> None:
    """In the order of this server's language „a:b“ and „ab“ stand elsewhere than in SQLite's."""
    ids = ["B", "a", "a-c", "a:b", "ab", "ä"]
    with database.writing.begin() as connection:
        for name in reversed(ids):
            enter(name)(connection)
        found = connection.execute(text("SELECT id FROM hub ORDER BY id")).scalars().all()
        german = connection.execute(text('SELECT id FROM hub ORDER BY id COLLATE "de-x-icu"'))

    assert found == sorted(ids, key=str.encode)
    assert german.scalars().all() != found


def test_erased_content_is_vacuumed_beside_the_writer(database: Database) -> None:
    assert isinstance(database, PostgresqlDatabase)
    dead = "SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = 'message'"
    with database.writing.begin() as connection:
        enter_message(connection, a_message(1))
    with database.writing.begin() as connection:
        erase_content(connection, an_id(1))
    with database.writing.connect() as connection:
        connection.exec_driver_sql("SELECT pg_stat_force_next_flush()")
    before = server().run(dead, name_of(database))

    database.vacuum.run()

    assert (before, server().run(dead, name_of(database))) == ([(1,)], [(0,)])
    with database.reading.connect() as connection:
        assert read_content(connection, an_id(1)) is None


def test_whoever_asks_for_a_vacuum_does_not_wait_for_it(database: Database) -> None:
    assert isinstance(database, PostgresqlDatabase)

    assert database.forget()
    assert database.forget()

    database.dispose()
