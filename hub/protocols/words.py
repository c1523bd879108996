# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How is a role called in front of people, whatever protocol it appears in?

A protocol words its roles for one exchange ("Zuständiges Jugendamt"). Where several stand side by
side, the one word of the glossary is used.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from hub.model.protocol import Protocol, RoleId
from hub.schemas import SPECS


def role_words(protocols: Iterable[Protocol]) -> Mapping[RoleId, str]:
    """Return the word for every role of these protocols, in the order in which they appear.

    A role that the glossary does not know, because a Kreis wrote the protocol, has the title that
    its protocol gives it.
    """
    known = _glossary(SPECS / "glossary.yaml")
    words: dict[RoleId, str] = {}
    for role in (role for protocol in protocols for role in protocol.roles):
        words.setdefault(role.id, known.get(role.id, role.title))
    return words


@cache
def _glossary(path: Path) -> Mapping[RoleId, str]:
    entries = YAML(typ="safe", pure=True).load(path)["entries"]
    return {entry["id"]: entry["word"] for entry in entries if entry["kind"] == "role"}
