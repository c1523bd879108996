# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
# ruff: noqa: S608  raw SQL, put together from constants, is what is tried here
"""Whatever is changed in a copy of the database, the auditor's program says where."""

import base64
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest

from hub.audit import verify
from hub.audit.checkpoint import Checkpoint, sign_checkpoint
from hub.audit.merkle import leaf_hash
from hub.audit.note import key_id
from hub.audit.triggers import triggers
from hub.audit.verify import Finding, audit_db, verify_db
from specs.vectors.log import make
from tests.unit.audit.builders import (
    ORIGIN,
    START,
    a_draft,
    a_grown_log,
    a_private_key,
    a_signer,
    an_id,
)
from tests.unit.audit.network import a_small_hub

VKEY: Final = a_signer().verifier.vkey
UNCHECKED: Final = {("conversation", "closed_at"), ("hub", "created_at")}
"""Columns that repeat nothing that was signed."""
KEYS: Final = {
    "tile": ("level", "n"),
    "directory_entry": ("organisation", "version"),
    "adoption": ("organisation", "protocol"),
    "addition": ("message_id", "kid"),
    "audit_leaf": ("idx",),
    "audit_body": ("event_id",),
    "checkpoint": ("size",),
    "hub_key": ("kid",),
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small hub at which nothing is wrong."""
    path = tmp_path_factory.mktemp("sound") / "hub.db"
    a_small_hub(path).engine.dispose()
    return path


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log of 300 entries in groups of 50, with one full tile."""
    path = tmp_path_factory.mktemp("long") / "hub.db"
    a_grown_log(300, path=path)[0].dispose()
    return path


@pytest.fixture
def copy(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(sound, tmp_path / "copy.db"))


def change(path: Path, *statements: str, values: tuple[Any, ...] = ()) -> None:
    """Change a copy as somebody does who has the file: triggers go, and come back afterwards."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("foreign_keys=OFF", "ignore_check_constraints=ON", "synchronous=OFF"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in found.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement, values)
        for trigger in triggers("sqlite", of_log_alone=True):
            connection.execute(trigger)
        connection.execute("COMMIT")


def places(path: Path, vkey: str | None = VKEY) -> set[tuple[str, str]]:
    return {(found.table, found.column) for found in verify_db(path, vkey)}


def test_nothing_is_found_where_nothing_is_wrong(sound: Path, long: Path) -> None:
    for path, entries, checkpoints, messages in ((sound, 17, 17, 2), (long, 300, 6, 0)):
        audit = audit_db(path, VKEY)
        assert audit.findings == []
        assert (audit.entries, audit.checkpoints) == (entries, checkpoints)
        assert audit.messages == messages


def test_the_key_in_the_database_serves_where_none_is_given(sound: Path, long: Path) -> None:
    assert verify_db(sound) == []
    assert [str(found) for found in verify_db(long)] == [
        "checkpoint: ohne Schlüssel (--vkey) ist keine Unterschrift prüfbar"
    ]


# --- One bit, anywhere ---


def flipped(value: Any, seed: str) -> Any:
    """Return the value with one bit changed, at a place that the seed chooses."""
    at = int.from_bytes(sha256(seed.encode()).digest()[:8])
    if isinstance(value, int):
        return value ^ (1 << at % 20)
    octets = bytearray(value if isinstance(value, bytes) else value.encode())
    octets[at % len(octets)] ^= 1 << at // 7 % 7
    return bytes(octets) if isinstance(value, bytes) else octets.decode()


def cells(path: Path, *tables: str) -> Iterator[tuple[str, str, tuple[Any, ...], Any]]:
    """Give every value of every row: table, column, key of the row, value."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        for table in tables:
            for row in connection.execute(f"SELECT * FROM {table}"):
                key = tuple(row[name] for name in KEYS.get(table, ("id",)))
                for column in row.keys():  # noqa: SIM118  a row is no mapping
                    if row[column] is not None and (table, column) not in UNCHECKED:
                        yield table, column, key, row[column]


def names(finding: Finding, table: str, column: str, *keys: tuple[Any, ...]) -> bool:
    rows = {"/".join(map(str, key)) for key in keys} | {str(key[0]) for key in keys}
    return (
        finding.table == table
        and column in finding.column.split(",")
        and finding.row in {*rows, ""}
    )


def flip(path: Path, table: str, column: str, key: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    """Flip a bit of one cell; returns the key of its row afterwards.

    Where the first bit would make two rows one, which no file can hold, the next one is tried.
    """
    key_columns = KEYS.get(table, ("id",))
    where = " AND ".join(f"{name} = ?" for name in key_columns)
    for attempt in count():
        new = flipped(value, f"{attempt} {table} {column} {key}")
        try:
            change(path, f"UPDATE {table} SET {column} = ? WHERE {where}", values=(new, *key))
        except sqlite3.IntegrityError:
            continue
        break
    return tuple(new if name == column else old for name, old in zip(key_columns, key, strict=True))


LOG: Final = ("audit_event", "audit_body", "audit_leaf", "checkpoint")
REST: Final = (
    "message",
    "receipt",
    "addition",
    "conversation",
    "directory_entry",
    "adoption",
    "hub_key",
    "hub",
)


@pytest.mark.parametrize("table", [*LOG, *REST])
def test_one_flipped_bit_is_named_by_table_row_and_column(
    sound: Path, tmp_path: Path, table: str
) -> None:
    """Every column of every row, one bit each."""
    unnamed = []
    for number, (_, column, key, value) in enumerate(cells(sound, table)):
        path = Path(shutil.copy(sound, tmp_path / f"{number}.db"))
        after = flip(path, table, column, key, value)
        findings = verify_db(path, VKEY)
        if not any(names(finding, table, column, key, after) for finding in findings):
            unnamed.append((column, key, list(map(str, findings))))
        path.unlink()

    assert unnamed == []


@pytest.mark.parametrize("table", ["tile", "audit_leaf", "audit_body", "checkpoint"])
def test_one_flipped_bit_is_named_also_behind_a_full_tile(
    long: Path, tmp_path: Path, table: str
) -> None:
    chosen = [cell for place, cell in enumerate(cells(long, table)) if place % 31 in {0, 1, 2}]
    unnamed = []
    for number, (_, column, key, value) in enumerate(chosen):
        path = Path(shutil.copy(long, tmp_path / f"{number}.db"))
        after = flip(path, table, column, key, value)
        findings = verify_db(path, VKEY)
        if not any(names(finding, table, column, key, after) for finding in findings):
            unnamed.append((column, key, list(map(str, findings))))
        path.unlink()

    assert chosen
    assert unnamed == []


@pytest.mark.parametrize(
    ("table", "column", "key"),
    [("audit_body", "body", (a_draft(20).entry_id,)), ("audit_leaf", "leaf_hash", (20,))],
)
def test_the_signed_root_tells_body_from_leaf(
    long: Path, tmp_path: Path, table: str, column: str, key: tuple[Any, ...]
) -> None:
    path = Path(shutil.copy(long, tmp_path / "copy.db"))
    value = next(cell[3] for cell in cells(long, table) if cell[1:3] == (column, key))
    flip(path, table, column, key, value)

    assert places(path) == {(table, column)}


# --- What somebody does who knows the format ---


def rewritten(path: Path, signer: Any = None) -> None:
    """Compute leaves, tiles and roots anew from the bodies, and sign where a key is given."""
    with closing(sqlite3.connect(path)) as connection:
        bodies = [
            body
            for (body,) in connection.execute(
                "SELECT body FROM audit_leaf JOIN audit_body USING (event_id) ORDER BY idx"
            )
        ]
        sizes = [size for (size,) in connection.execute("SELECT size FROM checkpoint")]
    for index, body in enumerate(bodies):
        change(
            path,
            "UPDATE audit_leaf SET leaf_hash = ? WHERE idx = ?",
            values=(leaf_hash(body), index),
        )
    for size in sizes if signer else ():
        checkpoint = Checkpoint(ORIGIN, size, make.tree_hash(bodies[:size]))
        note = sign_checkpoint(checkpoint, signer)
        change(path, "UPDATE checkpoint SET note = ? WHERE size = ?", values=(note, size))


FORGE: Final = """UPDATE audit_body
  SET body = CAST(replace(CAST(body AS TEXT), 'sgb8-8a-1', 'kkg-4-3') AS BLOB)
  WHERE event_id = (SELECT event_id FROM audit_leaf WHERE idx = 2)"""


@pytest.fixture
def forged(tmp_path: Path) -> Path:
    """Five entries, the third of which says something else now."""
    path = tmp_path / "forged.db"
    a_grown_log(5, group=2, path=path)[0].dispose()
    change(path, FORGE)
    return path


def test_a_changed_body_is_named_though_its_leaf_still_has_the_old_hash(forged: Path) -> None:
    assert places(forged) == {("audit_body", "body")}


def test_body_and_whole_tree_changed_leaves_the_signatures(forged: Path) -> None:
    rewritten(forged)

    assert places(forged) == {("checkpoint", "note")}


def test_body_and_tree_changed_and_signed_with_another_key(forged: Path) -> None:
    rewritten(forged, a_signer("thief"))

    assert places(forged) == {("checkpoint", "note"), ("audit_leaf", "idx")}


def test_who_has_the_database_and_the_key_can_write_history_anew(forged: Path) -> None:
    """The limit of what a copy alone can show; against it stand receipts and witnesses."""
    rewritten(forged, a_signer())

    assert places(forged) == set()


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (["DELETE FROM audit_leaf WHERE idx = 5"], ("audit_leaf", "idx")),
        (["DELETE FROM audit_leaf WHERE idx = 16"], ("checkpoint", "size")),
        (["DELETE FROM addition"], ("addition", "message_id")),
        (["UPDATE addition SET wrap = NULL"], ("addition", "wrap")),
        (["UPDATE addition SET added = 1 - added WHERE wrap IS NOT NULL"], ("addition", "added")),
        (["DELETE FROM audit_body WHERE event_id LIKE '%05'"], ("audit_body", "event_id")),
        (["DELETE FROM audit_event WHERE id LIKE '%05'"], ("audit_event", "id")),
        (["DELETE FROM checkpoint WHERE size = 17"], ("audit_leaf", "idx")),
        (["DELETE FROM checkpoint"], ("audit_leaf", "idx")),
        (["DELETE FROM message WHERE position = 1"], ("audit_event", "message_id")),
        (["DELETE FROM message WHERE position = 1"], ("receipt", "message_id")),
        (["DELETE FROM message WHERE position = 1"], ("conversation", "id")),
        (["DELETE FROM receipt WHERE word = 'overdue'"], ("receipt", "jws")),
        (["DELETE FROM receipt WHERE word = 'overdue'"], ("audit_event", "id")),
        (["DELETE FROM receipt WHERE word = 'accepted'"], ("message", "id")),
        (["DELETE FROM receipt WHERE word = 'opened'"], ("audit_event", "id")),
        (["DELETE FROM receipt WHERE word = 'erased'"], ("audit_event", "id")),
        (["DELETE FROM directory_entry WHERE version = 2"], ("audit_event", "id")),
        (["DELETE FROM directory_entry WHERE version = 1"], ("directory_entry", "jws")),
        (["UPDATE message SET body = NULL WHERE position = 1"], ("message", "body")),
        (
            ["UPDATE message SET body = NULL, wraps = NULL WHERE position = 1"],
            ("message", "wraps"),
        ),
        (["UPDATE message SET body = x'7b7d' WHERE position = 2"], ("message", "body")),
        (["UPDATE message SET state = 'taken' WHERE position = 1"], ("message", "state")),
        (["UPDATE message SET state = 'accepted' WHERE position = 2"], ("message", "state")),
        (
            [
                "UPDATE audit_leaf SET idx = -1 WHERE idx = 3",
                "UPDATE audit_leaf SET idx = 3 WHERE idx = 4",
                "UPDATE audit_leaf SET idx = 4 WHERE idx = -1",
            ],
            ("checkpoint", "note"),
        ),
        (
            ["UPDATE audit_event SET kind = 'message.held' WHERE kind = 'message.overdue'"],
            ("audit_event", "kind"),
        ),
        (["INSERT INTO tile VALUES (0, 0, zeroblob(8192))"], ("tile", "level,n")),
        (["INSERT INTO tile VALUES (1, 7, x'00')"], ("tile", "level,n")),
        (
            ["INSERT INTO cosignature VALUES (14, 'zeuge.invalid', 'nonsense')"],
            ("cosignature", "line"),
        ),
        (
            [
                (
                    "INSERT INTO cosignature"
                    " VALUES (99, 'zeuge.invalid', '\u2014 zeuge.invalid AAAAAAA=')"
                )
            ],
            ("cosignature", "line"),
        ),
        (
            [
                (
                    "INSERT INTO cosignature"
                    " VALUES (14, 'zeuge.invalid', '\u2014 anderer.invalid AAAAAAA=')"
                )
            ],
            ("cosignature", "witness"),
        ),
        (["DELETE FROM hub_key WHERE use = 'receipt'"], ("receipt", "jws")),
        (["UPDATE hub_key SET use = 'token' WHERE use = 'receipt'"], ("receipt", "jws")),
        (["DROP TABLE tile", "CREATE TABLE tile (level, n, hashes)"], None),
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_was_done_is_found(
    copy: Path, statements: list[str], expected: tuple[str, str] | None
) -> None:
    change(copy, *statements)

    if expected is None:
        assert places(copy) == set()
    else:
        assert expected in places(copy)


def test_an_entry_that_was_appended_without_the_hub_is_found(copy: Path) -> None:
    event = an_id(777)
    change(
        copy,
        f"INSERT INTO audit_event VALUES ('{event}', NULL, 'log.read')",
        f"INSERT INTO audit_body VALUES ('{event}', x'7b7d')",
    )

    assert places(copy) == {("audit_event", "id"), ("audit_body", "event_id")}


def test_a_log_cut_to_an_older_checkpoint_is_not_found_by_the_copy_alone(
    long: Path, tmp_path: Path
) -> None:
    """As with any log: only someone who kept a later checkpoint or receipt can tell."""
    path = Path(shutil.copy(long, tmp_path / "cut.db"))
    late = "SELECT event_id FROM audit_leaf WHERE idx >= 250"
    change(
        path,
        "DELETE FROM checkpoint WHERE size > 250",
        f"DELETE FROM audit_body WHERE event_id IN ({late})",
        f"DELETE FROM audit_event WHERE id IN ({late})",
        "DELETE FROM audit_leaf WHERE idx >= 250",
        "DELETE FROM tile",
    )

    assert places(path) == set()


OF_THE_LOG: Final = sorted(
    statement.split()[2] for statement in triggers("sqlite", of_log_alone=True)
)


@pytest.mark.parametrize("name", OF_THE_LOG)
def test_a_dropped_trigger_is_named(copy: Path, name: str) -> None:
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute(f"DROP TRIGGER {name}")

    assert [(found.table, found.row) for found in verify_db(copy, VKEY)] == [
        ("sqlite_master", name)
    ]


def test_a_trigger_that_does_nothing_is_no_trigger(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("DROP TRIGGER tile_no_update")
        connection.execute(
            "CREATE TRIGGER tile_no_update BEFORE UPDATE ON tile BEGIN SELECT 1; END"
        )

    assert places(copy) == {("sqlite_master", "sql")}


def test_another_key_than_the_logs_verifies_nothing(copy: Path) -> None:
    assert ("checkpoint", "note") in places(copy, a_signer("thief").verifier.vkey)
    other = a_signer(name="fremd.invalid/log").verifier.vkey
    assert ("hub", "id") in places(copy, other)


def test_a_cosignature_is_verified_where_the_witness_is_known(long: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(long, tmp_path / "copy.db"))
    witness, vkey, line = a_cosignature(path, 300)
    change(path, "INSERT INTO cosignature VALUES (300, ?, ?)", values=(witness, line))
    assert verify_db(path, VKEY, [vkey]) == []

    change(path, "INSERT INTO cosignature VALUES (250, ?, ?)", values=(witness, line))

    assert [str(found) for found in verify_db(path, VKEY, [vkey])] == [
        f"cosignature[250/{witness}].line: die Unterschrift des Zeugen ist falsch"
    ]
    assert verify_db(path, VKEY) == []


def a_cosignature(path: Path, size: int) -> tuple[str, str, str]:
    """Return label, vkey and line of a witness that saw a checkpoint (C2SP tlog-cosignature)."""
    private = a_private_key("witness")
    material = b"\x04" + private.public_key().public_bytes_raw()
    name, identity = "zeuge.invalid", key_id("zeuge.invalid", material)
    with closing(sqlite3.connect(path)) as connection:
        (note,) = connection.execute(
            "SELECT note FROM checkpoint WHERE size = ?", (size,)
        ).fetchone()
    second = int(START.timestamp())
    text = note.rpartition("\n\n")[0] + "\n"
    signature = private.sign(f"cosignature/v1\ntime {second}\n{text}".encode())
    blob = base64.b64encode(identity + second.to_bytes(8) + signature).decode()
    vkey = f"{name}+{identity.hex()}+{base64.b64encode(material).decode()}"
    return f"{name}+{identity.hex()}", vkey, f"\u2014 {name} {blob}\n"


# --- Files that are none ---


def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "hub.db"
    path.write_bytes(b"no database, whatever its name says" * 100)

    assert [found.table for found in verify_db(path, VKEY)] == ["sqlite"]


def test_a_key_that_is_none_and_a_file_that_is_not_there_are_findings(sound: Path) -> None:
    assert [found.text for found in verify_db(sound, "nonsense")] == [
        "kein Schlüssel der Form Name+Kennung+Schlüssel"
    ]
    assert [found.text for found in verify_db(sound.with_name("no.db"), VKEY)] == [
        "keine solche Datei"
    ]


def test_a_table_that_takes_anything_is_not_believed(copy: Path) -> None:
    """Without its types a table can hold what no program expects."""
    change(
        copy,
        "CREATE TABLE other (idx, event_id, leaf_hash)",
        "INSERT INTO other SELECT 'many', event_id, leaf_hash FROM audit_leaf",
        "DROP TABLE audit_leaf",
        "ALTER TABLE other RENAME TO audit_leaf",
    )

    assert ("sqlite", "") in places(copy)


def test_a_database_without_a_log_is_said_to_have_none(tmp_path: Path) -> None:
    path = tmp_path / "hub.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE audit_leaf (idx)")

    assert {found.text for found in verify_db(path, VKEY)} == {"die Tabelle fehlt"}


def test_one_flipped_byte_of_the_file_is_found_or_harmless(long: Path, tmp_path: Path) -> None:
    """Harmless is a byte that no row uses: what the file says is then still the same."""
    octets = long.read_bytes()
    path = tmp_path / "copy.db"
    for number in range(60):
        at = int.from_bytes(sha256(f"byte {number}".encode()).digest()[:6]) % len(octets)
        changed = bytearray(octets)
        changed[at] ^= 1 << number % 8
        path.write_bytes(changed)
        if not verify_db(path, VKEY):
            assert dump(path) == dump(long), at


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


# --- The program ---


def run(*arguments: object) -> tuple[int, str]:
    """Run the file alone, as an auditor does who has nothing else of the hub."""
    command = [sys.executable, "-I", "-S", verify.__file__, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, check=False, encoding="utf-8")
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_the_program_runs_alone_and_without_any_package(sound: Path) -> None:
    code, output = run("db", sound, "--vkey", VKEY)

    assert (code, output) == (
        0,
        "In Ordnung. Geprüft: 17 Einträge, 17 Prüfpunkte, 2 Nachrichten.\n",
    )


def test_the_program_says_where_its_key_came_from(sound: Path) -> None:
    code, output = run("db", sound)

    assert code == 0
    assert "stammt aus dem Geprüften selbst" in output


def test_the_program_prints_one_finding_a_line(copy: Path) -> None:
    change(copy, "UPDATE message SET state = 'taken' WHERE position = 1")

    code, output = run("db", copy, "--vkey", VKEY)
    assert code == 1
    assert ".state: ist nicht die Folge der Quittungen" in output
    assert output.splitlines()[-1].startswith("1 Befunde.")

    code, output = run("db", copy, "--vkey", VKEY, "--json")
    assert code == 1
    (line,) = output.splitlines()
    assert json.loads(line).keys() == {"table", "row", "column", "text"}


@pytest.mark.parametrize(
    "arguments", [("db", "nowhere.db"), ("db", "nowhere.db", "--vkey", "nonsense")]
)
def test_the_program_says_no_to_what_it_cannot_read(arguments: tuple[str, ...]) -> None:
    assert run(*arguments)[0] == 2


def test_the_program_imports_nothing_of_the_hub() -> None:
    source = Path(verify.__file__).read_text("utf-8")

    assert "hub" not in {
        word.split(".")[0]
        for line in source.splitlines()
        if line.startswith(("import ", "from "))
        for word in line.split()[1:2]
    }
