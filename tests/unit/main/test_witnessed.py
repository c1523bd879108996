# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The operator learns how far witnesses have seen the log, and somebody else is told as well."""

from collections.abc import Iterator
from math import inf
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hub.audit.note import parse_vkey
from hub.audit.tail import Tail
from hub.audit.witness.shelf import Shelf
from hub.main.alarming import telling
from hub.main.assembly import create_hub, open_node
from hub.main.finding import Finding
from hub.main.folder import DataDir
from hub.main.witnessed import looked_at, numbers
from hub.main.witnessing import PolicyUnreadable, policy_of, tail_of, told_by
from hub.settings import Settings
from hub.store.engine import open_database
from hub.witnessed import Feeder, Said
from tests.databases import a_data_dir
from tests.receivers import Mailbox, a_mailbox
from tests.unit.audit.witnesses import Office, a_cosigner
from tests.world import HUB_ID

DSB = a_cosigner("dsb.invalid/w1")
VKEY = DSB.key.vkey


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> DataDir:
    made = a_data_dir(tmp_path_factory.mktemp("hub") / "hub")
    create_hub(made, HUB_ID, ())
    return made


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with a_mailbox() as mailbox:
        yield mailbox


def some_settings(tmp_path: Path, policy: str, **others: Any) -> Settings:
    path = tmp_path / "zeugen.policy"
    path.write_text(policy)
    return Settings.model_validate({"witness_policy": path, **others})


def found(data: DataDir, settings: Settings) -> tuple[Finding, dict[str, int | str]]:
    database = open_database(data.place)
    try:
        with database.reading.connect() as connection:
            return looked_at(settings, connection), numbers(settings, connection)
    finally:
        database.dispose()


def test_without_a_policy_it_is_said_what_that_means(data: DataDir) -> None:
    finding, shown = found(data, Settings())

    assert (finding.id, finding.level) == ("zeugen", "gut")
    assert "Kein Zeuge" in finding.what
    assert shown == {"Zeugen": "keine"}


def test_a_file_that_is_no_policy_is_bad(data: DataDir, tmp_path: Path) -> None:
    finding, _ = found(data, some_settings(tmp_path, "quorum niemand\n"))

    assert finding.level == "schlimm"
    assert "line 1 of the policy" in finding.what


def test_a_policy_that_is_not_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(PolicyUnreadable, match="nicht lesbar"):
        policy_of(Settings(witness_policy=tmp_path / "fehlt"))


def test_a_policy_of_another_log_is_bad(data: DataDir, tmp_path: Path) -> None:
    foreign = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"

    finding, _ = found(data, some_settings(tmp_path, f"log {foreign}\nwitness a {VKEY}\nquorum a"))

    assert finding.level == "schlimm"


@pytest.mark.anyio
async def test_it_is_said_how_far_it_is_witnessed(data: DataDir, tmp_path: Path) -> None:
    policy = f"witness dsb {VKEY} http://localhost:1\nquorum dsb\n"
    settings = some_settings(tmp_path, policy, witness_alarm_minutes=0)
    finding, shown = found(data, settings)
    assert (finding.level, shown["Bezeugte Einträge"]) == ("hinweis", 0)
    assert "Ältester unbezeugter Eintrag" in shown
    office = Office(tmp_path / "zeuge", (DSB,))

    async def call(_url: str, body: bytes) -> Said | None:
        answer = office.add(body)
        return Said(answer.status, answer.body)

    with open_node(data, "http://localhost:1") as node:
        Shelf(office.folder / "logs").add(parse_vkey(node.log.vkey))
        node.policy = policy_of(settings)
        await Feeder(node, call, lambda *_: None).turn()
        size = node.log.size

    finding, shown = found(data, settings)

    assert finding.level == "gut"
    assert shown == {"Bezeugte Einträge": size}


def test_settings_say_when_it_alarms_and_when_it_stops() -> None:
    assert (tail_of(Settings()).alarm_after, tail_of(Settings()).stop_after) == (900, inf)
    assert tail_of(Settings(witness_stop_hours=4)).stop_after == 4 * 3600


def test_whoever_watches_over_the_log_gets_a_mail(mailbox: Mailbox) -> None:
    settings = Settings.model_validate(
        {
            "smtp_url": f"smtp://localhost:{mailbox.port}",
            "mail_from": "meldeweg@hub.invalid",
            "witness_mail": "datenschutz@amt.invalid",
        }
    )
    node: Any = SimpleNamespace(hub_id=HUB_ID, clock=lambda: 2000.0)
    tell = told_by(telling(settings), node)

    tell("unwitnessed", Tail(size=7, since=980.0, troubles={"nord": "unreachable"}))

    assert mailbox.wait_for(1)
    ((address, mail),) = mailbox.mails
    assert address == "datenschutz@amt.invalid"
    assert mail["subject"] == f"Protokoll ohne Zeugen: {HUB_ID}"
    text = mail.get_content()
    assert "seit 17 Minuten" in text
    assert "nord antwortet nicht" in text


def test_where_nobody_is_to_be_told_nothing_fails() -> None:
    telling(Settings())("Betreff", "Text")
