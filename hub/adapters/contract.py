# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does an adapter keep its promises? A plugin for pytest that tries them all.

``pytest -p hub.adapters.contract --adapter module:factory``; the factory makes a stand
(``hub.adapters.stand``). Each promise is a test of its own with a fresh stand.
"""

from importlib import import_module
from pathlib import Path
from typing import Final, cast

import pytest

from hub.adapters.promises import PROMISES
from hub.adapters.stand import MakeStand

OPTION: Final = "--adapter"
_TESTS: Final = Path(__file__).parent / "contract_tests.py"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Ask for the factory."""
    group = parser.getgroup("meldeweg")
    group.addoption(OPTION, metavar="MODULE:FACTORY", help="stand of the adapter to try")


def pytest_configure(config: pytest.Config) -> None:
    """Run the contract where nobody named other tests."""
    if config.getoption(OPTION) and config.args_source is not pytest.Config.ArgsSource.ARGS:
        config.args = [str(_TESTS)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make each promise a test."""
    if "promise" in metafunc.fixturenames and metafunc.module.__name__.endswith("contract_tests"):
        metafunc.parametrize("promise", PROMISES, ids=lambda each: each.__name__)


@pytest.fixture
def make_stand(request: pytest.FixtureRequest) -> MakeStand:
    """Return the factory that the command line names."""
    named = request.config.getoption(OPTION)
    if not named:
        # The plugin may be loaded by a run that tests something else; there it has nothing to ask.
        pytest.skip(f"{OPTION} nennt keinen Stand")
    module, _, attribute = str(named).partition(":")
    return cast("MakeStand", getattr(import_module(module), attribute))
