# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which conversations does this side go on with, since they were passed on to it?

The new office owes what the first one owed: § 4 Abs. 4 KKG gives the feedback to the person who
reported, not to an office. To which key that is sealed, the first office has signed; the hub only
carries its word.
"""

from collections.abc import Mapping
from typing import Any, Final

from hub.client.answers import Untrustworthy
from hub.client.hearing import issuer_of
from hub.client.side import Side
from hub.errors import Refusal
from hub.model.json import JsonObject
from hub.trust.jose import verify_token
from hub.trust.kinds import PASSING

_DOUBT: Final = "what is shown of a matter that was passed on is not what was signed about it"


async def check_passed(hub: Side, said: Mapping[str, Any]) -> None:
    """Hold what the hub shows of a conversation against the word with which it was passed on.

    Raises ``Untrustworthy`` where the key for the feedback is not the one that was signed, or the
    message it goes on with is another than this unit took from the same office.
    """
    if said.get("reply_key") is None and said.get("passing") is None:
        return
    claims = await _claims(hub, str(said.get("passing")))
    by = claims["by"]
    assert isinstance(by, dict)  # noqa: S101  the kind has established it
    taken = hub.agency.fact("seen", f"{claims['iss']} {by['id']}")
    holds = claims["hub"] == hub.agency.hub.id and claims.get("reader") == said.get("reply_key")
    # What was taken is remembered until its end only; the feedback may be owed for longer.
    if not holds or (taken is not None and by["env"] not in taken):
        raise Untrustworthy(_DOUBT)


async def _claims(hub: Side, jws: str) -> JsonObject:
    office = issuer_of(jws)
    view = await hub.directory_with(office)
    try:
        return verify_token(
            jws, kind=PASSING, key_for=lambda token: view.signing_key(office, token.kid)
        )
    except Refusal:
        raise Untrustworthy(_DOUBT) from None
