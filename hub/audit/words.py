# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which words may stand in an entry?

Every list is closed. ``specs/log-entry.schema.json`` and ``verify`` hold the same lists, and a
test holds the three together.
"""

from typing import Final, get_args

from hub import errors
from hub.model.receipt import Word


def _kind_of(word: str) -> str:
    return "content.erased" if word == "erased" else f"message.{word}"


MESSAGE_KINDS: Final = tuple(_kind_of(word) for word in get_args(Word))
"""One for each receipt; ``obj.d`` is the digest of that receipt."""
STATEMENT: Final = "message.passing"
"""Somebody said, signed, that a message goes on with another; ``obj.d`` is the digest of that."""
ERASED: Final = "data.erased"
"""What the hub still knew of a message is gone, or the key of a conversation."""
HEARTBEAT: Final = "log.heartbeat"
"""The hub lives; ``obj.n`` is the size it covers, ``obj.d`` the digest of the counts by kind."""
KINDS: Final = (
    *MESSAGE_KINDS,
    "message.refused",
    STATEMENT,
    "reminder.sent",
    "access.denied",
    "auth.failed",
    "log.genesis",
    HEARTBEAT,
    "log.read",
    "log.exported",
    "log.pruned",
    "evidence.issued",
    "sample.drawn",
    "identity.resolved",
    "breakglass.used",
    "breakglass.reviewed",
    "participant.joined",
    "participant.suspended",
    "participant.succeeded",
    "participant.invited",
    "participant.resumed",
    "participant.contracted",
    "key.doubted",
    "key.enrolled",
    "key.rotated",
    "key.revoked",
    "directory.changed",
    "roster.changed",
    "role.granted",
    "role.revoked",
    "agreement.signed",
    "agreement.expired",
    "protocol.published",
    "protocol.adopted",
    "protocol.retired",
    "hold.placed",
    "hold.released",
    ERASED,
    "data.rectified",
    "schema.migrated",
    "software.started",
    "clock.adjusted",
    "checkpoint.unwitnessed",
    "checkpoint.witnessed",
    "backup.taken",
    "restore.performed",
    "incident.opened",
    "incident.notified",
    "incident.closed",
    "reconcile.done",
    "connector.checkpoint",
)
KEPT: Final = (
    "log.genesis",
    "log.pruned",
    "data.erased",
    "key.doubted",
    "key.enrolled",
    "key.rotated",
    "key.revoked",
    "directory.changed",
    "roster.changed",
    "participant.joined",
    "participant.suspended",
    "participant.succeeded",
    "participant.invited",
    "participant.resumed",
    "participant.contracted",
    "agreement.signed",
    "agreement.expired",
    "protocol.published",
    "protocol.adopted",
    "protocol.retired",
    "schema.migrated",
    "restore.performed",
)
"""Kinds of the class ``bestand`` (``specs/retention.yaml``), whose bodies never go.

By them gaps are read, and signatures verified; no person is in them.
"""
PURPOSES: Final = ("eigenueberwachung", "rechtmaessigkeit", "sicherheit", "strafverfahren")
"""For what the log may be read: § 76 Abs. 3 BDSG names these and says "ausschließlich"."""
REMINDERS: Final = ("owed", "reminder", "returned")
"""Of what somebody was reminded: what it owes, what waits for it, what it has to take back."""
REASONS: Final = (
    "",
    *sorted(
        {
            kind.code
            for kind in vars(errors).values()
            if isinstance(kind, type) and issubclass(kind, errors.Refusal | errors.Failure)
        }
        - {""}
    ),
    *PURPOSES,
    *REMINDERS,
)
"""Problem codes of refusals, the purposes of reading, and the occasions of reminding."""
ROLES: Final = (
    "",
    "aufsicht",
    "bereitschaft",
    "betrieb",
    "datenschutz",
    "fachkraft",
    "freigeben",
    "koordination",
    "leitung",
    "lesen",
    "verfassen",
    "verwalten",
)
"""Roles of people; empty for a machine."""
OBJECTS: Final = (
    "agreement",
    "backup",
    "checkpoint",
    "clock",
    "connector",
    "conversation",
    "entry",
    "evidence",
    "hold",
    "hub",
    "incident",
    "key",
    "log",
    "message",
    "organisation",
    "peer",
    "protocol",
    "pseudonym",
    "request",
    "role",
    "roster",
    "sample",
    "schema",
    "software",
    "unit",
)
"""What an entry can be about."""
