# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Other people's verifiers against our log, in a short form and, by ``-m interop``, a long one."""

from pathlib import Path

import pytest

from tests.interop_log.exports import Export, an_export
from tests.long import leave_out, name_marker


def pytest_configure(config: pytest.Config) -> None:
    name_marker(config)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    leave_out(config, items, Path(__file__).parent)


@pytest.fixture(scope="session")
def export(tmp_path_factory: pytest.TempPathFactory) -> Export:
    """An export of 600 entries: two full tiles, a partial one, and one above them."""
    return an_export(tmp_path_factory.mktemp("export"), 600)
