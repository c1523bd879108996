# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which person stands behind a message, as far as the hub may know it?

A house whose portal signs for its people says beside the message how somebody confirmed it: with
what, in which role, under which pseudonym. The proof itself stays in that house; its digest goes
into the log, so that it can be shown later and no other can be shown instead.
"""

import re
from dataclasses import dataclass
from typing import Final

from hub.errors import NotAMessage
from hub.model.ids import DIGEST

HEADER: Final = "meldeweg-confirmed"
CODE: Final = "code"
FORM: Final = re.compile(
    rf"((?:passkey|oidc):{DIGEST.pattern}|code);(verfassen|freigeben);([A-Za-z0-9_-]{{21}}[AQgw])"
)


@dataclass(frozen=True)
class Confirmation:
    """Somebody of the sending house confirmed exactly this message."""

    auth: str
    """``passkey:`` or ``oidc:`` with the digest of the proof; ``code`` in demonstrations."""
    role: str
    pid: str
    """Pseudonym of the person; only the house that made it can resolve it."""

    def __str__(self) -> str:
        return f"{self.auth};{self.role};{self.pid}"


def parse_confirmation(values: list[str], *, may_be_code: bool) -> Confirmation | None:
    """Read what stands in the header, of which there is one or none.

    A one-time code proves next to nothing and counts where all is invented. Raises ``NotAMessage``
    for every other form: what goes into the log is never guessed.
    """
    if not values:
        return None
    found = FORM.fullmatch(values[0])
    if found is None or len(values) > 1:
        raise NotAMessage(f"The header {HEADER} does not have its form.")
    confirmation = Confirmation(*found.groups())
    if confirmation.auth == CODE and not may_be_code:
        raise NotAMessage("A one-time code confirms nothing at a hub that is no demonstration.")
    return confirmation
