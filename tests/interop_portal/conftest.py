# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The portal in a browser that is not Chromium: a long test, for ``make interop``."""

from pathlib import Path

import pytest

from tests.long import leave_out, name_marker


def pytest_configure(config: pytest.Config) -> None:
    name_marker(config)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    leave_out(config, items, Path(__file__).parent)
