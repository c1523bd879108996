# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Do these 32 bytes spell a point that may be an Ed25519 public key? (RFC 8032 § 5.1)

Not every implementation asks, and under a point of small order some verify any message. Two
spellings of one point would be two key ids of one key. So a key is looked at once, before it is
used.
"""

from typing import Final

from nacl.bindings import crypto_core_ed25519_is_valid_point

_LENGTH: Final = 32


def check_point(encoded: bytes) -> None:
    """Refuse, by ``ValueError``, all but the canonical spelling of a point of prime order."""
    if len(encoded) != _LENGTH:
        raise ValueError("not 32 bytes")
    if not crypto_core_ed25519_is_valid_point(encoded):
        raise ValueError("not a point of prime order in its one spelling")
