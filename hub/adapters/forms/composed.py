# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is written as one, although a form asks for it in parts: names, addresses, days, numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

Texts: TypeAlias = Mapping[str, str]
_ROWS: Final = (("strasse", "hausnummer"), ("zusatz",), ("postleitzahl", "ort"), ("ortsteil",))


@dataclass(frozen=True)
class Composition:
    """Members of a group that read as one."""

    label: str
    """Where other members stand beside them in the group."""
    names: tuple[str, ...]
    needs: frozenset[str]
    """Without these it is something else that happens to have a member of that name."""
    write: Callable[[Texts], str]


def name(said: Texts) -> str:
    """Return a name as files have it: „Erfunden-Beispiel, Mia Luise (gerufen Mia)“."""
    whole = ", ".join(filter(None, (said.get("familienname"), said.get("vorname"))))
    called = said.get("rufname", "")
    return f"{whole} (gerufen {called})" if called else whole


def address(said: Texts) -> str:
    """Return an address on one line."""
    rows = (" ".join(said[part] for part in parts if part in said) for parts in _ROWS)
    return ", ".join(filter(None, rows))


def birth(said: Texts) -> str:
    """Return a date of birth of which only a part may be known."""
    year, *rest = (said.get(part, "") for part in ("jahr", "monat", "tag"))
    return ".".join([part.zfill(2) for part in reversed(rest) if part] + [year])


def contact(said: Texts) -> str:
    """Return how to reach somebody, the number first."""
    return f"{said['kennung']} ({said['kanal']})"


_NAME: Final = ("familienname", "vorname", "rufname")
COMPOSITIONS: Final = (
    Composition("Name", _NAME, frozenset({"familienname"}), name),
    Composition("Name", _NAME, frozenset({"vorname"}), name),
    Composition(
        "Anschrift",
        tuple(part for parts in _ROWS for part in parts),
        frozenset({"ort"}),
        address,
    ),
    Composition("Geburtsdatum", ("jahr", "monat", "tag"), frozenset({"jahr"}), birth),
    Composition("Erreichbar unter", ("kanal", "kennung"), frozenset({"kanal", "kennung"}), contact),
)
