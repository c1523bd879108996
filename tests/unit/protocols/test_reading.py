# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A file from somebody else is bounded before anybody looks at what it says."""

import os
from pathlib import Path

import pytest

from hub.protocols.reading import LARGEST, Unreadable, read_text, read_yaml

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 9)
)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "UTF-8"),
        (b"a: [", "kein YAML"),
        (b"a: 1\na: 2\n", "doppelt"),
        (b"a: " + b"[" * 5000 + b"]" * 5000, "verschachtelt"),
        (BOMB.encode(), "zu viel"),
        (b"a: &a [*a]\n", "sich selbst"),
        (b"#" * (LARGEST + 1), "zu gro"),
    ],
    ids=["bytes", "broken", "twice", "deep", "aliases", "endless", "huge"],
)
def test_what_is_no_bounded_yaml_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "protocol.yaml"
    path.write_bytes(content)

    with pytest.raises(Unreadable, match=said):
        read_yaml(path)


def test_nobody_waits_for_a_pipe(tmp_path: Path) -> None:
    path = tmp_path / "protocol.yaml"
    os.mkfifo(path)

    with pytest.raises(Unreadable, match="keine gewöhnliche Datei"):
        read_text(path)


def test_what_is_not_there_stays_a_matter_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_text(tmp_path / "nichts")


def test_an_ordinary_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "protocol.yaml"
    path.write_text("\ufeffid: kreis-anliegen\n", "utf-8")

    assert read_yaml(path) == {"id": "kreis-anliegen"}
