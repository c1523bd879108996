# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Other people's verifiers against our log, in a short form and, by ``-m interop``, a long one."""

from pathlib import Path

import pytest

from tests.interop_log.exports import Export, an_export

LONG = "interop"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", f"{LONG}: the long form, for ``make interop``")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long form out of a run that does not ask for it."""
    if LONG in config.option.markexpr:
        return
    here = Path(__file__).parent
    long = [item for item in items if here in item.path.parents and item.get_closest_marker(LONG)]
    if long:
        items[:] = [item for item in items if item not in long]
        config.hook.pytest_deselected(items=long)


@pytest.fixture(scope="session")
def export(tmp_path_factory: pytest.TempPathFactory) -> Export:
    """An export of 600 entries: two full tiles, a partial one, and one above them."""
    return an_export(tmp_path_factory.mktemp("export"), 600)
