# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""In which role did a person take note? The hub gets a commitment, the opening stays here."""

import secrets
from dataclasses import dataclass, field

from hub.client.agency import Agency
from hub.client.answers import Untrustworthy
from hub.client.proofs import ProvenReceipt
from hub.model.json import JsonObject
from hub.sealing.canonical import b64, digest, jcs


@dataclass(frozen=True)
class Commitment:
    """A role that is committed to by a salted digest.

    One message has one salt. The hub answers a second ``acknowledged`` with the first, whose
    opening must not be lost by asking again.
    """

    agency: Agency
    message_id: str
    salt: str = field(repr=False)
    role: str

    @classmethod
    def make(cls, agency: Agency, message_id: str, role: str) -> "Commitment":
        """Commit to a role, durably; the opening of an earlier commitment stays."""
        fresh = [b64(secrets.token_bytes(16)), role]
        agency.revise_beside("roles", message_id, lambda roles: {message_id: fresh, **roles})
        return cls(agency, message_id, agency.fact("roles", message_id)[0], role)

    @property
    def members(self) -> JsonObject:
        """Return what the receipt says."""
        return {"role": _digest(self.salt, self.role)}

    def check(self, said: ProvenReceipt) -> ProvenReceipt:
        """Hold the receipt that stands against what was committed to, now or before."""
        salt, before = self.agency.fact("roles", self.message_id)
        stands = said.receipt.members.get("role")
        if stands == _digest(self.salt, self.role):
            self.agency.remember("roles", **{self.message_id: [self.salt, self.role]})
        elif stands != _digest(salt, before):
            raise Untrustworthy("the receipt is about a role that was not committed to")
        return said


def _digest(salt: str, role: str) -> str:
    return digest(jcs([salt, role]))
