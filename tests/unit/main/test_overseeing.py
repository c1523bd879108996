# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the operator does with the hub itself is done by command, entered, and says so."""

import asyncio
import json
import shutil
import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

import hub.store.schema as versions
from hub.audit import tables
from hub.audit.policy import parse_policy
from hub.audit.verify import verify_db
from hub.clock import Hands, lived_by, now
from hub.errors import NotPermitted
from hub.main.aside import place_aside, remove_old
from hub.main.assembly import create_hub, open_node
from hub.main.cli import app_for
from hub.main.diagnosis import examine
from hub.main.folder import DataDir
from hub.main.restoring import said_of
from hub.main.work import turn
from hub.oversee.heartbeat import beat, count_kinds
from hub.oversee.incidents import WITHIN
from hub.oversee.noting import check_reason
from hub.oversee.sampling import drawn, pick
from hub.sealing.canonical import digest, jcs
from hub.store.engine import open_database
from tests.databases import sqlite_only
from tests.unit.audit.witnesses import a_cosigner
from tests.world import HUB_ID

pytestmark = sqlite_only
DAY = 24 * 3600
URL = "http://localhost:8080"
REASON = ("--reason", "Der einzige Passkey ist verloren")


@pytest.fixture
def hands() -> Iterator[Hands]:
    """The clock by which the commands live."""
    hands = Hands()
    with lived_by(hands):
        yield hands


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> DataDir:
    """A hub on its first day, of which each test has a copy: to found one takes half a second."""
    made = DataDir(tmp_path_factory.mktemp("oversight") / "hub")
    create_hub(made, HUB_ID, ())
    return made


@pytest.fixture
def data(founded: DataDir, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataDir:
    monkeypatch.setenv("MELDEWEG_PUBLIC_URL", URL)
    shutil.copytree(founded.path, tmp_path / "hub")
    return DataDir(tmp_path / "hub")


def run(data: DataDir, *words: str, code: int = 0) -> Any:
    arguments = [*words, "--data-dir", str(data.path), "--json"]
    ran = CliRunner().invoke(app_for(arguments), arguments)
    assert ran.exit_code == code, ran.output
    return json.loads(ran.stdout) if code == 0 else ran.output


def entries(data: DataDir, kind: str) -> list[dict[str, Any]]:
    database = open_database(data.place)
    body, event = tables.audit_body.c, tables.audit_event.c
    query = (
        select(body.body)
        .join(tables.audit_event, event.id == body.event_id)
        .where(event.kind == kind)
        .order_by(event.id)
    )
    try:
        with database.reading.connect() as connection:
            return [json.loads(row.body) for row in connection.execute(query)]
    finally:
        database.dispose()


def level(data: DataDir, name: str) -> str:
    return {each.id: each.level for each in examine(data)}[name]


def person(data: DataDir, name: str = "Erfunden-Betrieb", role: str = "betrieb") -> str:
    return str(run(data, "people", "add", name, "--role", role)["person"])


def test_who_is_let_in_in_an_emergency_is_reviewed_by_another(data: DataDir) -> None:
    first, second = person(data), person(data)
    used = run(data, "break-glass", "open", first, *REASON)
    review = ("break-glass", "review", used["entry"], "--verdict", "berechtigt", "--by")

    run(data, *review, first, code=1)
    run(data, *review, second)

    run(data, *review, second, code=1)
    [entry] = entries(data, "breakglass.used")
    [reviewed] = entries(data, "breakglass.reviewed")
    assert used["link"].startswith(f"{URL}/anmeldung/einmal?code=")
    assert (entry["obj"]["id"], set(entry["com"])) == (first, {"reason"})
    assert (reviewed["ref"], reviewed["rule"]) == ([entry["id"]], "berechtigt")
    [known] = run(data, "break-glass", "list")
    assert known["reviewed_audit_id"] == reviewed["id"]


def test_a_use_that_nobody_reviews_is_said_until_somebody_does(data: DataDir, hands: Hands) -> None:
    used = run(data, "break-glass", "open", person(data), *REASON)
    other = person(data)
    before = level(data, "notzugang")
    hands.ahead += 25 * 3600

    assert (before, level(data, "notzugang")) == ("gut", "schlimm")

    run(data, "break-glass", "review", used["entry"], "--verdict", "unberechtigt", "--by", other)
    assert level(data, "notzugang") == "gut"


def test_nobody_is_let_in_without_a_reason(data: DataDir) -> None:
    run(data, "break-glass", "open", person(data), "--reason", " ", code=1)

    assert entries(data, "breakglass.used") == []


@pytest.mark.parametrize("reason", ["", "  ", "zwei\nZeilen", "a" * 501])
def test_a_reason_is_one_sentence(reason: str) -> None:
    with pytest.raises(NotPermitted):
        check_reason(reason)


def test_an_incident_has_its_clock_and_its_end(data: DataDir, tmp_path: Path, hands: Hands) -> None:
    paper = tmp_path / "bericht.txt"
    paper.write_text("Was geschah.", encoding="utf-8")
    said = ("--paper", str(paper))
    incident = run(data, "incidents", "open", *said)["incident"]
    levels = [level(data, "datenpannen")]
    hands.ahead += WITHIN + 60
    levels.append(level(data, "datenpannen"))

    run(data, "incidents", "notify", incident, *said)
    levels.append(level(data, "datenpannen"))
    run(data, "incidents", "close", incident, *said)
    run(data, "incidents", "close", incident, *said, code=1)

    [opened] = entries(data, "incident.opened")
    [notified] = entries(data, "incident.notified")
    [closed] = entries(data, "incident.closed")
    assert levels == ["hinweis", "schlimm", "gut"]
    assert notified["ref"] == closed["ref"] == [opened["id"]]
    assert opened["obj"] == {
        "ty": "incident",
        "id": incident,
        "d": digest(paper.read_bytes()),
        "ct": "",
    }


def test_a_name_is_put_right_and_the_log_knows_neither(data: DataDir) -> None:
    somebody = person(data, "Erfunden-Falsch")

    run(data, "people", "rename", somebody, "Erfunden-Richtig", "--reason", "Schreibfehler")

    [entry] = entries(data, "data.rectified")
    [known] = run(data, "people", "list")
    assert known["name"] == "Erfunden-Richtig"
    assert "Erfunden" not in json.dumps(entry)


def test_two_people_ask_who_somebody_is_and_it_is_entered(data: DataDir) -> None:
    somebody, first, second = person(data, "Erfunden-Gesucht"), person(data), person(data)
    ask = ("people", "resolve", somebody, "--reason", "Beschwerde", "--by", first, "--second")

    run(data, *ask, first, code=1)
    said = run(data, *ask, second)

    [entry] = entries(data, "identity.resolved")
    assert said["name"] == "Erfunden-Gesucht"
    assert entry["ref"] == [first, second]


def test_a_sample_follows_from_a_root_that_came_after_it(data: DataDir) -> None:
    said = run(data, "audit", "sample", "--count", "3")
    again = run(data, "audit", "sample", said["entry"])

    assert said == again
    assert len(set(said["drawn"]["indices"])) == 3
    [entry] = entries(data, "sample.drawn")
    assert (entry["id"], entry["obj"]["n"]) == (said["entry"], 3)


def test_what_no_witness_has_seen_is_not_drawn_yet(data: DataDir) -> None:
    said = run(data, "audit", "sample", "--count", "2")
    vkey = a_cosigner("zeuge.invalid").key.vkey
    demanding = parse_policy(f"witness zeuge {vkey}\nquorum zeuge\n")
    database = open_database(data.place)
    try:
        with database.reading.connect() as connection:
            assert drawn(connection, said["entry"], demanding) is None
    finally:
        database.dispose()


def test_another_root_chooses_others() -> None:
    known = tuple(range(1000))
    first, second = (pick(bytes([n]) * 32, "e", 20, known) for n in (1, 2))

    assert first != second
    assert len(set(first)) == 20
    assert pick(bytes(32), "e", 5, (7, 8)) in {(7, 8), (8, 7)}


def test_a_heartbeat_says_how_much_of_each_kind_came_since_the_last(data: DataDir) -> None:
    person(data)
    with open_node(data, URL) as node:
        node.writer.commit_now(partial(beat, node))
        size = node.log.size
        node.writer.commit_now(partial(beat, node))
        counts = node.readers.run_now(lambda c: dict(count_kinds(c, 0, size - 1)))

    first, second = entries(data, "log.heartbeat")
    assert first["obj"]["n"] == size - 1
    assert first["obj"]["d"] == digest(jcs({**counts}))
    assert counts["role.granted"] == 1
    assert (second["obj"]["n"], second["obj"]["d"]) == (
        size,
        digest(jcs({"log.heartbeat": 1})),
    )


def test_a_backup_is_entered_verified_and_put_back(data: DataDir, tmp_path: Path) -> None:
    kept = tmp_path / "sicherung"
    paper = run(data, "backup", "create", str(kept))
    person(data)

    verified = CliRunner().invoke(app_for(["backup"]), ["backup", "verify", str(kept), "--json"])
    trial = run(data, "backup", "restore", str(kept), "--dry-run")
    run(data, "backup", "restore", str(kept))

    [] = entries(data, "backup.taken")
    assert verified.exit_code == 0, verified.output
    assert trial["restored"] is False
    assert sorted(each.name for each in kept.iterdir()) == ["meldeweg.sqlite", "sicherung.json"]
    assert paper["size"] > 0
    assert level(data, "waechterdatei") == "schlimm"


def test_a_database_that_was_put_aside_is_named_and_goes_with_its_journal(
    data: DataDir, tmp_path: Path, hands: Hands
) -> None:
    """In it nothing is erased any more, so it may not outlive the backups."""
    kept = tmp_path / "sicherung"
    run(data, "backup", "create", str(kept))
    levels = [level(data, "datenbank-davor")]
    aside = Path(run(data, "backup", "restore", str(kept))["before"])
    Path(f"{aside}-wal").touch()
    levels.append(level(data, "datenbank-davor"))
    hands.ahead += 34 * DAY
    assert remove_old(data, now()) == []
    hands.ahead += 2 * DAY

    assert remove_old(data, now()) == [aside]

    levels.append(level(data, "datenbank-davor"))
    assert levels == ["gut", "hinweis", "gut"]
    assert sorted(data.path.glob("*.vor-*")) == []
    assert data.database.exists()


def test_a_hub_that_runs_removes_what_was_put_aside(data: DataDir) -> None:
    aside = place_aside(data, now() - 36 * DAY)
    aside.touch()

    with open_node(data, URL) as node:
        asyncio.run(turn(node, node.clock()))

    assert not aside.exists()


def test_what_a_backup_brought_back_is_named_with_what_is_to_be_done() -> None:
    """Who wished it and on which basis stood in what was lost; a hub does not make that up."""
    lines = list(said_of(["b1946ac9-2e1f", "591785b7-94b2"]))

    assert list(said_of([])) == []
    assert "2 Konversationen" in lines[0]
    assert [line.split()[-3] for line in lines[1:]] == ["b1946ac9-2e1f", "591785b7-94b2"]


def test_a_backup_stands_in_the_log_with_what_it_holds(data: DataDir, tmp_path: Path) -> None:
    paper = run(data, "backup", "create", str(tmp_path / "sicherung"))

    [entry] = entries(data, "backup.taken")
    assert entry["obj"]["id"] == paper["id"]
    assert (entry["obj"]["d"], entry["obj"]["n"]) == (paper["digest"], paper["size"])


def test_a_backup_that_cannot_be_entered_is_none(data: DataDir, tmp_path: Path) -> None:
    with data.locked():
        run(data, "backup", "create", str(tmp_path / "sicherung"), code=1)

    assert list(tmp_path.glob("*sicherung*")) == []


def test_a_backup_that_has_changed_is_not_put_back(data: DataDir, tmp_path: Path) -> None:
    kept = tmp_path / "sicherung"
    run(data, "backup", "create", str(kept))
    with sqlite3.connect(kept / "meldeweg.sqlite") as connection:
        connection.execute("CREATE TABLE mehr (x)")

    run(data, "backup", "restore", str(kept), code=1)


def test_the_backup_of_another_hub_is_not_put_back(data: DataDir, tmp_path: Path) -> None:
    other = DataDir(tmp_path / "other")
    create_hub(other, "meldeweg.invalid/other", ())
    run(other, "backup", "create", str(tmp_path / "sicherung"))

    run(data, "backup", "restore", str(tmp_path / "sicherung"), code=1)


def test_no_opening_and_no_key_lies_in_a_backup(data: DataDir, tmp_path: Path) -> None:
    kept = tmp_path / "sicherung"
    run(data, "break-glass", "open", person(data), *REASON)
    run(data, "backup", "create", str(kept))
    copied = (kept / "meldeweg.sqlite").read_bytes()

    assert REASON[1].encode() not in copied
    assert b"PRIVATE KEY" not in copied


def test_a_backup_by_another_program_is_entered_too(data: DataDir, tmp_path: Path) -> None:
    dump = tmp_path / "dump"
    dump.write_bytes(b"pg_dump")

    run(data, "backup", "record", str(dump))

    [entry] = entries(data, "backup.taken")
    assert entry["obj"]["d"] == digest(b"pg_dump")


def test_the_schema_stands_in_the_log_from_the_beginning(data: DataDir) -> None:
    [genesis] = entries(data, "log.genesis")

    assert genesis["obj"]["id"] == "sqlite"
    assert level(data, "schema-eintrag") == "gut"


def test_a_schema_that_was_changed_by_hand_is_not_the_entered_one(data: DataDir) -> None:
    with sqlite3.connect(data.database) as connection:
        connection.execute("DROP TRIGGER tile_no_update")

    assert level(data, "schema-eintrag") == "schlimm"


def test_an_upgrade_is_entered_with_the_new_schema(
    data: DataDir, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next version of the tables, here one that adds a column, made for this test."""
    newer = tmp_path / "migrations"
    shutil.copytree(versions.MIGRATIONS, newer)
    (newer / "versions" / "0002_next.py").write_text(NEXT, encoding="utf-8")
    monkeypatch.setattr(versions, "MIGRATIONS", newer)

    run(data, "upgrade", "--check", code=1)
    assert run(data, "upgrade") == {"is_old": True, "upgraded": True}
    assert run(data, "upgrade") == {"is_old": False, "upgraded": False}

    [entry] = entries(data, "schema.migrated")
    [genesis] = entries(data, "log.genesis")
    assert entry["obj"]["d"] != genesis["obj"]["d"]
    assert level(data, "schema-eintrag") == "gut"


NEXT = """\
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("hub", sa.Column("note", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("hub", "note")
"""


def test_the_reason_can_be_opened_as_long_as_it_is_kept(data: DataDir) -> None:
    run(data, "break-glass", "open", person(data), *REASON)
    [entry] = entries(data, "breakglass.used")

    with open_node(data, URL) as node:
        opening = node.openings.opening(entry["id"], "reason")

    assert opening is not None
    assert opening.value == REASON[1]


def test_what_lets_people_in_gets_another_key_and_the_old_one_is_gone(data: DataDir) -> None:
    before = data.key("token").read_bytes()

    kid = run(data, "audit", "rotate-token-key")["kid"]

    [entry] = entries(data, "key.rotated")
    assert (entry["obj"]["id"], entry["rule"]) == (kid, "token")
    assert data.key("token").read_bytes() != before
    assert not data.key("token-neu").exists()
    assert level(data, "schluessel-paar") == "gut"
    assert verify_db(data.database) == []


def test_a_change_of_keys_that_broke_off_is_finished(data: DataDir) -> None:
    """Entered, and the process was gone before the file was in its place."""
    before = data.key("token").read_bytes()
    kid = run(data, "audit", "rotate-token-key")["kid"]
    data.key("token").rename(data.key("token-neu"))
    data.key("token").write_bytes(before)
    data.key("token").chmod(0o600)

    assert run(data, "audit", "rotate-token-key")["kid"] == kid
    assert len(entries(data, "key.rotated")) == 1
    assert level(data, "schluessel-paar") == "gut"
