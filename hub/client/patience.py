# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long is waited for a hub that gives no answer, and what is tried once more?"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from itertools import chain, repeat
from typing import Final, TypeAlias, TypeVar

from hub.client.answers import Refused, Unreachable
from hub.errors import ReaderKeyStale, ReadersInvalid

Sleep: TypeAlias = Callable[[float], Awaitable[None]]
T = TypeVar("T")

BACK_OFF: Final = (1.0, 2.0, 4.0)
"""Seconds between the attempts to send one message."""
LONGEST: Final = 10.0
"""Seconds that a sender waits at most before it asks again, whatever the hub says."""
ENOUGH: Final = 30.0
"""Seconds after which no further attempt begins: somebody sits before the screen."""
STEADY: Final = 60.0
"""Seconds between the attempts of whoever waits for ever."""
_BY_ANOTHER_ROSTER: Final = frozenset({ReaderKeyStale.code, ReadersInvalid.code})
"""What is answered where somebody else is on duty than when it was sealed."""


async def persist(act: Callable[[], Awaitable[T]], sleep: Sleep = asyncio.sleep) -> T:
    """Do it again while there is no answer, a few times; it has to be the same each time.

    Raises the last ``Unreachable`` once the patience is at its end.
    """
    began, waited = time.monotonic(), 0.0
    for pause in BACK_OFF:
        try:
            return await act()
        except Unreachable as trouble:
            seconds = max(pause, min(trouble.retry_after or 0.0, LONGEST))
            if max(waited, time.monotonic() - began) + seconds >= ENOUGH:
                raise
        await sleep(seconds)
        waited += seconds
    return await act()


async def anew(act: Callable[[], Awaitable[T]]) -> T:
    """Compose and send; once more where the duty changed between sealing and arrival.

    What was refused has left the outbox, so the second attempt seals to those who are on duty now,
    under an id of its own. Raises ``Refused`` where that is refused too: then somebody has to look.
    """
    try:
        return await act()
    except Refused as refused:
        if refused.code not in _BY_ANOTHER_ROSTER:
            raise
    return await act()


def steady() -> Iterator[float]:
    """Return how long to wait the first time, the second time and so on, for ever."""
    return chain((1.0, 2.0, 4.0, 8.0, 16.0, 32.0), repeat(STEADY))
