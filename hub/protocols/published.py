# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which bytes does a controller adopt when it adopts a protocol version?"""

from typing import Final, cast

from hub.model.json import JsonObject
from hub.model.protocol import Protocol
from hub.sealing.canonical import digest, jcs

UNSIGNED: Final = frozenset({"digest", "status", "status_reason", "open_points"})
"""A version can come into force and be withdrawn without becoming another version."""


def canonical(protocol: Protocol) -> JsonObject:
    """Return the protocol as it is published, adopted and digested.

    It names every schema by digest, so it fixes the contents too. What equals its default is left
    out: a new optional member of the model does not change what was published before it.
    """
    return cast(
        "JsonObject",
        protocol.model_dump(
            mode="json", by_alias=True, exclude=set(UNSIGNED), exclude_defaults=True
        ),
    )


def digest_of(protocol: Protocol) -> str:
    """Return SHA-256 of the canonical form, in base64url."""
    return digest(jcs(canonical(protocol)))
