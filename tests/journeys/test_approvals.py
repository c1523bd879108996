# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What destroys evidence or changes who proves it, the operator does not do alone."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from hub.audit.verify import verify_db
from hub.main.assembly import create_hub, open_node
from hub.main.cli import app_for
from hub.main.folder import DataDir
from hub.main.guarding import guard_file
from hub.main.work import note
from hub.sealing.canonical import digest
from tests.databases import sqlite_only
from tests.world import HUB_ID

URL = "http://localhost:8080"
pytestmark = [pytest.mark.anyio, sqlite_only]


class Office:
    """A hub that does not run, and the desk of its data protection officer."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.data = DataDir(home / "hub")
        create_hub(self.data, HUB_ID, ())
        self.notes = 0

    def meldeweg(self, *words: str | Path) -> Result:
        typed = [str(word) for word in words]
        return CliRunner().invoke(
            app_for(typed), typed, env={"MELDEWEG_DATA_DIR": str(self.data.path)}
        )

    def did(self, *words: str | Path) -> str:
        done = self.meldeweg(*words)
        assert done.exit_code == 0, done.output
        return done.output.strip()

    def key(self, name: str) -> str:
        return self.did("audit", "approve", "--key", self.home / name, "--new-key", name)

    def approval(self, name: str, act: str, subject: str) -> Path:
        self.notes += 1
        to = self.home / f"{self.notes}.freigabe"
        self.did(
            *("audit", "approve", "--key", self.home / name, "--hub", HUB_ID),
            *("--act", act, "--subject", subject, "--out", to),
        )
        return to

    def newest(self) -> dict[str, Any]:
        with closing(sqlite3.connect(self.data.database)) as connection:
            (body,) = connection.execute(
                "SELECT body FROM audit_body JOIN audit_leaf USING (event_id)"
                " ORDER BY idx DESC LIMIT 1"
            ).fetchone()
        entry: dict[str, Any] = json.loads(body)
        return entry


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_where_nobody_approves_the_operator_does_it_and_the_log_says_so(office: Office) -> None:
    new = office.did("audit", "rotate-key")

    entry = office.newest()
    assert (entry["k"], entry["act"]["role"], entry["rule"]) == ("key.rotated", "betrieb", "")
    assert (entry["obj"]["id"], office.meldeweg("doctor").exit_code) == (digest(new), 0)
    assert verify_db(office.data.database) == []


def test_once_somebody_approves_nothing_goes_without_and_each_approval_goes_once(
    office: Office,
) -> None:
    anna = office.key("anna.invalid")
    office.did("audit", "approver", "add", anna)

    refused = office.meldeweg("audit", "rotate-key")
    assert refused.exit_code == 1
    assert f"--hub {HUB_ID} --act rotate --subject" in refused.output
    subject = refused.output.rsplit(": ", 1)[1].strip()

    for wrong in (
        office.approval("anna.invalid", "rotate", digest("another key")),
        office.approval("anna.invalid", "succeed", subject),
    ):
        assert office.meldeweg("audit", "rotate-key", "--approval", wrong).exit_code == 1
    right = office.approval("anna.invalid", "rotate", subject)
    office.did("audit", "rotate-key", "--approval", right)

    entry = office.newest()
    assert entry["act"] == {
        "org": HUB_ID,
        "role": "datenschutz",
        "pid": "",
        "auth": f"key:{digest(anna)}",
    }
    assert entry["rule"] == digest(right.read_bytes())
    assert office.meldeweg("audit", "rotate-key", "--approval", right).exit_code == 1
    assert verify_db(office.data.database) == []


def test_the_operator_enters_nobody_beside_whoever_approves(office: Office) -> None:
    anna, bernd = office.key("anna.invalid"), office.key("bernd.invalid")
    office.did("audit", "approver", "add", anna)

    assert office.meldeweg("audit", "approver", "add", bernd).exit_code == 1
    assert office.meldeweg("audit", "approver", "remove", anna).exit_code == 1
    own = office.approval("bernd.invalid", "approver", digest(bernd))
    assert office.meldeweg("audit", "approver", "add", bernd, "--approval", own).exit_code == 1

    annas = office.approval("anna.invalid", "approver", digest(bernd))
    office.did("audit", "approver", "add", bernd, "--approval", annas)
    assert office.did("audit", "approver", "list").splitlines() == [anna, bernd]
    bernds = office.approval("bernd.invalid", "approver", digest(anna))
    office.did("audit", "approver", "remove", anna, "--approval", bernds)
    assert office.did("audit", "approver", "list") == bernd
    assert verify_db(office.data.database) == []


async def test_a_restored_backup_needs_an_approval_for_exactly_what_it_takes_back(
    office: Office,
) -> None:
    office.did("audit", "approver", "add", office.key("anna.invalid"))
    with open_node(office.data, URL):
        pass
    shutil.copyfile(office.data.database, office.home / "older.sqlite")
    with open_node(office.data, URL) as node:
        await note(node, "log.heartbeat")
    signed = guard_file(office.data).read_bytes()
    shutil.copyfile(office.home / "older.sqlite", office.data.database)
    accept = ("audit", "accept-restore", "--reason", "Datenträger getauscht")

    assert office.meldeweg(*accept).exit_code == 1
    assert guard_file(office.data).read_bytes() == signed, "what guarded guards again"
    given = office.approval("anna.invalid", "restore", digest(signed))
    office.did(*accept, "--approval", given)

    entry = office.newest()
    assert (entry["k"], entry["obj"]["d"]) == ("restore.performed", digest(signed))
    assert entry["rule"] == digest(given.read_bytes())
    assert verify_db(office.data.database) == []
