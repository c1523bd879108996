# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who has said that a notice in quarantine was seen to by other means?

The target never gets it afterwards; so it stands in the course of the matter, with a name.
"""

from functools import partial

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from hub.adapters.connector.house import House
from hub.adapters.connector.quarantine import released
from hub.adapters.inbox.acts import NOTED, Act, By, put_act


async def release_by(by: By, message: str, house: House) -> None:
    """Release a notice and enter who did; raises ``NotFound`` where none lies in quarantine."""
    await house.write(partial(_release, by=by, message=message, second=house.second))


def _release(connection: Connection, by: By, message: str, second: int) -> None:
    row = released(connection, message)
    done = Act(
        id=str(uuid7()),
        message=row.id,
        conversation=row.conversation,
        kind="entlassung",
        step="",
        person=by.person,
        name=by.name,
        role=by.role,
        state=NOTED,
        at=second,
        ends_at=row.ends_at,
        done_at=second,
    )
    put_act(connection, done)
