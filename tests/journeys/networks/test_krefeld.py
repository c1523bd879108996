# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""S5, Krefeld: a register of ninety actors, of whom twelve have not accepted the new rules."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import httpx2
import pytest

from hub.directory.network import load_network
from hub.model.procedure import RulesOfProcedure
from tests.journeys.networks.places import NETWORKS, a_place, coordinating, listed
from tests.world import World

KEY: Final = "05114"
COORDINATION: Final = "koordination:05114000"
REAL: Final = 6
"""Offices that there are: they are addressees and do not take part."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    home: Path = tmp_path_factory.mktemp("krefeld")
    with a_place(home, "krefeld", joining=("jugendamt:05114000",)) as made:
        yield made


@pytest.fixture(scope="module")
def pages(world: World) -> Iterator[httpx2.Client]:
    with coordinating(world, COORDINATION) as browser:
        yield browser


def test_the_register_has_ninety_actors_each_with_role_and_telephone(
    pages: httpx2.Client,
) -> None:
    members = listed("krefeld")
    shown = pages.get(f"/netzwerk/{KEY}/mitglieder").text

    assert len(members) - REAL == 90
    for member in members.values():
        assert member.name in shown
        assert all(unit.telephone in shown for unit in member.units)


def test_twelve_have_not_accepted_the_second_version(pages: httpx2.Client) -> None:
    missing = [
        listed("krefeld")[member].name
        for rules in _rules()
        for member in rules.versions[-1].not_accepted
    ]
    shown = pages.get(f"/netzwerk/{KEY}/geschaeftsordnung").text

    assert len(missing) == 12
    assert all(name in shown for name in missing)


def test_who_has_not_accepted_what_is_for_the_network_alone(world: World) -> None:
    """The directory that everybody may fetch has the members and not their affairs."""
    public = httpx2.get(f"{world.url}/v1/directory").text
    stranger = httpx2.get(f"{world.url}/netzwerk/{KEY}/geschaeftsordnung")

    assert "not_accepted" not in public
    assert stranger.status_code == httpx2.codes.FORBIDDEN
    assert not re.search("Kirsche", stranger.text)


def test_whoever_has_not_accepted_the_rules_is_reached_all_the_same(world: World) -> None:
    """Rules of procedure bind the network; no duty of the law waits for them."""
    [rules] = _rules()
    late = next(each for each in rules.versions[-1].not_accepted if each.startswith("schule:"))
    world.join(late, protocols=("schule-mitteilung/1.0.0",))

    assert world.node.directory.roles(late) == {"schule"}


def _rules() -> tuple[RulesOfProcedure, ...]:
    return load_network(NETWORKS / "krefeld.yaml").rules
