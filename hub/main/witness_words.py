# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is wrong with a witness, in the operator's words?"""

from collections.abc import Mapping
from typing import Final

from hub.audit.tail import ANOTHER_HISTORY, AWAY

WORDS: Final = {
    ANOTHER_HISTORY: "hat eine andere Geschichte gesehen",
    AWAY: "antwortet nicht",
    "no-cosignature": "unterschreibt mit einem anderen Schlüssel",
    "404": "kennt dieses Protokoll nicht",
    "403": "kennt den Schlüssel dieses Protokolls nicht",
}


def named(troubles: Mapping[str, str]) -> str:
    """Name the witnesses of which something is wrong, each with what it is."""
    said = (f"{name} {WORDS.get(why, f'antwortet mit {why}')}" for name, why in troubles.items())
    return ", ".join(sorted(said))
