# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which places of the law may be named as a basis, and how sure are we of each?

One file per statute. What its head says of ``statute``, ``stand`` and ``source`` holds for every
provision that does not say otherwise; how sure we are is said of each provision by itself, so that
nobody inherits certainty.
"""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from pydantic import ValidationError

from hub.model.law import LegalBasis
from hub.protocols.reading import Unreadable, read_yaml

_INHERITED: Final = frozenset({"statute", "stand", "source"})


def load_law(root: Path) -> Mapping[str, LegalBasis]:
    """Read every statute below a folder, by code; a second entry for a code is refused.

    Errors are ``ValueError`` and name file and code: these are our own files, so somebody here
    has to correct them.
    """
    law: dict[str, LegalBasis] = {}
    for path in sorted(root.glob("*.yaml")):
        for basis in _load_statute(path):
            if basis.code in law:
                raise ValueError(f"{path.name}: {basis.code} steht doppelt")
            law[basis.code] = basis
    return MappingProxyType(law)


def _load_statute(path: Path) -> list[LegalBasis]:
    try:
        head = read_yaml(path)
    except Unreadable as broken:
        raise ValueError(f"{path.name}: {broken}") from None
    if not isinstance(head, dict) or head.keys() != _INHERITED | {"provisions"}:
        raise ValueError(f"{path.name}: der Kopf ist statute, stand, source und provisions")
    inherited = {name: head[name] for name in _INHERITED}
    return [_basis(provision, inherited, path) for provision in head["provisions"]]


def _basis(provision: object, inherited: Mapping[str, Any], path: Path) -> LegalBasis:
    if not isinstance(provision, dict):
        raise ValueError(f"{path.name}: eine Vorschrift ist eine Zuordnung")  # noqa: TRY004  as the others
    try:
        return LegalBasis.model_validate({**inherited, **provision})
    except ValidationError as wrong:
        code = provision.get("code", "?")
        raise ValueError(f"{path.name}: {code} ist unvollständig oder sagt zu viel") from wrong
