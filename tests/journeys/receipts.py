# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What receipts say, read from their signed bytes and not from the hub's own summary."""

import json
from typing import Any

from hub.sealing.canonical import unb64


def word_of(jws: str) -> str:
    return str(next(iter(claims_of(jws)["events"]))).rpartition(":")[2]


def claims_of(jws: str) -> dict[str, Any]:
    claims: dict[str, Any] = json.loads(unb64(jws.split(".")[1]))
    return claims


def words_of(state: dict[str, Any]) -> list[str]:
    """Return the words of the receipts in the state of a message, in order."""
    return [word_of(jws) for jws in state["receipts"]]
