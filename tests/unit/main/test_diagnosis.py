# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is wrong with a hub is found before it serves, and each finding says what to do."""

import datetime as dt
import hashlib
import hmac
import json
import shutil
import socket
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import typer
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from typer.testing import CliRunner, Result

from hub.audit.verify import verify_db
from hub.main.assembly import open_node
from hub.main.cli import app_for
from hub.main.clockwatch import DAY, TURNS, ClockWatch
from hub.main.diagnosis import examine
from hub.main.finding import Finding
from hub.main.folder import DataDir
from hub.main.genesis import create_hub
from hub.main.guarding import RollbackSuspected, guard_file
from hub.main.space import Space, free_mib
from hub.main.starting import FORBIDDEN, SET_BACK, check_before_serving
from hub.main.surroundings import door
from hub.main.work import note
from hub.sealing.canonical import b64, digest, jcs, unb64
from hub.settings import Settings
from hub.trust.keys import PrivateSigningKey
from hub.web.server import Listener
from tests.databases import sqlite_only

HUB = "meldeweg.invalid/test"
URL = "http://localhost:8080"
pytestmark = [pytest.mark.anyio, sqlite_only]


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    """A hub that has run once."""
    made = DataDir(tmp_path / "hub")
    create_hub(made, HUB, ())
    with open_node(made, URL):
        pass
    return made


async def grow(data: DataDir, entries: int = 1) -> None:
    with open_node(data, URL) as node:
        for _ in range(entries):
            await note(node, "log.heartbeat")


def found(data: DataDir, settings: Settings | None = None) -> dict[str, Finding]:
    findings = examine(data, settings)
    by_id = {finding.id: finding for finding in findings}
    assert len(by_id) == len(findings), "an id names one finding"
    return by_id


def test_of_a_sound_hub_there_is_only_good_to_say(data: DataDir) -> None:
    assert {each.id for each in found(data).values() if each.level != "gut"} == {"freigaben"}
    assert found(data).keys() - {each.id for each in examine(data, thorough=False)} == {
        "oeffnungen-schluessel",
        "freigaben",
        "rueckspielung",
        "schema-eintrag",
        "unversehrt",
    }


def test_whatever_is_not_good_says_what_to_do(data: DataDir) -> None:
    data.key("log").unlink()
    guard_file(data).unlink()
    data.path.chmod(0o755)
    data.database.chmod(0o644)

    findings = found(data, Settings(disk_floor=10**9)).values()

    assert {each.level for each in findings} == {"gut", "hinweis", "schlimm"}
    for each in findings:
        assert bool(each.advice) == (each.level != "gut")


def spoil_key(data: DataDir) -> None:
    data.key("receipt").write_bytes(b"kein PEM")


def open_key(data: DataDir) -> None:
    data.key("token").chmod(0o644)


def lose_key(data: DataDir) -> None:
    data.key("token").unlink()


def change_key(data: DataDir) -> None:
    data.key("receipt").unlink()
    PrivateSigningKey.generate().save(data.key("receipt"))


def spoil_guard(data: DataDir) -> None:
    guard_file(data).write_text("leer", "utf-8")


def lose_guard(data: DataDir) -> None:
    guard_file(data).unlink()


def cut_log(data: DataDir) -> None:
    change(data, "DELETE FROM checkpoint")


def drop_trigger(data: DataDir) -> None:
    """Nothing breaks by that, and the log could be changed from then on."""
    change(data, "SELECT 1")


def change_revision(data: DataDir) -> None:
    change(data, "UPDATE alembic_version SET version_num = '9999'")


def spoil_database(data: DataDir) -> None:
    data.database.write_bytes(b"x" * 8192)


def change(data: DataDir, statement: str, *values: bytes) -> None:
    """Change a database as somebody can who owns the file: without the triggers."""
    with closing(sqlite3.connect(data.database)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in names.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement, values)
        connection.commit()


@pytest.mark.parametrize(
    ("spoil", "name", "level"),
    [
        (spoil_key, "schluessel-paar", "schlimm"),
        (open_key, "schluessel-rechte", "schlimm"),
        (lose_key, "schluessel-rechte", "schlimm"),
        (change_key, "schluessel-paar", "schlimm"),
        (spoil_guard, "waechterdatei", "schlimm"),
        (lose_guard, "waechterdatei", "hinweis"),
        (cut_log, "protokoll-kopf", "schlimm"),
        (drop_trigger, "schema-gestalt", "schlimm"),
        (change_revision, "schema", "schlimm"),
        (spoil_database, "datenbank", "schlimm"),
    ],
)
def test_what_was_spoiled_is_found_and_forbids_to_serve(
    data: DataDir, spoil: Callable[[DataDir], None], name: str, level: str
) -> None:
    spoil(data)

    assert found(data)[name].level == level
    if level == "schlimm":
        with pytest.raises(typer.Exit) as ended:
            check_before_serving(data, Settings(), is_strict=True)
        expected = SET_BACK if spoil is spoil_guard else FORBIDDEN
        assert ended.value.exit_code == expected
    else:
        check_before_serving(data, Settings())


async def test_an_older_copy_of_the_database_is_not_served_nor_written_to(
    data: DataDir, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.sqlite"
    shutil.copyfile(data.database, copy)
    await grow(data)
    shutil.copyfile(copy, data.database)

    assert found(data)["waechterdatei"].level == "schlimm"
    check_before_serving(data, Settings())
    with pytest.raises(typer.Exit) as ended:
        check_before_serving(data, Settings(), is_strict=True)
    assert ended.value.exit_code == SET_BACK
    with pytest.raises(RollbackSuspected), open_node(data, URL):
        pass
    assert found(data)["waechterdatei"].level == "schlimm", "looking renews nothing"


async def test_an_older_copy_that_has_grown_elsewhere_is_found_by_its_roots(
    data: DataDir, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.sqlite"
    shutil.copyfile(data.database, copy)
    await grow(data)
    guard = guard_file(data).read_bytes()
    shutil.copyfile(copy, data.database)
    guard_file(data).unlink()
    await grow(data, 3)
    guard_file(data).write_bytes(guard)

    assert found(data)["waechterdatei"].level == "schlimm"


async def test_a_newer_database_than_the_guard_is_what_a_crash_leaves(data: DataDir) -> None:
    guard = guard_file(data).read_bytes()
    await grow(data, 3)
    guard_file(data).write_bytes(guard)

    assert found(data)["waechterdatei"].level == "gut"
    with open_node(data, URL):
        pass
    assert guard_file(data).read_bytes() != guard


def meldeweg(*arguments: str) -> Result:
    return CliRunner().invoke(app_for(arguments), arguments)


async def test_who_restores_on_purpose_says_so_and_it_stands_in_the_log(
    data: DataDir, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.sqlite"
    shutil.copyfile(data.database, copy)
    await grow(data)
    signed = guard_file(data).read_bytes()
    shutil.copyfile(copy, data.database)
    accept = ("audit", "accept-restore", "--data-dir", str(data.path), "--reason")

    assert meldeweg(*accept, " ").exit_code == 1
    assert meldeweg(*accept, "Datenträger getauscht").exit_code == 0

    check_before_serving(data, Settings())
    assert verify_db(data.database) == []
    [entry] = [each for each in entries(data) if each["k"] == "restore.performed"]
    assert (entry["obj"]["d"], entry["obj"]["n"]) == (digest(signed), 5)
    assert (entry["act"]["org"], entry["act"]["role"]) == (HUB, "betrieb")
    [reason] = guard_file(data).parent.glob("*.grund")
    kept = json.loads(reason.read_bytes())
    commitment = hmac.digest(
        unb64(kept["salt"]), b"reason\0" + kept["reason"].encode(), hashlib.sha256
    )
    assert entry["com"]["reason"] == b64(commitment)
    assert meldeweg(*accept, "noch einmal").exit_code == 1, "there is nothing to accept any more"


def entries(data: DataDir) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(data.database)) as connection:
        rows = connection.execute("SELECT body FROM audit_body")
        return [json.loads(body) for (body,) in rows]


def test_what_runs_meanwhile_is_not_accepted_over(data: DataDir) -> None:
    guard_file(data).write_text("leer", "utf-8")
    with data.locked():
        answer = meldeweg(
            "audit", "accept-restore", "--data-dir", str(data.path), "--reason", "Umzug"
        )

    assert answer.exit_code == 1
    assert guard_file(data).read_text("utf-8") == "leer", "nothing was accepted"


@pytest.mark.parametrize(
    ("floor", "level"), [(1, "gut"), (10**9, "schlimm")], ids=["enough", "too little"]
)
def test_a_full_disk_is_bad_and_no_reason_not_to_start(
    data: DataDir, floor: int, level: str
) -> None:
    settings = Settings(disk_floor=floor)

    assert found(data, settings)["speicherplatz"].level == level
    check_before_serving(data, settings)
    assert Space(data.path, floor).is_short() is (level == "schlimm")


def test_a_little_space_is_a_hint(data: DataDir) -> None:
    floor = free_mib(data.path) * 2 // 3

    assert found(data, Settings(disk_floor=floor))["speicherplatz"].level == "hinweis"


@pytest.mark.parametrize("ahead", [3600, -3 * DAY], ids=["log ahead", "log behind"])
async def test_a_clock_far_from_the_newest_entry_is_a_hint(data: DataDir, ahead: int) -> None:
    copy = DataDir(data.path.with_name("copy"))
    if ahead > 0:
        with open_node(data, URL, lambda: time.time() + ahead) as node:
            await note(node, "log.heartbeat")
    else:
        create_hub(copy, HUB, ())
        change(copy, "UPDATE audit_body SET body = ?", shifted(entries(copy)[0], ahead))

    findings = found(data if ahead > 0 else copy)

    assert findings["uhr-protokoll"].level == "hinweis"
    assert not findings["uhr-protokoll"].forbids


def shifted(entry: dict[str, Any], seconds: int) -> bytes:
    """Return the bytes of an entry as of another time."""
    at = dt.datetime.fromtimestamp(time.time() + seconds, dt.UTC)
    entry["t"] = at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return jcs(entry)


@pytest.mark.parametrize(
    ("newest", "is_trusted"),
    [(None, True), (0, True), (-DAY + 60, True), (59, True), (61, False), (-DAY - 60, False)],
)
def test_after_a_long_pause_nothing_ends_at_once(newest: int | None, is_trusted: bool) -> None:
    wall = 1_795_000_000.0
    watch = ClockWatch.since(None if newest is None else wall + newest, wall)

    assert watch.is_trusted is is_trusted
    for turn in range(2 + TURNS):
        watch.jump(wall + 10 * turn, 10 * turn)
    assert watch.is_trusted


def test_a_door_at_which_somebody_else_listens_is_found() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert door(Listener(port=port)).level == "schlimm"
    assert door(Listener(port=port)).level == "gut"
    assert door(Listener(host="192.0.2.1")).level == "schlimm", "in the clear across a network"


@pytest.mark.parametrize(
    ("days", "level"), [(-1, "schlimm"), (10, "hinweis"), (100, "gut")], ids=str
)
def test_a_certificate_is_looked_at_before_it_ends(
    data: DataDir, tmp_path: Path, days: int, level: str
) -> None:
    certificate, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    make_certificate(certificate, key, days)

    settings = Settings(certificate=certificate, private_key=key)

    assert found(data, settings)["zertifikat"].level == level
    other = Settings(certificate=certificate, private_key=data.key("log"))
    assert found(data, other)["zertifikat"].level == "schlimm"


def make_certificate(certificate: Path, key: Path, days: int) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=200))
        .not_valid_after(now + dt.timedelta(days=days))
        .sign(private, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    key.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def test_doctor_says_it_to_programs_with_ids_and_an_exit_code(data: DataDir) -> None:
    sound = meldeweg("doctor", "--json", "--data-dir", str(data.path))
    said = json.loads(sound.stdout)
    assert sound.exit_code == 0
    assert {each["level"] for each in said} <= {"gut", "hinweis"}
    assert {"schluessel-rechte", "waechterdatei", "anschluss"} <= {each["id"] for each in said}

    open_key(data)
    spoiled = meldeweg("doctor", "--json", "--quick", "--data-dir", str(data.path))
    assert spoiled.exit_code == 1
    assert [each["id"] for each in json.loads(spoiled.stdout) if each["level"] == "schlimm"] == [
        "schluessel-rechte"
    ]


def test_doctor_knows_when_there_is_no_hub(tmp_path: Path) -> None:
    answer = meldeweg("doctor", "--json", "--data-dir", str(tmp_path / "nirgends"))

    assert (answer.exit_code, json.loads(answer.stdout)[0]["id"]) == (1, "kein-hub")
