# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every file says under which licence it may be used, itself or in REUSE.toml (REUSE 3.3)."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# REUSE-IgnoreStart
COPYRIGHT = "SPDX-FileCopyrightText: 2026 Meldeweg contributors"
IDENTIFIER = "SPDX-License-Identifier: EUPL-1.2"
# REUSE-IgnoreEnd
HEAD = 400
"""Bytes at the beginning of a file in which both lines have to stand."""


def files() -> list[str]:
    """Return every file that is tracked or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return sorted(name for name in set(listed.split("\0")) if name and (ROOT / name).is_file())


def annotated() -> re.Pattern[str]:
    table = tomllib.loads((ROOT / "REUSE.toml").read_text(encoding="utf-8"))
    globs = [glob for annotation in table["annotations"] for glob in annotation["path"]]
    return re.compile("|".join(pattern_of(glob) for glob in globs))


def pattern_of(glob: str) -> str:
    """Return a glob as a regular expression: ``**`` crosses folders, ``*`` does not."""
    parts = re.split(r"(\*\*/|\*\*|\*)", glob)
    meaning = {"**/": r"(?:.*/)?", "**": r".*", "*": r"[^/]*"}
    return rf"(?:{''.join(meaning.get(part) or re.escape(part) for part in parts)})\Z"


def says_its_licence(name: str) -> bool:
    head = (ROOT / name).read_bytes()[:HEAD].decode("utf-8", errors="replace")
    return COPYRIGHT in head and IDENTIFIER in head


def is_licence(name: str) -> bool:
    return name == "LICENSE" or name.startswith("LICENSES/")


def test_every_file_says_its_licence() -> None:
    covered = annotated()
    silent = [
        name
        for name in files()
        if not (is_licence(name) or covered.match(name) or says_its_licence(name))
    ]

    assert silent == []


def test_a_file_that_can_carry_its_licence_does() -> None:
    """An annotation that swallows a folder of code would let everything in it be silent."""
    covered = annotated()
    named = [name for name in files() if covered.match(name)]

    assert not [name for name in named if name.endswith(".py") and not says_its_licence(name)]


def test_the_licence_is_the_official_text_and_the_only_one() -> None:
    texts = sorted(path.name for path in (ROOT / "LICENSES").iterdir())
    text = (ROOT / "LICENSES" / "EUPL-1.2.txt").read_text(encoding="utf-8")

    assert texts == ["EUPL-1.2.txt"]
    assert text == (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\n")
    assert all(f"\n{number}." in text for number in range(1, 16))


@pytest.mark.parametrize(
    ("glob", "name", "matches"),
    [
        ("**/*.json", "package.json", True),
        ("**/*.json", "hub/schemas/a/1.0.0/b.schema.json", True),
        ("**/*.json", "hub/jsonish.py", False),
        ("locks/*.txt", "locks/run.txt", True),
        ("locks/*.txt", "locks/deep/run.txt", False),
        ("specs/vectors/**", "specs/vectors/sl1/a.txt", True),
        ("specs/vectors/**", "specs/law/a.yaml", False),
    ],
)
def test_a_glob_means_what_reuse_says(glob: str, name: str, matches: bool) -> None:
    assert bool(re.match(pattern_of(glob), name)) is matches
