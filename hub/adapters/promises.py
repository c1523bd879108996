# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does every adapter promise? Each promise is a function that a stand is put through.

``contract`` runs them as tests, for the shipped adapters and for anybody's own.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from hub.adapters.base import Adapter, HandedOver, TargetRefused, TargetTrouble
from hub.adapters.delivery import Delivery
from hub.adapters.stand import MARKED, SPOILINGS, Stand, a_delivery

_MANY: Final = 8
_LONGEST: Final = 200
"""Turns of the loop after which an attempt is cut off at the latest."""
_TRIES: Final = 100
_PAUSE: Final = 0.02


class BrokenPromise(AssertionError):  # noqa: N818  what it is, not an error of the program
    """The adapter does not do what the connector relies on."""


Promise: TypeAlias = Callable[[Stand], Awaitable[None]]


async def arrives_once(stand: Stand) -> None:
    """What was handed over is at the target when the call returns, and once."""
    async with _adapter(stand) as adapter:
        delivery = a_delivery()
        handed = await adapter.hand_over(delivery)

        _hold(stand.effects(delivery.id) == 1, "it is not there, or more than once")
        _hold(not handed.was_there, "it was new")
        _tells_nothing(handed.reference)


async def is_not_there_before(stand: Stand) -> None:
    """Whoever asks beforehand hears that nothing is there, and asking changes nothing."""
    async with _adapter(stand) as adapter:
        delivery = a_delivery()

        _hold(await adapter.already_there(delivery) is None, "nobody has handed it over")
        _hold(stand.effects(delivery.id) == 0, "asking has handed it over")


async def takes_effect_once(stand: Stand) -> None:
    """Handing over again has no second effect, by this process or by the next."""
    delivery = a_delivery()
    async with _adapter(stand) as adapter:
        await adapter.hand_over(delivery)
        await adapter.hand_over(delivery)
    async with _adapter(stand) as adapter:
        await _hand_over_as_the_connector(adapter, delivery)

    _hold(stand.effects(delivery.id) == 1, "there is more than one effect")


async def is_not_put_again(stand: Stand) -> None:
    """What the reader has taken away meanwhile is not put there again."""
    delivery = a_delivery()
    async with _adapter(stand) as adapter:
        await adapter.hand_over(delivery)
    stand.fetch()
    async with _adapter(stand) as adapter:
        await _hand_over_as_the_connector(adapter, delivery)

    _hold(stand.effects(delivery.id) == 1, "whoever fetched it finds it a second time")


async def survives_being_cut_off(stand: Stand) -> None:
    """An attempt that ends anywhere leaves nothing that the next one does not put right."""
    for number, turns in enumerate((0, 1, 2, 3, 5, 8, 13, 21, 34, 89, _LONGEST)):
        delivery = a_delivery(number)
        async with _adapter(stand) as adapter:
            await _cut_off(adapter.hand_over(delivery), turns)
        async with _adapter(stand) as adapter:
            await _until_handed_over(adapter, delivery)

        count = stand.effects(delivery.id)
        _hold(count == 1, f"cut off after {turns} turns it is there {count} times")


async def many_at_a_time(stand: Stand) -> None:
    """Deliveries side by side do not get mixed up."""
    deliveries = [a_delivery(number) for number in range(_MANY)]
    async with _adapter(stand) as adapter:
        await asyncio.gather(*(_until_handed_over(adapter, each) for each in deliveries))

    _hold(all(stand.effects(each.id) == 1 for each in deliveries), "one is missing or double")


async def outlives_bad_days(stand: Stand) -> None:
    """Whatever the target does is a trouble that says so; afterwards it is handed over once."""
    for number, how in enumerate(each for each in SPOILINGS if each in stand.spoilings):
        delivery = a_delivery(number)
        with stand.spoiled(how):
            async with _adapter(stand) as adapter:
                _hold(await _fails(adapter, delivery), f"{how}: it says that all is well")
        async with _adapter(stand) as adapter:
            await _until_handed_over(adapter, delivery)

        _hold(stand.effects(delivery.id) == 1, f"{how}: afterwards it is not there once")


async def says_how_it_is(stand: Stand) -> None:
    """Health is what it is, in a sentence, and asking raises nothing."""
    async with _adapter(stand) as adapter:
        well = await adapter.check()
        _hold(well.is_well, f"it is unwell while all is well: {well.text}")
        if "away" in stand.spoilings:
            with stand.spoiled("away"):
                health = await adapter.check()
            _hold(not health.is_well and bool(health.text), "nobody learns that it is away")
            _tells_nothing(health.text)


async def shows_nothing(stand: Stand) -> None:
    """Names, addresses and heads tell nothing of what is in a notice."""
    async with _adapter(stand) as adapter:
        await adapter.hand_over(a_delivery())

    _tells_nothing(stand.visible())


PROMISES: Final[tuple[Promise, ...]] = (
    arrives_once,
    is_not_there_before,
    takes_effect_once,
    is_not_put_again,
    survives_being_cut_off,
    many_at_a_time,
    outlives_bad_days,
    says_how_it_is,
    shows_nothing,
)


class _adapter:  # noqa: N801  reads as a function
    """An adapter for as long as the block lasts."""

    def __init__(self, stand: Stand) -> None:
        self._adapter = stand.adapter()

    async def __aenter__(self) -> Adapter:
        return self._adapter

    async def __aexit__(self, *_: object) -> None:
        await self._adapter.close()


async def _hand_over_as_the_connector(adapter: Adapter, delivery: Delivery) -> HandedOver:
    """Ask first, as the connector always does."""
    return await adapter.already_there(delivery) or await adapter.hand_over(delivery)


async def _until_handed_over(adapter: Adapter, delivery: Delivery) -> None:
    """Try again as the connector would, without its pauses."""
    for _ in range(_TRIES):
        try:
            await _hand_over_as_the_connector(adapter, delivery)
        except TargetTrouble as trouble:
            # An earlier attempt may still be on its way; it comes to its end by itself.
            _tells_nothing(str(trouble))
            await asyncio.sleep(_PAUSE)
        else:
            return
    raise BrokenPromise("it is never handed over, though all is well again")


async def _fails(adapter: Adapter, delivery: Delivery) -> bool:
    try:
        await _hand_over_as_the_connector(adapter, delivery)
    except (TargetTrouble, TargetRefused) as said:
        _hold(bool(said.code and said.reason), "it fails without a word")
        _tells_nothing(str(said))
        return True
    return False


async def _cut_off(attempt: Awaitable[HandedOver], turns: int) -> None:
    """Let an attempt run for so many turns of the loop, then end it."""
    running = asyncio.ensure_future(attempt)
    for _ in range(turns):
        await asyncio.sleep(0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def _tells_nothing(text: str) -> None:
    _hold(not any(word in text for word in MARKED), "it tells what is in the notice")


def _hold(kept: bool, otherwise: str) -> None:
    if not kept:
        raise BrokenPromise(otherwise)
