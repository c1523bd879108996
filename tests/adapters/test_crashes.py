# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whoever is killed, and wherever: each message reaches its target once, and nobody loses it.

``python -m tests.adapters`` kills at every boundary; here are those that differ most.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import databases
from tests.adapters.kills import EVERY, SOME, Case, Scene, a_scene, play


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    home: Path = tmp_path_factory.mktemp("scene")
    with databases.given_back(), a_scene(home) as made:
        yield made


@pytest.mark.parametrize("case", SOME, ids="-".join)
def test_each_message_takes_effect_once_whoever_is_killed(case: Case, scene: Scene) -> None:
    assert not play(case, scene).findings


def test_the_short_form_is_a_part_of_the_whole() -> None:
    assert set(SOME) < set(EVERY)
