# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does a target get in the end? A file with a name that tells nothing, and its kind."""

import re
from dataclasses import dataclass, field
from typing import Final

NAMESPACE: Final = "urn:meldeweg:uebergabe:1"
"""Of what we hand over; a form that means something else by it gets another number."""
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Document:
    """One form of a delivery, finished."""

    name: str
    """The id of the message and an ending; who the child is stands in no name of a file."""
    media_type: str
    content: bytes = field(repr=False)


def file_name(message_id: str, ending: str) -> str:
    """Return the name of a file; raises ``ValueError`` for what is no id of a message.

    Ids were checked when the message was opened. It is looked at once more here because a name
    with a way in it would write somewhere else.
    """
    if not _ID.fullmatch(message_id):
        raise ValueError("not the id of a message")
    return f"{message_id}.{ending}"
