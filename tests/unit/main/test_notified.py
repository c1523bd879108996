# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The operator learns whether people can be told, and whether it works, without a secret."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hub.announce import announce
from hub.main.assembly import open_node
from hub.main.cli import app_for
from hub.main.diagnosis import count, examine
from hub.main.finding import Finding
from hub.main.folder import DataDir
from hub.main.genesis import create_hub
from hub.main.notifying import channels_of
from hub.model.contact import Reached
from hub.model.notification import Subscription
from hub.settings import Settings
from hub.store.notifications import finish, put_subscription
from tests.databases import a_data_dir
from tests.house.source import ROOT
from tests.receivers import Desk, Mailbox, a_desk, a_mailbox, free_port
from tests.world import HUB_ID

UNIT = "jugendamt:05170032.asd"
DESK = "bereitschaft@asd.invalid"
MOBILE = "+491713920001"


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    made = a_data_dir(tmp_path / "hub")
    create_hub(made, HUB_ID, ())
    return made


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with a_mailbox() as mailbox:
        yield mailbox


@pytest.fixture
def desk() -> Iterator[Desk]:
    with a_desk() as desk:
        yield desk


def some_settings(port: int, **others: Any) -> Settings:
    mail = {"smtp_url": f"smtp://localhost:{port}", "mail_from": "meldeweg@hub.invalid"}
    return Settings.model_validate(mail | others)


def found(data: DataDir, settings: Settings) -> dict[str, Finding]:
    return {
        each.id: each
        for each in examine(data, settings)
        if each.id.startswith("benachrichtigungen")
    }


def test_where_nobody_takes_part_nobody_has_to_be_told(data: DataDir) -> None:
    assert found(data, Settings())["benachrichtigungen"].level == "gut"
    assert count(data)["Benachrichtigungen"] == "nicht eingerichtet"


def test_a_way_that_leads_somewhere_is_good(data: DataDir, mailbox: Mailbox) -> None:
    findings = found(data, some_settings(mailbox.port))

    assert {each.level for each in findings.values()} == {"gut"}
    assert "E-Mail" in findings["benachrichtigungen"].what
    assert mailbox.mails == []


def test_a_way_that_leads_nowhere_is_bad_and_forbids_no_start(data: DataDir) -> None:
    """A hub that cannot reach its mail server still has messages to take."""
    settings = some_settings(free_port())

    assert found(data, settings)["benachrichtigungen-gestoert"].level == "schlimm"
    assert not [each for each in examine(data, settings, thorough=False) if each.forbids]


@pytest.mark.parametrize(
    "wrong",
    [
        {"mail_from": ""},
        {"mail_from": "Meldeweg"},
        {"smtp_url": "smtp://hub:geheim@mail.example.invalid"},
        {"sms_url": "http://sms.example.invalid/geheim"},
        {"push_subject": "geheim"},
    ],
)
def test_a_setting_that_cannot_work_is_found_before_the_start(
    data: DataDir, wrong: dict[str, str]
) -> None:
    finding = found(data, some_settings(25, **wrong))["benachrichtigungen"]

    assert finding.forbids
    assert "geheim" not in finding.text


def test_whoever_only_looks_makes_no_key(data: DataDir, mailbox: Mailbox) -> None:
    settings = some_settings(mailbox.port, push_subject="mailto:betrieb@hub.invalid")
    before = sorted(path.name for path in data.keys.iterdir())
    found(data, settings)

    assert sorted(path.name for path in data.keys.iterdir()) == before


def test_browsers_know_the_hub_by_the_same_key_after_a_restart(data: DataDir) -> None:
    settings = Settings.model_validate({"push_subject": "mailto:betrieb@hub.invalid"})
    keys = [channels_of(settings, data)["push"].public_key for _ in range(2)]  # type: ignore[attr-defined]

    assert keys[0] == keys[1]
    assert data.key("push").stat().st_mode & 0o077 == 0


def test_what_did_not_arrive_is_counted_and_said(data: DataDir, mailbox: Mailbox) -> None:
    settings = some_settings(mailbox.port)
    with open_node(data, "http://localhost") as node:
        node.outlets = channels_of(settings, data)
        for number in range(3):
            node.writer.commit_now(
                lambda connection, number=number: announce(  # type: ignore[misc]
                    node,
                    connection,
                    unit=UNIT,
                    message_id=f"m{number}",
                    urgency="sofort",
                    occasion="waiting",
                    reached=Reached(email=(DESK,)),
                    now=node.clock(),
                )
            )
        node.writer.commit_now(
            lambda connection: finish(
                connection,
                connection.exec_driver_sql("SELECT id FROM notification LIMIT 1").scalars().all(),
                "refused",
                int(node.clock()),
            )
        )

    finding = found(data, settings)["benachrichtigungen-aufgegeben"]
    assert (finding.level, "1 × E-Mail" in finding.what) == ("hinweis", True)
    assert DESK not in finding.text


def tried(data: DataDir, environment: dict[str, str], *arguments: str) -> Any:
    runner = CliRunner(env={"MELDEWEG_DATABASE_URL": data.url, **environment})
    given = ["notify", "test", "--data-dir", str(data.path), "--json", *arguments]
    return runner.invoke(app_for(given), given)


def test_a_trial_goes_out_on_every_way(data: DataDir, mailbox: Mailbox, desk: Desk) -> None:
    environment = {
        "MELDEWEG_SMTP_URL": f"smtp://localhost:{mailbox.port}",
        "MELDEWEG_MAIL_FROM": "meldeweg@hub.invalid",
        "MELDEWEG_SMS_URL": f"{desk.url}/sms",
        "MELDEWEG_SMS_TOKEN": "geheim",
        "MELDEWEG_PUSH_SUBJECT": "mailto:betrieb@hub.invalid",
        "MELDEWEG_PUSH_HOSTS": "localhost",
    }
    kept = Subscription("s", UNIT, f"{desk.url}/push", 0)
    with open_node(data, "http://localhost") as node:
        node.writer.commit_now(lambda connection: put_subscription(connection, kept))

    done = tried(data, environment, "--to", DESK, "--to", MOBILE, "--to", UNIT)

    assert done.exit_code == 0
    assert [each["outcome"] for each in json.loads(done.stdout)] == ["sent"] * 3
    assert mailbox.got(DESK)[0]["Subject"] == "Test der Benachrichtigungen"
    assert [path for path, _, _ in desk.asked] == ["/sms", "/push"]
    assert "geheim" not in done.stdout


def test_a_trial_that_does_not_arrive_says_why(data: DataDir, mailbox: Mailbox) -> None:
    mailbox.to_address[DESK] = ["550 No such user"]
    environment = {
        "MELDEWEG_SMTP_URL": f"smtp://localhost:{mailbox.port}",
        "MELDEWEG_MAIL_FROM": "meldeweg@hub.invalid",
    }
    done = tried(data, environment, "--to", DESK, "--to", MOBILE)

    assert done.exit_code == 1
    said = [(each["outcome"], each["reason"]) for each in json.loads(done.stdout)]
    assert said == [("refused", "smtp-550"), ("refused", "nicht eingerichtet")]


def test_a_hub_that_cannot_tell_anybody_as_it_is_told_to_does_not_start(data: DataDir) -> None:
    done = subprocess.run(
        [".venv/bin/meldeweg", "serve", "--data-dir", str(data.path)],
        cwd=ROOT,
        env={
            "PATH": "/usr/bin:/bin",
            "MELDEWEG_DATABASE_URL": data.url,
            "MELDEWEG_SMTP_URL": "smtp://hub:geheim@mail.example.invalid",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 78
    assert "Mailserver" in done.stderr
    assert "geheim" not in done.stdout + done.stderr
