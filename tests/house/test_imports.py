# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The directions of dependency hold, and each contract about them can be broken."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house.source import ROOT

LINT = Path(sys.executable).with_name("lint-imports")
CONTRACTS = [
    contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "importlinter"
    ]["contracts"]
]

# A forbidden import for each contract, and the file that would have it.
BREAKS = {
    "hub/store/messages.py": "import hub.trust.keys",
    "hub/protocols/order.py": "import sqlalchemy",
    "hub/sealing/leaf.py": "import sqlmodel",
    "hub/mailbox/states.py": "import fastapi",
    "hub/submit.py": "import httpx2",
    "hub/notify/notice.py": "import sqlalchemy",
    "hub/audit/merkle.py": "import hub.errors",
    "hub/audit/verify.py": "import hub.sealing.canonical",
    "hub/web/health.py": "import hub.store.messages",
    "hub/protocols/show.py": "import hub.audit.log",
    "hub/web/netzwerk.py": "import hub.inquire.messages",
    "hub/portal/working.py": "import hub.sealing.opening",
    "hub/adapters/base.py": "import hub.node",
    "hub/web/eingang/people.py": "import hub.adapters.connector.spool",
}


def lint(folder: Path) -> tuple[int, str]:
    """Run import-linter where the configuration lies; without cache where files were changed."""
    cache = [] if folder == ROOT else ["--no-cache"]
    ran = subprocess.run([LINT, *cache], cwd=folder, capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout + ran.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A second house, to break things in."""
    shutil.copytree(ROOT / "hub", tmp_path / "hub", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    return tmp_path


def test_the_contracts_are_kept() -> None:
    code, said = lint(ROOT)

    assert (code, f"Contracts: {len(CONTRACTS)} kept, 0 broken." in said) == (0, True), said


def test_a_copy_of_the_house_keeps_them_too(copy: Path) -> None:
    """Otherwise the tests below would show nothing."""
    code, said = lint(copy)

    assert code == 0, said


def test_a_package_that_has_no_place_is_not_let_in(copy: Path) -> None:
    """A function without a home means that a noun is missing, not that ``utils`` is."""
    (copy / "hub" / "utils").mkdir()
    (copy / "hub" / "utils" / "__init__.py").write_text('"""Whatever."""\n', encoding="utf-8")

    code, said = lint(copy)

    assert code != 0
    assert "hub.utils" in said
    assert "not listed as layers" in said


def test_each_contract_can_be_broken(copy: Path) -> None:
    """A contract that no import can break keeps nobody from anything."""
    for name, line in BREAKS.items():
        path = copy / name
        path.write_text(path.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")

    code, said = lint(copy)

    kept = [name for name in CONTRACTS if f"{name} BROKEN" not in said]
    assert (code != 0, kept) == (True, []), said
