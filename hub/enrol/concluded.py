# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What became of each agreement, as the rows say it?

A text that is not the one that was signed binds nobody: it is left out, so that what it would
switch on stays off, and ``audit verify`` names the row.
"""

import json
from collections import defaultdict
from datetime import date
from typing import Final

import structlog
from pydantic import ValidationError
from sqlalchemy import Connection

from hub.model.agreement import Agreement, Concluded
from hub.protocols.agreement_file import agreement_digest
from hub.sealing.canonical import unb64
from hub.store.agreements import (
    StoredAgreement,
    StoredSignature,
    read_agreements,
    read_signatures,
)

_log: Final = structlog.stdlib.get_logger()


def read_concluded(connection: Connection) -> tuple[Concluded, ...]:
    """Read every version of every agreement, with its signatures and notices."""
    signed: dict[str, list[StoredSignature]] = defaultdict(list)
    for each in read_signatures(connection):
        signed[each.digest].append(each)
    found = (_concluded(stored, signed[stored.digest]) for stored in read_agreements(connection))
    return tuple(concluded for concluded in found if concluded is not None)


def _concluded(stored: StoredAgreement, signed: list[StoredSignature]) -> Concluded | None:
    try:
        agreement = Agreement.model_validate_json(stored.body)
    except ValidationError:
        agreement = None
    if agreement is None or agreement_digest(agreement) != stored.digest:
        _log.error("agreement.damaged", digest=stored.digest)
        return None
    ends = [last_day_in(each.jws) for each in signed if each.act == "end"]
    return Concluded(
        agreement=agreement,
        digest=stored.digest,
        signed=frozenset(each.organisation for each in signed if each.act == "agree"),
        ends=min(ends, default=None),
    )


def last_day_in(jws: str) -> date:
    """Return the day that a notice names; its signature was verified when it came."""
    return date.fromisoformat(json.loads(unb64(jws.split(".")[1]))["ends"])
