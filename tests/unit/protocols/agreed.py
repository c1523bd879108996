# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Invented agreements about the invented protocol."""

from datetime import date, timedelta
from typing import Any

from hub.model.agreement import (
    AgreedClocks,
    AgreedDeadline,
    AgreedProtocol,
    Agreement,
    Concluded,
    Direction,
)
from hub.protocols.agreement_file import agreement_digest

TODAY = date(2026, 9, 21)
SCHOOL_ITSELF = "schule:999001"
OFFICE_ITSELF = "jugendamt:05978040"


def an_agreed(**members: Any) -> AgreedProtocol:
    plain: dict[str, Any] = {"protocol": "erfunden/1", "occasions": ("Erfundener Anlass",)}
    return AgreedProtocol(**{**plain, **members})


def an_agreement(**members: Any) -> Agreement:
    plain: dict[str, Any] = {
        "id": "erfundener-kreis",
        "version": 1,
        "title": "Erfundene Vereinbarung",
        "parties": (OFFICE_ITSELF, SCHOOL_ITSELF),
        "protocols": (an_agreed(),),
        "valid_from": date(2026, 1, 1),
        "valid_until": date(2026, 12, 31),
    }
    return Agreement(**{**plain, **members})


def concluded(
    agreement: Agreement | None = None, *, but: str = "", ends: date | None = None
) -> Concluded:
    """Return an agreement that all have signed, but for one."""
    own = agreement or an_agreement()
    signed = frozenset(party for party in own.parties if party != but)
    return Concluded(own, agreement_digest(own), signed, ends)


def to_office() -> tuple[Direction, ...]:
    return (Direction(sender="schule", recipient="jugendamt"),)


def agreed_clocks(**minutes: int) -> AgreedClocks:
    return AgreedClocks.model_validate(
        {
            name: AgreedDeadline(within=timedelta(minutes=number), source="Vereinbarung")
            for name, number in minutes.items()
        }
    )
