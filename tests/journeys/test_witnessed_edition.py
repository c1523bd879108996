# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who has sent a report gets its proof once more, with the signatures of witnesses beneath it."""

from dataclasses import replace
from pathlib import Path

import httpx2
import pytest

from hub.audit.cosignature import cosigned
from hub.audit.note import parse_note, parse_vkey
from hub.audit.policy import parse_policy
from hub.audit.proof import parse_proof, verify_proof
from hub.audit.witness.shelf import Shelf
from hub.client import Hub, Refused
from hub.client.answers import Untrustworthy
from hub.client.ledger import day_of
from hub.client.proofs import ProvenReceipt
from hub.client.witnessed import POLICY, fetch_witnessed, keep_witnessed
from hub.witnessed import Feeder, Said
from tests.unit.audit.witnesses import Office, a_cosigner
from tests.world import KREIS, RHEINBERG, SCHOOL, World, example

pytestmark = pytest.mark.anyio
UUID_OF_ANY = "01990000-0000-7000-8000-000000000001"


@pytest.fixture
def office(world: World, tmp_path: Path) -> Office:
    """Give the hub of the world one witness, who has to see everything."""
    made = Office(tmp_path / "zeuge", (a_cosigner(str(tmp_path)),))
    Shelf(made.folder / "logs").add(parse_vkey(world.node.log.vkey))
    listed = f"witness dsb {made.cosigners[0].key.vkey} http://localhost:1"
    world.node.policy = parse_policy(f"{listed}\nquorum dsb\n")
    return made


async def show(world: World, office: Office) -> None:
    async def call(_url: str, body: bytes) -> Said | None:
        answer = office.add(body)
        return Said(answer.status, answer.body)

    await Feeder(world.node, call, lambda *_: None).turn()


async def sent(school: Hub) -> ProvenReceipt:
    await school.directory()
    draft = school.compose(
        protocol="schule-mitteilung",
        step="mitteilung",
        to=RHEINBERG,
        urgency="unverzueglich",
        content=example("schule-mitteilung", "mitteilung"),
    )
    return await school.submit(draft)


async def test_the_second_edition_comes_once_the_witness_has_seen_the_log(
    world: World, office: Office
) -> None:
    async with world.hub(SCHOOL) as school:
        accepted = await sent(school)
        first = parse_proof(accepted.proof)
        assert await fetch_witnessed(school, first, world.node.policy) is None

        await show(world, office)
        text = await fetch_witnessed(school, first, world.node.policy)

    assert text is not None
    proof = parse_proof(text)
    assert verify_proof(proof, parse_vkey(world.node.log.vkey)).size > first.index
    assert proof.extra == first.extra
    labels = cosigned(parse_note(proof.checkpoint), [office.cosigners[0].key])
    assert list(labels) == [office.cosigners[0].key.label]


async def test_it_is_kept_beside_the_receipt(world: World, office: Office) -> None:
    async with world.hub(SCHOOL) as school:
        accepted = await sent(school)
        day = day_of(accepted.receipt.iat)
        before = await keep_witnessed(school, day)
        await show(world, office)
        assert await keep_witnessed(school, day) > before

        folder = school.agency.path / "state" / "receipts" / "bezeugt" / day
        kept = [parse_proof(path.read_text("utf-8")).index for path in folder.iterdir()]
        assert accepted.index in kept


async def test_a_unit_that_wants_to_see_another_witness_does_not_take_this_one(
    world: World, office: Office
) -> None:
    wanted = a_cosigner("anders.invalid/1").key.vkey
    async with world.hub(SCHOOL) as school:
        accepted = await sent(school)
        await show(world, office)
        (school.agency.path / POLICY).write_text(f"witness a {wanted}\nquorum a\n")
        try:
            with pytest.raises(Untrustworthy, match="too few"):
                await keep_witnessed(school, day_of(accepted.receipt.iat))
        finally:
            (school.agency.path / POLICY).unlink()


async def test_the_proof_of_another_entry_is_not_taken(world: World, office: Office) -> None:
    async with world.hub(SCHOOL) as school:
        one, two = parse_proof((await sent(school)).proof), parse_proof((await sent(school)).proof)
        await show(world, office)

        with pytest.raises(Untrustworthy, match="does not hold"):
            await fetch_witnessed(school, replace(two, extra=one.extra), None)


async def test_the_witnessed_edition_is_for_the_parties_too(world: World, office: Office) -> None:
    async with world.hub(SCHOOL) as school, world.hub(KREIS) as stranger:
        index = (await sent(school)).index
        await show(world, office)
        with pytest.raises(Refused) as refused:
            await stranger.line.send("GET", f"/v1/log/entries/{index}?edition=witnessed")
    assert refused.value.status == 404


async def test_everybody_gets_the_witnessed_checkpoint_and_the_policy(
    world: World, office: Office
) -> None:
    async with world.hub(SCHOOL) as school, httpx2.AsyncClient(base_url=world.url) as anybody:
        await sent(school)
        await show(world, office)
        newest = (await anybody.get("/v1/log/checkpoint")).text
        await sent(school)

        witnessed = (await anybody.get("/v1/log/checkpoint/witnessed")).text
        policy = (await anybody.get("/v1/log/policy")).text

        assert witnessed == newest
        assert parse_policy(policy).is_met_by(
            list(cosigned(parse_note(witnessed), parse_policy(policy).keys))
        )
        younger = (await anybody.get("/v1/log/checkpoint")).text
        assert cosigned(parse_note(younger), parse_policy(policy).keys) == {}


async def test_an_operator_can_choose_to_take_nothing_that_nobody_has_witnessed(
    world: World,
    office: Office,  # noqa: ARG001  without one the hub has no policy
) -> None:
    """Everything that brings others to their end goes on."""
    tail = world.node.tail
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as asd:
        await sent(school)
        await Feeder(world.node, _nobody, lambda *_: None).turn()
        world.node.tail = replace(world.node.tail, stop_after=0.001)
        try:
            assert "log-unwitnessed" in world.node.troubles()
            refused = httpx2.put(f"{world.url}/v1/messages/{UUID_OF_ANY}", content=b"")
            assert (refused.status_code, refused.json()["code"]) == (503, "log-unavailable")
            assert await asd.lease()
        finally:
            world.node.tail = tail


async def _nobody(_url: str, _body: bytes) -> Said | None:
    return None
