# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the browser does at the portal, under Node: every file in ``js/`` holds tests of its own."""

import subprocess
from pathlib import Path

import pytest

from tests.interop.node import ROOT, check_packages, node

FILES = sorted((Path(__file__).parent / "js").glob("*.test.js"))


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name.removesuffix(".test.js"))
def test_the_tests_of_a_topic_hold(file: Path) -> None:
    check_packages()
    ran = subprocess.run(
        [node(), "--test", "--test-reporter=tap", str(file)],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )

    assert (ran.returncode, "# fail 0" in ran.stdout) == (0, True), ran.stdout + ran.stderr
