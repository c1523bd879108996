# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The SDK of both sides: seal, sign, submit, lease, open, receipt.

Portal, connectors and commands use it like anybody else; there is no second way in or out.
Nothing the hub says is believed: receipts, proofs, directory entries and messages are verified
against what this side pinned when it enrolled.
"""

from hub.client.agency import Agency
from hub.client.answers import Refused, Unreachable, Untrustworthy
from hub.client.directory import DirectoryView
from hub.client.drafts import Draft
from hub.client.handing import Onward
from hub.client.hub import Hub
from hub.client.receiving import Message
from hub.client.shown import Shown
from hub.client.thread import Thread

__all__ = [
    "Agency",
    "DirectoryView",
    "Draft",
    "Hub",
    "Message",
    "Onward",
    "Refused",
    "Shown",
    "Thread",
    "Unreachable",
    "Untrustworthy",
]
