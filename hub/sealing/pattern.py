# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Is a pattern one that every engine reads the same way? (SL1 § 3)

The sealer's engine and the reader's are rarely one. What one takes for a class and another for
letters would let a value pass at one end and be rejected at the other. So a pattern is a sequence
of few pieces that all of them know: characters, escaped syntax characters, classes and groups,
each with at most one quantifier.
"""

import re
from typing import Final

_QUANTIFIER: Final = r"(?:(?:[*+?]|\{[0-9]{1,4}(?:,[0-9]{0,4})?\})\??)?"
"""A question mark behind a quantifier makes it lazy, which changes no verdict."""
_ESCAPED: Final = r"\\[\^$\\.*+?()\[\]{}|/]"
_CLASS: Final = r"\[\^?(?!\^)(?:[^\\\[\]]|\\[\^$\\.*+?()\[\]{}|/-])+\]"
_PIECE: Final = re.compile(
    rf"(?:{_ESCAPED}|{_CLASS}|[^\\\[\]{{}}()|*+?^$]){_QUANTIFIER}", re.DOTALL
)
_CLOSE: Final = re.compile(rf"\){_QUANTIFIER}")
_OPEN: Final = re.compile(r"\((?:\?:)?")
_SET_OPERATOR: Final = re.compile(r"\[(?:[^\]\\]|\\.)*(?:&&|--|~~)", re.DOTALL)


def is_read_alike(pattern: str) -> bool:
    """Tell whether an anchored pattern has no form that engines read differently.

    An alternative stands in a group: in ``^a|b$`` each anchor would hold for one of the two alone.
    """
    inner, at, depth = pattern[1:-1], 0, 0
    while at < len(inner):
        kind = inner[at]
        if kind == "|":
            length = 1 if depth else 0
        else:
            piece = {"(": _OPEN, ")": _CLOSE}.get(kind, _PIECE).match(inner, at)
            length = len(piece[0]) if piece else 0
            depth += (kind == "(") - (kind == ")")
        if length == 0 or depth < 0:
            return False
        at += length
    return depth == 0 and not _SET_OPERATOR.search(inner)
