# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Of which class is each value of a message, for whoever decides who sees it?

It is what the schema says, with one addition: what puts a restricted part right is as restricted as
the part itself, whatever field of the correction it stands in.
"""

from collections.abc import Mapping
from typing import Final

from hub.model.json import JsonObject
from hub.model.protocol import Protocol, Step
from hub.protocols.catalogue import Catalogue
from hub.sealing.sealable import DEFAULT_CLASS

_PART: Final = "teil"
_RIGHT: Final = "/richtig"
_FROM_WIDE_TO_NARROW: Final = (DEFAULT_CLASS, "akte", "schutzadresse", "anvertraut")


def classes_of(
    content: JsonObject, step: Step, protocol: Protocol, catalogue: Catalogue
) -> Mapping[str, str]:
    """Return the class of each place in a content of this step."""
    leaves = catalogue.schemas.by_name(step.schema_name).leaves
    classes = {each.pointer: each.class_name for each in leaves}
    part = content.get(_PART)
    if step.corrects and isinstance(part, str) and classes.get(_RIGHT) == DEFAULT_CLASS:
        classes[_RIGHT] = _class_of_part(part.replace("-", "_"), step, protocol, catalogue)
    return classes


def _class_of_part(name: str, step: Step, protocol: Protocol, catalogue: Catalogue) -> str:
    """Return the narrowest class in a part, in any of the steps that may be meant.

    Of a part that holds a protected address among others it may be the address that is put right.
    """
    found: set[str] = set()
    for corrected in filter(None, map(protocol.step, step.corrects)):
        leaves = catalogue.schemas.by_name(corrected.schema_name).leaves
        found |= {each.class_name for each in leaves if name in each.pointer.split("/")}
    return max(found, key=_narrowness, default=DEFAULT_CLASS)


def _narrowness(class_name: str) -> tuple[int, str]:
    """Return how few may see a class; one that nobody here has heard of is for the fewest."""
    wide = class_name in _FROM_WIDE_TO_NARROW
    rank = _FROM_WIDE_TO_NARROW.index(class_name) if wide else len(_FROM_WIDE_TO_NARROW)
    return rank, class_name
