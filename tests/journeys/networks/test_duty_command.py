# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who has to act is the same whether the operator asks, or an office, or nobody but the files."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from hub.main.cli import app_for
from hub.main.duty_sources import SIGNED
from tests.journeys.networks.werne import ASD, BERGKAMEN, PATROL
from tests.world import World

NIGHT = "2026-10-10T21:52"


def asked(unit: str, *words: str) -> dict[str, Any]:
    arguments = ["duty", "--for", unit, "--at", NIGHT, "--json", *words]
    said: dict[str, Any] = json.loads(CliRunner().invoke(app_for(arguments), arguments).stdout)
    return said


def of_the_hub(world: World) -> tuple[str, ...]:
    address = ("--database", world.data.url) if world.data.url else ()
    return ("--data-dir", str(world.data.path), *address)


@pytest.mark.parametrize("unit", [ASD, BERGKAMEN])
def test_operator_and_offices_hear_the_same(night: World, unit: str) -> None:
    by_operator = asked(unit, *of_the_hub(night))
    by_office = asked(unit, "--agency", str(night.folders[PATROL]))

    assert by_operator == by_office
    assert by_operator["valid"]
    assert by_operator["source"] == SIGNED


def test_what_the_hub_asks_is_what_the_command_says(night: World) -> None:
    said = asked(ASD, *of_the_hub(night))

    assert said["first"] == "krisendienst:rufbereitschaft-demo.05978040"
    assert said["until"] == "2026-10-12T08:00:00+02:00"
