# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What has been said in a conversation so far."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Utterance:
    """One accepted message of a conversation, as the hub knows it."""

    message: str
    position: int
    step: str
    author: str
    """Unit that sent it."""
    recipient: str
    env: str
    """Digest of its envelope (SL1 § 9)."""
    state: str
    """``accepted``, ``leased``, ``taken``, ``acknowledged`` or a final state."""
    was_taken: bool
    cau: str | None = None


@dataclass(frozen=True)
class Conversation:
    """An exchange between two units under one protocol version."""

    id: str
    proto: str
    """Protocol and version, as in the claim ``proto`` of the opener."""
    opener: str
    partner: str
    utterances: tuple[Utterance, ...]
    closed: bool
    """The protocol's time ran out; ``hub.protocols.objection.is_closed`` asks for more."""

    @property
    def last(self) -> Utterance:
        return self.utterances[-1]
