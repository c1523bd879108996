# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is told to whoever watches over a log: sizes, names of logs, and what to do."""

from hub.notify.channel import Parcel
from hub.notify.notice import FOOT


def alarm(address: str, mark: str, subject: str, text: str) -> Parcel:
    """Return a parcel about the log itself; it speaks of no message and of nobody."""
    return Parcel(
        mark=mark,
        address=address,
        subject=subject,
        text=f"{text}\n\n{FOOT}\n",
        short=f"Meldeweg: {subject}",
        is_urgent=True,
    )
