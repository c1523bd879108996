# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does the hub have already what is about to be called refused?

A message of this house is known by its id, a word about a message by its author: of each unit the
hub takes such a word once.
"""

from collections.abc import Mapping
from typing import Final

from hub.adapters.connector.house import House
from hub.adapters.inbox.acts import Act, Kind, read_act
from hub.client import Refused, Untrustworthy
from hub.client.hearing import issuer_of
from hub.client.saying import subject_of

_WORDS: Final[Mapping[Kind, str]] = {"kenntnis": "acknowledged", "unverwertbar": "rejected"}


async def is_known(act: Act, house: House) -> bool:
    """Ask the hub; what it does not show it does not have. Raises ``Unreachable``."""
    latest = await house.read(lambda connection: read_act(connection, act.id)) or act
    word = _WORDS.get(act.kind)
    about = act.message if word else latest.own
    if about is None:
        return False
    try:
        state = await house.hub.state(about)
    except (Refused, Untrustworthy):
        return False
    if word is None:
        return True
    said = ((issuer_of(jws), subject_of(jws)[1]) for jws in state["receipts"])
    return (house.agency.id, word) in said
