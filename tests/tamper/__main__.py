# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Run all tables of tampering in their long form; the last line is ``N of M``.

Properties over bits, places and claims; the rows of ``specs/over-sharing.md``; and every value in a
hub's database, changed after the fact.
"""

import sys
from typing import Final

import pytest

TABLES: Final = (
    "tests/tamper",
    "tests/journeys/test_greedy_table.py",
    "tests/journeys/test_flipped_bits.py",
)


class Count:
    """Counts what was tried and what held, wherever it ran."""

    def __init__(self) -> None:
        self.tried: set[str] = set()
        self.failed: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.tried.add(report.nodeid)
        # What is left out was not shown to hold.
        if not report.passed:
            self.failed.add(report.nodeid)


def main(arguments: list[str]) -> int:
    count = Count()
    asked = arguments or ["-n", "2"]
    code = pytest.main(["-q", "-o", "timeout=0", *asked, *TABLES], plugins=[count])
    print(f"{len(count.tried - count.failed)} of {len(count.tried)}")  # noqa: T201
    return 0 if code == pytest.ExitCode.OK and count.tried else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
