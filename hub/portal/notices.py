# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How do people hear that something waits for them at the portal, without its saying what?

A mail says how many, and nothing about whom, from whom or under which protocol. What is to be told
is kept durably with what it is about; where mails cannot leave, they are tried again for a day.
"""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Final

import structlog
from sqlalchemy import Connection

from hub.notify.channel import Parcel, Result
from hub.notify.notice import FOOT
from hub.notify.smtp import Mail, Mailserver
from hub.portal.books.mail_notices import (
    Kind,
    StoredNotice,
    postpone_notice,
    remove_notices,
    take_up_notices,
)
from hub.portal.desk import Desk
from hub.portal.settings import PortalSettings

AT_ONCE: Final = 50
UNDER_WAY: Final = 600
"""Seconds after which what was taken up is tried again, although nobody said what became of it."""
PAUSES: Final = (5, 30, 120)
LONGEST: Final = 300
"""Seconds between two attempts."""
GIVEN_UP: Final = 86_400
"""Seconds after which it would be no news any more."""
_ONE: Final[dict[Kind, str]] = {
    "brief": "Im Meldeportal liegt 1 neue Nachricht für Sie.",
    "mitteilung": "Im Meldeportal gibt es etwas Neues zu 1 Mitteilung von Ihnen.",
    "entwurf": "Im Meldeportal endet morgen 1 Entwurf von Ihnen.",
    "barriere": "Im Meldeportal wartet 1 Rückmeldung zur Barrierefreiheit auf Antwort.",
    "haus": "Im Meldeportal gibt es 1 Änderung an den Zugängen oder Regeln Ihres Hauses.",
}
_MANY: Final[dict[Kind, str]] = {
    "brief": "Im Meldeportal liegen {} neue Nachrichten für Sie.",
    "mitteilung": "Im Meldeportal gibt es etwas Neues zu {} Mitteilungen von Ihnen.",
    "entwurf": "Im Meldeportal enden morgen {} Entwürfe von Ihnen.",
    "barriere": "Im Meldeportal warten {} Rückmeldungen zur Barrierefreiheit auf Antwort.",
    "haus": "Im Meldeportal gibt es {} Änderungen an den Zugängen oder Regeln Ihres Hauses.",
}
_KINDS: Final[tuple[Kind, ...]] = ("brief", "mitteilung", "entwurf", "haus", "barriere")
_log: Final = structlog.stdlib.get_logger()


async def turn(desk: Desk) -> None:
    """Send the mails that are due; without a mail server they are forgotten."""
    second = desk.second
    taking = partial(take_up_notices, second=second, until=second + UNDER_WAY, most=AT_ONCE)
    due = await desk.books.write(taking)
    if not due:
        return
    channel = _channel(desk.settings)
    if channel is None:
        await desk.books.write(partial(remove_notices, ids=[each.id for each in due]))
        return
    loads = _loads(due)
    parcels = [_parcel(address, rows, desk) for address, rows in loads]
    results = await channel.send(parcels)
    done = list(zip((rows for _, rows in loads), results, strict=True))
    await desk.books.write(partial(_note, done=done, second=second))


def _channel(settings: PortalSettings) -> Mail | None:
    url = settings.smtp_url.get_secret_value()
    if not url:
        return None
    return Mail(Mailserver.parse(url), settings.mail_from)


def _loads(due: Sequence[StoredNotice]) -> list[tuple[str, tuple[StoredNotice, ...]]]:
    by_address = attrgetter("address")
    grouped = groupby(sorted(due, key=by_address), key=by_address)
    return [(address, tuple(rows)) for address, rows in grouped]


def _parcel(address: str, rows: Sequence[StoredNotice], desk: Desk) -> Parcel:
    counts = Counter(row.kind for row in rows)
    lines = [_sentence(kind, counts[kind]) for kind in _KINDS if counts[kind]]
    text = "\n".join([*lines, "", f"{desk.settings.public_url}/portal", "", FOOT, ""])
    return Parcel(
        mark=rows[0].id,
        address=address,
        subject=lines[0].rstrip("."),
        text=text,
        short=lines[0],
        is_urgent=False,
    )


def _sentence(kind: Kind, count: int) -> str:
    return _ONE[kind] if count == 1 else _MANY[kind].format(count)


def _note(
    connection: Connection,
    done: Sequence[tuple[tuple[StoredNotice, ...], Result]],
    second: int,
) -> None:
    for rows, result in done:
        later = [row for row in rows if result.outcome == "later" and not _is_stale(row, second)]
        for row in later:
            pause = PAUSES[row.tries] if row.tries < len(PAUSES) else LONGEST
            postpone_notice(connection, row.id, second + max(pause, result.retry_after or 0))
        kept = {row.id for row in later}
        remove_notices(connection, [row.id for row in rows if row.id not in kept])
        if result.outcome != "sent":
            _log.warning("portal.mail-not-sent", state=result.outcome, reason=result.reason)


def _is_stale(row: StoredNotice, second: int) -> bool:
    return row.tries > 0 and second - row.created_at > GIVEN_UP
