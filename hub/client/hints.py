# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does a pseudonymous text say who it is about after all?

§ 4 Abs. 2 KKG asks for pseudonymous data, and no schema can see into a free text. So where a step
asks for it, its texts are looked through before they are sealed, and whoever sends has to see what
was found. It is a hint: a person decides, and nothing is changed or kept back silently.
"""

from collections.abc import Mapping
from typing import Any

from hub.model.protocol import Step
from hub.protocols.identifiers import SCANNED, IdentifierHint, find_identifiers


class HintsUnseen(Exception):  # noqa: N818  nothing has gone wrong; somebody is asked to look
    """Somebody has to look at these places first, and then say that they have."""

    def __init__(self, hints: tuple[IdentifierHint, ...]) -> None:
        self.hints = hints
        super().__init__("; ".join(f"{hint.pointer}: {hint.text}" for hint in hints))


def look_through(step: Step, content: Mapping[str, Any], *, seen: bool) -> None:
    """Raise ``HintsUnseen`` where a step is pseudonymous and a text may not be.

    ``seen`` says that a person has looked at the hints and answers for the text.
    """
    if seen or SCANNED not in step.rules:
        return
    hints = find_identifiers(dict(content))
    if hints:
        raise HintsUnseen(hints)
