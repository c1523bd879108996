# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which key belongs to which class and leaf of which message? (SL1 §§ 1 and 5)

Message id, class and pointer are part of how a key is derived. So a leaf that is moved to another
place or another message meets a key that does not open it.
"""

from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from hub.sealing.canonical import jcs

KEY_BYTES: Final = 32


def derive(key: bytes, *label: str) -> bytes:
    """Expand a key into another one for exactly one purpose: the function X of SL1 § 1."""
    return HKDFExpand(SHA256(), KEY_BYTES, jcs(["sl1", *label])).derive(key)


def class_key(secret: bytes, message_id: str, class_name: str) -> bytes:
    """Derive what opens all leaves of one class."""
    return derive(secret, "class", message_id, class_name)


def commitment(key: bytes, message_id: str, class_name: str) -> bytes:
    """Fix the one key of a class; AES-GCM and HPKE by themselves do not (SL1 § 10)."""
    return derive(key, "commit", message_id, class_name)


def leaf_key(key: bytes, message_id: str, pointer: str) -> bytes:
    """Derive the key of one leaf from that of its class."""
    return derive(key, "leaf", message_id, pointer)
