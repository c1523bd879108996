# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How we test: by law, by journey, by house, by specification, by unit.

Builders for nouns, fixtures for resources. Journeys go over HTTP to a real hub with a real
database (``tests/world.py``); nothing is mocked where the real part runs here. Nothing is random
but property tests, and nothing sleeps.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests import authority, databases
from tests.world import World, a_world

# How long something takes is measured in bench/ and never tested: a busy machine would decide.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

_nobody: Path | None = None
"""The authority of this run, to be taken away by the process that made it."""
ORGANISATIONS = (
    "schule:999001",
    "schule:999002",
    "jugendamt:05170032",
    "jugendamt:05170000",
    "polizei:kpb-wesel",
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A hub with two schools, two Jugendaemter and the police; shared by a module."""
    home: Path = tmp_path_factory.mktemp("world")
    with databases.given_back(), a_world(home, *ORGANISATIONS) as made:
        yield made


@pytest.fixture(autouse=True)
def _databases() -> Iterator[None]:
    """What a test has made on the server goes with it."""
    with databases.given_back():
        yield


def pytest_configure() -> None:
    global _nobody  # noqa: PLW0603  it is one file for the whole run
    _nobody = authority.believe_nobody()


def pytest_sessionfinish() -> None:
    databases.close()
    if _nobody is not None:
        _nobody.unlink(missing_ok=True)


def pytest_report_header() -> str:
    return f"database: {databases.KIND}"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
