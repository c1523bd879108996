# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What may be said where anybody may read along?

How many, how urgent, which id, what to do, and for what is overdue the telephone number of the
office. Not who sent it and under which protocol: that a certain office writes to a youth office
tells about a family already; § 35 SGB I covers even that there is something.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hub.model.notification import Occasion
from hub.notify.channel import Parcel
from hub.sealing.canonical import digest

SHOWN: Final = 10
"""Messages that one mail names; beyond, it says how many more."""
RUNG: Final = 3
"""Telephone numbers in one short message."""
OPEN: Final = "Bitte den Eingang öffnen."
EMERGENCY: Final = "Bei akuter Gefahr: 110."
FOOT: Final = (
    "Diese Nachricht hat ein Programm geschrieben. Sie enthält mit Absicht keine Angaben zur "
    "Sache.\nAntworten liest niemand."
)
_URGENCIES: Final[dict[str, str]] = {
    "sofort": "sofort",
    "unverzueglich": "unverzüglich",
    "planbar": "planbar",
}
_SENTENCES: Final[dict[Occasion, str]] = {
    "waiting": "Sie ist für Sie da.",
    "escalated": "Wer zuerst gefragt war, hat den Eingang nicht bestätigt. Jetzt sind Sie gefragt.",
    "reminder": "Erinnerung: Ihre Eingangsbestätigung fehlt noch.",
    "returned": "Bisher hat sich jemand anderes darum gekümmert. Jetzt ist sie bei Ihnen.",
    "overdue": "Sie haben sie gesendet. Niemand hat bisher den Eingang bestätigt.",
    "held": "Sie ist mehrmals nicht angekommen. Der Betreiber des Hubs ist gefragt.",
    "passed-on": "Es gibt dazu eine andere zuständige Stelle.",
    "owed": "Erinnerung: Ein Schritt von Ihnen steht noch aus, etwa eine Rückmeldung.",
}
_HEADS: Final[dict[Occasion, str]] = {
    "escalated": "Jetzt gefragt",
    "reminder": "Erinnerung",
    "overdue": "Ohne Eingangsbestätigung",
    "held": "Nicht angekommen",
    "owed": "Erinnerung",
}
_TELEPHONE: Final = re.compile(r"[+0-9][0-9 /()-]{1,38}[0-9]")


@dataclass(frozen=True)
class Notice:
    """One thing to tell about."""

    id: str
    occasion: Occasion
    urgency: str
    message_id: str | None = None
    telephone: str = ""
    """Of the office where it lies, as the directory has it."""


def pack(address: str, notices: Sequence[Notice]) -> Parcel:
    """Put what one address has to hear into one parcel."""
    urgent_first = sorted(notices, key=lambda notice: list(_URGENCIES).index(notice.urgency))
    ids = sorted(notice.id for notice in notices)
    subject = _subject(urgent_first)
    return Parcel(
        mark=ids[0] if len(ids) == 1 else digest(" ".join(ids)),
        address=address,
        subject=subject,
        text=_text(urgent_first, subject),
        short=f"Meldeweg: {subject}. {_to_do(urgent_first)}",
        is_urgent=any(notice.urgency == "sofort" for notice in notices),
    )


def trial(address: str, mark: str) -> Parcel:
    """Return a parcel that tells only that parcels arrive."""
    said = "Test: Benachrichtigungen von Meldeweg kommen hier an. Es ist nichts zu tun."
    return Parcel(
        mark=mark,
        address=address,
        subject="Test der Benachrichtigungen",
        text=f"{said}\n\n{FOOT}\n",
        short=said,
        is_urgent=True,
    )


def _subject(notices: Sequence[Notice]) -> str:
    heads = {_HEADS.get(notice.occasion, "") for notice in notices}
    head = heads.pop() if len(heads) == 1 else ""
    return f"{head}: {_counted(notices)}" if head else _counted(notices)


def _counted(notices: Sequence[Notice]) -> str:
    if len(notices) == 1:
        return f"1 Mitteilung, {_named(notices[0])}"
    urgent = sum(notice.urgency == "sofort" for notice in notices)
    beside = f", davon {urgent} sofort" if urgent else ""
    return f"{len(notices)} Mitteilungen{beside}"


def _named(notice: Notice) -> str:
    number = f", Kennung {notice.message_id}" if notice.message_id else ""
    return f"{_URGENCIES[notice.urgency]}{number}"


def _text(notices: Sequence[Notice], subject: str) -> str:
    lines = [f"{subject}.", ""]
    if len(notices) == 1:
        lines.append(_SENTENCES[notices[0].occasion])
    else:
        lines += [_line(notice) for notice in notices[:SHOWN]]
        lines += [f"- und {len(notices) - SHOWN} weitere"] if len(notices) > SHOWN else []
    return "\n".join([*lines, "", _to_do(notices), "", FOOT, ""])


def _line(notice: Notice) -> str:
    number = _number(notice)
    telephone = f" Telefon: {number}" if number and notice.occasion == "overdue" else ""
    return f"- {_named(notice)}: {_SENTENCES[notice.occasion]}{telephone}"


def _to_do(notices: Sequence[Notice]) -> str:
    missed = [notice for notice in notices if notice.occasion == "overdue"]
    if not missed:
        return OPEN
    numbers = dict.fromkeys(filter(None, map(_number, missed)))
    ring = f"Bitte anrufen: {', '.join(list(numbers)[:RUNG])}." if numbers else "Bitte anrufen."
    is_urgent = any(notice.urgency == "sofort" for notice in missed)
    return f"{ring} {EMERGENCY}" if is_urgent else ring


def _number(notice: Notice) -> str:
    """Return the number if it is one: what stands in an entry comes from outside."""
    return notice.telephone if _TELEPHONE.fullmatch(notice.telephone) else ""
