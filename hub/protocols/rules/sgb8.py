# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules of the SGB VIII: what a Jugendamt says, and what it says only in a talk."""

from typing import Final

from hub.protocols.rules.rule import Rule, Saying


def _still_without_ever(saying: Saying) -> tuple[str, ...]:
    content = saying.content
    if content.get("noch_taetig") is True and content.get("taetig_geworden") is not True:
        return ("/noch_taetig",)
    return ()


RULES: Final = (
    Rule(
        "noch-taetig-nur-nach-taetig-geworden",
        "sgb8-64-4",
        "Noch tätig kann nur sein, wer tätig geworden ist.",
        _still_without_ever,
    ),
)
