# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""To which key does feedback in a conversation go? The notice named it (§ 4 Abs. 4 KKG)."""

from hub.client.agency import Agency


def reply_key(agency: Agency, conversation: str) -> str | None:
    """Return the kid of the reporting person; None where no feedback is owed."""
    kid = agency.fact("reply-keys", conversation)
    return kid if isinstance(kid, str) else None
