# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What may a file of a protocol be, before anybody looks at what it says?

A folder of protocols comes from somebody else, by mail or on a stick. A file that has no end, is
nested without end or grows when it is unfolded is refused here, so that no hub hangs on it.
"""

from pathlib import Path
from typing import Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

LARGEST: Final = 1 << 20
"""Bytes of one file; the largest that is shipped has a twentieth of it."""
MOST: Final = 50_000
"""Values in one file, counted as often as they are referred to."""


class Unreadable(ValueError):  # noqa: N818  a state of the file, as the refusals are
    """A file cannot be taken as what it should be; the text says why, in German."""


def read_text(path: Path) -> str:
    """Return the text of an ordinary file of bounded length.

    Raises ``Unreadable``; what the system refuses stays an ``OSError``.
    """
    if path.exists() and not path.is_file():
        raise Unreadable("keine gewöhnliche Datei")
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Unreadable("zu groß; höchstens 1 MiB")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("kein Text in UTF-8") from None


def read_yaml(path: Path) -> object:
    """Return what a YAML file says, of bounded size however it is written."""
    text = read_text(path)
    try:
        said = YAML(typ="safe", pure=True).load(text)
    except YAMLError:
        raise Unreadable("kein YAML, oder ein Name steht doppelt") from None
    except RecursionError:
        raise Unreadable("zu tief verschachtelt") from None
    _check_bounded(said)
    return said


def _check_bounded(said: object) -> None:
    """Count what would be written out; an alias of an alias counts each time."""
    waiting, seen = [said], 0
    while waiting:
        part = waiting.pop()
        seen += 1
        if isinstance(part, dict):
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
        if seen + len(waiting) > MOST:
            raise Unreadable("enthält zu viel oder sich selbst")
