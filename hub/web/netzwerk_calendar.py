# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""An invitation as a file that every calendar reads (RFC 5545)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from hub.inquire.network import Meeting

ICS: Final = "text/calendar; charset=utf-8"
_LINE: Final = 75
"""Octets of a line (RFC 5545 § 3.1)."""
_ESCAPED: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def as_ics(meeting: Meeting, network: str, invited: str, url: str) -> bytes:
    """Return one meeting for the calendars of those who are invited.

    ``PUBLISH``, because the file names nobody who would have to answer it; who calls a meeting off
    gives out the same file again, and it goes.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Meldeweg//Netzwerk//DE",
        f"METHOD:{'CANCEL' if meeting.is_off else 'PUBLISH'}",
        "BEGIN:VEVENT",
        f"UID:{meeting.id}",
        f"DTSTAMP:{_instant(meeting.changed_at)}",
        f"SEQUENCE:{meeting.changes}",
        f"STATUS:{'CANCELLED' if meeting.is_off else 'CONFIRMED'}",
        f"DTSTART:{_instant(meeting.begins_at)}",
        f"DTEND:{_instant(meeting.ends_at)}",
        f"SUMMARY:{_text(f'{meeting.title} ({network})')}",
        f"LOCATION:{_text(meeting.place)}",
        f"DESCRIPTION:{_text(f'{meeting.kind}. Eingeladen: {invited}.')}",
        f"URL:{url}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode()


def _instant(second: int) -> str:
    return f"{datetime.fromtimestamp(second, UTC):%Y%m%dT%H%M%SZ}"


def _text(said: str) -> str:
    return said.translate(_ESCAPED)


def _folded(line: str) -> Iterator[str]:
    """Yield the line in pieces of 75 octets, never cutting a character in two."""
    piece = ""
    for each in line:
        if len((piece + each).encode()) > _LINE:
            yield piece
            piece = " "
        piece += each
    yield piece
