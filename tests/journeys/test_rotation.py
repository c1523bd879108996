# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Keys change without a gap while messages go; a revoked key is out with the next request."""

import asyncio
import time
from collections.abc import Callable, Iterator

import httpx2
import pytest

from hub.client import Agency, Draft, Hub
from hub.client.rotation import revoke, rotate
from hub.errors import NotPermitted
from hub.model.participant import Unit
from tests.greedy import Greedy, claims_of, seal_anyway
from tests.journeys.books import books, entries
from tests.journeys.operating import operated
from tests.journeys.stories import SCHOOL_NOTICE, notify, take
from tests.world import KREIS, OTHER_SCHOOL, RHEINBERG, SCHOOL, World, a_world

pytestmark = pytest.mark.anyio
Client = Callable[[str], Greedy]
OFFICE = "jugendamt:05170032"
AT_ONCE = 5
"""Seconds within which a revocation has to be felt."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    home = tmp_path_factory.mktemp("rotation")
    with a_world(home, SCHOOL, OTHER_SCHOOL, OFFICE, "jugendamt:05170000") as world:
        yield world


def unit_of(world: World, unit: str) -> Unit:
    known = world.node.directory.unit(unit)
    assert known is not None
    return known


def home_of(world: World, organisation: str) -> Agency:
    return Agency.load(world.home / organisation.replace(":", "-"))


async def test_keys_change_under_load_without_a_refusal_and_all_is_opened(world: World) -> None:
    """Programs that run all the while take up the new keys by themselves."""
    ends = time.time() + 9
    sent: list[Draft] = []

    async def send(unit: str) -> None:
        async with world.hub(unit) as school:
            while time.time() < ends:
                sent.append(await notify(school, SCHOOL_NOTICE, "planbar"))

    async def turn() -> None:
        schools = [world.home / unit.replace(":", "-") for unit in (SCHOOL, OTHER_SCHOOL)]
        office = world.home / OFFICE.replace(":", "-")
        for folder, unit in zip(schools, (SCHOOL, OTHER_SCHOOL), strict=True):
            for use in ("signing", "token"):
                await asyncio.to_thread(rotate, folder, unit, use, ahead=2, overlap=2)
        for use in ("dienst", "leitung"):
            await asyncio.to_thread(rotate, office, RHEINBERG, use, ahead=2, overlap=2)

    before = {unit: world.agency(unit).signing.kid for unit in (SCHOOL, OTHER_SCHOOL)}
    await asyncio.gather(send(SCHOOL), send(OTHER_SCHOOL), send(SCHOOL), turn())
    async with world.hub(RHEINBERG) as office:
        opened = await open_all(office)

    assert opened == {draft.id for draft in sent}
    assert all(world.agency(unit).signing.kid != kid for unit, kid in before.items())
    used = {each["kid"] for draft in sent for each in claims_of(draft.body)["readers"]}
    # Whoever else stands in the roster keeps the keys that they have.
    assert len(used & {key.kid for key in unit_of(world, RHEINBERG).reading}) == 4


async def open_all(office: Hub) -> set[str]:
    opened = set()
    async for message in office.receive(wait=0, limit=20):
        await message.open()
        await message.take()
        opened.add(message.id)
    return opened


async def test_a_revoked_signing_key_signs_nothing_more_whatever_time_it_names(
    world: World, greedy: Client
) -> None:
    """Whoever stole the key names a time at which it still held."""
    school, stolen = greedy(OTHER_SCHOOL), world.agency(OTHER_SCHOOL).signing
    async with world.hub(RHEINBERG) as office, world.hub(OTHER_SCHOOL) as honest:
        earlier = await notify(honest, SCHOOL_NOTICE, "planbar")
        wish = school.wish(KREIS)
        since, began = books(world).log, time.monotonic()

        done = await asyncio.to_thread(
            revoke, world.home / "schule-999002", stolen.kid, "compromised"
        )
        answer = school.submit(seal_anyway(wish.signed_by(stolen)))

        assert time.monotonic() - began < AT_ONCE
        assert answer.json()["code"] == "signature-invalid"
        assert done.replaced == world.agency(OTHER_SCHOOL).signing.kid != stolen.kid
        await take(office, earlier)
        await take(office, await notify(honest, SCHOOL_NOTICE, "planbar"))
    kinds = [(each["k"], each["obj"]["id"]) for each in entries(world, since)]
    assert ("key.revoked", stolen.kid) in kinds
    assert ("key.enrolled", done.replaced) in kinds


async def test_a_revoked_token_key_opens_no_door_with_the_token_it_has(world: World) -> None:
    folder = world.home / "schule-999001"
    async with world.hub(SCHOOL) as school:
        await school.state((await notify(school, SCHOOL_NOTICE, "planbar")).id)
        token = school.line._token.value
        old, began = world.agency(SCHOOL).token, time.monotonic()

        await asyncio.to_thread(revoke, folder, old.kid, "lost")
        await school.lease()

        assert school.line._token.value != token
        assert time.monotonic() - began < AT_ONCE
    assert not key_of(unit_of(world, SCHOOL).token, old.kid)


def key_of(ring: tuple[object, ...], kid: str) -> bool:
    """Tell whether a ring has a key that is valid in a moment."""
    return any(
        getattr(key, "kid", "") == kid and getattr(key, "valid_at")(int(time.time()) + 1)  # noqa: B009
        for key in ring
    )


async def test_the_sdk_seals_to_no_reading_key_that_is_revoked(world: World) -> None:
    """What was sealed to it before is still opened with it."""
    desk = world.agency(RHEINBERG).desk[-1]
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        earlier = await notify(school, SCHOOL_NOTICE, "planbar")
        await asyncio.to_thread(revoke, world.home / "jugendamt-05170032", desk.kid, "lost")
        later = await notify(school, SCHOOL_NOTICE, "planbar")

        assert desk.kid not in {each["kid"] for each in claims_of(later.body)["readers"]}
        await take(office, earlier)
        await take(office, later)


async def test_two_people_of_the_operator_revoke_a_key_and_it_is_out_at_once(
    world: World, greedy: Client
) -> None:
    demo = world.node.networks
    world.node.networks = tuple(each.model_copy(update={"demo": False}) for each in demo)
    school, key = greedy(SCHOOL), world.agency(SCHOOL).signing
    asked = {"organisation": SCHOOL, "kid": key.kid, "reason": "compromised"}
    try:
        raw = seal_anyway(school.wish(KREIS))
        assert operated(world, "revoke-key", **asked, by="anna.erfunden")["status"] == "doubted"
        assert school.submit(raw).status_code == httpx2.codes.CREATED
        with pytest.raises(NotPermitted, match="zweite Person"):
            operated(world, "revoke-key", **asked, by="anna.erfunden")
        began = time.monotonic()
        assert operated(world, "revoke-key", **asked, by="bernd.erfunden")["status"] == "revoked"
        answer = school.submit(seal_anyway(school.wish(KREIS)))
        assert time.monotonic() - began < AT_ONCE
    finally:
        world.node.networks = demo

    assert answer.json()["code"] == "signature-invalid"
    async with world.hub(KREIS) as office:
        view = await office.directory()
        listed = view.signing_key(SCHOOL, key.kid)
    assert listed is not None
    assert listed.revoked == "compromised"


async def test_a_key_that_the_operator_revoked_does_not_come_back(world: World) -> None:
    """Its owner has to say so too; until then its entry cannot be renewed with it."""
    folder = world.home / "schule-999001"
    key = world.agency(SCHOOL).signing

    done = await asyncio.to_thread(revoke, folder, key.kid, "compromised")

    assert done.replaced == world.agency(SCHOOL).signing.kid != key.kid
    async with world.hub(SCHOOL) as school:
        await notify(school, SCHOOL_NOTICE, "planbar")
