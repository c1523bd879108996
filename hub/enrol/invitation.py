# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who may enrol: what network files propose, and the one-time codes given out for it."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from hub.errors import NotFound, NotPermitted, TokenInvalid
from hub.model.network import Network
from hub.store.participants import (
    StoredParticipant,
    add_participant,
    change_participant,
    read_participant,
    read_participants,
)

CODE_LASTS: Final = 24 * 3600
"""Seconds in which a one-time code can be used."""


@dataclass(frozen=True)
class Invitation:
    """A one-time code; it is shown once and kept as a digest."""

    organisation: str
    code: str
    expires_at: int


def propose(network: Network, connection: Connection) -> int:
    """Enter the participants that a network file proposes; returns how many were new.

    They enrol themselves: a proposal brings names, roles and telephone numbers and no key.
    """
    known = {stored.organisation for stored in read_participants(connection)}
    new = [proposed for proposed in network.participants if proposed.id not in known]
    for proposed in new:
        add_participant(
            connection,
            StoredParticipant(
                organisation=proposed.id,
                name=proposed.name,
                status="proposed",
                proposal=proposed.model_dump_json(),
            ),
        )
    return len(new)


def invite(organisation: str, now: int, connection: Connection) -> Invitation:
    """Make a one-time code for a proposed organisation; an older one ends with it."""
    stored = read_participant(connection, organisation)
    if stored is None:
        raise NotFound("Diese Stelle ist in keiner Netzdatei vorgeschlagen.")
    if stored.status not in {"proposed", "invited", "enrolled"}:
        raise NotPermitted("Diese Stelle nimmt schon teil.")
    code = "-".join(secrets.token_hex(3) for _ in range(4))
    change_participant(
        connection,
        organisation,
        status="invited",
        code_hash=_hash(code),
        code_expires_at=now + CODE_LASTS,
        pending=None,
    )
    return Invitation(organisation, code, now + CODE_LASTS)


def check_code(stored: StoredParticipant | None, code: str, now: int) -> StoredParticipant:
    """Return the organisation that a one-time code was made for.

    Raises ``TokenInvalid`` for a wrong, used or old code, and for an organisation that nobody
    proposed: which of them it was helps nobody but a guesser.
    """
    if stored is None or stored.code_hash is None or (stored.code_expires_at or 0) < now:
        raise TokenInvalid
    if not hmac.compare_digest(stored.code_hash, _hash(code)):
        raise TokenInvalid
    return stored


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
