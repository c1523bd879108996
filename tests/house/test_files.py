# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What must not stand in any file that is handed on, and what every lock file must have."""

import re
from pathlib import Path

import pytest

from tests.house.source import ROOT, texts

TEXTS = texts()
# Put together here, so that this file does not hold what it looks for.
HOSTS = (
    r"pypi\." + "org",
    r"python" + r"hosted\.org",
    r"npmjs\." + "(?:com|org)",
    r"proxy\.golang\." + "org",
    r"crates\." + "io",
    r"deb\.debian\." + "org",
)
# „/root/jwk“ is a pointer into a directory entry.
PLACES = r"(?<![\w.<\]/-])/(?:work|root(?!/jwk)|home|Users|tmp|var/tmp|mnt)/[\w.-]+"
LOCKS = sorted((ROOT / "locks").glob("*.txt"))
PIN = re.compile(r"^[A-Za-z0-9._-]+(?:\[[a-z,-]+\])?==\S+")


def hits(pattern: str) -> list[tuple[str, str]]:
    searched = re.compile(pattern)
    return [
        (name, found[0])
        for name, text in TEXTS.items()
        if "/vectors/" not in name
        for found in searched.finditer(text)
    ]


@pytest.mark.parametrize("host", HOSTS)
def test_no_file_names_the_host_of_a_package_index(host: str) -> None:
    """Where packages come from is the business of the machine that sets up."""
    assert hits(host) == []


def test_no_file_knows_the_machine_on_which_it_was_written() -> None:
    assert hits(PLACES) == []


def test_the_search_finds_such_a_place() -> None:
    assert re.search(PLACES, "open('/home/" + "jemand/x')")
    assert not re.search(PLACES, "https://localhost/home/" + "seite")


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: str(path.name))
def test_a_lock_file_has_hashes_and_no_address(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[A-Za-z0-9])", re.sub(r"(?m)^\s*#.*\n", "", text).strip())

    assert blocks
    assert [block for block in blocks if not PIN.match(block)] == []
    assert [block for block in blocks if "--hash=sha256:" not in block] == []
    assert "://" not in text
    assert not re.search(r"(?m)^\s*(?:-i|--index|--extra-index|--find-links|-f) ?", text)


def test_there_is_a_lock_for_each_purpose() -> None:
    assert {path.stem for path in LOCKS} >= {"uv", "build", "run", "dev"}


@pytest.mark.parametrize("name", [name for name in TEXTS if name.endswith(".npmrc")])
def test_the_other_packager_has_no_address_either(name: str) -> None:
    assert "://" not in TEXTS[name]


def test_no_address_for_downloads_is_pinned_for_the_browser_either() -> None:
    """``package-lock.json`` keeps hashes; the addresses beside them would be a machine's own."""
    locked = [name for name in TEXTS if name.endswith("package-lock.json")]

    assert [name for name in locked if '"resolved": "http' in TEXTS[name]] == []
