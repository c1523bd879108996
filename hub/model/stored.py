# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the store gives back: messages, receipts and leases as the hub keeps them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StoredMessage:
    """An accepted message without its content."""

    id: str
    conversation: str
    position: int
    protocol: str
    step: str
    sender: str
    recipient: str
    urgency: str
    request: str
    client: str
    state: str
    accepted_at: int
    ends_at: int
    due_taken: int
    due_acknowledged: int
    due_overdue: int
    on_duty: str
    """The unit that is asked first."""
    due_next: int | None
    """When the hub looks at it again; None where nobody has to be asked any more."""
    audit_id: str
    env: str


@dataclass(frozen=True)
class StoredContent:
    """The sealed part of a message: JCS bytes of the body and of the list of wrapped keys."""

    wraps: bytes
    body: bytes

    def assembled(self, env: str) -> bytes:
        """Return the bytes as they were submitted: JCS of three members, each in its JCS form."""
        return b'{"body":%b,"env":"%b","keys":%b}' % (self.body, env.encode(), self.wraps)


@dataclass(frozen=True)
class StoredReceipt:
    """A receipt with its place in one of the two chains of its message."""

    id: str
    message_id: str
    word: str
    chain: str
    seq: int
    signer: str
    issued_at: int
    """As it is signed, by the clock of whoever signed."""
    jws: str
    digest: str
    audit_id: str


@dataclass(frozen=True)
class StoredLease:
    """Who holds a message, until when, and how often that came to nothing before."""

    message_id: str
    id: str
    unit: str
    expires_at: int
    failures: int


@dataclass(frozen=True)
class StoredAddition:
    """A reader that the sender added after sending (SL1 § 8)."""

    message_id: str
    kid: str
    wrap: str
    statement: str
