# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The operator searches the log for a conversation and has it forgotten, from the command line."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from typer.testing import CliRunner

from hub.main.cli import app_for
from hub.main.folder import DataDir
from hub.sealing.canonical import digest
from tests import databases
from tests.journeys.forgotten import Exchange, an_exchange
from tests.world import a_world


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[DataDir, Exchange]]:
    """A hub that has stopped, with an exchange that is over."""
    home = tmp_path_factory.mktemp("hub")
    with databases.given_back():
        with a_world(home, "schule:999001", "jugendamt:05170032") as world:
            exchange = asyncio.run(an_exchange(world))
        yield world.data, exchange


def run(data: DataDir, *arguments: str) -> tuple[int, Any]:
    place = ["--data-dir", str(data.path)]
    place += ["--database", data.url] if data.url else []
    command = ["audit", *arguments, *place, "--json"]
    ended = CliRunner().invoke(app_for(command), command)
    said = ended.stdout.strip()
    return ended.exit_code, json.loads(said) if said.startswith(("{", "[")) else ended.output


def test_a_conversation_is_searched_shown_and_forgotten(left: tuple[DataDir, Exchange]) -> None:
    data, exchange = left
    named = ("--conversation", exchange.conversation)

    code, found = run(data, "find", *named, "--purpose", "rechtmaessigkeit", "--whole")
    assert (code, found["whole"], found["unlisted"], found["untagged"]) == (0, True, [], [])
    _, again = run(data, "find", *named, "--purpose", "rechtmaessigkeit")
    assert len(again["entries"]) == len(found["entries"]) + 1, "the search before is one of them"

    code, shown = run(data, "erase", *named, "--law", "dsgvo-17", "--dry-run")
    assert (code, shown["key"]) == (0, exchange.key.id)
    assert set(shown["messages"]) == set(exchange.messages)
    assert shown["subject"] == digest(exchange.key.id)

    code, done = run(data, "erase", *named, "--law", "dsgvo-17")
    assert (code, done) == (0, shown)
    for arguments in (("find", *named, "--purpose", "sicherheit"), ("erase", *named, "--law", "x")):
        code, said = run(data, *arguments)
        assert code == 1
        assert exchange.conversation not in str(said)


@pytest.mark.parametrize(
    "arguments",
    [("find", "--purpose", "neugier"), ("erase", "--law", "gibt-es-nicht-1")],
)
def test_without_a_reason_that_the_law_knows_nothing_is_done(
    left: tuple[DataDir, Exchange], arguments: tuple[str, ...]
) -> None:
    data, exchange = left

    code, _ = run(data, *arguments, "--conversation", exchange.conversation)

    assert code == 1
