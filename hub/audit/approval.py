# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Did somebody beside the operator agree to this one act?

An approval is a signed note of four lines: whose it is, which act, which subject, and when. It is
made on the machine of the data protection officer, with a key that the hub never sees, and it is
good for exactly what it names: the subject is a digest that the entry of the act repeats.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from hub.audit.merkle import Unproven
from hub.audit.note import Signer, Verifier, parse_note, verify_note
from hub.model.ids import DIGEST
from hub.sealing.canonical import digest

ACTS: Final = ("restore", "prune", "erase", "release", "rotate", "succeed", "approver")
"""What is not the operator's alone to do, where approvers are entered."""
LONGEST: Final = timedelta(days=30)
"""How old an approval may be when it is used (Vorgabe des Projekts)."""
AHEAD: Final = timedelta(minutes=5)
"""How far the clock of the one machine may be before that of the other."""
_WRITTEN: Final = "%Y-%m-%dT%H:%M:%SZ"
_LINES: Final = 4


@dataclass(frozen=True)
class Claim:
    """What is to be done, and to what."""

    act: str
    subject: str
    """Digest; which one, the entry of the act decides (``specs/log.md`` § 12)."""

    def __post_init__(self) -> None:
        if self.act not in ACTS or not DIGEST.fullmatch(self.subject):
            raise ValueError("no act that is approved, or no digest")


@dataclass(frozen=True)
class Approval:
    """A claim that somebody has signed for one hub."""

    origin: str
    claim: Claim
    at: datetime

    @property
    def text(self) -> str:
        said = (self.origin, self.claim.act, self.claim.subject, self.at.strftime(_WRITTEN))
        return "\n".join(said) + "\n"

    def is_timely(self, now: datetime) -> bool:
        """Whether it may still be used, and was not made in the future."""
        return now - LONGEST <= self.at <= now + AHEAD


@dataclass(frozen=True)
class Approved:
    """What the entry of an act says of who stands behind it."""

    rule: str = ""
    """Digest of the approval; empty where the hub has no approvers."""
    role: str = "betrieb"
    auth: str = ""

    def actor(self, hub_id: str) -> dict[str, str]:
        """Return the member ``act`` of the entry."""
        return {"org": hub_id, "role": self.role, "auth": self.auth}


def origin_of_approvals(hub_id: str) -> str:
    """Return the first line of every approval for a hub; no checkpoint of it begins so."""
    return f"{hub_id}/freigabe"


def sign_approval(hub_id: str, claim: Claim, at: datetime, signer: Signer) -> str:
    """Return the signed note."""
    approval = Approval(origin_of_approvals(hub_id), claim, at.astimezone(UTC))
    return signer.sign(approval.text)


def parse_approval(text: str) -> Approval:
    """Read the text of an approval in its one spelling; nothing about it is verified."""
    lines = text.split("\n")
    if len(lines) != _LINES + 1 or lines[-1] or not lines[0].endswith("/freigabe"):
        raise Unproven("not an approval")
    try:
        at = datetime.strptime(lines[3], _WRITTEN).replace(tzinfo=UTC)
        approval = Approval(lines[0], Claim(lines[1], lines[2]), at)
    except ValueError:
        raise Unproven("not an approval") from None
    if approval.text != text:
        raise Unproven("not the one spelling of an approval")
    return approval


def verify_approval(note: str, approvers: Iterable[Verifier]) -> tuple[Approval, Verifier]:
    """Return an approval and whose it is; ``Unproven`` where none of these has signed it.

    It bears one signature: with a line more it would be other bytes, and could be used again.
    """
    read = parse_note(note)
    approval = parse_approval(read.text)
    if len(read.signatures) != 1:
        raise Unproven("not one signature")
    for verifier in approvers:
        try:
            verify_note(note, verifier)
        except Unproven:
            continue
        return approval, verifier
    raise Unproven("no signature of an approver")


def approved_by(note: str, verifier: Verifier) -> Approved:
    """Say in the words of an entry that this note, by this key, stands behind an act."""
    return Approved(digest(note.encode()), "datenschutz", f"key:{digest(verifier.vkey)}")
