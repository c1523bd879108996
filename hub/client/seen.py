# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which messages did this unit take, under which id?

So nobody gets two messages under one id believed, and nothing is handed over twice.
"""

from typing import Any

from hub import clock
from hub.client.agency import Agency
from hub.model.message import Envelope


def see(agency: Agency, envelope: Envelope, env: str) -> None:
    """Remember a message until its end; afterwards nobody may open it, be it new or repeated."""
    now = int(clock.now())

    def change(known: dict[str, Any]) -> dict[str, Any]:
        lasting = {name: kept for name, kept in known.items() if _end(kept) >= now}
        return {**lasting, _name(envelope): [env, envelope.end]}

    agency.revise_beside("seen", _name(envelope), change)


def seen(agency: Agency, envelope: Envelope) -> str | None:
    """Return the digest of the envelope that was taken under this id."""
    kept = agency.fact("seen", _name(envelope))
    return str(kept[0]) if isinstance(kept, list) else kept


def _name(envelope: Envelope) -> str:
    return f"{envelope.iss} {envelope.jti}"


def _end(kept: object) -> float:
    # Folders of before know the digest alone; what has no end stays.
    return kept[1] if isinstance(kept, list) else float("inf")
